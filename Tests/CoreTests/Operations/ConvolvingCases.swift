import MartletCore
import TestSupport
import Testing

/// A convolution over any number of axes, tap by tap, as a list of triples: an element of x, one of the
/// kernel, an output.
private struct Meetings {
  let stride: Int, padding: Int, dilation: Int, groups: Int

  init(stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
    (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
  }

  func out(_ x: [Int], _ w: [Int]) -> [Int] {
    [x[0], w[0]]
      + zip(x, w).dropFirst(2).map { ($0 + 2 * padding - dilation * ($1 - 1) - 1) / stride + 1 }
  }

  /// Calls `body` with the row-major numbers of the elements of x, of the kernel and of the output in each
  /// triple.
  func each(_ x: [Int], _ w: [Int], _ y: [Int], _ body: (Int, Int, Int) -> Void) {
    func three(_ shape: [Int]) -> [Int] { Array(repeating: 1, count: 5 - shape.count) + shape.dropFirst(2) }
    let size = three(x), kernel = three(w), out = three(y), padded = 5 - x.count
    /// The pixel that a tap sees along an axis, or nil. A missing axis has no padding.
    func pixel(_ axis: Int, _ output: Int, _ tap: Int) -> Int? {
      let at = output * stride + tap * dilation - (axis < padded ? 0 : padding)
      return at >= 0 && at < size[axis] ? at : nil
    }
    let pixels = size[0] * size[1] * size[2], places = out[0] * out[1] * out[2]
    for o in 0..<w[0] {
      for c in 0..<w[1] {
        let channel = o / (w[0] / groups) * w[1] + c
        for tap in Grid.indices(kernel) {
          let weight =
            ((o * w[1] + c) * kernel[0] + tap[0]) * kernel[1] * kernel[2] + tap[1] * kernel[2] + tap[2]
          for n in 0..<x[0] {
            let from = (n * x[1] + channel) * pixels, to = (n * w[0] + o) * places
            for d in 0..<out[0] {
              guard let atD = pixel(0, d, tap[0]) else { continue }
              for h in 0..<out[1] {
                guard let atH = pixel(1, h, tap[1]) else { continue }
                let row = from + (atD * size[1] + atH) * size[2], line = to + (d * out[1] + h) * out[2]
                for k in 0..<out[2] {
                  if let at = pixel(2, k, tap[2]) { body(row + at, weight, line + k) }
                }
              }
            }
          }
        }
      }
    }
  }

  func convolve(_ x: Grid, _ w: Grid, _ bias: Grid? = nil) -> Grid {
    let shape = out(x.shape, w.shape)
    var y = (bias.map { bias in Grid(shape) { bias[$0[1]] } } ?? Grid(shape) { _ in 0 }).values
    let (xs, ws) = (x.values, w.values)
    each(x.shape, w.shape, shape) { y[$2] += xs[$0] * ws[$1] }
    return Grid(shape, values: y)
  }

  func transpose(_ y: Grid, _ w: Grid, to shape: [Int], _ bias: Grid) -> Grid {
    var x = Grid(shape) { bias[$0[1]] }.values
    let (ys, ws) = (y.values, w.values)
    each(shape, w.shape, y.shape) { x[$0] += ys[$2] * ws[$1] }
    return Grid(shape, values: x)
  }

  /// Kernels that each select one tap of one channel. Convolution with them unfolds, and transposed
  /// convolution folds.
  private func taps(_ channels: Int, _ kernel: [Int]) -> Grid {
    let count = kernel.reduce(1, *)
    return Grid([channels * count, channels] + kernel) { i in
      let tap = zip(i.dropFirst(2), kernel).reduce(0) { $0 * $1.1 + $1.0 }
      return i[0] == i[1] * count + tap ? 1 : 0
    }
  }

  func unfold(_ x: Grid, _ kernel: [Int]) -> Grid {
    let y = convolve(x, taps(x.shape[1], kernel))
    return Grid([y.shape[0], y.shape[1], y.shape.dropFirst(2).reduce(1, *)], values: y.values)
  }

  func fold(_ y: Grid, _ kernel: [Int], to size: [Int]) -> Grid {
    let channels = y.shape[1] / kernel.reduce(1, *), shape = [y.shape[0], channels] + size
    let images = Grid(out(shape, [y.shape[1], channels] + kernel), values: y.values)
    return transpose(images, taps(channels, kernel), to: shape, Grid([channels]) { _ in 0 })
  }

  func kernels(_ x: Grid, _ g: Grid, of shape: [Int]) -> Grid {
    var w = Grid(shape) { _ in 0 }.values
    let (xs, gs) = (x.values, g.values)
    each(x.shape, shape, g.shape) { w[$1] += xs[$0] * gs[$2] }
    return Grid(shape, values: w)
  }
}

/// The gradient of the kernels, as an operation on x and on the gradient of the output.
private func kernels<E: DifferentiableScalar>(_ inputs: [Tensor<E>], _ shape: TensorShape) -> Tensor<E> {
  let weight = Tensor<E>.zeros(shape, requiresGrad: true)
  let y = inputs[0].conv2d(weight: weight, stride: 2, padding: 1)
  let gradient = y.gradient(of: weight, seed: inputs[1], createGraph: true)
  return gradient
}

/// The transposed convolution with kernels of one tap at stride 1. It appends `room` zeros to each axis,
/// which no tap reaches.
private func roomBehind(_ x: [Grid], _ room: Int...) -> Grid {
  let size = zip(x[0].shape.dropFirst(2), room).map { $0 + $1 }
  return Meetings().transpose(x[0], x[1], to: [x[0].shape[0], x[1].shape[1]] + size, x[2])
}

struct ConvolvingCases {
  private static let bound = Bound.ulpsOfMagnitudes(4)
  private static let plain = Meetings(), same = Meetings(padding: 1)
  private static let strided = Meetings(stride: 2, padding: 1)
  private static let depthwise = Meetings(padding: 1, groups: 3)
  private static let grouped = Meetings(dilation: 2, groups: 2)

