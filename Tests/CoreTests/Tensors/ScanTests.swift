import Foundation
import MartletCore
import TestSupport
import Testing

/// Scans and reductions where the shared checker does not look: integers, indices, ties, zeros and NaN.
@Suite struct ScanTests {
  private func gradient(_ x: [Double], _ f: (Tensor<Double>) -> Tensor<Double>) -> [Double] {
    let x = Tensor(x, requiresGrad: true)
    return f(x).sum().gradient(of: x).scalars
  }

  private let infinity = Double.infinity

  @Test func integersGiveInt() {
    let bytes = Tensor<UInt8>([200, 100, 3])
    #expect(bytes.cumulativeSum(axis: 0).scalars == [200, 300, 303])
    #expect(bytes.cumulativeProduct(axis: 0).scalars == [200, 20_000, 60_000])
    #expect(bytes.product().item == 60_000 && Tensor<Int32>([-3, 5]).product().item == -15)
    #expect(Tensor<Int>([.max, 1, 1]).cumulativeSum(axis: -1).scalars == [.max, .min, .min + 1])
    #expect(Tensor<Int>([.max, 2]).product().item == -2)
    #expect(Tensor<Int32>([[1, 2], [3, 4]]).cumulativeSum(axis: 0).scalars == [1, 2, 4, 6])
    #expect(Tensor<Int32>([[1, 2], [3, 4]]).product(axis: 0, keepDims: true).shape == [1, 2])
    #expect(Tensor<Int>([[1, 2], [3, 4]]).product(axes: [0, 1]).item == 24)
    let mask = Tensor<Bool>([true, true, false, true])
    #expect(mask.cumulativeSum(axis: 0).scalars == [1, 2, 2, 3])
    #expect(mask.cumulativeProduct(axis: 0).scalars == [1, 1, 0, 0])
    #expect(mask.product().item == 0 && mask.reshaped([2, 2]).product(axis: 1).scalars == [1, 0])
  }

  @Test func floatIsAccumulatedInDouble() {
    let x = Tensor<Float>([16_777_216, 1, 1])
    #expect(x.cumulativeSum(axis: 0).scalars == [16_777_216, 16_777_216, 16_777_218])
  }

  @Test func scalarsAndEmpties() {
    let scalar = Tensor<Double>(3), none = Tensor<Double>.zeros([2, 0])
    #expect(scalar.cumulativeSum(axis: 0).shape == [] && scalar.cumulativeProduct(axis: -1).item == 3)
    #expect(scalar.cumulativeMax(axis: 0).indices.item == 0 && scalar.product(axis: 0).item == 3)
    #expect(scalar.logSumExp(axis: -1).item == 3 && scalar.maxWithIndices(axis: 0).values.item == 3)
    #expect(none.cumulativeSum(axis: 1).shape == [2, 0])
    #expect(none.cumulativeMin(axis: 0).indices.shape == [2, 0])
    #expect(none.product(axis: 1).scalars == [1, 1] && none.product(axis: 0).shape == [0])
    #expect(none.logSumExp(axis: 1).scalars == [-infinity, -infinity])
    #expect(Tensor<Int>.zeros([0]).product().item == 1 && Tensor<Bool>.full([0], false).product().item == 1)
    none.requiresGrad = true
    #expect(none.product().gradient(of: none).shape == [2, 0])
    #expect(none.logSumExp().gradient(of: none).shape == [2, 0])
  }

  /// PyTorch's cummax and cummin: the last of equal elements, and the last NaN.
  @Test func tiesAndNaNOfRunningExtremes() {
    let most = Tensor<Double>([1, 3, 2, 3, 0]).cumulativeMax(axis: 0)
    #expect(most.values.scalars == [1, 3, 3, 3, 3] && most.indices.scalars == [0, 1, 1, 3, 3])
    let least = Tensor<Int>([[3, 1, 2, 1]]).cumulativeMin(axis: 1)
    #expect(least.values.scalars == [3, 1, 1, 1] && least.indices.scalars == [0, 1, 1, 3])
    let strange = Tensor<Float>([1, .nan, 3, .nan, 5]).cumulativeMax(axis: 0)
    #expect(strange.indices.scalars == [0, 1, 1, 3, 3])
    #expect(strange.values.scalars.map(\.isNaN) == [false, true, true, true, true])
    #expect(gradient([1, 3, 2, 3]) { $0.cumulativeMax(axis: 0).values } == [1, 2, 0, 1])
    let columns = Tensor<Float>([[1, 5], [2, 4], [0, 6]]).cumulativeMax(axis: 0)
    #expect(columns.indices.scalars == [0, 0, 1, 0, 1, 2])
  }

  @Test func gradientsOfProductsWithZeros() {
    #expect(gradient([2, 0, 3]) { $0.product() } == [0, 6, 0])
    #expect(gradient([0, 0, 3]) { $0.product() } == [0, 0, 0])
    #expect(gradient([2, 0, 3]) { $0.cumulativeProduct(axis: 0) } == [1, 8, 0])
    let x = Tensor<Double>([0, 0, 3], requiresGrad: true)
    let first = x.product().gradient(of: x, createGraph: true)
    #expect((first * Tensor<Double>([1, 0, 0])).sum().gradient(of: x).scalars == [0, 3, 0])
    let y = Tensor<Double>([[2, 0], [0, 5]], requiresGrad: true)
    #expect(y.product(axes: [0, 1]).gradient(of: y).scalars == [0, 0, 0, 0])
    #expect(y.product(axis: 0).sum().gradient(of: y).scalars == [0, 5, 2, 0])
  }

