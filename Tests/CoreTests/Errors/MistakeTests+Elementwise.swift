import Martlet

// Mistakes of MistakeTests: functions of elements with invalid arguments. Each closure stands on the line after its
// message.

extension MistakeTests {
  static let elementwise = [
    Mistake("remainder", "division by zero: a divisor of integer elements is 0", line: #line + 1) {
      Tensor<Int>([1, 2]).remainder(Tensor<Int>([1, 0]))
    },
    Mistake("fmod", "division by zero: a divisor of integer elements is 0", line: #line + 1) {
      Tensor<UInt8>([1, 2]).fmod(0)
    },
    Mistake("floorDivided", "division by zero: a divisor of integer elements is 0", line: #line + 1) {
      Tensor<Int32>([1, 2]).floorDivided(by: 0)
    },
    Mistake("remainder", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]).remainder(ones([3]))
    },
    Mistake("atan2", "shapes [2, 3] and [2] do not broadcast", line: #line + 1) {
      ones([2, 3]).atan2(ones([2])).sum()
    },
    Mistake("lerp", "shapes [4] and [3] do not broadcast", line: #line + 1) {
      ones([4]).lerp(ones([3]), weight: 0.5) * 2
    },
    Mistake("logit", "epsilon must be in 0...0.5, not 0.75", line: #line + 1) {
      ones([2]).logit(epsilon: 0.75)
    },
    Mistake("logit", "epsilon must be in 0...0.5, not nan", line: #line + 1) {
      ones([2]).logit(epsilon: .nan)
    },
    Mistake("clamped", "there is no bound; min or max must be given", line: #line + 1) {
      ones([2]).clamped()
    },
    Mistake("clamped", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      -ones([2]).clamped(max: ones([3]))
    },
    Mistake("isClose", "rtol and atol must be at least 0, not -1.0 and 1e-08", line: #line + 1) {
      ones([2]).isClose(ones([2]), rtol: -1)
    },
    Mistake("allClose", "rtol and atol must be at least 0, not 1e-05 and -0.5", line: #line + 1) {
      ones([2]).allClose(ones([2]), atol: -0.5)
    },
    Mistake("isClose", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]).isClose(ones([3]))
    },
    Mistake("allClose", "shapes [2, 2] and [3] do not broadcast", line: #line + 1) {
      ones([2, 2]).allClose(ones([3]))
    },
  ]
}
