import Foundation
import MartletCore
import TestSupport
import Testing

/// Transforms the pairs of the last axis along the axis before.
private func transformedRows(_ x: Grid, _ n: Int, inverse: Bool, factor: Extended = 1) -> Grid {
  let rows = x.shape.dropLast(2), length = x.shape[x.shape.count - 2], pairs = x.pairs
  let result = (0..<rows.reduce(1, *)).flatMap { row in
    let line = Array(pairs[row * length..<(row + 1) * length].prefix(n))
    return transformed(line, n, inverse: inverse, factor: factor)
  }
  return Grid(Array(rows) + [n], pairs: result)
}

/// Transforms pairs [rows, columns, 2] along the first axis, by transposing them.
private func transformedColumns(_ x: Grid, inverse: Bool) -> Grid {
  func turned(_ x: Grid) -> Grid { Grid([x.shape[1], x.shape[0], 2]) { x[$0[1], $0[0], $0[2]] } }
  return turned(transformedRows(turned(x), x.shape[0], inverse: inverse))
}

/// The first entries of the transform of real rows.
private func halfTransformed(_ x: Grid, _ n: Int, factor: Extended = 1) -> Grid {
  let rows = x.shape.dropLast(), length = x.shape.last!
  let result = (0..<rows.reduce(1, *)).flatMap { row in
    let line = x.values[row * length..<(row + 1) * length].prefix(n).map { Pair(re: $0) }
    return transformed(line, n, inverse: false, count: n / 2 + 1, factor: factor)
  }
  return Grid(Array(rows) + [n / 2 + 1], pairs: result)
}

/// The real rows of n elements whose transforms begin with the pairs.
private func restored(_ x: Grid, _ n: Int, factor: Extended) -> Grid {
  let rows = x.shape.dropLast(2), length = x.shape[x.shape.count - 2], pairs = x.pairs
  let result = (0..<rows.reduce(1, *)).flatMap { row in
    let line = Array(pairs[row * length..<(row + 1) * length])
    // Entries beyond those that are given are 0.
    func entry(_ k: Int) -> Pair { k < line.count ? line[k] : Pair(re: 0) }
    let whole = (0..<n).map { k in
      k == 0 || 2 * k == n ? Pair(re: entry(k).re) : 2 * k < n ? entry(k) : entry(n - k).conjugate
    }
    return transformed(whole, n, inverse: true, factor: factor).map(\.re)
  }
  return Grid(Array(rows) + [n], values: result)
}

/// Lengths that take each radix, several passes, a prime above the largest radix, and 1.
private let lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 22, 25, 32, 37, 64, 74, 96, 120]
private let rows: [[[Int]]] = lengths.map { [[$0, 2]] } + [[[3, 24, 2]], [[2, 2, 10, 2]], [[0, 5, 2]]]
private let realRows: [[[Int]]] = lengths.map { [[$0]] } + [[[3, 24]], [[2, 2, 15]], [[0, 6]]]
private let bound = Bound.ulps(8, floor: 32)

