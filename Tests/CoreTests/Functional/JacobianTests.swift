import MartletCore
import TestSupport
import Testing

/// Jacobians and Hessians, and their products with vectors, against formulas and PyTorch.
///
/// The long numbers are those of PyTorch 2.13 in float64:
///
///     x = torch.tensor([0.3, -1.2, 0.7]); w = torch.tensor([[0.5, -1, 2], [0.25, 1.5, -0.75]])
///     v = torch.tensor([1, -2, 0.5]); u = torch.tensor([[1, 0, -1], [2, 0.5, 3]])
///     f = lambda x, w: torch.tanh(w @ x) * x[:2]; h = lambda x, w: f(x, w).sum()
///     jacobian(f, (x, w)); hessian(h, (x, w)); jvp(f, (x, w), (v, u)); hvp(h, (x, w), (v, u))
///     vjp(f, (x, w), torch.tensor([2, -3]))  # all of torch.autograd.functional
@Suite struct JacobianTests {
  private let x = Tensor<Double>([0.3, -1.2, 0.7])
  private let w = Tensor<Double>([[0.5, -1, 2], [0.25, 1.5, -0.75]])
  private let v = Tensor<Double>([1, -2, 0.5])
  private let u = Tensor<Double>([[1, 0, -1], [2, 0.5, 3]])

  private func f(_ p: [Tensor<Double>]) -> Tensor<Double> { p[1].matmul(p[0]).tanh() * p[0][..<2] }
  private func h(_ p: [Tensor<Double>]) -> Tensor<Double> { f(p).sum() }

