import Martlet
import TestSupport
import Testing

/// The behaviour of a failed tensor inside its scope and after it.
@Suite struct FailedTensorTests {
  /// Runs `body` in a scope with a failed tensor that is created there. The scope must throw that failure.
  private func withFailed(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (Tensor<Double>) throws -> Void
  ) {
    let error = refusal { try body(Tensor<Double>([1, 2, 3]).reshaped([7])) }
    #expect(error?.operation == "reshaped", sourceLocation: sourceLocation)
  }

  @Test func itSaysSo() {
    withFailed { failed in #expect(failed.isFailed) }
    #expect(!Tensor<Double>([1]).isFailed)
  }

  @Test func itHasNoElements() {
    withFailed { failed in
      #expect(failed.count == 0 && failed.scalars.isEmpty)
      #expect(failed.shape.count == 0 && failed.shape.elementCount == 0)
      for axis in [0, 1, 7, -1] { #expect(failed.shape[axis] == 0) }
    }
  }

  @Test func itsItemIsNaNOrZero() {
    withFailed { failed in
      #expect(failed.item.isNaN)
      #expect(Tensor<Float>(failed).item.isNaN)
      #expect(Tensor<Int>(failed).item == 0 && Tensor<UInt8>(failed).item == 0)
      #expect((failed > 0).item == false)
    }
  }

  @Test func itRequiresNoGradient() {
    withFailed { failed in
      #expect(!failed.requiresGrad && failed.isLeaf && failed.gradFunction == nil && failed.grad == nil)
      failed.requiresGrad = true
      #expect(!failed.requiresGrad)
    }
  }

  @Test func itPrints() {
    withFailed { failed in
      #expect(!"\(failed)".isEmpty)
      #expect("\(failed.shape)" == "[failed]")
    }
  }

  static let operations: [@Sendable (Tensor<Double>) -> Bool] = [
    { ($0 + 1).isFailed }, { (1 - $0).isFailed }, { ($0 * $0).isFailed },
    { (Tensor<Double>([1]) / $0).isFailed },
    { (-$0).isFailed }, { $0.exp().isFailed }, { $0.pow(2).isFailed }, { $0.relu().isFailed },
    { $0.softmax(axis: -1).isFailed }, { $0.clamped(0...1).isFailed }, { $0.abs().isFailed },
    { $0.sum().isFailed }, { $0.sum(axis: 3).isFailed }, { $0.mean().isFailed }, { $0.variance().isFailed },
    { $0.max().isFailed }, { $0.max(axis: 0).isFailed }, { $0.argmax(axis: 0).isFailed },
    { $0.matmul($0).isFailed }, { Tensor<Double>.ones([2, 2]).matmul($0).isFailed },
    { $0.linear(weight: .ones([2, 2])).isFailed },
    { Tensor<Double>.ones([2, 2]).linear(weight: $0).isFailed },
    { $0.transposed().isFailed }, { $0.permuted([1, 0]).isFailed }, { $0.reshaped([2, -1]).isFailed },
    { $0.flattened().isFailed }, { $0.squeezed(axis: 0).isFailed }, { $0.expandedDims(axis: 0).isFailed },
    { $0.broadcast(to: [2]).isFailed }, { $0.repeated(2, insertingAxisAt: 0).isFailed },
    { Tensor.concatenated([.ones([2]), $0]).isFailed }, { Tensor.stacked([.ones([2]), $0]).isFailed },
    { Tensor.stacked([$0, .ones([2])]).isFailed }, { $0.split(sizes: [1, 2]).allSatisfy(\.isFailed) },
    { $0[0].isFailed }, { $0[0..., 1].isFailed }, { $0[[0]].isFailed }, { $0[$0 > 0].isFailed },
    { ($0 .== 1).isFailed }, { $0.where($0 > 1, else: 0).isFailed }, { $0.detached().isFailed },
    { Tensor<Float>($0).isFailed }, { $0.crossEntropy(Tensor<Int>([1])).isFailed },
    { Tensor<Double>.ones([1, 2]).crossEntropy(Tensor<Int>($0)).isFailed },
    { MSELoss<Double>()($0, .ones([2])).isFailed },
    { (try? $0.solve($0))!.isFailed }, { (try? Tensor<Double>.identity(2).solve($0))!.isFailed },
    { (try? $0.inverse())!.isFailed }, { (try? $0.svd())!.s.isFailed },
    { (try? $0.eig())!.values.real.isFailed },
    { (try? $0.lstsq($0))!.rank.isFailed }, { (try? $0.matrixExp())!.isFailed },
    { (try? $0.norm(.two))!.isFailed },
    { (try? $0.logDeterminant())!.logMagnitude.isFailed }, { $0.tril().isFailed },
    { $0.diagonalMatrix().isFailed },
    { Linear<Double>(2, 2).forward($0).isFailed },
    { Tensor.einsum("ij,jk", .ones([2, 3]), $0).isFailed }, { $0.dot($0).isFailed },
    { Tensor<Double>.ones([2]).inner($0).isFailed }, { $0.tensordot(.ones([2, 2])).isFailed },
    { $0.kron($0).isFailed }, { $0.cross(.ones([3])).isFailed }, { $0.cdist($0).isFailed },
    { Tensor.chainMatmul([.ones([2]), $0]).isFailed }, { $0.covariance().isFailed },
    { $0.correlation().isFailed }, { $0.vander().isFailed }, { $0.renorm(axis: 0, maxNorm: 1).isFailed },
    { Tensor.blockDiagonal([$0]).isFailed }, { $0.convolved(.ones([2])).isFailed },
    { Tensor<Double>.ones([2]).interpolated(points: $0, values: .ones([1])).isFailed },
    { $0.polynomial(.ones([2])).isFailed }, { $0.numericalGradient().isFailed },
    { $0.cumulativeTrapezoid().isFailed },
  ]

  @Test(arguments: operations.indices) func operationsOnItFailQuietly(_ operation: Int) {
    withFailed { failed in #expect(Self.operations[operation](failed)) }
  }

  @Test func verbsDoNothing() {
    let target = Tensor<Double>([1, 2, 3])
    withFailed { failed in
      failed.fill(1)
      failed.assign(target)
      failed.multiply(by: 2)
      failed[0] = 3
      failed[[0]] = 3
      target.assign(failed)
      target.add(failed, scaledBy: 2)
      target.divide(by: failed)
      target[0] = failed
      target[[0, 1]] = failed
      target[target > 0] = failed
      target[failed > 0] = 5
    }
    #expect(target.scalars == [1, 2, 3])
  }

  @Test func backwardDoesNothing() {
    let x = Tensor<Double>([1, 2, 3], requiresGrad: true)
    withFailed { failed in
      failed.backward()
      (x * failed).sum().backward()
      (x * x).backward(failed)
      #expect(failed.gradient(of: x).isFailed)
      #expect((x * x).sum().gradient(of: failed).isFailed)
      failed.zeroGrad()
    }
    #expect(x.grad == nil)
  }

  @Test func anOptimizerDoesNothing() {
    let w = Tensor<Double>([1, 2, 3], requiresGrad: true)
    withFailed { failed in
      (w * failed).sum().backward()
      SGD([w], learningRate: 1).step()
      Adam([w]).step()
      SGD([failed, w], learningRate: 1, momentum: 0.9).step()
      #expect(w.scalars == [1, 2, 3])
    }
  }

  @Test func anUpdateByAFailedGradientDoesNothing() {
    let w = Tensor<Double>([1, 2, 3], requiresGrad: true)
    withFailed { failed in
      noGrad {
        SGD([w], learningRate: 1).update(0, gradient: failed)
        SGD([w], learningRate: 1, momentum: 0.9).update(0, gradient: failed)
        Adam([w]).update(0, gradient: failed)
      }
    }
    #expect(w.scalars == [1, 2, 3])
  }

  @Test func aGradientThatFindsNoMemoryIsNotKept() {
    let x = Tensor<Double>([1]).broadcast(to: [1 << 40])
    x.requiresGrad = true
    let error = refusal { x.backward(Tensor([1]).broadcast(to: [1 << 40])) }
    #expect(error?.operation == "memory")
    #expect(x.grad == nil)
  }

  @Test func itsShapeMakesOnlyFailedTensors() {
    withFailed { failed in
      #expect(Tensor<Double>.zeros(failed.shape).isFailed)
      #expect(Tensor<Double>.normal(failed.shape).isFailed)
      #expect(Tensor<Double>([], shape: failed.shape).isFailed)
      #expect(Tensor<Double>([1]).broadcast(to: failed.shape).isFailed)
      #expect(Tensor<Double>([1]).reshaped(failed.shape).isFailed)
      #expect((Tensor<Double>.zeros(failed.shape) + 1).sum().isFailed)
    }
  }

  @Test func whatWasChangedBeforeTheFailureStaysChanged() {
    let target = Tensor<Double>([1, 2, 3]), x = Tensor<Double>([1, 1, 1], requiresGrad: true)
    let error = refusal {
      target.multiply(by: 10)
      (x * 2).sum().backward()
      target.add(.ones([2]))
      target.fill(0)
    }
    #expect(error?.operation == "add(_:scaledBy:)")
    #expect(target.scalars == [0, 0, 0], "operations on tensors that are whole go on")
    #expect(x.grad?.scalars == [2, 2, 2])
  }

  // MARK: After its scope

  /// A failed tensor whose scope has thrown.
  private static func leaked() -> Tensor<Double> {
    var leaked = Tensor<Double>([1])
    _ = refusal { leaked = Tensor<Double>([1, 2, 3]).reshaped([7]) }
    return leaked
  }

  @Test func aLaterScopeThrowsItsError() {
    let failed = Self.leaked()
    #expect(failed.isFailed)
    #expect(refusal { _ = failed + 1 }?.operation == "reshaped")
    #expect(refusal { _ = failed.item }?.operation == "reshaped")
    #expect(refusal { failed.fill(1) }?.operation == "reshaped")
    #expect(refusal { failed.backward() }?.operation == "reshaped")
  }

  @Test func anOuterScopeThrowsTheErrorOfAnInnerOne() {
    let error = refusal {
      let failed = Self.leaked()
      _ = failed.sum()
    }
    #expect(error?.operation == "reshaped")
  }

  @Test func readingItsShapeAndScalarsIsSafeAnywhere() {
    let failed = Self.leaked()
    #expect(failed.shape[0] == 0 && failed.count == 0 && failed.scalars == [] && !failed.requiresGrad)
  }

  static let uses: [@Sendable (Tensor<Double>) -> Any] = [
    { $0 + 1 }, { $0.item }, { $0.fill(1) }, { $0.backward() }, { $0.sum() }, { $0[0] },
    { Tensor<Double>([1]).add($0) }, { $0.matmul($0) }, { Tensor<Float>($0) }, { $0.requiresGrad = true },
  ]

  @Test(arguments: uses.indices) func outsideEveryScopeTheProgramStops(_ use: Int) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [use = use as Int] in
      _ = FailedTensorTests.uses[use](FailedTensorTests.leaked())
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("reshaped: shape [3] cannot become [7]"), "the first failure, not a later one")
    #expect(message.contains("FailedTensorTests.swift:"))
  }
}