struct FourierCases {
  static let cases: [OpCase] = [
    OpCase(
      "Fourier", inputs: rows, large: [[33, 60, 2]], bound: bound,
      f32: { $0[0].viewAsComplex().fft().viewAsReal() },
      f64: { $0[0].viewAsComplex().fft().viewAsReal() },
      reference: { transformedRows($0[0], $0[0].shape[$0[0].shape.count - 2], inverse: false) }),
    OpCase(
      "Fourier", "inverse", inputs: rows, bound: bound,
      f32: { $0[0].viewAsComplex().ifft(normalization: .forward).viewAsReal() },
      f64: { $0[0].viewAsComplex().ifft(normalization: .forward).viewAsReal() },
      reference: { transformedRows($0[0], $0[0].shape[$0[0].shape.count - 2], inverse: true) }),
    OpCase(
      "Fourier", "longer", inputs: [[[5, 2]], [[3, 4, 2]]], bound: bound,
      f32: { $0[0].viewAsComplex().fft(length: 7, normalization: .orthonormal).viewAsReal() },
      f64: { $0[0].viewAsComplex().fft(length: 7, normalization: .orthonormal).viewAsReal() },
      reference: { transformedRows($0[0], 7, inverse: false, factor: 1 / Extended(7).squareRoot()) }),
    OpCase(
      "Fourier", "shorter", inputs: [[[9, 2]], [[3, 8, 2]]], bound: bound,
      f32: { $0[0].viewAsComplex().ifft(length: 6).viewAsReal() },
      f64: { $0[0].viewAsComplex().ifft(length: 6).viewAsReal() },
      reference: { transformedRows($0[0], 6, inverse: true, factor: 1 / 6) }),
    OpCase(
      "Fourier", "along the first axis", inputs: [[[6, 5, 2]], [[16, 35, 2]], [[37, 3, 2]], [[4, 1, 2]]],
      bound: bound,
      f32: { $0[0].viewAsComplex().fft(axis: 0).viewAsReal() },
      f64: { $0[0].viewAsComplex().fft(axis: -2).viewAsReal() },
      reference: { transformedColumns($0[0], inverse: false) }),
    OpCase(
      "Fourier", "along two axes", inputs: [[[4, 6, 2]], [[5, 1, 2]], [[3, 9, 2]]],
      bound: .ulps(8, floor: 64),
      f32: { $0[0].viewAsComplex().fft(axes: [0, 1]).viewAsReal() },
      f64: { $0[0].viewAsComplex().fft(axes: [-1, 0]).viewAsReal() },
      reference: {
        transformedColumns(transformedRows($0[0], $0[0].shape[1], inverse: false), inverse: false)
      }),
    OpCase(
      "Fourier", "of real elements", inputs: realRows, bound: bound, f32: { $0[0].fft().viewAsReal() },
      f64: { $0[0].fft().viewAsReal() },
      reference: { x in
        transformedRows(
          Grid(x[0].shape, pairs: x[0].values.map { Pair(re: $0) }), x[0].shape.last!, inverse: false)
      }),
  ]

  /// Transforms of which half of the entries is computed.
  static let halves: [OpCase] = [
    OpCase(
      "RealFourier", inputs: realRows.filter { $0[0].last! % 2 == 0 }, large: [[33, 120]], bound: bound,
      f32: { $0[0].rfft().viewAsReal() }, f64: { $0[0].rfft().viewAsReal() },
      reference: { halfTransformed($0[0], $0[0].shape.last!) }),
    OpCase(
      "Fourier", "half of an odd length", inputs: realRows.filter { $0[0].last! % 2 == 1 }, bound: bound,
      f32: { $0[0].rfft().viewAsReal() }, f64: { $0[0].rfft().viewAsReal() },
      reference: { halfTransformed($0[0], $0[0].shape.last!) }),
    OpCase(
      "RealFourier", "longer, along another axis", inputs: [[[5, 3]], [[2, 4]]], bound: bound,
      f32: {
        $0[0].rfft(length: 10, axis: 0, normalization: .forward).movedAxis(from: 0, to: 1).viewAsReal()
      },
      f64: {
        $0[0].rfft(length: 10, axis: -2, normalization: .forward).movedAxis(from: 0, to: 1).viewAsReal()
      },
      reference: { x in
        halfTransformed(Grid([x[0].shape[1], x[0].shape[0]]) { x[0][$0[1], $0[0]] }, 10, factor: 1 / 10)
      }),
    OpCase(
      "RealFourier", "along two axes", inputs: [[[5, 6]], [[4, 2]]], bound: .ulps(8, floor: 64),
      f32: { $0[0].rfft(axes: [0, 1]).viewAsReal() }, f64: { $0[0].rfft(axes: [-2, -1]).viewAsReal() },
      reference: { transformedColumns(halfTransformed($0[0], $0[0].shape[1]), inverse: false) }),
    OpCase(
      "RestoredFourier", inputs: [[[2, 2]], [[3, 2]], [[5, 2]], [[17, 2]], [[33, 2]], [[3, 6, 2]]],
      bound: bound,
      f32: { $0[0].viewAsComplex().irfft() }, f64: { $0[0].viewAsComplex().irfft() },
      reference: { x in
        let n = 2 * (x[0].shape[x[0].shape.count - 2] - 1)
        return restored(x[0], n, factor: 1 / Extended(n))
      }),
    OpCase(
      "Fourier", "restored to an odd length", inputs: [[[4, 2]], [[3, 4, 2]], [[2, 2]]], bound: bound,
      f32: { $0[0].viewAsComplex().irfft(length: 7, normalization: .forward) },
      f64: { $0[0].viewAsComplex().irfft(length: 7, normalization: .forward) },
      reference: { restored($0[0], 7, factor: 1) }),
    OpCase(
      "RestoredFourier", "of a symmetric signal", inputs: [[[5, 2]], [[3, 2]]], bound: bound,
      f32: { $0[0].viewAsComplex().hfft() }, f64: { $0[0].viewAsComplex().hfft() },
      reference: { restored($0[0].mapPairs(\.conjugate), 2 * ($0[0].shape[0] - 1), factor: 1) }),
    OpCase(
      "RealFourier", "of a symmetric signal, inverse", inputs: [[[8]], [[2, 6]]], bound: bound,
      f32: { $0[0].ihfft().viewAsReal() }, f64: { $0[0].ihfft().viewAsReal() },
      reference: { x in
        let n = x[0].shape.last!
        return halfTransformed(x[0], n, factor: 1 / Extended(n)).mapPairs(\.conjugate)
      }),
    OpCase(
      "RestoredFourier", "along two axes", inputs: [[[4, 4]], [[3, 6]]], bound: .ulps(8, floor: 8),
      f32: { $0[0].rfft(axes: [0, 1]).irfft(axes: [0, 1]) },
      f64: { $0[0].rfft(axes: [0, 1]).irfft(axes: [0, 1]) },
      reference: { $0[0] }),
  ]

