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
}