  private func expect(
    _ tensor: Tensor<Double>, _ shape: TensorShape, _ expected: [Double],
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(tensor.shape == shape && !tensor.requiresGrad, sourceLocation: location)
    let worst = zip(tensor.scalars, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(tensor.count == expected.count && worst < 1e-14, "\(tensor)", sourceLocation: location)
  }

  @Test func jacobianOfPyTorch() {
    let parts = jacobian(at: [x, w]) { f($0) }
    expect(
      parts[0], [2, 3],
      [
        0.9942918675851296, -0.004864286033843747, 0.009728572067687494, -0.013039475666670292,
        -1.0562629687388354, 0.03911842700001088,
      ])
    expect(
      parts[1], [2, 2, 3],
      [
        0.0014592858101531241, -0.0058371432406124964, 0.003405000223690623, 0, 0, 0, 0, 0, 0,
        -0.015647370800004348, 0.06258948320001739, -0.03651053186667681,
      ])
    expect(jacobian(at: x) { f([$0, w]) }, [2, 3], parts[0].scalars)
  }

  @Test func hessianOfPyTorch() {
    let blocks = hessian(at: [x, w]) { h($0) }
    expect(
      blocks[0][0], [3, 3],
      [
        0.0074254682143521135, -0.03878221082501922, 0.04190861633421711, -0.03878221082501922,
        -0.1088076811858828, 0.10147659797686484, 0.04190861633421711, 0.10147659797686485,
        -0.09598578000626572,
      ])
    expect(
      blocks[0][1], [3, 2, 3],
      [
        0.008281165245962722, -0.013667516848475902, 0.007972718161610942, -0.05980967130138408,
        0.030607074538811632, -0.017854126814306787, 0.0028948136434495428, -0.006714968539954424,
        0.006754565168048933, -0.03287113614154716, 0.07932664189950747, -0.07669931766361003,
        -0.0057896272868990855, 0.023158509147596342, -0.00864484430225412, 0.022955305904108724,
        -0.0918212236164349, 0.0014044777762391922,
      ])
    expect(blocks[1][0], [2, 3, 3], blocks[0][1].reshaped([3, 6]).transposed().scalars)
    #expect(blocks[1][1].shape == [2, 3, 2, 3])
    expect(
      blocks[1][1][0].reshaped([3, 6])[0, ..<3], [3],
      [-0.0008684440930348628, 0.0034737763721394512, -0.0020263695504146796])
    expect(hessian(at: x) { h([$0, w]) }, [3, 3], blocks[0][0].scalars)
  }

  @Test func productsOfPyTorch() {
    let (value, forward) = jvp(at: [x, w], tangents: [v, u]) { f($0) }
    expect(value, [2], [0.2975579173704623, 1.1736313376865763])
    expect(forward, [2], [1.0069390112731234, 2.0095140797109754])
    let (sameValue, backward) = vjp(at: [x, w], cotangent: Tensor([2, -3])) { f($0) }
    expect(sameValue, [2], value.scalars)
    expect(backward[0], [3], [2.02770216217027, 3.1590603341488186, -0.09789813686465763])
    expect(
      backward[1], [2, 3],
      [
        0.0029185716203062482, -0.011674286481224993, 0.006810000447381246, 0.046942112400013045,
        -0.18776844960005218, 0.10953159560003042,
      ])
    let (sum, curved) = hvp(at: [x, w], tangents: [v, u]) { h($0) }
    expect(sum, [], [1.4711892550570387])
    expect(curved[0], [3], [-0.051625540660431804, -0.03046520531359122, -0.20196881927857288])
    expect(
      curved[1], [2, 3],
      [
        0.0007546497729939124, 0.0067099729757118445, -0.007157008258394408, -0.046864602597739814,
        0.08314260505759694, -0.013727917839144097,
      ])
  }

  @Test func productsOfOneArgument() {
    let (value, forward) = jvp(at: x, tangent: v) { $0 * $0 }
    expect(value, [3], [0.09, 1.44, 0.49])
    expect(forward, [3], [0.6, 4.8, 0.7])
    expect(vjp(at: x, cotangent: v) { $0 * $0 }.product, [3], [0.6, 4.8, 0.7])
    let (cube, curved) = hvp(at: x, tangent: v) { ($0 * $0 * $0).sum() }
    expect(cube, [], [0.027 - 1.728 + 0.343])
    expect(curved, [3], [1.8, 14.4, 2.1])
  }

  @Test func severalOutputsShareOneGraph() {
    var calls = 0
    let blocks = jacobians(at: [x, v]) { p in
      calls += 1
      let product = p[0] * p[1]
      return [product.sum(), product, p[1]]
    }
    #expect(calls == 1)
    expect(blocks[0][0], [3], v.scalars)
    expect(blocks[0][1], [3], x.scalars)
    expect(blocks[1][0], [3, 3], [1, 0, 0, 0, -2, 0, 0, 0, 0.5])
    expect(blocks[2][0], [3, 3], [Double](repeating: 0, count: 9))
    expect(blocks[2][1], [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])
  }

  /// PyTorch's `strict=False`.
  @Test func aConstantHasTheDerivativeZero() {
    expect(jacobian(at: x) { _ in Tensor([1, 2]) }, [2, 3], [0, 0, 0, 0, 0, 0])
    expect(hessian(at: x) { $0.sum() }, [3, 3], [Double](repeating: 0, count: 9))
    expect(hessian(at: x) { _ in Tensor(1) }, [3, 3], [Double](repeating: 0, count: 9))
    expect(jvp(at: x, tangent: v) { _ in Tensor([1, 2]) }.product, [2], [0, 0])
    expect(vjp(at: x, cotangent: Tensor([1, 2])) { _ in Tensor([1, 2]) }.product, [3], [0, 0, 0])
    expect(hvp(at: x, tangent: v) { ($0 * 3).sum() }.product, [3], [0, 0, 0])
    let captured = Tensor<Double>([2], requiresGrad: true)
    expect(jacobian(at: x) { _ in captured * 2 }, [1, 3], [0, 0, 0])
  }

  @Test func shapesOfScalarsAndOfNothing() {
    expect(jacobian(at: Tensor<Double>(3)) { $0 * $0 }, [], [6])
    expect(jacobian(at: x) { ($0 * $0).sum() }, [3], [0.6, -2.4, 1.4])
    #expect(jacobian(at: x) { $0[..<0] * 2 }.shape == [0, 3])
    #expect(jacobian(at: Tensor<Double>.zeros([0, 2])) { $0.sum(axis: 0) }.shape == [2, 0, 2])
    #expect(jacobian(at: [Tensor<Double>]()) { _ in x }.isEmpty)
    #expect(hessian(at: Tensor<Double>.zeros([0])) { $0.sum() }.shape == [0, 0])
  }

  @Test func viewsAreArguments() {
    let view = w.transposed()
    expect(jacobian(at: view) { $0.sum(axis: 0) }, [2, 3, 2], [1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1])
  }

  @Test func theArgumentsAreLeftAsTheyWere() {
    let leaf = Tensor<Double>([1, 2], requiresGrad: true)
    _ = jacobian(at: leaf) { $0 * $0 }
    _ = hessian(at: leaf, createGraph: true) { ($0 * $0).sum() }
    _ = jvp(at: leaf, tangent: leaf) { $0 * $0 }
    #expect(leaf.grad == nil && leaf.isLeaf && leaf.scalars == [1, 2])
    expect(noGrad { jacobian(at: leaf) { $0 * $0 } }, [2, 2], [2, 0, 0, 4])
  }

  @Test func floats() {
    let x = Tensor<Float>([1, 2])
    #expect(jacobian(at: x) { $0 * $0 * $0 }.scalars == [3, 0, 0, 12])
    #expect(hessian(at: x) { ($0 * $0 * $0).sum() }.scalars == [6, 0, 0, 12])
    #expect(jvp(at: x, tangent: Tensor([1, 10])) { $0 * $0 }.product.scalars == [2, 40])
  }

  // MARK: Derivatives of the results

  @Test func jacobiansAndHessiansCanBeDifferentiated() throws {
    let at = Tensor<Double>([1, 2], requiresGrad: true), scale = Tensor<Double>(3, requiresGrad: true)
    let matrix = jacobian(at: at, createGraph: true) { $0 * $0 * scale }
    #expect(matrix.scalars == [6, 0, 0, 12] && matrix.requiresGrad)
    #expect(matrix.sum().gradients(of: [at, scale]).map(\.scalars) == [[6, 6], [6]])
    let curvature = hessian(at: at, createGraph: true) { ($0 * $0 * $0 * $0).sum() }
    #expect(curvature.scalars == [12, 0, 0, 48])
    #expect(curvature.sum().gradient(of: at).scalars == [24, 48], "24x")
    try checkGradients(at: [x, w]) { p in
      (jacobian(at: p[0], createGraph: true) { f([$0, p[1]]) } * 0.5).exp().sum()
    }
  }

  @Test func productsCanBeDifferentiated() throws {
    try checkGradients(at: [x, w, v]) { p in
      (jvp(at: p[0], tangent: p[2], createGraph: true) { f([$0, p[1]]) }.product * 0.5).exp().sum()
    }
    try checkGradients(at: [x, w, Tensor([2, -3])]) { p in
      (vjp(at: p[0], cotangent: p[2], createGraph: true) { f([$0, p[1]]) }.product * 0.5).exp().sum()
    }
    try checkGradients(at: [x, w, v]) { p in
      (hvp(at: p[0], tangent: p[2], createGraph: true) { h([$0, p[1]]) }.product * 0.5).exp().sum()
    }
  }

  @Test func mistakesInTheFunctionAreTold() {
    #expect(refusal { _ = jacobian(at: x) { $0.reshaped([7]) }.scalars }?.operation == "reshaped")
    #expect(refusal { _ = jvp(at: x, tangent: v) { $0.reshaped([7]) }.product }?.operation == "reshaped")
    #expect(refusal { _ = hessian(at: x) { $0 * $0 } }?.reason.contains("is no scalar") == true)
    #expect(refusal { _ = hvp(at: x, tangent: v) { $0 * $0 } }?.reason.contains("is no scalar") == true)
  }
}
