import Martlet

// More of the mistakes that MistakeTests makes: functions, hooks and blocks of the user's own in a backward pass.

extension MistakeTests {
  static let functional = [
    Mistake("Own", "there are 2 outputs, not 1; call outputs(of:)", line: #line + 6) {
      let own = CustomFunction<Float>("Own") {
        [$0[0], $1.saved.first ?? $0[0]]
      } backward: { g, _ in
        g
      }
      return own(leaf())
    },
    Mistake("Own", "backward returned 2 gradients for 1 inputs", line: #line + 7) {
      let own = CustomFunction<Float>("Own") { inputs, _ in
        inputs
      } backward: { g, _ in
        [g[0], nil]
      }
      let y = own(leaf()).sum()
      y.backward()
      return y.shape
    },
    Mistake("Own", "backward returned a gradient of shape [2] for input 0 of shape [3]", line: #line + 7) {
      let own = CustomFunction<Float>("Own") { inputs, _ in
        inputs
      } backward: { _, _ in
        [ones([2])]
      }
      let y = own(leaf()).sum()
      y.backward()
      return y.shape
    },
    Mistake("onGradient", "the tensor of shape [2] does not require a gradient", line: #line + 1) {
      ones([2]).onGradient { $0 }
    },
    Mistake("onGradient", "a hook returned a gradient of shape [] for one of shape [3]", line: #line + 3) {
      let x = leaf()
      x.onGradient { $0.sum() }
      return x.sum().backward()
    },
    Mistake(
      "checkpointed",
      "the block returns other values in the backward pass than in the forward pass; change its parameters after both",
      line: #line + 4
    ) {
      let w = leaf(), y = checkpointed(leaf()) { $0 * w }
      noGrad { w.multiply(by: 2) }
      return y.sum().backward()
    },
    Mistake("backward", "the gradient that the pass began with contains NaN", line: #line + 1) {
      detectAnomaly { (leaf() * 2).backward(ones([3]) * .nan) }
    },
    Mistake(
      "backward", "SqrtBackward returned NaN; run the forward pass inside detectAnomaly to learn its line",
      line: #line + 3
    ) {
      let loss = ((leaf() - 1).sqrt() * 0).sum()
      return detectAnomaly { loss.backward() }
    },
    Mistake(
      "backward", "SqrtBackward returned NaN; the line is that of the forward operation", line: #line + 3
    ) {
      detectAnomaly {
        let root = (leaf() - 1).sqrt()
        return (root * 0).sum().backward()
      }
    },
  ]

  /// Derivatives of functions, and models as functions.
  static let functionDerivatives = [
    Mistake(
      "jacobian",
      "an output of shape [1, 1, 1, 1] and an argument of shape [1, 1, 1, 1, 1] have too many axes; their ranks may add up to 8",
      line: #line + 2
    ) {
      jacobian(at: ones([1, 1, 1, 1, 1])) { $0.reshaped([1, 1, 1, 1]) }
    },
    Mistake(
      "gradient(of:)", "a tensor of shape [3] is no scalar; give a gradient of its shape, or sum() it first",
      line: #line + 2
    ) {
      hessian(at: ones([3])) { $0 * $0 }
    },
    Mistake(
      "gradient(of:)",
      "a gradient of shape [2] does not fit a tensor of shape [3]; the shapes must be equal", line: #line + 2
    ) {
      vjp(at: ones([3]), cotangent: ones([2])) { $0 * $0 }
    },
    Mistake(
      "jvp", "tangents of shapes [[2]] do not fit arguments of shapes [[3]]; the shapes must be equal",
      line: #line + 2
    ) {
      jvp(at: ones([3]), tangent: ones([2])) { $0 * $0 }
    },
    Mistake(
      "hvp", "tangents of shapes [] do not fit arguments of shapes [[3]]; the shapes must be equal",
      line: #line + 2
    ) {
      hvp(at: [ones([3])], tangents: []) { $0[0].sum() }
    },
    Mistake("gradient(of:)", "the tensor does not depend on an input", line: #line + 2) {
      let model = Linear(2, 3)
      return valueAndGradient(model) { ($0.weight * 2).sum() }
    },
    Mistake(
      "functionalCall", "the model has no parameter gain; namedParameters lists the names", line: #line + 3
    ) {
      let model = Linear(2, 3)
      return functionalCall(model, ["gain": ones([3])]) { model(ones([1, 2])) }
    },
    Mistake(
      "functionalCall",
      "a tensor of shape [2] does not fit bias of shape [3]; the shapes must be equal", line: #line + 3
    ) {
      let model = Linear(2, 3)
      return functionalCall(model, ["bias": ones([2])]) { model(ones([1, 2])) }
    },
    Mistake(
      "functionalCall", "1 tensors do not fit 2 parameters; each parameter must have one", line: #line + 3
    ) {
      let model = Linear(2, 3)
      return functionalCall(model, [ones([3, 2])]) { model(ones([1, 2])) }
    },
    Mistake(
      "functionalCall",
      "weight is a view with gaps in memory; the model must store a copy (cloned())", line: #line + 3
    ) {
      let model = Linear(weight: ones([3, 4])[0..., ..<2].detached())
      return functionalCall(model, [ones([3, 2])]) { model(ones([1, 2])) }
    },
    Mistake(
      "perSampleGradients",
      "inputs of shape [3, 2] and targets of shape [2, 1] do not fit; the extents of axis 0 must be equal",
      line: #line + 2
    ) {
      perSampleGradients(Linear(2, 1), ones([3, 2]), ones([2, 1])) { (($0($1) - $2) * ($0($1) - $2)).sum() }
    },
  ]
}
