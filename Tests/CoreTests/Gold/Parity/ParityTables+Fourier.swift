import MartletCore
import TestSupport

// Complex numbers and Fourier transforms.

extension Parity {
  static var complexes: Table<Tensor<Complex<Element>>> {
    [
      "add:complex": { $0.has("alpha") ? $0.z + $0.w * Complex($0.number("alpha")) : $0.z + $0.w },
      "bmm:complex": { $0.z.matmul($0.w) },
      "cat:complex": { .concatenated($0.complexList, axis: $0.axis) },
      "cdouble": { Tensor($0.x) },
      "complex": { Tensor<Element>.complex($0.x, $0.y) },
      "conj:complex": { $0.z.conjugate() },
      "div.no_rounding_mode:complex": { $0.z / $0.w },
      "exp:complex": { $0.z.exp() },
      "log:complex": { $0.z.log() },
      "matmul:complex": { $0.z.matmul($0.w) },
      "mean:complex": { $0.has("dim") ? $0.z.mean(axes: $0.axes, keepDims: $0.keeps) : $0.z.mean() },
      "mul:complex": { $0.z * $0.w },
      "neg:complex": { -$0.z },
      "nn.functional.silu.complex:complex": { $0.z / ((-$0.z).exp() + 1) },
      "permute:complex": { $0.z.permuted($0.ints("dims")) },
      "polar": { Tensor<Element>.polar($0.x, $0.y) },
      "sgn:complex": { $0.z.sign() },
      "sqrt:complex": { $0.z.sqrt() },
      "sub:complex": { $0.has("alpha") ? $0.z - $0.w * Complex($0.number("alpha")) : $0.z - $0.w },
      "sum:complex": { $0.has("dim") ? $0.z.sum(axes: $0.axes, keepDims: $0.keeps) : $0.z.sum() },
      "linalg.vecdot:complex": { $0.z.vecdot($0.w, axis: $0.int("dim", or: -1)) },
      "vdot:complex": { $0.z.vecdot($0.w) },
      "view_as_complex": { $0.x.viewAsComplex() },
    ]
  }

  /// Real parts of complex numbers.
  static var realParts: Table<Tensor<Element>> {
    [
      "abs:complex": { $0.z.abs() },
      "angle:complex": { $0.z.angle() },
      "imag:complex": { $0.z.imaginary() },
      "real:complex": { $0.z.real() },
      "view_as_real:complex": { $0.z.viewAsReal() },
    ]
  }

  static var spectra: Table<Tensor<Complex<Element>>> {
    [
      "fft.fft": { $0.x.fft(length: $0.length, axis: $0.lastAxis, normalization: $0.normalization) },
      "fft.fft:complex": { $0.z.fft(length: $0.length, axis: $0.lastAxis, normalization: $0.normalization) },
      "fft.fft2": { $0.x.fft(axes: $0.planes, lengths: $0.lengths, normalization: $0.normalization) },
      "fft.fft2:complex": { $0.z.fft(axes: $0.planes, lengths: $0.lengths, normalization: $0.normalization) },
      "fft.fftn": {
        $0.x.fft(axes: $0.allAxes($0.x.rank), lengths: $0.lengths, normalization: $0.normalization)
      },
      "fft.fftn:complex": {
        $0.z.fft(axes: $0.allAxes($0.z.rank), lengths: $0.lengths, normalization: $0.normalization)
      },
      "fft.ifft:complex": {
        $0.z.ifft(length: $0.length, axis: $0.lastAxis, normalization: $0.normalization)
      },
      "fft.ifft2:complex": {
        $0.z.ifft(axes: $0.planes, lengths: $0.lengths, normalization: $0.normalization)
      },
      "fft.ifftn:complex": {
        $0.z.ifft(axes: $0.allAxes($0.z.rank), lengths: $0.lengths, normalization: $0.normalization)
      },
      "fft.ihfft": { $0.x.ihfft(length: $0.length, axis: $0.lastAxis, normalization: $0.normalization) },
      "fft.ihfft2": {
        $0.x.rfft(axes: $0.planes, lengths: $0.lengths, normalization: $0.reversedNormalization).conjugate()
      },
      "fft.ihfftn": {
        $0.x.rfft(
          axes: $0.allAxes($0.x.rank), lengths: $0.lengths, normalization: $0.reversedNormalization
        ).conjugate()
      },
      "fft.rfft": { $0.x.rfft(length: $0.length, axis: $0.lastAxis, normalization: $0.normalization) },
      "fft.rfft2": { $0.x.rfft(axes: $0.planes, lengths: $0.lengths, normalization: $0.normalization) },
      "fft.rfftn": {
        $0.x.rfft(axes: $0.allAxes($0.x.rank), lengths: $0.lengths, normalization: $0.normalization)
      },
      "stft": {
        $0.x.stft(
          size: $0.int("n_fft"), hop: $0.has("hop_length") ? $0.int("hop_length") : nil,
          window: $0.floats["window"], isCentered: $0.flag("center", or: true))
      },
    ]
  }

  /// Transforms to real numbers, and shifts.
  static var signals: Table<Tensor<Element>> {
    [
      "fft.fftshift": { $0.x.fftShifted(axes: $0.has("dim") ? $0.axes : nil) },
      "fft.hfft:complex": {
        $0.z.hfft(length: $0.length, axis: $0.lastAxis, normalization: $0.normalization)
      },
      "fft.hfft2:complex": {
        $0.z.conjugate().irfft(
          axes: $0.planes, lengths: $0.lengths, normalization: $0.reversedNormalization)
      },
      "fft.hfftn:complex": {
        $0.z.conjugate().irfft(
          axes: $0.allAxes($0.z.rank), lengths: $0.lengths, normalization: $0.reversedNormalization)
      },
      "fft.ifftshift": { $0.x.ifftShifted(axes: $0.has("dim") ? $0.axes : nil) },
      "fft.irfft:complex": {
        $0.z.irfft(length: $0.length, axis: $0.lastAxis, normalization: $0.normalization)
      },
      "fft.irfft2:complex": {
        $0.z.irfft(axes: $0.planes, lengths: $0.lengths, normalization: $0.normalization)
      },
      "fft.irfftn:complex": {
        $0.z.irfft(axes: $0.allAxes($0.z.rank), lengths: $0.lengths, normalization: $0.normalization)
      },
      "istft:complex": { one in
        let size = one.int("n_fft")
        return one.z.istft(
          size: size, hop: one.has("hop_length") ? one.int("hop_length") : nil,
          window: one.floats["window"], isCentered: one.flag("center", or: true),
          isOneSided: one.flag("onesided", or: one.z.shape[-2] != size))
      },
    ]
  }
}

extension ParityInputs {
  fileprivate var length: Int? { has("n") ? int("n") : nil }
  fileprivate var lengths: [Int]? { has("s") ? ints("s") : nil }
  fileprivate var lastAxis: Int { int("dim", or: -1) }
  /// The axes of a transform, by default the last two.
  fileprivate var planes: [Int] { has("dim") ? ints("dim") : [-2, -1] }
  /// The axes of a transform, by default all, or the last ones if there are lengths.
  fileprivate func allAxes(_ rank: Int) -> [Int] {
    has("dim") ? ints("dim") : Array(-(lengths?.count ?? rank)..<0)
  }

  fileprivate var normalization: FourierNormalization {
    switch text("norm") {
    case "ortho": .orthonormal
    case "forward": .forward
    default: .backward
    }
  }
  fileprivate var reversedNormalization: FourierNormalization {
    switch normalization {
    case .backward: .forward
    case .orthonormal: .orthonormal
    case .forward: .backward
    }
  }
}
