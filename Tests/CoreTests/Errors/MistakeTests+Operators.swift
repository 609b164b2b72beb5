import Martlet

// Mistakes of MistakeTests: operators on integers and masks, and functions of floating-point numbers. Each closure stands
// on the line after its message. No two are alike but for the function: a release build would merge them, and lose the
// line.

extension MistakeTests {
  static let operators = [
    Mistake("%", "division by zero: a divisor of integer elements is 0", line: #line + 1) {
      Tensor<Int16>([1, 2]) % 0
    },
    Mistake("%", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]) % ones([3])
    },
    Mistake("&", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      (ones([2]) > 0) & (ones([3]) > 0)
    },
    Mistake("|", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      Tensor<UInt32>([1, 2]) | Tensor<UInt32>([1, 2, 3])
    },
    Mistake("^", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      Tensor<Int8>([1, 2]) ^ Tensor<Int8>([1, 2, 3])
    },
    Mistake("<<", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      Tensor<Int>([1, 2]) << Tensor<Int>([1, 2, 3])
    },
    Mistake(">>", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      Tensor<Int>([1, 2]) >> Tensor<Int>([1, 2, 3])
    },
    Mistake("gcd", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      Tensor<Int>([1, 2]).gcd(Tensor<Int>([1, 2, 3])) + 1
    },
    Mistake("lcm", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      Tensor<Int>([1, 2]).lcm(Tensor<Int>([1, 2, 3])).count
    },
    Mistake("copySign", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]).copySign(ones([3])) + 1
    },
    Mistake("nextAfter", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]).nextAfter(ones([3])).count
    },
    Mistake("ldexp", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]).ldexp(Tensor<Int>([1, 2, 3])) + 1
    },
    Mistake("fmax", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      Tensor.fmax(ones([2]), ones([3])) + 1
    },
    Mistake("fmin", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      Tensor.fmin(ones([2]), ones([3])).count
    },
  ]
}
