import MartletCore
import TestSupport
import Testing

/// Backward passes that stop at the first NaN.
@Suite struct AnomalyDetectionTests {
  private let x = Tensor<Float>([0, 1], requiresGrad: true)

  @Test func theOperationAndItsLineAreNamed() {
    let error = refusal {
      detectAnomaly {
        let root = x.sqrt()
        (root * 0).sum().backward()
      }
    }
    #expect(error?.operation == "backward")
    #expect(error?.reason == "SqrtBackward returned NaN; the line is that of the forward operation")
    #if os(Linux)
      #expect(error?.location == "AnomalyDetectionTests.swift:\(#line - 7)")
    #endif
    #expect(x.grad == nil, "nothing was added to the leaf")
  }

  @Test func withoutTheForwardPassTheOperationAloneIsNamed() {
    let loss = (x.sqrt() * 0).sum()
    let error = refusal { detectAnomaly { loss.backward() } }
    #expect(
      error?.reason
        == "SqrtBackward returned NaN; run the forward pass inside detectAnomaly to learn its line")
  }

  @Test func theFirstOfSeveralIsNamed() {
    let error = refusal { detectAnomaly { ((x.sqrt() * 0).exp() * 2).sum().backward() } }
    #expect(error?.reason.hasPrefix("SqrtBackward returned NaN") == true)
  }

  @Test func operationsOfSeveralOutputs() {
    let joint = CustomFunction<Float>("Bad") { inputs, _ in
      [inputs[0] * 1, inputs[0] * 2]
    } backward: { gradients, _ in
      [gradients[0] * .nan]
    }
    let error = refusal {
      detectAnomaly {
        let outputs = joint.outputs(of: [x * 1])
        outputs[1].sum().backward()
      }
    }
    #expect(error?.reason == "BadBackward returned NaN; the line is that of the forward operation")
    #if os(Linux)
      #expect(error?.location == "AnomalyDetectionTests.swift:\(#line - 6)")
    #endif
  }

  @Test func productsThatAddToALeafAreSeen() {
    let w = Tensor<Float>([[1], [2]], requiresGrad: true), a = Tensor<Float>([[1, .nan]])
    Tensor<Float>.ones([1, 2]).matmul(w).sum().backward()
    let error = refusal { detectAnomaly { a.matmul(w).sum().backward() } }
    #expect(error?.reason.hasPrefix("MatmulBackward returned NaN") == true, "\(error?.reason ?? "")")
  }

  @Test func theSeedMayBeAtFault() {
    let error = refusal { detectAnomaly { (x * 2).backward(Tensor([1, .nan])) } }
    #expect(error?.reason == "the gradient that the pass began with contains NaN")
  }

  @Test func otherPassesGoOn() {
    detectAnomaly { (x * 2).sum().backward() }
    #expect(x.grad?.scalars == [2, 2])
    x.zeroGrad()
    (x.sqrt() * 0).sum().backward()
    #expect(x.grad?.scalars[0].isNaN == true, "outside of the scope NaN is a number as any other")
  }
}
