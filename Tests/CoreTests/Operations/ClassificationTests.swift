import MartletCore
import TestSupport
import Testing

/// The kinds of numbers, comparisons within a tolerance, and bounds that are tensors.
struct ClassificationTests {
  private let numbers: [Double] = [
    0, -0.0, 1, -1, .infinity, -.infinity, .nan, -.nan, 5e-324, -5e-324, .greatestFiniteMagnitude,
  ]

  /// Compares with Swift's properties, for every length and for strided views.
  @Test func kindsAreSwifts() {
    for count in 1...67 {
      let x = (0..<count).map { numbers[$0 * 7 % numbers.count] }
      for t in [Tensor(x), Tensor(x.flatMap { [$0, 2] }, shape: [count, 2])[0..., 0]] {
        #expect(t.isNaN.scalars == x.map(\.isNaN))
        #expect(t.isInfinite.scalars == x.map(\.isInfinite))
        #expect(t.isFinite.scalars == x.map(\.isFinite))
        #expect(t.signBit.scalars == x.map { $0.sign == .minus })
      }
    }
    #expect(Tensor<Float>(-Float.infinity).isInfinite.item && Tensor<Float>(Float.nan).isNaN.shape == [])
    #expect(Tensor<Int>([.min, -1, 0, .max]).signBit.scalars == [true, true, false, false])
    #expect(Tensor<UInt8>([0, 200]).signBit.scalars == [false, false])
    #expect(Tensor<Double>([Double]()).isNaN.shape == [0])
    let large = Tensor<Float>.ones([131_075])
    #expect(large.isFinite.all() && !large.isNaN.any())
  }

  @Test func numbersReplaceWhatIsNone() {
    let x = Tensor<Float>([.nan, .infinity, -.infinity, 2, -0.0])
    let most = Float.greatestFiniteMagnitude
    #expect(x.nanToNum().scalars == [0, most, -most, 2, 0])
    let odd = x.nanToNum(nan: .infinity, negativeInfinity: .nan).scalars
    #expect(odd[0] == .infinity && odd[1] == most && odd[2].isNaN)
    #expect(Tensor<Double>([.infinity]).nanToNum().item == Double.greatestFiniteMagnitude)
    let leaf = Tensor<Float>([.nan, .infinity, 2], requiresGrad: true)
    #expect(leaf.nanToNum().gradient(of: leaf, seed: Tensor([5, 6, 7])).scalars == [0, 0, 7])
  }

  /// The examples of NumPy's documentation, and infinities.
  @Test func closenessIsNumPys() {
    func t(_ numbers: [Double]) -> Tensor<Double> { Tensor(numbers) }
    #expect(t([1e10, 1e-7]).isClose(t([1.00001e10, 1e-8])).scalars == [true, false])
    #expect(t([1e10, 1e-8]).isClose(t([1.00001e10, 1e-9])).scalars == [true, true])
    #expect(t([1, .nan]).isClose(t([1, .nan])).scalars == [true, false])
    #expect(t([1, .nan]).isClose(t([1, .nan]), equalNaN: true).scalars == [true, true])
    #expect(t([1e-8, 1e-7]).isClose(t([0, 0]), atol: 0).scalars == [false, false])
    #expect(t([1e-100, 1e-7]).isClose(t([1e-100, 0]), atol: 0).scalars == [true, false])
    let ends = t([.infinity, -.infinity, .infinity, 1, .infinity, .nan])
    let others = t([.infinity, -.infinity, -.infinity, .infinity, 1, .infinity])
    #expect(ends.isClose(others, equalNaN: true).scalars == [true, true, false, false, false, false])
    // The second tensor scales the tolerance.
    let a = t([100]), b = t([89])
    #expect(!a.allClose(b, rtol: 0.12, atol: 0) && b.allClose(a, rtol: 0.12, atol: 0))
    #expect(t([]).allClose(t([])) && t([1, 1]).allClose(t([1]), rtol: 0, atol: 0))
    #expect(t([1, 2]).reshaped([2, 1]).isClose(t([1, 2])).scalars == [true, false, false, true])
    let leaf = Tensor<Double>([1], requiresGrad: true)
    #expect(leaf.allClose(leaf) && !leaf.isClose(leaf).requiresGrad)
  }

  @Test func boundsAreTensors() {
    let x = Tensor<Int>([-5, 5, 500])
    let low = Tensor<Int>([0, 0, 0]), high = Tensor<Int>([1, 10, 100])
    #expect(x.clamped(min: low, max: high).scalars == [0, 5, 100])
    #expect(x.clamped(min: low).scalars == [0, 5, 500] && x.clamped(max: high).scalars == [-5, 5, 100])
    // The upper bound wins, and bounds broadcast.
    #expect(x.clamped(min: Tensor<Int>(9), max: Tensor<Int>(7)).scalars == [7, 7, 7])
    #expect(Tensor<Int>([.max, .min]).clamped(min: Tensor<Int>(.max - 1)).scalars == [.max, .max - 1])
    #expect(Tensor<UInt8>([0, 200]).clamped(max: Tensor<UInt8>(100)).scalars == [0, 100])
    #expect(Tensor<Double>([.nan]).clamped(min: Tensor<Double>(0), max: Tensor<Double>(1)).item.isNaN)
    #expect(Tensor<Double>([0.5]).clamped(min: Tensor<Double>(Double.nan)).item.isNaN)
    #expect(Tensor<Float>([-1, .infinity, -.infinity]).clamped(0...).scalars == [0, .infinity, 0])
    #expect(Tensor<Float>([-1, .infinity, -.infinity]).clamped(...0).scalars == [-1, 0, -.infinity])
    #expect(Tensor<Double>([.nan]).clamped(0...).item.isNaN)
  }

  /// An element gets the gradient at its bounds, and a bound where it replaces an element.
  @Test func boundsGetGradients() {
    let x = Tensor<Double>([-1, 0, 0.5, 1, 2], requiresGrad: true)
    let low = Tensor<Double>(0, requiresGrad: true), high = Tensor<Double>(1, requiresGrad: true)
    let gradients = x.clamped(min: low, max: high).gradients(
      of: [x, low, high], seed: Tensor([1, 2, 4, 8, 16]))
    #expect(gradients[0].scalars == [0, 2, 4, 8, 0])
    #expect(gradients[1].item == 1 && gradients[2].item == 16)
  }
}
