import Martlet

// Mistakes of MistakeTests: recorded graphs, and changes that would invalidate them.

extension MistakeTests {
  /// Backward passes without history or without a seed, and over freed graphs.
  static let history = [
    Mistake(
      "backward",
      "the tensor of shape [] has no history; nothing it was computed from requires a gradient",
      line: #line + 2
    ) {
      ones([]).backward()
    },
    Mistake(
      "backward", "a tensor of shape [3] is no scalar; give a gradient of its shape, or sum() it first",
      line: #line + 2
    ) {
      (leaf() * 2).backward()
    },
    Mistake(
      "backward", "a gradient of shape [2] does not fit a tensor of shape [3]; the shapes must be equal",
      line: #line + 2
    ) {
      (leaf() * 2).backward(ones([2]))
    },
    Mistake(
      "backward",
      "the graph behind SumBackward was freed by an earlier backward; pass retainGraph: true to the earlier one",
      line: #line + 4
    ) {
      let y = leaf().sum()
      y.backward()
      return y.backward()
    },
    Mistake("gradient(of:)", "the tensor does not depend on an input", line: #line + 1) {
      leaf().sum().gradient(of: leaf())
    },
    Mistake("gradient(of:)", "an input does not require a gradient", line: #line + 1) {
      leaf().sum().gradient(of: ones([3]))
    },
    Mistake(
      "requiresGrad", "the elements are Int; only Float, Double and Complex have derivatives", line: #line + 2
    ) {
      Tensor<Int>([1], requiresGrad: true)
    },
    Mistake(
      "requiresGrad", "the elements are Int; only Float, Double and Complex have derivatives", line: #line + 2
    ) {
      Tensor<Int>([1]).requiresGrad = true
    },
    Mistake(
      "requiresGrad", "the tensor was made by MulBackward; only a leaf's can be set; use detached()",
      line: #line + 2
    ) {
      (leaf() * 2).requiresGrad = false
    },
  ]

  /// Changes in place that are refused, or that the backward pass detects because it needs the old values.
  static let changes = [
    Mistake(
      "backward",
      "a tensor that MulBackward had saved was changed in place afterwards; change it after backward(), or change a copy",
      line: #line + 5
    ) {
      let x = leaf()
      let y = (x * x).sum()
      noGrad { x.fill(2) }
      return y.backward()
    },
    Mistake(
      "backward",
      "a tensor that WhereBackward had saved was changed in place afterwards; change it after backward(), or change a copy",
      line: #line + 5
    ) {
      let mask = Tensor<Bool>([true, false, true])
      let y = leaf().where(mask, else: 0).sum()
      mask.fill(true)
      return y.backward()
    },
    Mistake(
      "backward", "the labels of crossEntropy were changed in place afterwards; change a copy",
      line: #line + 5
    ) {
      let labels = Tensor<Int>([0, 1, 2])
      let loss = Tensor<Float>.ones([3, 3], requiresGrad: true).crossEntropy(labels)
      labels.fill(0)
      return loss.backward()
    },
    Mistake(
      "multiply(by:)",
      "the tensor is a leaf that requires a gradient, so the in-place change cannot be recorded; use x * y or noGrad { }",
      line: #line + 2
    ) {
      leaf().multiply(by: 2)
    },
    Mistake(
      "assign",
      "the tensor is a view of a leaf that requires a gradient, so the in-place change cannot be recorded; use the other tensor itself or noGrad { }",
      line: #line + 3
    ) {
      let x = leaf()
      x[0] = 5
      return x
    },
    Mistake(
      "fill",
      "the tensor is a view made in noGrad, so the in-place change cannot be recorded; use full(_:_:) or noGrad { }",
      line: #line + 3
    ) {
      let x = leaf() * 2
      return noGrad { x[0...] }.fill(2)
    },
    Mistake(
      "fill",
      "the tensor is a view of elements of another type, so the in-place change cannot be recorded; use full(_:_:) or noGrad { }",
      line: #line + 2
    ) {
      Tensor<Complex<Float>>(leaf()).real().fill(2)
    },
    Mistake("add(_:scaledBy:)", "shape [2] does not broadcast to [3]", line: #line + 1) {
      ones([3]).add(ones([2]))
    },
    Mistake("subtract(_:)", "shape [2] does not broadcast to [3]", line: #line + 1) {
      ones([3]).subtract(ones([2]))
    },
    Mistake("assign", "shape [2, 3] does not broadcast to [3]", line: #line + 1) {
      ones([3]).assign(ones([2, 3]))
    },
    Mistake(
      "fill", "the elements of a view of shape [3] share memory; change a copy", line: #line + 2
    ) {
      ones([1]).broadcast(to: [3]).fill(2)
    },
  ]
}