  @Test func logSumExpOfInfinities() {
    let x = Tensor<Double>([[-infinity, -infinity], [infinity, 0], [1000, 1000], [-infinity, 2]])
    let y = x.logSumExp(axis: 1).scalars
    #expect(y[0] == -infinity && y[1] == infinity && abs(y[2] - 1000 - log(2)) < 1e-12 && y[3] == 2)
    #expect(Tensor<Double>([1, .nan]).logSumExp().item.isNaN)
    #expect(gradient([-infinity, -infinity]) { $0.logSumExp() } == [0, 0])
    #expect(gradient([-infinity, 2]) { $0.logSumExp() } == [0, 1])
    let running = Tensor<Double>([-infinity, -infinity, 2, 1000, .nan]).cumulativeLogSumExp(axis: 0).scalars
    #expect(running[..<4] == [-infinity, -infinity, 2, 1000] && running[4].isNaN)
    #expect(gradient([-infinity, -infinity, 2]) { $0.cumulativeLogSumExp(axis: 0) } == [0, 0, 1])
    #expect(gradient([1000, -1000]) { $0.cumulativeLogSumExp(axis: 0) } == [2, 0])
  }

  @Test func standardDeviationOfEqualValues() {
    #expect(gradient([2, 2, 2]) { $0.standardDeviation() } == [0, 0, 0])
    #expect(Tensor<Double>([2, 2]).standardDeviation().item == 0)
    #expect(Tensor<Double>([2]).standardDeviation().item.isNaN)
    #expect(Tensor<Double>([[1, 3], [2, 6]]).standardDeviation(axis: 1, correction: 0).scalars == [1, 2])
  }

  @Test func indicesOfExtremes() {
    let x = Tensor<Int32>([[3, 1, 3], [0, 2, 0]])
    let most = x.maxWithIndices(axis: 1), least = x.minWithIndices(axis: 1, keepDims: true)
    #expect(most.values.scalars == [3, 2] && most.indices.scalars == [0, 1])
    #expect(least.values.scalars == [1, 0] && least.indices.scalars == [1, 0])
    #expect(least.values.shape == [2, 1] && least.indices.shape == [2, 1])
    #expect(x.argmax(axis: 0, keepDims: true).shape == [1, 3])
    #expect(x.argmin(axis: -1, keepDims: true).scalars == [1, 0])
    #expect(gradient([1, 4, 4]) { $0.maxWithIndices(axis: 0).values } == [0, 1, 0])
    let (low, high) = x.minMax()
    #expect(low.item == 0 && high.item == 3)
    #expect(x.minMax(axes: [0], keepDims: true).max.scalars == [3, 2, 3])
  }

  @Test func masksAlongAxes() {
    let mask = Tensor<Bool>([[true, false], [true, true]])
    #expect(mask.any(axis: 0).scalars == [true, true] && mask.all(axis: 0).scalars == [true, false])
    #expect(mask.all(axes: [0, 1]).item == false && mask.any(axis: 1, keepDims: true).shape == [2, 1])
    #expect(mask.sum(axes: [0, 1]).item == 3 && mask.countNonzero(axis: 1).scalars == [1, 2])
    let none = Tensor<Bool>.full([2, 0], false)
    #expect(none.any(axis: 1).scalars == [false, false] && none.all(axis: 1).scalars == [true, true])
    #expect(Tensor<Double>([0, -0.0, .nan, 2]).countNonzero().item == 2)
    #expect(Tensor<UInt8>([[0, 1], [2, 3]]).countNonzero(axes: [0], keepDims: true).scalars == [1, 2])
  }

  @Test func reductionsWithoutNaN() {
    let x = Tensor<Double>([[1, .nan, 4], [.nan, .nan, .nan]], requiresGrad: true)
    #expect(x.nanSum().item == 5 && x.nanSum(axis: 1).scalars == [5, 0])
    #expect(x.nanMean().item == 2.5 && x.nanMax().item == 4 && x.nanMin().item == 1)
    for row in [x.nanMean(axis: 1), x.nanMax(axes: [1]), x.nanMin(axes: [-1])] {
      #expect(!row.scalars[0].isNaN && row.scalars[1].isNaN)
    }
    #expect(x.nanSum().gradient(of: x).scalars == [1, 0, 1, 0, 0, 0])
    #expect(x.nanMean().gradient(of: x).scalars == [0.5, 0, 0.5, 0, 0, 0])
    #expect(x.nanMax().gradient(of: x).scalars == [0, 0, 1, 0, 0, 0])
    #expect(x.nanMin(axes: [1]).sum().gradient(of: x).scalars == [1, 0, 0, 0, 0, 0])
  }
}
