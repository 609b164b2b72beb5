import TestSupport
import Testing

@testable import MartletCore

/// `checkGradients` accepts right gradients and names the worst entry of wrong ones.
@Suite struct GradientCheckTests {
  private let x = Tensor<Double>([0.3, -1.2, 2.5])

  @Test func rightRulesPass() throws {
    try checkGradients(at: [x]) { $0[0].tanh().sum() }
    try checkGradients(at: [x, Tensor([1.5, 0.5, -2])]) { ($0[0] * $0[1] * $0[1]).tanh().sum() }
    try checkGradients(at: [Tensor([[1.0, 2], [3, 4]])]) { $0[0].matmul($0[0]).sigmoid().sum() }
  }

  @Test func aFunctionThatDoesNotDependOnAnArgumentPasses() throws {
    try checkGradients(at: [x, x]) { ($0[0] * $0[0]).sum() }
    try checkGradients(at: [x]) { _ in Tensor(3) }
  }

  @Test func theArgumentsAreLeftAsTheyWere() throws {
    let leaf = Tensor<Double>([1, 2], requiresGrad: true)
    try checkGradients(at: [leaf]) { $0[0].exp().sum() }
    #expect(leaf.scalars == [1, 2] && leaf.grad == nil)
  }

  /// x² with the derivative 2x times `scale`, which is wrong for the elements where `scale` is not 1.
  private func square(_ x: Tensor<Double>, wrongBy scale: [Double]) -> Tensor<Double> {
    x.detached().pow(2).recorded("Square", x.edge(saving: x) { g, x in g * x * 2 * Tensor(scale) })
  }

  @Test func theWorstEntryIsThrown() {
    let error = #expect(throws: GradientCheckError.self) {
      try checkGradients(at: [Tensor([1.0, 1, 1]), x]) {
        $0[0].sum() + square($0[1], wrongBy: [1, 1.5, 1.1]).sum()
      }
    }
    #expect(error?.order == 1 && error?.argument == 1 && error?.index == 1)
    #expect(abs((error?.derivative ?? 0) + 3.6) < 1e-12, "1.5 · 2 · −1.2")
    #expect(abs((error?.difference ?? 0) + 2.4) < 1e-6)
  }

  @Test func aMissingGradientIsThrown() {
    let error = #expect(throws: GradientCheckError.self) {
      try checkGradients(at: [x]) { ($0[0].detached() * $0[0]).sum() }
    }
    #expect(error?.order == 1 && error?.index == 2)
  }

  @Test func aMistakeInTheFunctionIsTold() {
    #expect(refusal { try checkGradients(at: [x]) { $0[0].reshaped([7]).sum() } }?.operation == "reshaped")
    #expect(refusal { try checkGradients(at: [x]) { $0[0] } }?.reason.contains("is no scalar") == true)
  }

  @Test func aNaNIsThrown() {
    let error = #expect(throws: GradientCheckError.self) {
      try checkGradients(at: [x]) { square($0[0], wrongBy: [1, .nan, 1]).sum() }
    }
    #expect(error?.index == 1 && error?.derivative.isNaN == true)
  }

  /// A first derivative with the right values at every point but without a history of its own.
  @Test func aWrongSecondDerivativeIsThrownAsSuch() {
    func cube(_ x: Tensor<Double>) -> Tensor<Double> {
      x.detached().pow(3).recorded("Cube", x.edge(saving: x) { g, x in g * x.detached().pow(2) * 3 })
    }
    let error = #expect(throws: GradientCheckError.self) { try checkGradients(at: [x]) { cube($0[0]).sum() } }
    #expect(error?.order == 2)
    #expect(throws: Never.self) { try checkGradients(at: [x], secondOrder: false) { cube($0[0]).sum() } }
  }
}
