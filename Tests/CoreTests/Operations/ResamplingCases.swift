import MartletCore
import TestSupport
import Testing

/// Interpolates the last axis. Each position has a source: its integer part is the lower element, its
/// fraction the weight of the next.
private func interpolated(_ x: Grid, _ count: Int, _ source: @escaping (Int) -> Extended) -> Grid {
  x.mapped(along: x.shape.count - 1) { line in
    (0..<count).map { j in
      let at = source(j), k = Int(at), w = at - Extended(k)
      return w == 0 ? line[k] : line[k] * (1 - w) + line[k + 1] * w
    }
  }
}

/// The sources of twice as many positions on a line, clamped to its ends.
private func halfway(_ n: Int) -> (Int) -> Extended {
  { j in Swift.min(Swift.max((Extended(j) + 0.5) / 2 - 0.5, 0), Extended(n - 1)) }
}

/// The transposed map: the gradient of each element of a line, from a line of twice as many.
private func returned(_ g: Grid) -> Grid {
  g.mapped(along: g.shape.count - 1) { line in
    let n = line.count / 2
    var sums = [Extended](repeating: 0, count: n)
    for (j, value) in line.enumerated() {
      let at = halfway(n)(j), k = Int(at), w = at - Extended(k)
      sums[k] += value * (1 - w)
      if w > 0 { sums[k + 1] += value * w }
    }
    return sums
  }
}

/// Twice as many positions. They lie a quarter before and after each element, so the cubic has eight weights.
private func cubed(_ x: Grid) -> Grid {
  let weights: [Extended] = [-0.03515625, 0.26171875, 0.87890625, -0.10546875]
  return x.mapped(along: x.shape.count - 1) { line in
    (0..<2 * line.count).map { j in
      let isBefore = j % 2 == 0, start = j / 2 - (isBefore ? 2 : 1)
      return (0..<4).reduce(0) { sum, tap in
        let at = Swift.min(Swift.max(start + tap, 0), line.count - 1)
        return sum + line[at] * weights[isBefore ? tap : 3 - tap]
      }
    }
  }
}

/// Half as many positions, between elements 2j and 2j + 1. The triangle has the weights 1, 3, 3, 1, as far as
/// there are elements.
private func halved(_ x: Grid) -> Grid {
  x.mapped(along: x.shape.count - 1) { line in
    (0..<line.count / 2).map { j in
      let parts = [1, 3, 3, 1].enumerated().compactMap { tap, weight -> (Extended, Extended)? in
        let at = 2 * j - 1 + tap
        return line.indices.contains(at) ? (Extended(weight), Extended(weight) * line[at]) : nil
      }
      return parts.reduce(0) { $0 + $1.1 } / parts.reduce(0) { $0 + $1.0 }
    }
  }
}

private func leaf<Element: DifferentiableScalar>(_ shape: [Int]) -> Tensor<Element> {
  .zeros(TensorShape(shape), requiresGrad: true)
}

private func back<Element: DifferentiableScalar>(_ g: Tensor<Element>) -> Tensor<Element> {
  let x: Tensor<Element> = leaf([g.shape[0], g.shape[1], g.shape[2] / 2])
  return x.upsampled(by: 2, mode: .linear).gradient(of: x, seed: g, createGraph: true)
}

