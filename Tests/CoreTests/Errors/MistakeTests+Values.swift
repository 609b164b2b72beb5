import Martlet

// Mistakes of MistakeTests. Each closure stands on the line after its message.

extension MistakeTests {
  /// Indices out of range, and masks that do not match.
  static let indices = [
    Mistake("subscript", "index 3 out of range for axis 0 of shape [3]", line: #line + 1) {
      ones([3])[3]
    },
    Mistake("subscript", "index -4 out of range for axis 0 of shape [3, 2]", line: #line + 1) {
      ones([3, 2])[-4]
    },
    Mistake("subscript", "index 2 out of range for axis 1 of shape [3, 2]", line: #line + 1) {
      ones([3, 2])[0, 2]
    },
    Mistake("subscript", "index 0 out of range for axis 0 of shape [0]", line: #line + 1) {
      ones([0])[0]
    },
    Mistake("subscript", "range 1..<4 by 1 out of range for axis 0 of shape [3]", line: #line + 1) {
      ones([3])[1..<4]
    },
    Mistake("subscript", "range ..< by 0 out of range for axis 0 of shape [3]", line: #line + 1) {
      ones([3])[.stride(by: 0)]
    },
    Mistake("subscript", "3 indices and 0 ellipses for shape [3, 2]; at most 2 and 1", line: #line + 1) {
      ones([3, 2])[0, 0, 0]
    },
    Mistake("subscript", "0 indices and 2 ellipses for shape [3, 2]; at most 2 and 1", line: #line + 1) {
      ones([3, 2])[.ellipsis, .ellipsis]
    },
    Mistake("subscript", "9 axes; at most 8", line: #line + 1) {
      ones([1, 1, 1, 1, 1, 1, 1, 1])[.newAxis]
    },
    Mistake("subscript", "index 3 out of range for the 3 rows of shape [3, 2]", line: #line + 1) {
      ones([3, 2])[[0, 3]]
    },
    Mistake("subscript", "index -4 out of range for the 3 rows of shape [3]", line: #line + 1) {
      ones([3])[Tensor<Int>([-4])]
    },
    Mistake("subscript", "rows of a scalar; at least 1 axis is expected", line: #line + 1) {
      ones([])[[0]]
    },
    Mistake(
      "subscript", "rows of [1, 1, 1, 1, 1, 1, 1, 1] by indices of [1, 1]; at most 8 axes", line: #line + 2
    ) {
      ones([1, 1, 1, 1, 1, 1, 1, 1])[Tensor<Int>([[0]])]
    },
    Mistake("subscript", "a mask of shape [2] for shape [3]; leading axes must be equal", line: #line + 1) {
      ones([3])[Tensor<Bool>([true, false])]
    },
  ]

  /// Assignments through a subscript with values that do not match.
  static let assignments = [
    Mistake("subscript", "index 3 out of range for axis 0 of shape [3]", line: #line + 2) {
      let x = ones([3])
      x[3] = 0
      return x
    },
    Mistake("assign", "[2] does not broadcast to [3]", line: #line + 2) {
      let x = ones([2, 3])
      x[0] = ones([2])
      return x
    },
    Mistake("subscript", "[3] does not broadcast to the rows' shape [2]", line: #line + 2) {
      let x = ones([5])
      x[[0, 1]] = ones([3])
      return x
    },
    Mistake("subscript", "[3] does not broadcast to the chosen elements' shape [2]", line: #line + 2) {
      let x = ones([3])
      x[Tensor<Bool>([true, true, false])] = ones([3])
      return x
    },
  ]

  /// Conversions of elements that fail: too many, none, or not convertible.
  static let elements = [
    Mistake("item", "a tensor of shape [2, 3] has 6 elements; exactly 1 is expected", line: #line + 1) {
      ones([2, 3]).item
    },
    Mistake("item", "a tensor of shape [0] has 0 elements; exactly 1 is expected", line: #line + 1) {
      Tensor<Double>([Double]()).item
    },
    Mistake("max", "no elements in shape [0]", line: #line + 1) {
      ones([0]).max()
    },
    Mistake("min", "no elements along axis 1 of [2, 0]", line: #line + 1) {
      ones([2, 0]).min(axis: 1)
    },
    Mistake("argmax", "no elements along axis 1 of [2, 0]", line: #line + 1) {
      ones([2, 0]).argmax(axis: 1)
    },
    Mistake("/", "division by zero: a divisor of integer elements is 0", line: #line + 1) {
      Tensor<Int>([1, 2]) / Tensor<Int>([1, 0])
    },
    Mistake("divide(by:)", "division by zero: a divisor of integer elements is 0", line: #line + 1) {
      Tensor<Int>([1, 2]).divide(by: 0)
    },
    Mistake("Tensor", "1 of 2 elements are NaN or out of range for Int", line: #line + 1) {
      Tensor<Int>(Tensor<Double>([1, .nan]))
    },
    Mistake("Tensor", "2 of 3 elements are NaN or out of range for UInt8", line: #line + 1) {
      Tensor<UInt8>(Tensor<Double>([256, 255, -1]))
    },
    Mistake("arange", "from 0.0 to 1.0 in steps of 0.0; a finite step other than 0", line: #line + 1) {
      Tensor<Float>.arange(0, 1, step: 0)
    },
    Mistake("arange", "from 0 to 5 in steps of 0; a step other than 0", line: #line + 1) {
      Tensor<Int>.arange(0, 5, step: 0)
    },
    Mistake(
      "arange", "from -9223372036854775808 to 9223372036854775807 in steps of 1; too many", line: #line + 2
    ) {
      Tensor<Int>.arange(.min, .max)
    },
    Mistake("linspace", "count -1; at least 0", line: #line + 1) {
      Tensor<Float>.linspace(0, 1, count: -1)
    },
  ]

  /// Distributions with invalid arguments.
  static let sampling = [
    Mistake("normal", "shape [-1], deviation 1.0; a valid shape and at least 0", line: #line + 1) {
      Tensor<Float>.normal([-1])
    },
    Mistake("normal", "shape [2], deviation -1.0; a valid shape and at least 0", line: #line + 1) {
      Tensor<Float>.normal([2], deviation: -1)
    },
    Mistake("uniform", "shape [2], range 0.0...inf; a valid shape and finite bounds", line: #line + 1) {
      Tensor<Float>.uniform([2], in: 0...Float.infinity)
    },
    Mistake(
      "integers", "shape [2], range 3..<3; a valid shape and a range that is not empty", line: #line + 2
    ) {
      Tensor<Int>.integers([2], in: 3..<3)
    },
    Mistake("permutation", "count -1; a valid extent is expected", line: #line + 1) {
      Tensor<Int>.permutation(-1)
    },
    Mistake(
      "permutation", "count 9223372036854775807; a valid extent is expected", line: #line + 2
    ) {
      Tensor<Int>.permutation(Int.max)
    },
    Mistake("uniform", "invalid shape [-1]", line: #line + 2) {
      var random = NumPyRandom(seed: 0)
      return random.uniform([-1])
    },
    Mistake("normal", "invalid shape [2, -1]", line: #line + 2) {
      var random = NumPyRandom(seed: 0)
      return random.normal([2, -1])
    },
    Mistake("integer(below:)", "bound 0; at least 1", line: #line + 2) {
      var random = NumPyRandom(seed: 0)
      return random.integer(below: 0)
    },
    Mistake("permutation", "count -2; a valid extent is expected", line: #line + 2) {
      var random = NumPyRandom(seed: 0)
      return random.permutation(-2)
    },
  ]
}
