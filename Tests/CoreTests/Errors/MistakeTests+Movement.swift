import Martlet
import TestSupport

// Mistakes of MistakeTests. Each closure stands on the line after its message.

extension MistakeTests {
  /// Rolls, flips, moved axes, repetitions and parts.
  static let rearrangements = [
    Mistake("rolled", "there are 1 shifts for 2 axes; each axis needs one", line: #line + 1) {
      ones([2, 3]).rolled(by: [1], axes: [0, 1])
    },
    Mistake("rolled", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).rolled(by: 1, axis: 2)
    },
    Mistake("flipped", "axis 1 is out of range for shape [3]; an axis is in -1...0", line: #line + 1) {
      ones([3]).flipped(axis: 1)
    },
    Mistake("flipped", "axis -1 is named twice in [0, -1]", line: #line + 1) {
      ones([3]).flipped(axes: [0, -1])
    },
    Mistake("rotated90", "axis 1 is out of range for shape [3]; an axis is in -1...0", line: #line + 1) {
      ones([3]).rotated90()
    },
    Mistake(
      "movedAxis", "axis 0 or place 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2
    ) {
      ones([2, 3]).movedAxis(from: 0, to: 2)
    },
    Mistake("movedAxes", "there are 1 places for 2 axes; each axis needs one", line: #line + 1) {
      ones([2, 3]).movedAxes(from: [0, 1], to: [0])
    },
    Mistake("movedAxes", "axis 0 is named twice in [0, 0]", line: #line + 1) {
      ones([2, 3]).movedAxes(from: [0, 1], to: [0, 0])
    },
    Mistake("diagonal", "axis 1 is named twice in [1, 1]", line: #line + 1) {
      ones([2, 3]).diagonal(axes: (1, 1))
    },
    Mistake(
      "diagonalMatrix",
      "matrices with shape [1, 1, 1, 1, 1, 1, 1, 2] on diagonal 0 are too large; the limit is 8 axes",
      line: #line + 2
    ) {
      ones([1, 1, 1, 1, 1, 1, 1, 2]).diagonalMatrix()
    },
    Mistake(
      "diagonalMatrix",
      "matrices with shape [2] on diagonal -9223372036854775808 are too large; the limit is 8 axes",
      line: #line + 2
    ) {
      ones([2]).diagonalMatrix(offset: Int.min)
    },
    Mistake(
      "repeated", "the numbers of times must be at most 8 numbers of at least 0, not [2, -1]", line: #line + 2
    ) {
      ones([3]).repeated([2, -1])
    },
    Mistake("repeated", "[4611686018427387904] times shape [3] is too many elements", line: #line + 1) {
      ones([3]).repeated([1 << 62])
    },
    Mistake("repeatInterleaved", "the number of times must be at least 0, not -1", line: #line + 1) {
      ones([3]).repeatInterleaved(-1)
    },
    Mistake(
      "repeatInterleaved", "axis 1 is out of range for shape [3]; an axis is in -1...0", line: #line + 2
    ) {
      ones([3]).repeatInterleaved(2, axis: 1)
    },
    Mistake(
      "repeatInterleaved", "4611686018427387904 times shape [3] is too many elements", line: #line + 2
    ) {
      ones([3]).repeatInterleaved(1 << 62)
    },
    Mistake(
      "repeatInterleaved", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2
    ) {
      ones([2, 3]).repeatInterleaved(Tensor<Int>([1, 2]), axis: 2)
    },
    Mistake(
      "repeatInterleaved",
      "counts of shape [3] from -1 to 2 do not fit; they must be 3 numbers of at least 0",
      line: #line + 2
    ) {
      ones([3]).repeatInterleaved(Tensor<Int>([0, 2, -1]))
    },
    Mistake(
      "repeatInterleaved",
      "counts of shape [2] from 1 to 1 do not fit; they must be 3 numbers of at least 0",
      line: #line + 2
    ) {
      ones([3]).repeatInterleaved(Tensor<Int>([1, 1]), axis: 0)
    },
    Mistake("repeatInterleaved", "the counts of shape [2] make too many elements", line: #line + 1) {
      ones([2]).repeatInterleaved(Tensor<Int>([1 << 62, 1 << 62]), axis: 0)
    },
    Mistake("split", "the number of parts must be at least 1, not 0", line: #line + 1) {
      ones([3]).split(into: 0)
    },
    Mistake("split", "axis 1 is out of range for shape [3]; an axis is in -1...0", line: #line + 1) {
      ones([3]).split(into: 2, axis: 1)
    },
    Mistake("unstacked", "axis 0 is out of range for shape []; a scalar has no axes", line: #line + 1) {
      ones([]).unstacked()
    },
    Mistake(
      "concatenated",
      "shapes [2, 3] and [3, 3] do not fit along axis 1; the other extents must be equal",
      line: #line + 2
    ) {
      Tensor.hstacked([ones([2, 3]), ones([3, 3])])
    },
    Mistake("concatenated", "there are no tensors; at least 1 is needed", line: #line + 1) {
      Tensor<Double>.vstacked([])
    },
  ]

  /// Grids, combinations, differences, and elements by index along an axis.
  static let positions = [
    Mistake("meshgrid", "shapes [[3], [2, 2]] do not fit; there must be 1 to 8 vectors", line: #line + 1) {
      Tensor.meshgrid([ones([3]), ones([2, 2])])
    },
    Mistake("meshgrid", "shapes [] do not fit; there must be 1 to 8 vectors", line: #line + 1) {
      Tensor<Float>.meshgrid([])
    },
    Mistake("meshgrid", "a grid of shape [1099511627776, 1099511627776] is too large", line: #line + 1) {
      Tensor.meshgrid([ones([1]).broadcast(to: [1 << 40]), ones([1]).broadcast(to: [1 << 40])])
    },
    Mistake(
      "cartesianProduct", "shapes [[2, 2]] do not fit; there must be at least 1 vectors", line: #line + 2
    ) {
      Tensor.cartesianProduct([ones([2, 2])])
    },
    Mistake("cartesianProduct", "the vectors have too many combinations", line: #line + 1) {
      Tensor.cartesianProduct([ones([1]).broadcast(to: [1 << 40]), ones([1]).broadcast(to: [1 << 40])])
    },
    Mistake(
      "combinations", "combinations of 0 of shape [3]; it must be at least 1 of a vector", line: #line + 2
    ) {
      ones([3]).combinations(of: 0)
    },
    Mistake("combinations", "there are too many combinations of 1024 of 1048576 elements", line: #line + 1) {
      ones([1]).broadcast(to: [1 << 20]).combinations(of: 1024)
    },
    Mistake("outer", "shapes [2] and [2, 3] do not fit; both must be vectors", line: #line + 1) {
      ones([2]).outer(ones([2, 3]))
    },
    Mistake("diff", "axis 1 is out of range for shape [3]; an axis is in -1...0", line: #line + 1) {
      ones([3]).diff(axis: 1)
    },
    Mistake("diff", "the order must be at least 0, not -1", line: #line + 1) {
      ones([3]).diff(order: -1)
    },
    Mistake("trapezoid", "axis -1 is out of range for shape []; a scalar has no axes", line: #line + 1) {
      ones([]).trapezoid()
    },
    Mistake("trapezoid", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).trapezoid(at: ones([3]), axis: 2)
    },
    Mistake(
      "trapezoid",
      "points of shape [2] do not fit axis 1 of shape [2, 3]; they must be [2, 3] or [3]",
      line: #line + 2
    ) {
      ones([2, 3]).trapezoid(at: ones([2]))
    },
    Mistake("gathered", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).gathered(Tensor<Int>.zeros([2, 3]), axis: 2)
    },
    Mistake(
      "gathered",
      "indices of shape [1, 3] do not fit shape [2, 3] along axis 1; the other extents must be equal",
      line: #line + 2
    ) {
      ones([2, 3]).gathered(Tensor<Int>.zeros([1, 3]), axis: 1)
    },
    Mistake(
      "gathered",
      "indices of shape [2] do not fit shape [2, 3] along axis 0; the other extents must be equal",
      line: #line + 2
    ) {
      ones([2, 3]).gathered(Tensor<Int>.zeros([2]), axis: 0)
    },
    Mistake("gathered", "index 3 is out of range for axis 1 of shape [2, 3]", line: #line + 1) {
      ones([2, 3]).gathered(Tensor<Int>([[0], [3]]), axis: 1)
    },
    Mistake("gathered", "index -3 is out of range for axis 0 of shape [2]", line: #line + 1) {
      ones([2]).gathered(Tensor<Int>([-3, 5]), axis: 0)
    },
    Mistake("scatterAdded", "axis 1 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      ones([2]).scatterAdded(Tensor<Int>([0]), ones([1]), axis: 1)
    },
    Mistake(
      "scatterAdded",
      "indices of shape [3] and values of shape [2] do not fit shape [4] along axis 0; the other extents must be equal, and the values broadcast to the indices",
      line: #line + 2
    ) {
      ones([4]).scatterAdded(Tensor<Int>([0, 1, 2]), ones([2]), axis: 0)
    },
    Mistake("scatterAdded", "index 4 is out of range for axis 0 of shape [4]", line: #line + 1) {
      ones([4]).scatterAdded(Tensor<Int>([0, 4]), ones([2]), axis: 0)
    },
    Mistake("indexAdded", "axis 1 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      ones([2]).indexAdded(Tensor<Int>([0]), ones([1]), axis: 1)
    },
    Mistake(
      "indexAdded",
      "indices of shape [2] and values of shape [3] do not fit axis 0 of shape [4]; they must be [n] and broadcast to [2]",
      line: #line + 2
    ) {
      ones([4]).indexAdded(Tensor<Int>([0, 1]), ones([3]))
    },
    Mistake("indexAdded", "index -5 is out of range for axis 0 of shape [4]", line: #line + 1) {
      ones([4]).indexAdded(Tensor<Int>([-5]), ones([1]))
    },
    Mistake("indexFilled", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).indexFilled(Tensor<Int>([0]), with: 7, axis: 2)
    },
    Mistake("indexFilled", "index 2 is out of range for axis 0 of shape [2, 3]", line: #line + 1) {
      ones([2, 3]).indexFilled(Tensor<Int>([2]), with: 7)
    },
    Mistake("maskedFilled", "a mask of shape [2] does not broadcast to [2, 3]", line: #line + 1) {
      ones([2, 3]).maskedFilled(Tensor<Bool>([true, false]), with: 0)
    },
    Mistake("oneHot", "label 3 is outside the 3 classes 0 ..< 3", line: #line + 1) {
      Tensor<Int>([0, 3]).oneHot(classes: 3)
    },
    Mistake(
      "oneHot",
      "labels of shape [1] cannot have -1 classes; there must be at most 8 axes, and as many elements as fit",
      line: #line + 2
    ) {
      Tensor<Int>([0]).oneHot(classes: -1)
    },
    Mistake("trilIndices", "shape [-1, 2] is invalid", line: #line + 1) {
      Tensor<Int>.trilIndices(-1, 2)
    },
    Mistake("triuIndices", "shape [2, -1] is invalid", line: #line + 1) {
      Tensor<Int>.triuIndices(2, -1)
    },
  ]
}