  static let cases: [OpCase] = [
    OpCase(
      "Convolution", "one axis",
      inputs: [
        [[2, 3, 9], [4, 3, 3], [4]], [[1, 1, 70], [2, 1, 5], [2]], [[0, 2, 5], [3, 2, 2], [3]],
      ],
      bound: bound, dependsOnThreads: true, f32: { $0[0].conv1d(weight: $0[1], bias: $0[2]) },
      f64: { $0[0].conv1d(weight: $0[1], bias: $0[2]) }, reference: { plain.convolve($0[0], $0[1], $0[2]) }),
    OpCase(
      "Convolution", "as large as the image",
      inputs: [
        [[2, 3, 4, 5], [4, 3, 3, 3]], [[1, 2, 1, 1], [2, 2, 3, 3]], [[3, 1, 17, 6], [2, 1, 3, 3]],
      ],
      large: [[2, 8, 40, 41], [10, 8, 3, 3]], bound: bound, dependsOnThreads: true,
      f32: { $0[0].conv2d(weight: $0[1], padding: .same) },
      f64: { $0[0].conv2d(weight: $0[1], padding: .same) }, reference: { same.convolve($0[0], $0[1]) },
      misuse: [
        Misuse(
          "channels", "conv2d: inputs [1, 2, 4, 4] have 2 channels, but weight [3, 1, 3, 3] needs 1"
        ) {
          _ = Tensor<Float>.ones([1, 2, 4, 4]).conv2d(weight: .ones([3, 1, 3, 3]))
        },
        Misuse(
          "groups", "conv2d: weight [3, 1, 3, 3] cannot be split into 2 groups; their number must divide 3"
        ) {
          _ = Tensor<Float>.ones([1, 2, 4, 4]).conv2d(weight: .ones([3, 1, 3, 3]), groups: 2)
        },
        Misuse(
          "channels of groups",
          "inputs [1, 2, 4, 4] have 2 channels, but weight [4, 2, 3, 3] of 2 groups needs 4"
        ) {
          _ = Tensor<Float>.ones([1, 2, 4, 4]).conv2d(weight: .ones([4, 2, 3, 3]), groups: 2)
        },
        Misuse(
          "rank",
          "conv1d: inputs [4] and weight [3, 1, 3] do not match; they must be [n, in, …] and [out, in / groups, …] of rank 3"
        ) {
          _ = Tensor<Float>.ones([4]).conv1d(weight: .ones([3, 1, 3]))
        },
        Misuse("bias", "conv2d: bias [2] does not match weight [3, 1, 3, 3]; it must be [3]") {
          _ = Tensor<Float>.ones([1, 1, 4, 4]).conv2d(weight: .ones([3, 1, 3, 3]), bias: .ones([2]))
        },
        Misuse(
          "size",
          "conv2d: a kernel of [3, 3] with dilation [1, 1] does not fit in images of [2, 4] with padding [0, 0]"
        ) {
          _ = Tensor<Float>.ones([1, 1, 2, 4]).conv2d(weight: .ones([3, 1, 3, 3]))
        },
        Misuse("stride", "conv2d: the stride [0, 0] and the dilation [1, 1] must be 2 numbers above 0 each") {
          _ = Tensor<Float>.ones([1, 1, 4, 4]).conv2d(weight: .ones([3, 1, 3, 3]), stride: 0)
        },
        Misuse("pixels", "weight [1, 1, 1, 1] are too large: BLAS counts in 32 bits") {
          _ = Tensor<Float>.ones([1, 1, 1, 1]).broadcast(to: [1, 1, 1 << 16, 1 << 16])
            .conv2d(weight: .ones([1, 1, 1, 1]))
        },
        Misuse(
          "same",
          "padding .same does not fit a kernel of [2, 3] with stride [2, 2] and dilation [1, 1]; it must be 2 numbers of"
        ) {
          _ = Tensor<Float>.ones([1, 1, 4, 4]).conv2d(weight: .ones([3, 1, 2, 3]), stride: 2, padding: .same)
        },
      ]),
    OpCase(
      "Convolution", "minimal filtering", inputs: [[[3, 17, 9, 11], [26, 17, 3, 3], [26]]],
      large: [[3, 40, 16, 16], [40, 40, 3, 3], [40]], bound: bound, dependsOnThreads: true,
      f32: { $0[0].conv2d(weight: $0[1], bias: $0[2], padding: 1) },
      f64: { $0[0].conv2d(weight: $0[1], bias: $0[2], padding: 1) },
      reference: { same.convolve($0[0], $0[1], $0[2]) }),
    OpCase(
      "Convolution", "strides",
      inputs: [[[2, 3, 5, 6], [2, 3, 3, 3], [2]], [[1, 2, 7, 40], [3, 2, 1, 2], [3]]],
      large: [[2, 16, 40, 41], [18, 16, 3, 3], [18]], bound: bound, dependsOnThreads: true,
      f32: { $0[0].conv2d(weight: $0[1], bias: $0[2], stride: 2, padding: 1) },
      f64: { $0[0].conv2d(weight: $0[1], bias: $0[2], stride: 2, padding: 1) },
      reference: { strided.convolve($0[0], $0[1], $0[2]) }),
    OpCase(
      "Convolution", "points", inputs: [[[2, 3, 5, 6], [4, 3, 1, 1]]],
      large: [[2, 40, 25, 30], [40, 40, 1, 1]],
      bound: bound, dependsOnThreads: true, f32: { $0[0].conv2d(weight: $0[1]) },
      f64: { $0[0].conv2d(weight: $0[1]) }, reference: { plain.convolve($0[0], $0[1]) }),
    OpCase(
      "Convolution", "depthwise",
      inputs: [[[2, 3, 4, 5], [3, 1, 3, 3], [3]], [[1, 3, 3, 40], [6, 1, 3, 2], [6]]],
      large: [[2, 3, 90, 101], [3, 1, 3, 3], [3]], bound: bound,
      f32: { $0[0].conv2d(weight: $0[1], bias: $0[2], padding: 1, groups: 3) },
      f64: { $0[0].conv2d(weight: $0[1], bias: $0[2], padding: 1, groups: 3) },
      reference: { depthwise.convolve($0[0], $0[1], $0[2]) }),
    OpCase(
      "Convolution", "groups and dilation", inputs: [[[2, 4, 5, 6], [6, 2, 2, 3]]], bound: bound,
      dependsOnThreads: true, f32: { $0[0].conv2d(weight: $0[1], dilation: 2, groups: 2) },
      f64: { $0[0].conv2d(weight: $0[1], dilation: 2, groups: 2) },
      reference: { grouped.convolve($0[0], $0[1]) }),
    OpCase(
      "Convolution", "three axes", inputs: [[[2, 2, 3, 4, 5], [3, 2, 3, 3, 3], [3]]], bound: bound,
      dependsOnThreads: true, f32: { $0[0].conv3d(weight: $0[1], bias: $0[2], padding: 1) },
      f64: { $0[0].conv3d(weight: $0[1], bias: $0[2], padding: 1) },
      reference: { same.convolve($0[0], $0[1], $0[2]) }),
    OpCase(
      "ConvolutionTranspose",
      inputs: [[[2, 3, 2, 4], [3, 2, 3, 3], [2]], [[1, 2, 1, 20], [2, 3, 3, 3], [3]]],
      large: [[2, 18, 20, 21], [18, 16, 3, 3], [16]], bound: bound, dependsOnThreads: true,
      f32: { $0[0].convTranspose2d(weight: $0[1], bias: $0[2], stride: 2, padding: 1, outputPadding: 1) },
      f64: { $0[0].convTranspose2d(weight: $0[1], bias: $0[2], stride: 2, padding: 1, outputPadding: 1) },
      reference: { x in
        let shape = [x[0].shape[0], x[1].shape[1]] + x[0].shape.dropFirst(2).map { 2 * $0 }
        return strided.transpose(x[0], x[1], to: shape, x[2])
      },
      misuse: [
        Misuse(
          "channels", "convTranspose2d: inputs [1, 2, 4, 4] have 2 channels, but weight [3, 1, 3, 3] needs 3"
        ) {
          _ = Tensor<Float>.ones([1, 2, 4, 4]).convTranspose2d(weight: .ones([3, 1, 3, 3]))
        },
        Misuse(
          "output padding",
          "convTranspose1d: the output padding [2] must be 1 numbers of at least 0, below the stride [2] or the dilation [1]"
        ) {
          _ = Tensor<Float>.ones([1, 1, 4]).convTranspose1d(
            weight: .ones([1, 1, 3]), stride: 2, outputPadding: 2)
        },
        Misuse(
          "size",
          "convTranspose2d: a kernel of [1, 1] on images of [1, 1] with padding [1, 1] makes results of [-1, -1]; extents must be at least 0"
        ) {
          _ = Tensor<Float>.ones([1, 1, 1, 1]).convTranspose2d(weight: .ones([1, 1, 1, 1]), padding: 1)
        },
        Misuse(
          "pixels",
          "convTranspose2d: inputs [1, 1, 65536, 65536] and weight [1, 1, 1, 1] are too large: BLAS counts in 32 bits"
        ) {
          _ = Tensor<Float>.ones([1, 1, 1, 1]).broadcast(to: [1, 1, 1 << 16, 1 << 16])
            .convTranspose2d(weight: .ones([1, 1, 1, 1]))
        },
      ]),
    OpCase(
      "ConvolutionTranspose", "one tap and room behind, one axis",
      inputs: [[[1, 1, 3], [1, 1, 1], [1]], [[2, 3, 5], [3, 2, 1], [2]]], bound: bound,
      dependsOnThreads: true,
      f32: { $0[0].convTranspose1d(weight: $0[1], bias: $0[2], outputPadding: 3, dilation: 4) },
      f64: { $0[0].convTranspose1d(weight: $0[1], bias: $0[2], outputPadding: 3, dilation: 4) },
      reference: { roomBehind($0, 3) }),
    OpCase(
      "ConvolutionTranspose", "one tap and room behind, two axes",
      inputs: [[[2, 3, 2, 4], [3, 2, 1, 1], [2]], [[1, 2, 1, 20], [2, 3, 1, 1], [3]]], bound: bound,
      dependsOnThreads: true,
      f32: { $0[0].convTranspose2d(weight: $0[1], bias: $0[2], outputPadding: [0, 1], dilation: 2) },
      f64: { $0[0].convTranspose2d(weight: $0[1], bias: $0[2], outputPadding: [0, 1], dilation: 2) },
      reference: { roomBehind($0, 0, 1) }),
    OpCase(
      "ConvolutionTranspose", "one tap and room behind, three axes",
      inputs: [[[2, 2, 2, 3, 2], [2, 3, 1, 1, 1], [3]]], bound: bound, dependsOnThreads: true,
      f32: { $0[0].convTranspose3d(weight: $0[1], bias: $0[2], outputPadding: [2, 1, 0], dilation: 3) },
      f64: { $0[0].convTranspose3d(weight: $0[1], bias: $0[2], outputPadding: [2, 1, 0], dilation: 3) },
      reference: { roomBehind($0, 2, 1, 0) }),
    OpCase(
      "ConvolutionKernels", inputs: [[[2, 3, 5, 6], [2, 2, 3, 3]], [[1, 3, 5, 40], [1, 2, 3, 20]]],
      large: [[2, 3, 150, 150], [2, 2, 75, 75]], bound: bound, dependsOnThreads: true,
      f32: { kernels($0, [2, 3, 3, 3]) }, f64: { kernels($0, [2, 3, 3, 3]) },
      reference: { strided.kernels($0[0], $0[1], of: [2, 3, 3, 3]) }),
    OpCase(
      "Unfold", inputs: [[[2, 3, 5, 6]], [[1, 1, 4, 40]], [[0, 2, 4, 4]]], large: [[2, 3, 150, 151]],
      f32: { $0[0].unfolded(kernelSize: [3, 2], stride: 2, padding: 1) },
      f64: { $0[0].unfolded(kernelSize: [3, 2], stride: 2, padding: 1) },
      reference: { strided.unfold($0[0], [3, 2]) },
      misuse: [
        Misuse(
          "rank",
          "unfolded: inputs of shape [4, 4] do not fit windows of kernelSize: []; the shape must be [n, channels, …] with"
        ) {
          _ = Tensor<Float>.ones([4, 4]).unfolded(kernelSize: 2)
        },
        Misuse(
          "size", "unfolded: inputs of shape [1, 1, 2, 4] do not fit windows of kernelSize: [3, 3], stride"
        ) {
          _ = Tensor<Float>.ones([1, 1, 2, 4]).unfolded(kernelSize: 3, stride: 2)
        },
        Misuse("taps", "unfolded: the window must be 2 numbers above 0, not [0, 0]") {
          _ = Tensor<Float>.ones([1, 1, 2, 4]).unfolded(kernelSize: 0)
        },
        Misuse("stride", "unfolded: the stride [0, 0] and the dilation [1, 1] must be 2 numbers above 0 each")
        {
          _ = Tensor<Float>.ones([1, 1, 2, 4]).unfolded(kernelSize: 2, stride: 0)
        },
      ]),
    OpCase(
      "Unfold", "one axis, as large as the image", inputs: [[[2, 3, 5]], [[1, 2, 1]]],
      f32: { $0[0].unfolded(kernelSize: 3, padding: .same) },
      f64: { $0[0].unfolded(kernelSize: 3, padding: .same) }, reference: { same.unfold($0[0], [3]) }),
    OpCase(
      "Fold", inputs: [[[2, 18, 12]], [[1, 6, 12]], [[0, 6, 12]]], bound: bound,
      f32: { $0[0].folded(to: [5, 6], kernelSize: [3, 2], stride: 2, padding: 1) },
      f64: { $0[0].folded(to: [5, 6], kernelSize: [3, 2], stride: 2, padding: 1) },
      reference: { strided.fold($0[0], [3, 2], to: [5, 6]) },
      misuse: [
        Misuse(
          "columns",
          "folded: columns of shape [1, 4, 8] do not fold to images of [4, 4], windows of kernelSize: [2, 2]; the shape must be [n, channels"
        ) {
          _ = Tensor<Float>.ones([1, 4, 8]).folded(to: [4, 4], kernelSize: 2)
        },
        Misuse("taps", "folded: columns of shape [1, 3, 9] do not fold to images of [4, 4]") {
          _ = Tensor<Float>.ones([1, 3, 9]).folded(to: [4, 4], kernelSize: 2)
        },
        Misuse("size", "folded: columns of shape [1, 4, 9] do not fold to images of [-4, \(Int.max)]") {
          _ = Tensor<Float>.ones([1, 4, 9]).folded(to: [-4, .max], kernelSize: 2)
        },
      ]),
    OpCase(
      "Fold", "three axes", inputs: [[[1, 16, 12]]], bound: bound,
      f32: { $0[0].folded(to: [2, 4, 5], kernelSize: 2) },
      f64: { $0[0].folded(to: [2, 4, 5], kernelSize: 2) },
      reference: { plain.fold($0[0], [2, 2, 2], to: [2, 4, 5]) }),
  ]