  /// The short-time transform of frames of 6 samples, 2 apart, with weights 1 to 6.
  private static func frames(_ x: Grid) -> Grid {
    let starts = stride(from: 0, through: x.shape[0] - 6, by: 2).map { $0 }
    let spectra = starts.map { start in
      transformed(
        (0..<6).map { Pair(re: x.values[start + $0] * Extended($0 + 1)) }, 6, inverse: false, count: 4)
    }
    return Grid([4, starts.count], pairs: (0..<4).flatMap { k in spectra.map { $0[k] } })
  }

  static let shortTime: [OpCase] = [
    OpCase(
      "Frames", inputs: [[[6]], [[7]], [[15]]], bound: .ulps(8, floor: 64),
      f32: { $0[0].stft(size: 6, hop: 2, window: .arange(1, 7), isCentered: false).viewAsReal() },
      f64: { $0[0].stft(size: 6, hop: 2, window: .arange(1, 7), isCentered: false).viewAsReal() },
      reference: { frames($0[0]) }),
    OpCase(
      "OverlapAdd", "to the same signal", inputs: [[[15]], [[2, 20]]], bound: .ulps(8, floor: 16),
      f32: { x in
        x[0].stft(size: 6, hop: 2, window: .hannWindow(5)).istft(
          size: 6, hop: 2, window: .hannWindow(5), length: x[0].shape[-1])
      },
      f64: { x in
        x[0].stft(size: 6, hop: 2, window: .hannWindow(5)).istft(
          size: 6, hop: 2, window: .hannWindow(5), length: x[0].shape[-1])
      },
      reference: { $0[0] }),
    OpCase(
      "OverlapAdd", "all entries, normalized", inputs: [[[16]], [[3, 9]]], bound: .ulps(8, floor: 16),
      f32: { x in
        x[0].stft(size: 4, hop: 3, isNormalized: true, isOneSided: false).istft(
          size: 4, hop: 3, isNormalized: true, isOneSided: false, length: x[0].shape[-1])
      },
      f64: { x in
        x[0].stft(size: 4, hop: 3, isNormalized: true, isOneSided: false).istft(
          size: 4, hop: 3, isNormalized: true, isOneSided: false, length: x[0].shape[-1])
      },
      reference: { $0[0] }),
  ]

  @Test(arguments: cases) func transforms(_ op: OpCase) { verify(op) }
  @Test(arguments: halves) func transformsHalves(_ op: OpCase) { verify(op) }
  @Test(arguments: shortTime) func transformsFrames(_ op: OpCase) { verify(op) }
}
