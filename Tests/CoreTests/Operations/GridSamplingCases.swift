import MartletCore
import TestSupport
import Testing

/// Folds a coordinate into an interval by mirroring it at the ends.
private func folded(_ u: Extended, _ low: Extended, _ high: Extended) -> Extended {
  if low == high { return low }
  var u = u
  while u < low || u > high { u = u < low ? 2 * low - u : 2 * high - u }
  return u
}

/// A coordinate, or the number of a tap, after padding. With zeros it may lie outside of the image.
private func padded(_ u: Extended, _ size: Int, _ padding: GridPadding, aligned: Bool) -> Extended {
  let last = Extended(size - 1), edge: Extended = aligned ? 0 : 0.5
  switch padding {
  case .zeros: return u
  case .border: return min(max(u, 0), last)
  case .reflection: return min(max(folded(u, -edge, last + edge), 0), last)
  }
}

/// Keys' cubic with the slope −3/4, by the distance of a pixel.
private func cubic(_ distance: Extended) -> Extended {
  let t = abs(distance)
  if t <= 1 { return 1.25 * t * t * t - 2.25 * t * t + 1 }
  return t < 2 ? -0.75 * (t * t * t - 5 * t * t + 8 * t - 4) : 0
}

/// The pixels of an axis, each with its weight for a position.
private func weights(
  _ g: Extended, _ size: Int, _ mode: GridSamplingMode, _ padding: GridPadding, aligned: Bool
) -> [(pixel: Int, weight: Extended)] {
  let u = aligned ? (g + 1) / 2 * Extended(size - 1) : ((g + 1) * Extended(size) - 1) / 2
  let at = padded(u, size, padding, aligned: aligned)
  let taps: [(Extended, Extended)]
  switch mode {
  case .nearest: taps = [(at.rounded(.toNearestOrEven), 1)]
  case .linear: taps = [0, 1].map { at.rounded(.down) + $0 }.map { ($0, 1 - abs(at - $0)) }
  case .cubic:
    taps = [-1, 0, 1, 2].map { u.rounded(.down) + $0 }.map {
      (padded($0, size, padding, aligned: aligned), cubic(u - $0))
    }
  }
  return taps.filter { $0.0 >= 0 && $0.0 < Extended(size) }.map { (Int($0.0), $0.1) }
}

private func sampled(
  _ inputs: [Grid], _ mode: GridSamplingMode, _ padding: GridPadding, aligned: Bool
) -> Grid {
  let (x, grid) = (inputs[0], inputs[1]), size = Array(x.shape.dropFirst(2)), axes = size.count
  return Grid(Array(x.shape.prefix(2) + grid.shape.dropFirst().dropLast())) { index in
    let place = [index[0]] + index.dropFirst(2)
    var taps: [(pixel: [Int], weight: Extended)] = [([], 1)]
    for axis in 0..<axes {
      let own = weights(grid[place + [axes - 1 - axis]], size[axis], mode, padding, aligned: aligned)
      taps = taps.flatMap { tap in own.map { (tap.pixel + [$0.pixel], tap.weight * $0.weight) } }
    }
    return taps.reduce(0) { $0 + x[Array(index.prefix(2)) + $1.pixel] * $1.weight }
  }
}

/// A case whose small samples are images of 4 by 4, whose positions at kinks are known. Others are too
/// large for differences.
private func gridCase(
  _ note: String, _ mode: GridSamplingMode, _ padding: GridPadding, aligned: Bool = false,
  volume: Bool = false, large: [[Int]]? = nil, bound: Bound? = nil, misuse: [Misuse] = []
) -> OpCase {
  let images = [
    [[2, 3, 4, 4], [2, 2, 3, 2]], [[1, 1, 4, 4], [1, 1, 1, 2]], [[10, 2, 5, 7], [10, 4, 3, 2]],
    [[8, 1, 1, 9], [8, 1, 67, 2]], [[0, 2, 4, 4], [0, 2, 2, 2]], [[2, 0, 4, 4], [2, 2, 2, 2]],
    [[2, 1, 4, 4], [2, 0, 2, 2]],
  ]
  let volumes = [[[1, 2, 4, 4, 4], [1, 2, 2, 3, 3]], [[14, 3, 3, 5, 1], [14, 2, 1, 3, 3]]]
  func position(_ pixel: Double) -> Double { aligned ? pixel / 1.5 - 1 : (2 * pixel + 1) / 4 - 1 }
  let pixels = (-2...5).map(Double.init)
  let kinks = mode == .nearest ? pixels.map { position($0 + 0.5) } : pixels.map(position)
  // The errors of a coordinate's roundings, times the difference of neighbours.
  let usual: Bound = mode == .nearest ? .exact : mode == .linear ? .ulps(16, floor: 16) : .ulps(8, floor: 64)
  return OpCase(
    "GridSample", note, inputs: volume ? volumes : images, large: large, domains: [-3...3, -1.5...1.5],
    kinks: kinks, bound: bound ?? usual,
    f32: { $0[0].gridSample($0[1], mode: mode, padding: padding, alignCorners: aligned) },
    f64: { $0[0].gridSample($0[1], mode: mode, padding: padding, alignCorners: aligned) },
    reference: { sampled($0, mode, padding, aligned: aligned) }, misuse: misuse)
}

