import Martlet

// Mistakes of MistakeTests. Each closure stands on the line after its message.

extension MistakeTests {
  /// Indices out of range, and masks that do not match.
  static let indices = [
    Mistake("subscript", "index 3 is out of range for axis 0 of shape [3]", line: #line + 1) {
      ones([3])[3]
    },
    Mistake("subscript", "index -4 is out of range for axis 0 of shape [3, 2]", line: #line + 1) {
      ones([3, 2])[-4]
    },
    Mistake("subscript", "index 2 is out of range for axis 1 of shape [3, 2]", line: #line + 1) {
      ones([3, 2])[0, 2]
    },
    Mistake("subscript", "index 0 is out of range for axis 0 of shape [0]", line: #line + 1) {
      ones([0])[0]
    },
    Mistake("subscript", "range 1..<4 by 1 is out of range for axis 0 of shape [3]", line: #line + 1) {
      ones([3])[1..<4]
    },
    Mistake("subscript", "range ..< by 0 is out of range for axis 0 of shape [3]", line: #line + 1) {
      ones([3])[.stride(by: 0)]
    },
    Mistake(
      "subscript", "3 indices and 0 ellipses do not fit shape [3, 2]; the limits are 2 and 1", line: #line + 2
    ) {
      ones([3, 2])[0, 0, 0]
    },
    Mistake(
      "subscript", "0 indices and 2 ellipses do not fit shape [3, 2]; the limits are 2 and 1", line: #line + 2
    ) {
      ones([3, 2])[.ellipsis, .ellipsis]
    },
    Mistake("subscript", "a view of 9 axes has too many; the limit is 8", line: #line + 1) {
      ones([1, 1, 1, 1, 1, 1, 1, 1])[.newAxis]
    },
    Mistake("subscript", "index 3 is out of range for axis 0 of shape [3, 2]", line: #line + 1) {
      ones([3, 2])[[0, 3]]
    },
    Mistake("subscript", "index -4 is out of range for axis 0 of shape [3]", line: #line + 1) {
      ones([3])[Tensor<Int>([-4])]
    },
    Mistake(
      "subscript", "1 indices and 0 ellipses do not fit shape []; the limits are 0 and 1", line: #line + 2
    ) {
      ones([])[[0]]
    },
    Mistake("subscript", "a view of 9 axes has too many; the limit is 8", line: #line + 1) {
      ones([1, 1, 1, 1, 1, 1, 1, 1])[Tensor<Int>([[0]])]
    },
    Mistake(
      "subscript", "a mask of shape [2] does not fit shape [3] from axis 0 on; the extents must be equal",
      line: #line + 2
    ) {
      ones([3])[Tensor<Bool>([true, false])]
    },
  ]

  /// Assignments through a subscript with values that do not match.
  static let assignments = [
    Mistake("subscript", "index 3 is out of range for axis 0 of shape [3]", line: #line + 2) {
      let x = ones([3])
      x[3] = 0
      return x
    },
    Mistake("assign", "shape [2] does not broadcast to [3]", line: #line + 2) {
      let x = ones([2, 3])
      x[0] = ones([2])
      return x
    },
    Mistake("subscript", "shape [3] does not broadcast to the chosen elements' shape [2]", line: #line + 2) {
      let x = ones([5])
      x[[0, 1]] = ones([3])
      return x
    },
    Mistake("subscript", "shape [3] does not broadcast to the chosen elements' shape [2]", line: #line + 2) {
      let x = ones([3])
      x[Tensor<Bool>([true, true, false])] = ones([3])
      return x
    },
  ]

  /// Conversions of elements that fail: too many, none, or not convertible.
  static let elements = [
    Mistake("item", "a tensor of shape [2, 3] has 6 elements; it must have exactly 1", line: #line + 1) {
      ones([2, 3]).item
    },
    Mistake("item", "a tensor of shape [0] has 0 elements; it must have exactly 1", line: #line + 1) {
      Tensor<Double>([Double]()).item
    },
    Mistake("max", "shape [0] has no elements", line: #line + 1) {
      ones([0]).max()
    },
    Mistake("min", "axis 1 of shape [2, 0] has no elements", line: #line + 1) {
      ones([2, 0]).min(axis: 1)
    },
    Mistake("argmax", "axis 1 of shape [2, 0] has no elements", line: #line + 1) {
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
    Mistake(
      "arange", "steps of 0.0 do not lead from 0.0 to 1.0; the step must be finite and not 0", line: #line + 2
    ) {
      Tensor<Float>.arange(0, 1, step: 0)
    },
    Mistake("arange", "steps of 0 do not lead from 0 to 5; the step must not be 0", line: #line + 1) {
      Tensor<Int>.arange(0, 5, step: 0)
    },
    Mistake(
      "arange", "steps of 1 from -9223372036854775808 to 9223372036854775807 make too many elements",
      line: #line + 2
    ) {
      Tensor<Int>.arange(.min, .max)
    },
    Mistake("linspace", "the count must be at least 0, not -1", line: #line + 1) {
      Tensor<Float>.linspace(0, 1, count: -1)
    },
  ]

  /// Distributions with invalid arguments.
  static let sampling = [
    Mistake(
      "normal", "the shape [-1] must be valid and the deviation 1.0 must be at least 0", line: #line + 2
    ) {
      Tensor<Float>.normal([-1])
    },
    Mistake(
      "normal", "the shape [2] must be valid and the deviation -1.0 must be at least 0", line: #line + 2
    ) {
      Tensor<Float>.normal([2], deviation: -1)
    },
    Mistake(
      "uniform", "the shape [2] must be valid and the range 0.0...inf must have finite bounds",
      line: #line + 2
    ) {
      Tensor<Float>.uniform([2], in: 0...Float.infinity)
    },
    Mistake(
      "integers", "the shape [2] must be valid and the range 3..<3 must not be empty", line: #line + 2
    ) {
      Tensor<Int>.integers([2], in: 3..<3)
    },
    Mistake("permutation", "the count must be a valid extent, not -1", line: #line + 1) {
      Tensor<Int>.permutation(-1)
    },
    Mistake(
      "permutation", "the count must be a valid extent, not 9223372036854775807", line: #line + 2
    ) {
      Tensor<Int>.permutation(Int.max)
    },
    Mistake("uniform", "shape [-1] is invalid", line: #line + 2) {
      var random = NumPyRandom(seed: 0)
      return random.uniform([-1])
    },
    Mistake("normal", "shape [2, -1] is invalid", line: #line + 2) {
      var random = NumPyRandom(seed: 0)
      return random.normal([2, -1])
    },
    Mistake("integer(below:)", "the bound must be at least 1, not 0", line: #line + 2) {
      var random = NumPyRandom(seed: 0)
      return random.integer(below: 0)
    },
    Mistake("permutation", "the count must be a valid extent, not -2", line: #line + 2) {
      var random = NumPyRandom(seed: 0)
      return random.permutation(-2)
    },
  ]
}