  @Test(arguments: cases) func behaves(_ op: OpCase) { verify(op) }

  /// For an even kernel, `.same` puts the extra zero at the end, as in PyTorch. The values are computed by
  /// hand.
  @Test func evenKernelsAsLargeAsTheImage() {
    let x = Tensor<Double>([[[1, 2, 3]]], requiresGrad: true)
    let y = x.conv1d(weight: Tensor<Double>([[[1, 10]]]), padding: .same)
    #expect(y.scalars == [21, 32, 3])
    #expect(y.gradient(of: x, seed: Tensor<Double>([[[1, 2, 3]]])).scalars == [1, 12, 23])
    // Four taps at dilation 2: three zeros before and three after.
    let wide = x.conv1d(weight: Tensor<Double>([[[1, 10, 100, 1000]]]), padding: .same, dilation: 2)
    #expect(wide.scalars == [200, 310, 20])
    let image = Tensor<Double>([1, 2, 3, 4], shape: [1, 1, 2, 2])
    let both = image.conv2d(weight: Tensor<Double>.ones([1, 1, 2, 3]), padding: .same)
    #expect(both.scalars == [10, 10, 7, 7])
  }

  /// Padding that leaves an empty result, and its gradients.
  @Test func transposedConvolutionsToNothing() {
    let x = Tensor<Double>.ones([2, 1, 1], requiresGrad: true)
    let weight = Tensor<Double>.ones([1, 3, 2], requiresGrad: true)
    let y = x.convTranspose1d(weight: weight, padding: 1)
    #expect(y.shape == [2, 3, 0])
    #expect(y.gradient(of: x, seed: .zeros([2, 3, 0]), retainGraph: true).scalars == [0, 0])
    #expect(y.gradient(of: weight, seed: .zeros([2, 3, 0])).scalars == [0, 0, 0, 0, 0, 0])
  }
}