struct GridSamplingCases {
  static let cases: [OpCase] = [
    gridCase(
      "linear, zeros", .linear, .zeros,
      misuse: [
        Misuse(
          "shapes", "gridSample: images [1, 1, 4, 4] and a grid [1, 4, 4, 3] do not match; they must be [n,"
        ) {
          _ = Tensor<Float>.ones([1, 1, 4, 4]).gridSample(.ones([1, 4, 4, 3]))
        },
        Misuse("rank", "gridSample: images [4, 4] and a grid [4, 2] do not match") {
          _ = Tensor<Float>.ones([4, 4]).gridSample(.ones([4, 2]))
        },
        Misuse("no pixels", "gridSample: images [1, 1, 0, 4] and a grid [1, 2, 2, 2] do not match") {
          _ = Tensor<Float>.ones([1, 1, 0, 4]).gridSample(.ones([1, 2, 2, 2]))
        },
        Misuse("volumes", "gridSample: volumes [1, 1, 2, 2, 2] cannot be sampled by cubics; the mode") {
          _ = Tensor<Float>.ones([1, 1, 2, 2, 2]).gridSample(.ones([1, 1, 1, 1, 3]), mode: .cubic)
        },
      ]),
    gridCase(
      "linear, zeros, large images", .linear, .zeros, large: [[2, 3, 40, 41], [2, 64, 70, 2]],
      bound: .ulps(64, floor: 16)),
    gridCase("linear, border", .linear, .border), gridCase("linear, reflection", .linear, .reflection),
    gridCase("linear, zeros, aligned", .linear, .zeros, aligned: true),
    gridCase("linear, border, aligned", .linear, .border, aligned: true),
    gridCase("linear, reflection, aligned", .linear, .reflection, aligned: true),
    gridCase("nearest, zeros", .nearest, .zeros), gridCase("nearest, border", .nearest, .border),
    gridCase("nearest, reflection", .nearest, .reflection),
    gridCase("nearest, reflection, aligned", .nearest, .reflection, aligned: true),
    gridCase("cubic, zeros", .cubic, .zeros), gridCase("cubic, border", .cubic, .border),
    gridCase("cubic, reflection", .cubic, .reflection),
    gridCase("cubic, reflection, aligned", .cubic, .reflection, aligned: true),
    gridCase("volumes, linear, zeros", .linear, .zeros, volume: true),
    gridCase("volumes, linear, border", .linear, .border, volume: true),
    gridCase("volumes, linear, reflection, aligned", .linear, .reflection, aligned: true, volume: true),
    gridCase("volumes, nearest, border", .nearest, .border, volume: true),
    OpCase(
      "FractionalMaxPool",
      inputs: [[[2, 3, 6, 5], [2, 3, 2]], [[1, 1, 4, 4], [1, 1, 2]], [[0, 1, 4, 4], [0, 1, 2]]],
      large: [[40, 8, 30, 31], [40, 8, 2]], domains: [-3...3, 0...1], constants: 1,
      f32: { $0[0].fractionalMaxPool(kernelSize: 2, outputSize: 3, samples: $0[1]) },
      f64: { $0[0].fractionalMaxPool(kernelSize: 2, outputSize: 3, samples: $0[1]) },
      reference: { fractional($0[0], $0[1], kernel: 2, out: 3) },
      misuse: [
        Misuse(
          "size", "fractionalMaxPool: [4, 4] windows of [2, 2] do not fit inputs of shape [1, 1, 4, 5]; the"
        ) {
          _ = Tensor<Float>.ones([1, 1, 4, 5]).fractionalMaxPool(kernelSize: 2, outputSize: 4)
        },
        Misuse("huge", "fractionalMaxPool: [\(Int.max), \(Int.max)] windows of [2, 2] do not fit") {
          _ = Tensor<Float>.ones([1, 1, 4, 5]).fractionalMaxPool(kernelSize: 2, outputSize: Int.max)
        },
        Misuse(
          "samples",
          "fractionalMaxPool: samples of shape [1, 1, 3] do not fit; they must be [1, 1, 2], in 0...1"
        ) {
          _ = Tensor<Float>.ones([1, 1, 4, 5]).fractionalMaxPool(
            kernelSize: 2, outputSize: 3, samples: .zeros([1, 1, 3]))
        },
        Misuse("NaN", "fractionalMaxPool: samples of shape [1, 1, 2] do not fit") {
          _ = Tensor<Float>.ones([1, 1, 4, 5]).fractionalMaxPool(
            kernelSize: 2, outputSize: 3, samples: .full([1, 1, 2], .nan))
        },
      ]),
    OpCase(
      "FractionalMaxPool", "volumes", inputs: [[[2, 2, 4, 6, 5], [2, 2, 3]]], domains: [-3...3, 0...1],
      constants: 1,
      f32: { $0[0].fractionalMaxPool(kernelSize: 2, outputSize: 3, samples: $0[1]) },
      f64: { $0[0].fractionalMaxPool(kernelSize: 2, outputSize: 3, samples: $0[1]) },
      reference: { fractional($0[0], $0[1], kernel: 2, out: 3) }),
  ]

