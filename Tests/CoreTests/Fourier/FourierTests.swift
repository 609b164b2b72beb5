import Foundation
import TestSupport
import Testing

@testable import MartletCore

/// Fourier transforms where the shared checker does not look: long lines, windows, frequencies, shifts.
@Suite struct FourierTests {
  private typealias Number = Complex<Double>

  private func expectNear(_ a: [Double], _ b: [Double], within bound: Double = 1e-14) {
    #expect(a.count == b.count)
    for (a, b) in zip(a, b) { #expect(abs(a - b) <= bound, "\(a) instead of \(b)") }
  }

  /// The transform of two impulses has a closed form. The lengths take one step and two, radices alone, and Bluestein's
  /// algorithm.
  @Test(arguments: [1009, 4096, 10_000, 65_536, 1 << 17, 150_000, 177_147, 1 << 18])
  func longLines(_ n: Int) {
    let places = [1, n / 3], x = Tensor<Number>.zeros([n])
    x[places[0]].fill(1)
    x[places[1]].fill(Number(0, 2))
    let y = x.fft().scalars, halves = Tensor<Double>(x.real()).rfft().scalars
    for k in Swift.stride(from: 0, to: n, by: max(1, n / 300)) {
      let angles = places.map { -2 * Double.pi * Double(k * $0 % n) / Double(n) }
      let first = Number(cos(angles[0]), sin(angles[0])), second = Number(cos(angles[1]), sin(angles[1]))
      #expect((y[k] - first - second * Number(0, 2)).magnitude < 1e-13)
      if k < halves.count { #expect((halves[k] - first).magnitude < 1e-13) }
    }
    #expect((x.fft().ifft() - x).abs().max().item < 1e-13)
    #expect((x.real().rfft().irfft(length: n) - x.real()).abs().max().item < 1e-13)
  }

  @Test func threadsGiveTheSameBits() {
    for shape: TensorShape in [[1 << 17], [64, 500], [500, 64], [3, 5000, 2]] {
      let x = Tensor<Complex<Float>>.full(shape, Complex(0.1, 0.7))
      x.real().assign(.uniform(shape))
      let axis = shape.rank - 1
      for axis in [0, axis] {
        let one = withThreads(1) { x.fft(axis: axis).viewAsReal().scalars }
        #expect(withThreads(3) { x.fft(axis: axis).viewAsReal().scalars } == one)
      }
    }
  }

  /// Long lines that are not adjacent are transformed in a copy.
  @Test func stridedLines() {
    for n in [5000, 37, 64] {
      let x = Tensor.complex(Tensor<Double>.uniform([2, n, 3]), .uniform([2, n, 3]))
      let expected = x.transposed(1, 2).cloned().fft().transposed(1, 2)
      #expect((x.fft(axis: 1) - expected).abs().max().item < 1e-11)
      #expect(
        (x[0..., .stride(from: n - 1, to: nil, by: -1)].fft(axis: 1).ifft(axis: -2).flipped(axis: 1) - x)
          .abs().max().item < 1e-13)
    }
  }

  /// More lengths than the cache has plans.
  @Test func plansAreReplaced() {
    for round in 0..<2 {
      for n in 2..<80 {
        let x = Tensor<Float>.ones([n])
        #expect((x.rfft().scalars[0] - Complex(Float(n))).magnitude < 1e-4, "\(n), round \(round)")
      }
    }
  }

  @Test func emptyBatchesAndScalars() {
    #expect(Tensor<Number>.zeros([0, 4]).fft().shape == [0, 4])
    #expect(Tensor<Double>.zeros([0, 5]).rfft().shape == [0, 3])
    #expect(Tensor<Number>.zeros([0, 3]).irfft().shape == [0, 4])
    #expect(Tensor<Double>.zeros([0]).rfft(length: 4).scalars == [0, 0, 0])
    #expect(Tensor<Double>([3]).rfft().scalars == [3] && Tensor([Number(2, 1)]).irfft(length: 1).item == 2)
  }

  @Test func frequenciesAndShifts() {
    #expect(Tensor<Double>.fftFrequencies(5, spacing: 0.5).scalars == [0, 0.4, 0.8, -0.8, -0.4])
    #expect(Tensor<Double>.fftFrequencies(4).scalars == [0, 0.25, -0.5, -0.25])
    #expect(Tensor<Double>.rfftFrequencies(5).scalars == [0, 0.2, 0.4])
    #expect(Tensor<Float>.rfftFrequencies(4, spacing: 2).scalars == [0, 0.125, 0.25])
    let x = Tensor<Int>.arange(0, 5)
    #expect(x.fftShifted().scalars == [3, 4, 0, 1, 2] && x.ifftShifted().scalars == [2, 3, 4, 0, 1])
    let y = Tensor<Int>.arange(0, 12).reshaped([3, 4])
    #expect(y.fftShifted(axes: [1]).scalars == [2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9])
    #expect(y.fftShifted().ifftShifted().scalars == y.scalars && y.fftShifted()[1, 2].item == 0)
  }

  /// The values are PyTorch's.
  @Test func windows() {
    typealias T = Tensor<Double>
    expectNear(T.hannWindow(4, isPeriodic: false).scalars, [0, 0.75, 0.75, 0])
    expectNear(
      T.hammingWindow(5).scalars,
      [0.08, 0.3978521825875242, 0.9121478174124757, 0.9121478174124757, 0.3978521825875242])
    expectNear(
      T.blackmanWindow(5).scalars,
      [0, 0.20077014326253045, 0.8492298567374694, 0.8492298567374694, 0.20077014326253045])
    expectNear(T.bartlettWindow(5).scalars, [0, 0.4, 0.8, 0.8, 0.4])
    expectNear(T.bartlettWindow(4, isPeriodic: false).scalars, [0, 2.0 / 3, 2.0 / 3, 0])
    expectNear(
      T.kaiserWindow(5).scalars,
      [
        5.2773441320097665e-05, 0.10171968770956323, 0.7929398341014605, 0.7929398341014605,
        0.10171968770956323,
      ])
    expectNear(
      T.kaiserWindow(4, isPeriodic: false, beta: 3).scalars,
      [0.2048847564012536, 0.8712418740795513, 0.8712418740795513, 0.2048847564012536])
    expectNear(
      T.cosineWindow(5).scalars,
      [0.25881904510252074, 0.7071067811865475, 0.9659258262890683, 0.9659258262890683, 0.7071067811865476])
    expectNear(
      T.gaussianWindow(4, deviation: 1.5).scalars,
      [0.41111229050718756, 0.8007374029168081, 1, 0.8007374029168081])
    expectNear(
      T.exponentialWindow(4, decay: 2).scalars,
      [0.36787944117144233, 0.6065306597126334, 1, 0.6065306597126334])
    #expect(T.exponentialWindow(4, decay: 5e-324).scalars == [0, 0, 1, 0])
    expectNear(
      T.nuttallWindow(4, isPeriodic: false).scalars, [0.0003628, 0.5292298, 0.5292298, 0.0003628])
    expectNear(T.generalCosineWindow(4, factors: [0.46, 0.23, 0.31]).scalars, [0.54, 0.15, 1, 0.15])
    #expect(T.hannWindow(1).scalars == [1] && T.kaiserWindow(0).scalars == [])
    #expect(T.kaiserWindow(3, isPeriodic: false, beta: 700).scalars[1] == 1)
  }

  /// The values are PyTorch's: a window of 3 in frames of 4.
  @Test func shortTimeTransform() {
    let x = Tensor<Double>.arange(1, 9)
    let y = x.stft(size: 4, hop: 2, window: .hannWindow(3))
    #expect(y.shape == [3, 5])
    let expected = [
      2.25, 0, 3.75, 0, 6.75, 0, 9.75, 0, 11.25, 0, -0.75, -1.5, -2.25, -1.5, -3.75, -3, -5.25, -4.5, -5.25,
      -6,
      -0.75, 0, 0.75, 0, 0.75, 0, 0.75, 0, -0.75, 0,
    ]
    expectNear(y.viewAsReal().scalars, expected)
    let same = y.istft(size: 4, hop: 2, window: .hannWindow(3))
    expectNear(same.scalars, x.scalars)
    expectNear(y.istft(size: 4, hop: 2, window: .hannWindow(3), length: 5).scalars, [1, 2, 3, 4, 5])
    #expect(Tensor<Float>.ones([2, 3, 20]).stft(size: 8).shape == [2, 3, 5, 11])
  }

  /// A real part that is a result of its own may be changed in place, and the change is recorded.
  @Test func changesOfOddResultsAreRecorded() {
    let z = Tensor<Complex<Double>>([1, 1], requiresGrad: true), x = z.irfft(length: 3)
    x[0] = 0
    x.sum().backward()
    for (given, wanted) in zip(z.grad!.scalars, [2.0 / 3, -2.0 / 3]) {
      #expect((given - Complex(wanted)).magnitude < 1e-15)
    }
  }
}