struct ResamplingCases {
  static let cases: [OpCase] = [
    OpCase(
      "Resample", "nearest", inputs: [[[2, 3, 5]], [[1, 1, 1]], [[1, 2, 67]]],
      large: [[20, 30, 80]], f32: { $0[0].upsampled(by: 2) }, f64: { $0[0].upsampled(by: 2) },
      reference: { x in interpolated(x[0], 2 * x[0].shape[2]) { Extended($0 / 2) } }),
    OpCase(
      "Resample", "linear", inputs: [[[2, 3, 5]], [[1, 1, 1]], [[1, 2, 67]]],
      large: [[20, 30, 80]], bound: .ulpsOfMagnitudes(1), f32: { $0[0].upsampled(by: 2, mode: .linear) },
      f64: { $0[0].upsampled(by: 2, mode: .linear) },
      reference: { x in interpolated(x[0], 2 * x[0].shape[2], halfway(x[0].shape[2])) }),
    OpCase(
      "Resample", "cubic", inputs: [[[2, 3, 5]], [[1, 1, 1]], [[1, 2, 67]]], large: [[20, 30, 80]],
      bound: .ulps(4, floor: 1), f32: { $0[0].upsampled(by: 2, mode: .cubic) },
      f64: { $0[0].upsampled(by: 2, mode: .cubic) }, reference: { x in cubed(x[0]) }),
    OpCase(
      "Resample", "halved smoothly", inputs: [[[2, 3, 8]], [[1, 1, 2]], [[1, 2, 66]]],
      bound: .ulpsOfMagnitudes(4), f32: { $0[0].upsampled(by: 0.5, mode: .smoothLinear) },
      f64: { $0[0].upsampled(by: 0.5, mode: .smoothLinear) }, reference: { x in halved(x[0]) }),
    OpCase(
      "Resample", "to a size, the ends aligned", inputs: [[[2, 3, 4]], [[1, 2, 4]]],
      bound: .ulpsOfMagnitudes(1), f32: { $0[0].upsampled(to: [7], mode: .linear, alignCorners: true) },
      f64: { $0[0].upsampled(to: [7], mode: .linear, alignCorners: true) },
      reference: { x in interpolated(x[0], 7) { Extended($0) / 2 } }),
    OpCase(
      "ResampleBack", inputs: [[[2, 3, 10]], [[1, 1, 2]], [[1, 2, 66]]], bound: .ulpsOfMagnitudes(2),
      f32: { back($0[0]) }, f64: { back($0[0]) }, reference: { returned($0[0]) }),
    OpCase(
      "Pad", inputs: [[[2, 3]], [[0, 2]], [[3, 4, 67]]], large: [[30, 1200]],
      f32: { $0[0].padded([(1, 0), (2, 3)], value: 1.5) },
      f64: { $0[0].padded([(1, 0), (2, 3)], value: 1.5) },
      reference: { x in
        var shape = x[0].shape
        let last = shape.count - 1
        shape[last] += 5
        shape[last - 1] += 1
        return Grid(shape) { index in
          var at = index
          at[last] -= 2
          at[last - 1] -= 1
          return at[last - 1] >= 0 && 0..<shape[last] - 5 ~= at[last] ? x[0][at] : 1.5
        }
      }),
    OpCase(
      "Concatenate", "the ends mirrored", inputs: [[[3, 4]], [[2, 67]]],
      f32: { $0[0].padded([(3, 2)], mode: .reflect) }, f64: { $0[0].padded([(3, 2)], mode: .reflect) },
      reference: { x in
        x[0].mapped(along: 1) { line in
          Array(line[1...3].reversed()) + line + Array(line[(line.count - 3)...(line.count - 2)].reversed())
        }
      }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  @Test("No samples stay none") func noSamples() {
    #expect(Tensor<Float>.zeros([0, 2, 3]).upsampled(by: 2, mode: .linear).shape == [0, 2, 6])
  }

  @Test("A position that falls on an element is that element: 49 times 1/49 is less than 1")
  func positionsOnElements() {
    let x = Tensor<Double>([[[0, 1]]]),
      expected = [Double](repeating: 0, count: 49) + [Double](repeating: 1, count: 49)
    #expect(x.upsampled(to: [98]).scalars == expected)
    #expect(x.upsampled(by: 49).scalars == expected)
  }

  @Test("Integers are padded too, from the other end and with the last one")
  func integers() {
    let x = Tensor<Int>([[1, 2], [3, 4]])
    #expect(x.padded([(1, 0), (0, 1)], value: 9).scalars == [9, 9, 9, 1, 2, 9, 3, 4, 9])
    #expect(x.padded([(1, 2)], mode: .circular).scalars == [2, 1, 2, 1, 2, 4, 3, 4, 3, 4])
    #expect(x.padded([(2, 1), (0, 0)], mode: .replicate).scalars == [1, 2, 1, 2, 1, 2, 3, 4, 3, 4])
    #expect(x.padded([]).scalars == x.scalars)
  }

  /// The right values by PyTorch's rule: an axis whose extent does not change is copied.
  @Test func extentsThatStayTheSame() {
    let x = Tensor<Double>([[[1, 2, 4]]])
    #expect(x.upsampled(by: 1.3).scalars == [1, 2, 4])
    #expect(x.upsampled(by: 1.3, mode: .linear).scalars == [1, 2, 4])
    #expect(x.upsampled(by: 1.3, mode: .cubic).scalars == [1, 2, 4])
    // 2 · 1.6 = 3.2 rows and 1 · 1.6 = 1.6 columns: the columns are copied, the rows are not.
    let image = Tensor<Double>([1, 3], shape: [1, 1, 2, 1])
    #expect(image.upsampled(by: 1.6).scalars == [1, 1, 3])
  }

  /// The table of positions is not made before the memory of the result is there.
  @Test func sizesBeyondMemory() {
    let x = Tensor<Float>.ones([1, 1, 3])
    for mode in [UpsamplingMode.nearest, .nearestExact, .linear, .cubic, .smoothCubic] {
      let error = refusal { _ = x.upsampled(to: [Int.max], mode: mode) }
      #expect(error?.reason == "there is no room for a tensor of shape [1, 1, 9223372036854775807]")
    }
  }

  /// Negative amounts remove elements, as NumPy's slices do. Mirrored padding uses the whole axis.
  @Test func amountsBelowZero() {
    let x = Tensor<Double>([1, 2, 3, 4], requiresGrad: true)
    #expect(x.padded([(-1, 2)]).scalars == [2, 3, 4, 0, 0])
    #expect(x.padded([(2, -3)], value: 9).scalars == [9, 9, 1])
    #expect(x.padded([(-2, -2)]).shape == [0])
    #expect(x.padded([(-1, 2)], mode: .reflect).scalars == [2, 3, 4, 3, 2])
    #expect(x.padded([(1, -1)], mode: .circular).scalars == [4, 1, 2, 3])
    #expect(x.padded([(-2, 1)], mode: .replicate).scalars == [3, 4, 4])
    let y = x.padded([(-1, 2)])
    #expect(y.gradient(of: x, seed: Tensor<Double>([1, 2, 3, 4, 5])).scalars == [0, 1, 2, 3])
    let image = Tensor<Double>([[1, 2, 3], [4, 5, 6]])
    #expect(image.padded([(-1, 0), (1, -2)]).scalars == [0, 4])
  }
}