  @Test(arguments: cases) func behaves(_ op: OpCase) { verify(op) }

  @Test("Positions that are not finite are NaN, or lie at the border")
  func notFinite() {
    let x = Tensor<Float>([[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]], requiresGrad: true)
    let grid = Tensor<Float>([
      [[[.nan, 0], [.infinity, 0], [-.infinity, 0], [1e30, 0], [0, 1e30], [-1e30, 0]]]
    ])
    func rows(_ mode: GridSamplingMode, _ padding: GridPadding) -> [Float] {
      x.gridSample(grid, mode: mode, padding: padding).scalars
    }
    // The values of PyTorch 2.13.
    #expect(rows(.linear, .border) == [4, 6, 4, 6, 8, 4])
    #expect(rows(.nearest, .border) == [4, 6, 4, 6, 8, 4])
    #expect(rows(.nearest, .zeros) == [0, 0, 0, 0, 0, 0])
    #expect(rows(.linear, .zeros).map(\.isNaN) == [true, true, true, false, false, false])
    #expect(rows(.cubic, .border).map(\.isNaN) == [true, true, true, false, false, false])
    for mode in [.nearest, .linear, .cubic] as [GridSamplingMode] {
      for padding in [.zeros, .border, .reflection] as [GridPadding] {
        let y = x.gridSample(grid, mode: mode, padding: padding)
        y.backward(.ones(y.shape))
        #expect(y.shape == [1, 1, 1, 6] && x.grad?.shape == x.shape)
      }
    }
  }

  @Test("The grid of an affine map, at the centres of pixels and aligned")
  func affine() {
    let theta = Tensor<Double>([[[2, 0, 1], [0, 4, -1]]])
    let grid = theta.affineGrid(size: [2, 1])
    #expect(grid.shape == [1, 2, 1, 2])
    #expect(grid.scalars == [1, -3, 1, 1])
    #expect(theta.affineGrid(size: [2, 2], alignCorners: true).scalars == [-1, -5, 3, -5, -1, 3, 3, 3])
    let volume = Tensor<Double>([[[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0.5]]]).affineGrid(size: [2, 1, 3])
    // x takes z, which is −1/2 and 1/2; z takes x + 1/2.
    #expect(volume[0, .all, 0, .all, 0].scalars == [-0.5, -0.5, -0.5, 0.5, 0.5, 0.5])
    let third = volume[0, 1, 0, .all, 2].scalars
    #expect(zip(third, [-1.0 / 6, 0.5, 7.0 / 6]).allSatisfy { abs($0 - $1) < 1e-15 })
    let x = Tensor<Double>.arange(0, 12).reshaped([1, 1, 3, 4]),
      identity = Tensor<Double>([[[1, 0, 0], [0, 1, 0]]])
    for aligned in [false, true] {
      let same = x.gridSample(
        identity.affineGrid(size: [3, 4], alignCorners: aligned), alignCorners: aligned)
      #expect(same.allClose(x, rtol: 0, atol: 1e-14))
    }
  }

  @Test("The indices of a fractional pool, and drawn samples")
  func fractionalIndices() {
    let x = Tensor<Float>.arange(0, 36).reshaped([1, 1, 6, 6])
    let samples = Tensor<Float>([[[0, 0.75]]])
    // Steps of 2: along the last axis from 0, 2, 4; along the other floor(1.5) = 1 less: 0, 2, 4.
    let (values, indices) = x.fractionalMaxPoolWithIndices(kernelSize: 2, outputSize: 3, samples: samples)
    #expect(values.scalars == [7, 9, 11, 19, 21, 23, 31, 33, 35])
    #expect(indices.scalars == values.scalars.map { Int($0) })
    var random = RandomGenerator(seed: 5)
    let y = withRandom(&random) { x.fractionalMaxPool(kernelSize: [1, 2], outputSize: [4, 3]) }
    #expect(y.shape == [1, 1, 4, 3] && y[0, 0, -1, -1].item == 35)
  }
}

/// The largest elements of windows that begin where the samples say: for images the last axis has the first
/// one.
private func fractional(_ x: Grid, _ samples: Grid, kernel: Int, out: Int) -> Grid {
  let size = Array(x.shape.dropFirst(2)), axes = size.count
  return Grid(Array(x.shape.prefix(2)) + size.map { _ in out }) { index in
    let starts = (0..<axes).map { axis -> Int in
      let o = index[2 + axis], room = size[axis] - kernel
      if o == out - 1 { return room }
      let u = samples[index[0], index[1], axes == 2 ? 1 - axis : axis],
        step = Extended(room) / Extended(out - 1)
      return Int(((Extended(o) + u) * step).rounded(.down)) - Int((u * step).rounded(.down))
    }
    let offsets = Grid.indices(size.map { _ in kernel })
    return offsets.map { x[Array(index.prefix(2)) + zip(starts, $0).map(+)] }.max()!
  }
}
