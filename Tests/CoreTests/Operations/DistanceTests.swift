import MartletCore
import TestSupport
import Testing

/// Norms, distances and angles at the ends of a type's range, and for powers below 1.
@Suite struct DistanceTests {
  private func expectAngles<E: CheckedScalar>(_ sizes: [E]) {
    let half = Extended(0.5).squareRoot()
    for a in sizes {
      let x = Tensor<E>([[a, a], [1, 0]], requiresGrad: true), y = Tensor<E>([[a, 0], [1, 1]])
      let cosine = x.cosineSimilarity(y, epsilon: .leastNormalMagnitude)
      expectClose(cosine.scalars, [half, half], within: 4, "\(a)")
      // The gradient y / (‖x‖ ‖y‖) − cos · x / ‖x‖².
      let gradient = cosine.sum().gradient(of: x).scalars, slope = half / 2 / E.widened([a])[0]
      expectClose([gradient[0], gradient[1]], [slope, -slope], within: 8, "\(a)")
      expectClose(x.normalized(epsilon: 0).scalars, [half, half, 1, 0], within: 4, "\(a)")
      let target = Tensor<E>([1, 1])
      if a > 1 {
        let loss = x.cosineEmbeddingLoss(y, target, reduction: .none)
        // PyTorch's formula adds 10⁻¹² to the squares of the lengths.
        let other = 1 / ((1 + 1e-12 as Extended) * (2 + 1e-12)).squareRoot()
        expectClose(loss.scalars, [1 - half, 1 - other], within: 8, scales: [1, 1], "\(a)")
      }
    }
  }

  @Test func anglesOfHugeAndTinyVectors() {
    expectAngles([1e20, 1e10, 1, 1e-20, 1e-30] as [Float])
    expectAngles([1e200, 1, 1e-200] as [Double])
  }

  @Test func distancesOfHugeVectors() {
    let x = Tensor<Float>([[3e30, 4e30], [3, 4]], requiresGrad: true), y = Tensor<Float>([0, 0])
    let distance = x.pairwiseDistance(y, epsilon: 0)
    expectClose(distance.scalars, Float.widened([5e30, 5]), within: 2)
    expectClose(distance.sum().gradient(of: x).scalars, [0.6, 0.8, 0.6, 0.8], within: 2)
    let cubic = Tensor<Float>([[3e30, 4e30]]).pairwiseDistance(y, p: 3, epsilon: 0)
    // The value of numpy.linalg.norm([3, 4], 3), scaled.
    expectClose(cubic.scalars, [4.497941445275415e30], within: 4)
    #expect(
      Tensor<Float>([[.infinity, 1], [.nan, 1]]).pairwiseDistance(y).scalars.map(\.isFinite)
        == [false, false])
  }

  /// PyTorch's results for powers below 1: (√1 + √4)², and the number of elements other than 0.
  @Test func powersBelowOne() {
    let x = Tensor<Double>([[1, 4, 0]], requiresGrad: true), y = Tensor<Double>([0, 0, 0])
    let distance = x.pairwiseDistance(y, p: 0.5, epsilon: 0)
    #expect(distance.scalars == [9] && distance.sum().gradient(of: x).scalars == [3, 1.5, 0])
    let count = x.pairwiseDistance(y, p: 0, epsilon: 0)
    #expect(count.scalars == [2] && count.sum().gradient(of: x).scalars == [0, 0, 0])
    #expect(x.normalized(p: 0).scalars == [0.5, 2, 0])
    #expect(Tensor<Double>(-3).normalized(axis: 0).item == -1)
  }

  /// PyTorch reduces a scalar along axis 0 and axis −1.
  @Test(arguments: [0, -1]) func aScalarHasItsElementAlongItsAxis(_ axis: Int) {
    let x = Tensor<Double>(3, requiresGrad: true)
    for (name, y, slope) in [
      ("sum", x.sum(axis: axis, keepDims: true), 1), ("mean", x.mean(axis: axis), 1),
      ("max", x.max(axis: axis), 1), ("min", x.min(axes: [axis]), 1), ("softmax", x.softmax(axis: axis), 0),
      ("logSoftmax", x.logSoftmax(axis: axis), 0),
    ] as [(String, Tensor<Double>, Double)] {
      let expected: Double = name == "softmax" ? 1 : name == "logSoftmax" ? 0 : 3
      #expect(y.shape == [] && y.item == expected && y.gradient(of: x).item == slope, "\(name)")
    }
    #expect(x.argmax(axis: axis).item == 0 && x.argmin(axis: axis).shape == [])
    #expect(x.variance(axis: axis).item.isNaN && Tensor<Int>(4).sum(axis: axis).item == 4)
  }
}
