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
    Mistake("+", "shapes do not broadcast: [2, 3] and [2]", line: #line + 1) {
      ones([2, 3]) + ones([2])
    },
    Mistake("-", "shapes do not broadcast: [2] and [3]", line: #line + 1) {
      ones([2]) - ones([3]) - 1
    },
    Mistake("*", "shapes do not broadcast: [2, 3] and [3, 2]", line: #line + 1) {
      2 * (ones([2, 3]) * ones([3, 2]))
    },
    Mistake("/", "shapes do not broadcast: [2] and [3]", line: #line + 1) {
      -(ones([2]) / ones([3]))
    },
    Mistake("+", "shapes do not broadcast: [2] and [3]", line: #line + 2) {
      var x = ones([2])
      x += ones([3])
      return x
    },
    Mistake(">", "shapes do not broadcast: [2] and [3]", line: #line + 1) {
      ones([2]) > ones([3])
    },
    Mistake("maximum", "shapes do not broadcast: [2] and [3]", line: #line + 1) {
      Tensor.maximum(ones([2]), ones([3])).exp().sum()
    },
    Mistake("where", "shapes do not broadcast: mask [2], [3] and []", line: #line + 1) {
      ones([3]).where(Tensor<Bool>([true, false]), else: 0)
    },
    Mistake("reshaped", "[2, 3] to [4]; the shape must hold the same 6 elements", line: #line + 1) {
      ones([2, 3]).reshaped([4])
    },
    Mistake("reshaped", "[2, 3] to [4, -1]; the shape must hold the same 6 elements", line: #line + 1) {
      ones([2, 3]).reshaped([4, -1])
    },
    Mistake("reshaped", "invalid shape", line: #line + 1) {
      ones([1]).reshaped(failedShape())
    },
    Mistake("broadcast", "[3] to [2, 4]; trailing extents must be equal or 1", line: #line + 1) {
      ones([3]).broadcast(to: [2, 4])
    },
    Mistake("transposed", "shape [3]; at least 2 axes are expected", line: #line + 1) {
      ones([3]).transposed()
    },
    Mistake("expandedDims", "axis 4 for shape [2, 3]; in -3...2, and at most 8 axes", line: #line + 1) {
      ones([2, 3]).expandedDims(axis: 4)
    },
    Mistake(
      "expandedDims", "axis 0 for shape [1, 1, 1, 1, 1, 1, 1, 1]; in -9...8, and at most 8 axes",
      line: #line + 2
    ) {
      ones([1, 1, 1, 1, 1, 1, 1, 1]).expandedDims(axis: 0)
    },
    Mistake("Tensor", "3 scalars for shape [2, 2], which has 4", line: #line + 1) {
      Tensor<Float>([1, 2, 3], shape: [2, 2])
    },
    Mistake("Tensor", "nested arrays of different lengths; [2, 2] by the first of each", line: #line + 1) {
      Tensor<Float>([[1, 2], [3]])
    },
    Mistake("full", "invalid shape [-1, 2]", line: #line + 1) {
      Tensor<Float>.zeros([-1, 2])
    },
    Mistake("memory", "no room for a tensor of shape [1125899906842624]", line: #line + 1) {
      ones([1]).broadcast(to: [1 << 50]).exp()
    },
    Mistake("shape", "rank 9; at most 8 axes", line: #line + 1) {
      TensorShape(Array(repeating: 1, count: 9))
    },
    Mistake("shape", "rank 9; at most 8 axes", line: #line + 1) {
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
    Mistake("matmul", "[] × [2, 3]; a scalar has no matrix product, use *", line: #line + 1) {
      ones([]).matmul(ones([2, 3]))
    },
    Mistake("matmul", "[4294967296, 1] × [1, 1]; extents are at most 2147483647", line: #line + 1) {
      ones([1]).broadcast(to: [1 << 32, 1]).matmul(ones([1, 1]))
    },
    Mistake(
      "linear", "inputs of shape [5, 3] for a weight of shape [2, 4]; […, in] and [out, in]", line: #line + 2
    ) {
      ones([5, 3]).linear(weight: ones([2, 4]))
    },
    Mistake("linear", "a bias of shape [3] for a weight of shape [2, 4]", line: #line + 1) {
      ones([5, 4]).linear(weight: ones([2, 4]), bias: ones([3]))
    },
    Mistake("linear", "[4294967296, 1] and [1, 1]; extents are at most 2147483647", line: #line + 1) {
      ones([1]).broadcast(to: [1 << 32, 1]).linear(weight: ones([1, 1]))
    },
    Mistake(
      "crossEntropy", "logits [2, 3] and labels [3]; [n, classes] and [n] are expected", line: #line + 2
    ) {
      ones([2, 3]).crossEntropy(Tensor<Int>([0, 1, 2]))
    },
    Mistake(
      "crossEntropy", "logits [2, 3] and distributions [3, 2]; both [n, classes] are expected",
      line: #line + 2
    ) {
      ones([2, 3]).crossEntropy(ones([3, 2]))
    },
    Mistake("crossEntropy", "label 3 outside the 3 classes 0 ..< 3, at [1]", line: #line + 1) {
      ones([2, 3]).crossEntropy(Tensor<Int>([0, 3]))
    },
    Mistake("crossEntropy", "label -1 outside the 3 classes 0 ..< 3, at [1]", line: #line + 1) {
      CrossEntropyLoss()(ones([2, 3]), Tensor<Int>([0, -1]))
    },
    Mistake(
      "MSELoss", "a prediction of shape [2] and a target of shape [2, 1]; equal shapes are expected",
      line: #line + 2
    ) {
      MSELoss()(ones([2]), ones([2, 1]))
    },
  ]

  /// Invalid concatenations and splits.
  static let joins = [
    Mistake(
      "concatenated", "[2, 3] and [2, 4] along axis 0; other extents must be equal", line: #line + 2
    ) {
      Tensor.concatenated([ones([2, 3]), ones([2, 4])])
    },
    Mistake("concatenated", "no tensors; at least 1 is expected", line: #line + 1) {
      Tensor<Float>.concatenated([])
    },
    Mistake("concatenated", "axis 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      Tensor.concatenated([ones([2, 3])], axis: 2)
    },
    Mistake("stacked", "[2] and [3]; all shapes must be equal", line: #line + 1) {
      Tensor.stacked([ones([2]), ones([3])])
    },
    Mistake("stacked", "no tensors; at least 1 is expected", line: #line + 1) {
      Tensor<Float>.stacked([])
    },
    Mistake(
      "split", "sizes [1, 1] along axis 0 of shape [3]; they must add up to its extent", line: #line + 2
    ) {
      ones([3]).split(sizes: [1, 1])
    },
    Mistake("repeated", "-1 times; at least 0", line: #line + 1) {
      ones([3]).repeated(-1, insertingAxisAt: 0)
    },
    Mistake("repeated", "4611686018427387904 times shape [3]: too many elements", line: #line + 1) {
      ones([3]).repeated(1 << 62, insertingAxisAt: 0)
    },
  ]

  /// Axes out of range.
  static let axes = [
    Mistake("sum", "axis 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).sum(axis: 2)
    },
    Mistake("sum", "axis -3 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).sum(axes: [0, -3])
    },
    Mistake("sum", "axis 1 named twice in [1, 1]", line: #line + 1) {
      ones([2, 3]).sum(axes: [1, 1])
    },
    Mistake("sum", "axis 1 of shape []; a scalar has no axes", line: #line + 1) {
      ones([]).sum(axis: 1)
    },
    Mistake("sum", "axis 1 of shape [2]; an axis is in -1...0", line: #line + 1) {
      Tensor<Int>([1, 2]).sum(axis: 1)
    },
    Mistake("mean", "axis 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).mean(axis: 2)
    },
    Mistake("variance", "axis 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).variance(axis: 2)
    },
    Mistake("max", "axis 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).max(axis: 2)
    },
    Mistake("min", "axis 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).min(axes: [2])
    },
    Mistake("argmax", "axis 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).argmax(axis: 2)
    },
    Mistake("softmax", "axis 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).softmax(axis: 2)
    },
    Mistake("logSoftmax", "axis -3 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).logSoftmax(axis: -3)
    },
    Mistake("layerNorm", "axis 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).layerNorm(axes: [2])
    },
    Mistake(
      "layerNorm", "weight [2], bias none; [3] is expected for axes [-1] of shape [2, 3]", line: #line + 2
    ) {
      ones([2, 3]).layerNorm(weight: ones([2]))
    },
    Mistake("transposed", "axes 0 and 2 of shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).transposed(0, 2)
    },
    Mistake("permuted", "order [0, 0] of shape [2, 3]; each axis once is expected", line: #line + 1) {
      ones([2, 3]).permuted([0, 0])
    },
    Mistake("squeezed", "axis 0 of shape [2, 3]; an axis of extent 1 is expected", line: #line + 1) {
      ones([2, 3]).squeezed(axis: 0)
    },
    Mistake("shape", "axis 2 of [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).shape[2]
    },
  ]
}
