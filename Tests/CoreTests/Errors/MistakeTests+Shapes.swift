import Martlet
import TestSupport

// Mistakes of MistakeTests. Each closure stands on the line after its message.

extension MistakeTests {
  /// The shape that remains after an invalid shape was refused.
  static func failedShape() -> TensorShape {
    var shape: TensorShape = []
    _ = refusal { shape = TensorShape(Array(repeating: 1, count: 9)) }
    return shape
  }

  /// Shapes, ranks and extents that do not match.
  ///
  /// No two of these closures may be alike if their line is read from the symbols. The optimiser merges
  /// functions that differ only in constants and callees, and a merged function has no line.
  static let shapes = [
    Mistake("+", "shapes [2, 3] and [2] do not broadcast", line: #line + 1) {
      ones([2, 3]) + ones([2])
    },
    Mistake("-", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]) - ones([3]) - 1
    },
    Mistake("*", "shapes [2, 3] and [3, 2] do not broadcast", line: #line + 1) {
      2 * (ones([2, 3]) * ones([3, 2]))
    },
    Mistake("/", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      -(ones([2]) / ones([3]))
    },
    Mistake("+", "shapes [2] and [3] do not broadcast", line: #line + 2) {
      var x = ones([2])
      x += ones([3])
      return x
    },
    Mistake(">", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]) > ones([3])
    },
    Mistake("maximum", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      Tensor.maximum(ones([2]), ones([3])).exp().sum()
    },
    Mistake("where", "the mask [2] and shapes [3] and [] do not broadcast", line: #line + 1) {
      ones([3]).where(Tensor<Bool>([true, false]), else: 0)
    },
    Mistake(
      "reshaped", "shape [2, 3] cannot become [4]; the shape must hold the same 6 elements", line: #line + 2
    ) {
      ones([2, 3]).reshaped([4])
    },
    Mistake(
      "reshaped", "shape [2, 3] cannot become [4, -1]; the shape must hold the same 6 elements",
      line: #line + 2
    ) {
      ones([2, 3]).reshaped([4, -1])
    },
    Mistake("reshaped", "the shape is invalid", line: #line + 1) {
      ones([1]).reshaped(failedShape())
    },
    Mistake(
      "broadcast", "shape [3] does not broadcast to [2, 4]; trailing extents must be equal or 1",
      line: #line + 2
    ) {
      ones([3]).broadcast(to: [2, 4])
    },
    Mistake("transposed", "shape [3] has too few axes; at least 2 are needed", line: #line + 1) {
      ones([3]).transposed()
    },
    Mistake(
      "expandedDims",
      "axis 4 cannot be inserted in shape [2, 3]; it must be in -3...2, and the limit is 8 axes",
      line: #line + 2
    ) {
      ones([2, 3]).expandedDims(axis: 4)
    },
    Mistake(
      "expandedDims",
      "axis 0 cannot be inserted in shape [1, 1, 1, 1, 1, 1, 1, 1]; it must be in -9...8, and the limit is 8 axes",
      line: #line + 2
    ) {
      ones([1, 1, 1, 1, 1, 1, 1, 1]).expandedDims(axis: 0)
    },
    Mistake("Tensor", "3 scalars do not fit shape [2, 2], which has 4 elements", line: #line + 1) {
      Tensor<Float>([1, 2, 3], shape: [2, 2])
    },
    Mistake(
      "Tensor", "the nested arrays have different lengths; by the first of each the shape is [2, 2]",
      line: #line + 2
    ) {
      Tensor<Float>([[1, 2], [3]])
    },
    Mistake("full", "shape [-1, 2] is invalid", line: #line + 1) {
      Tensor<Float>.zeros([-1, 2])
    },
    Mistake("memory", "there is no room for a tensor of shape [1125899906842624]", line: #line + 1) {
      ones([1]).broadcast(to: [1 << 50]).exp()
    },
    Mistake("shape", "rank 9 is too high; a shape has at most 8 axes", line: #line + 1) {
      TensorShape(Array(repeating: 1, count: 9))
    },
    Mistake("shape", "rank 9 is too high; a shape has at most 8 axes", line: #line + 1) {
      [1, 1, 1, 1, 1, 1, 1, 1, 1] as TensorShape
    },
  ]

  /// Products and losses of tensors that do not match.
  static let products = [
    Mistake("matmul", "inner dimensions differ: [2, 3] × [4, 5]; 3 ≠ 4", line: #line + 1) {
      ones([2, 3]).matmul(ones([4, 5]))
    },
    Mistake("matmul", "inner dimensions differ: [3] × [4, 5]; 3 ≠ 4", line: #line + 1) {
      ones([3]).matmul(ones([4, 5]))
    },
    Mistake("matmul", "leading axes do not broadcast: [2, 3, 4] × [3, 4, 5]", line: #line + 1) {
      ones([2, 3, 4]).matmul(ones([3, 4, 5]))
    },
    Mistake("matmul", "a scalar has no matrix product: [] × [2, 3]; use *", line: #line + 1) {
      ones([]).matmul(ones([2, 3]))
    },
    Mistake(
      "matmul", "shapes [4294967296, 1] × [1, 1] are too large; extents are at most 2147483647",
      line: #line + 2
    ) {
      ones([1]).broadcast(to: [1 << 32, 1]).matmul(ones([1, 1]))
    },
    Mistake(
      "linear",
      "inputs of shape [5, 3] do not match a weight of shape [2, 4]; they must be […, in] and [out, in]",
      line: #line + 2
    ) {
      ones([5, 3]).linear(weight: ones([2, 4]))
    },
    Mistake(
      "linear",
      "a bias of shape [3] does not match a weight of shape [2, 4]; they must be [out] and [out, in]",
      line: #line + 2
    ) {
      ones([5, 4]).linear(weight: ones([2, 4]), bias: ones([3]))
    },
    Mistake(
      "linear", "shapes [4294967296, 1] and [1, 1] are too large; extents are at most 2147483647",
      line: #line + 2
    ) {
      ones([1]).broadcast(to: [1 << 32, 1]).linear(weight: ones([1, 1]))
    },
    Mistake(
      "crossEntropy", "logits [2, 3] and labels [3] do not match; they must be [n, classes] and [n]",
      line: #line + 2
    ) {
      ones([2, 3]).crossEntropy(Tensor<Int>([0, 1, 2]))
    },
    Mistake(
      "crossEntropy", "logits [2, 3] and distributions [3, 2] do not match; both must be [n, classes]",
      line: #line + 2
    ) {
      ones([2, 3]).crossEntropy(ones([3, 2]))
    },
    Mistake("crossEntropy", "label 3 at [1] is outside the 3 classes 0 ..< 3", line: #line + 1) {
      ones([2, 3]).crossEntropy(Tensor<Int>([0, 3]))
    },
    Mistake("crossEntropy", "label -1 at [1] is outside the 3 classes 0 ..< 3", line: #line + 1) {
      CrossEntropyLoss()(ones([2, 3]), Tensor<Int>([0, -1]))
    },
    Mistake(
      "MSELoss", "a prediction of shape [2] does not fit a target of shape [2, 1]; the shapes must be equal",
      line: #line + 2
    ) {
      MSELoss()(ones([2]), ones([2, 1]))
    },
  ]

  /// Invalid concatenations and splits.
  static let joins = [
    Mistake(
      "concatenated", "shapes [2, 3] and [2, 4] do not fit along axis 0; the other extents must be equal",
      line: #line + 2
    ) {
      Tensor.concatenated([ones([2, 3]), ones([2, 4])])
    },
    Mistake("concatenated", "there are no tensors; at least 1 is needed", line: #line + 1) {
      Tensor<Float>.concatenated([])
    },
    Mistake(
      "concatenated", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2
    ) {
      Tensor.concatenated([ones([2, 3])], axis: 2)
    },
    Mistake("stacked", "shapes [2] and [3] differ; all shapes must be equal", line: #line + 1) {
      Tensor.stacked([ones([2]), ones([3])])
    },
    Mistake("stacked", "there are no tensors; at least 1 is needed", line: #line + 1) {
      Tensor<Float>.stacked([])
    },
    Mistake(
      "split", "sizes [1, 1] do not fit axis 0 of shape [3]; they must add up to its extent", line: #line + 2
    ) {
      ones([3]).split(sizes: [1, 1])
    },
    Mistake("repeated", "the number of times must be at least 0, not -1", line: #line + 1) {
      ones([3]).repeated(-1, insertingAxisAt: 0)
    },
    Mistake("repeated", "4611686018427387904 times shape [3] is too many elements", line: #line + 1) {
      ones([3]).repeated(1 << 62, insertingAxisAt: 0)
    },
  ]

  /// Axes out of range.
  static let axes = [
    Mistake("sum", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).sum(axis: 2)
    },
    Mistake("sum", "axis -3 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).sum(axes: [0, -3])
    },
    Mistake("sum", "axis 1 is named twice in [1, 1]", line: #line + 1) {
      ones([2, 3]).sum(axes: [1, 1])
    },
    Mistake("sum", "axis 1 is out of range for shape []; a scalar has no axes", line: #line + 1) {
      ones([]).sum(axis: 1)
    },
    Mistake("sum", "axis 1 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      Tensor<Int>([1, 2]).sum(axis: 1)
    },
    Mistake("mean", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).mean(axis: 2)
    },
    Mistake("variance", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).variance(axis: 2)
    },
    Mistake("max", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).max(axis: 2)
    },
    Mistake("min", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).min(axes: [2])
    },
    Mistake("argmax", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).argmax(axis: 2)
    },
    Mistake("softmax", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).softmax(axis: 2)
    },
    Mistake("logSoftmax", "axis -3 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).logSoftmax(axis: -3)
    },
    Mistake("layerNorm", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).layerNorm(axes: [2])
    },
    Mistake(
      "layerNorm", "weight [2] and bias none do not match axes [-1] of shape [2, 3]; each must be [3]",
      line: #line + 2
    ) {
      ones([2, 3]).layerNorm(weight: ones([2]))
    },
    Mistake(
      "transposed", "axis 0 or 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2
    ) {
      ones([2, 3]).transposed(0, 2)
    },
    Mistake("permuted", "order [0, 0] does not name each axis of shape [2, 3] once", line: #line + 1) {
      ones([2, 3]).permuted([0, 0])
    },
    Mistake("squeezed", "shape [2, 3] has no axis 0 of extent 1", line: #line + 1) {
      ones([2, 3]).squeezed(axis: 0)
    },
    Mistake("shape", "axis 2 is out of range for [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).shape[2]
    },
  ]
}
