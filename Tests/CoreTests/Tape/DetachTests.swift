import MartletCore
import TestSupport
import Testing

/// `detached()` and `noGrad`: values without history.
@Suite struct DetachTests {
  private let x = Tensor<Double>([1, 2, 3], requiresGrad: true)

  @Test func aDetachedTensorHasNoHistory() {
    let d = (x * 2).detached()
    #expect(d.isLeaf && !d.requiresGrad && d.gradFunction == nil && d.grad == nil)
    #expect(d.scalars == [2, 4, 6])
  }

  @Test func changesAreSeenBothWays() {
    let d = x.detached()
    d[0] = 10
    #expect(x.scalars == [10, 2, 3])
    noGrad { x[1] = 20 }
    #expect(d.scalars == [10, 20, 3])
  }

  @Test func backwardOfADetachedTensorRefuses() {
    let error = refusal { (x * x).detached().sum().backward() }
    #expect(error?.operation == "backward" && error?.reason.contains("no history") == true)
    #expect(x.grad == nil)
  }

  @Test func noGradientFlowsThroughIt() {
    (x * x.detached()).sum().backward()
    #expect(x.grad?.scalars == [1, 2, 3], "as of a constant factor")
  }

  @Test func aDetachedTensorMayBecomeALeafOfItsOwn() {
    let d = x.detached()
    d.requiresGrad = true
    (d * 5).sum().backward()
    #expect(d.grad?.scalars == [5, 5, 5] && x.grad == nil)
  }

  @Test func theViewOfADetachedTensorIsDetachedToo() {
    #expect(!x.detached()[0...1].requiresGrad)
  }

  // MARK: noGrad

  @Test func nothingIsRecordedInNoGrad() {
    let y = noGrad { x * x }
    #expect(y.isLeaf && !y.requiresGrad && y.gradFunction == nil)
    #expect(y.scalars == [1, 4, 9])
    #expect((x * x).requiresGrad, "recorded again afterwards")
  }

  @Test func scopesNest() {
    noGrad {
      #expect(!isRecording)
      noGrad { #expect(!isRecording) }
      #expect(!isRecording, "the inner scope does not end the outer one")
      #expect(!(x * 2).requiresGrad)
    }
    #expect(isRecording && (x * 2).requiresGrad)
  }

  @Test func aThrowEndsTheScope() {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try noGrad { throw Stop() } }
    #expect(isRecording)
  }

  @Test func aScopeBelongsToItsThread() async {
    let elsewhere = await withCheckedContinuation { continuation in
      noGrad {
        onThread { continuation.resume(returning: isRecording) }
      }
    }
    #expect(elsewhere)
  }

  @Test func leavesMadeInNoGradRequireGradientsLater() {
    let w = noGrad { Tensor<Double>([2, 2, 2], requiresGrad: true) }
    (w * x).sum().backward()
    #expect(w.grad?.scalars == [1, 2, 3])
  }

  @Test func nothingIsKeptInNoGrad() {
    weak var saved: Tensor<Double>?
    let y = noGrad {
      let intermediate = x * 2
      saved = intermediate
      return intermediate * intermediate
    }
    #expect(saved == nil && y.scalars == [4, 16, 36])
  }

  @Test func backwardInNoGradIsAllowedOverARecordedGraph() {
    let y = (x * x).sum()
    noGrad { y.backward() }
    #expect(x.grad?.scalars == [2, 4, 6])
  }

  @Test func gradientsHaveNoHistory() {
    (x * x).sum().backward()
    #expect(x.grad?.requiresGrad == false && isRecording)
  }
}
