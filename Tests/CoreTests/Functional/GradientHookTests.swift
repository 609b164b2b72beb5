import MartletCore
import TestSupport
import Testing

/// Hooks on gradients, and gradients that are kept.
@Suite struct GradientHookTests {
  private let x = Tensor<Double>([1, 2], requiresGrad: true)

  @Test func aHookOfALeafReplacesItsGradient() {
    x.onGradient { $0 * 10 }
    (x * 3).sum().backward()
    #expect(x.grad?.scalars == [30, 30])
    (x * 3).sum().backward()
    #expect(x.grad?.scalars == [60, 60], "each pass goes through the hook, not the sum")
  }

  @Test func aHookMayOnlyLook() {
    nonisolated(unsafe) var seen: [[Double]] = []
    x.onGradient { gradient in
      seen.append(gradient.scalars)
      return nil
    }
    (x * x).sum().backward()
    #expect(seen == [[2, 4]] && x.grad?.scalars == [2, 4])
  }

  /// The gradient is complete: the sum over all uses, also over those before the hook was added.
  @Test func aHookOnTheWaySeesTheWholeGradientOnce() {
    let y = x * 2
    let early = y * 5
    nonisolated(unsafe) var seen: [[Double]] = []
    y.onGradient { gradient in
      seen.append(gradient.scalars)
      return -gradient
    }
    (early + y * y).sum().backward()
    #expect(seen == [[9, 13]])
    #expect(x.grad?.scalars == [-18, -26])
  }

  @Test func hooksRunInTheirOrderAndAreRemoved() {
    let first = x.onGradient { $0 + 1 }
    x.onGradient { $0 * 2 }
    #expect((x * 3).sum().gradient(of: x).scalars == [8, 8])
    first.remove()
    first.remove()
    #expect((x * 3).sum().gradient(of: x).scalars == [6, 6])
  }

  @Test func hooksOfOutputsOfOneOperation() {
    let parts = x.split(sizes: [1, 1])
    parts[1].onGradient { $0 * 7 }
    (parts[0] + parts[1]).sum().backward()
    #expect(x.grad?.scalars == [1, 7])
  }

  /// A product adds its gradient to a leaf's in place; a hook must see it first.
  @Test func productsDoNotPassAHookBy() {
    let w = Tensor<Double>([[1, 2], [3, 4]], requiresGrad: true), a = Tensor<Double>.ones([1, 2])
    a.matmul(w).sum().backward()
    w.onGradient { $0 * 100 }
    a.matmul(w).sum().backward()
    #expect(w.grad?.scalars == [101, 101, 101, 101])
  }

  @Test func hooksAreDifferentiatedWithCreateGraph() throws {
    let y = x * x
    y.onGradient { $0 * 3 }
    let slope = y.sum().gradient(of: x, createGraph: true)
    #expect(slope.scalars == [6, 12])
    #expect(slope.sum().gradient(of: x).scalars == [6, 6])
  }

  @Test func keptGradients() {
    let y = x * 3
    y.retainGrad()
    #expect(y.grad == nil)
    let seed = Tensor<Double>([1, 10])
    y.backward(seed, retainGraph: true)
    seed.fill(0)
    #expect(y.grad?.scalars == [1, 10], "no alias of the seed")
    y.backward(Tensor([1, 1]))
    #expect(y.grad?.scalars == [2, 11] && x.grad?.scalars == [6, 33])
    y.zeroGrad()
    #expect(y.grad == nil)
    x.retainGrad()
    x.sum().backward()
    #expect(x.grad?.scalars == [7, 34], "a leaf keeps its gradient in any case")
  }

  @Test func theKeptGradientIsTheOneAfterHooks() {
    let y = x * 3
    y.retainGrad()
    y.onGradient { $0 * 2 }
    y.sum().backward()
    #expect(y.grad?.scalars == [2, 2])
  }

  @Test func mistakes() {
    let plain = Tensor<Double>([1])
    let noGradient = refusal { plain.onGradient { $0 } }
    #expect(noGradient?.reason == "the tensor of shape [1] does not require a gradient")
    #expect(refusal { plain.retainGrad() }?.operation == "retainGrad")
    x.onGradient { $0.sum() }
    let shape = refusal { x.sum().backward() }
    #expect(shape?.operation == "onGradient")
    #expect(shape?.reason == "a hook returned a gradient of shape [] for one of shape [2]")
    #expect(x.grad == nil)
  }

  @Test func aMistakeInAHookEndsThePass() {
    let y = x * 2
    y.onGradient { $0.reshaped([7]) }
    #expect(refusal { y.sum().backward() }?.operation == "reshaped")
    #expect(x.grad == nil)
  }
}
