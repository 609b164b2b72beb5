import CKernels
import CRuntime

/// A convolution with kernels of 3 × 3 at stride 1 by Winograd's minimal filtering, in tiles of 2 × 2
/// outputs. The convolution is computed as sixteen matrix products with 2.25 times fewer multiplications. See
/// Winograd.c.
struct WinogradFilter {
  /// The tensor to compute: the output, the gradient of the images, or the gradient of the kernels.
  enum Result { case output, images, kernels }

  let plane: MTTiledPlane
  /// The numbers of images, of channels that are read, and of channels that are written.
  let images: Int, inputs: Int, outputs: Int
  /// True for the gradient of the images: the kernels are rotated by 180°, and their channels are exchanged.
  let isBack: Bool

  /// Creates a filter, or returns nil if it does not apply or the plain products are faster.
  init?(_ geometry: ConvolutionGeometry, for result: Result) {
    let w = geometry.windows, (top, left) = (w.padding.1, w.padding.2)
    guard w.kernel == (1, 3, 3), w.size.0 == 1, w.out.0 == 1, w.padding.0 == 0, w.stride == (1, 1, 1),
      w.dilation == (1, 1, 1), geometry.groups == 1, martlet_thread().pointee.naiveProducts == 0
    else { return nil }
    isBack = result == .images
    images = geometry.images
    if isBack {
      guard top <= 2, left <= 2 else { return nil }
      (inputs, outputs) = (geometry.outputs, geometry.inputs)
      plane = MTTiledPlane(
        height: w.out.1, width: w.out.2, top: 2 - top, left: 2 - left, outHeight: w.size.1,
        outWidth: w.size.2)
    } else {
      (inputs, outputs) = (geometry.inputs, geometry.outputs)
      plane = MTTiledPlane(
        height: w.size.1, width: w.size.2, top: top, left: left, outHeight: w.out.1, outWidth: w.out.2)
    }
    if !pays(for: result) { return nil }
  }

  /// The number of tiles of all images.
  var tiles: Int { images * ((plane.outHeight + 1) / 2) * ((plane.outWidth + 1) / 2) }

  /// True if the saved multiplications take longer than the transforms. The transforms of a tile in an input
  /// channel, of a tile in an output channel and of a kernel each count as a number of multiplications. The
  /// numbers were measured with AVX-512; with other instruction sets the multiplications take longer.
  private func pays(for result: Result) -> Bool {
    let (pixels, places, kernels) = result == .kernels ? (160, 300, 600) : (160, 80, 300)
    let whole = (tiles + 31) / 32 * 32
    let saved = (36 * tiles - 16 * whole) &* inputs &* outputs
    return saved > tiles &* (pixels * inputs + places * outputs) &+ kernels &* inputs &* outputs
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Filters these images into `result` and returns it. A bias for each channel is added, or the output is
  /// added to the contents of `result`.
  func filter(
    _ filter: WinogradFilter, _ weight: Tensor, bias: Tensor? = nil, into result: Tensor, adds: Bool = false
  ) -> Tensor {
    // The transforms of `block` tiles fit the second-level cache.
    let block = 64, tiles = filter.tiles, blocks = (tiles + block - 1) / block
    let (inputs, outputs, plane) = (filter.inputs, filter.outputs, filter.plane)
    let matrices = Tensor(uninitialized: [16, outputs, inputs])
    if matrices.isFailed { return matrices }
    let loops = Element.kernels.loops.pointee, stride = MemoryLayout<Element>.stride
    let kernels = weight.address, multipliers = matrices.address
    Parallel.split(rows: outputs, of: 16 * inputs) { range in
      let (row, column) = filter.isBack ? (9, 9 * outputs) : (9 * inputs, 9)
      loops.winograd.kernels(
        kernels, row, column, outputs, inputs, multipliers, range.lowerBound, range.upperBound,
        filter.isBack ? 1 : 0)
    }
    // Parallelises over blocks; if there are fewer of them than threads, splits the output channels too.
    let work = 16 &* block &* inputs &* outputs, width = loops.panels.width(1)
    let pieces = blocks < Parallel.threads ? Parallel.parts(outputs, of: work) : 1
    let from = address, to = result.address
    let pixels = plane.height * plane.width, places = plane.outHeight * plane.outWidth
    let room = 16 * inputs * block * stride
    let failure = Parallel.split(
      products: blocks * pieces, of: work / pieces, scratch: room + 16 * outputs * block * stride
    ) { range, panels in
      let sums = panels + room
      withUnsafePointer(to: plane) { plane in
        for i in range {
          let (number, piece) = i.quotientAndRemainder(dividingBy: pieces)
          let rows = outputs * piece / pieces..<outputs * (piece + 1) / pieces
          let first = number * block, last = Swift.min(tiles, first + block)
          let count = (last - first + width - 1) / width, row = count * width
          if piece == 0 || i == range.lowerBound {
            loops.winograd.images(from, inputs * pixels, inputs, plane, first, last, panels, width)
          }
          for k in 0..<16 {
            loops.panels.multiply(
              multipliers + (k * outputs + rows.lowerBound) * inputs * stride, rows.count,
              panels + k * inputs * row * stride, sums + k * rows.count * row * stride,
              MTPanels(groups: 1, units: row, depth: inputs), 0, count, 0)
          }
          loops.winograd.outputs(
            sums, rows.count * row, row, bias.map { $0.address + rows.lowerBound * stride },
            to + rows.lowerBound * places * stride, outputs * places, rows.count, plane, first, last,
            adds ? 1 : 0)
        }
      }
    }
    return failure.map { .failed(by: $0) } ?? result
  }

  /// Adds the gradient of the kernels to `result` and returns it, for these images and the gradient of the
  /// output. One thread computes a piece of the channels over all images.
  func filterKernels(_ filter: WinogradFilter, _ gradient: Tensor, into result: Tensor) -> Tensor {
    let block = 128, tiles = filter.tiles
    let (inputs, outputs, plane) = (filter.inputs, filter.outputs, filter.plane)
    let loops = Element.kernels.loops.pointee, stride = MemoryLayout<Element>.stride
    let from = address, with = gradient.address, to = result.address
    let pixels = plane.height * plane.width, places = plane.outHeight * plane.outWidth
    let work = 16 &* tiles &* inputs &* outputs, width = loops.panels.width(1)
    let pieces = Parallel.parts(inputs, of: work), product = PieceProduct<Element>()
    let share = (inputs + pieces - 1) / pieces
    let (imageRoom, gradientRoom) = (16 * share * block * stride, 16 * outputs * block * stride)
    let failure = Parallel.split(
      products: pieces, of: work / pieces,
      scratch: imageRoom + gradientRoom + 16 * outputs * share * stride
    ) { range, images in
      let gradients = images + imageRoom, sums = gradients + gradientRoom
      for piece in range {
        let channels = inputs * piece / pieces..<inputs * (piece + 1) / pieces, count = channels.count
        withUnsafePointer(to: plane) { plane in
          for first in Swift.stride(from: 0, to: tiles, by: block) {
            let last = Swift.min(tiles, first + block), row = (last - first + width - 1) / width * width
            loops.winograd.images(
              from + channels.lowerBound * pixels * stride, inputs * pixels, count, plane, first, last,
              images, row)
            loops.winograd.gradients(
              with, outputs * places, outputs, plane, first, last, gradients, row)
            for k in 0..<16 {
              product(
                BLASOperand(gradients + k * outputs * row * stride, leading: row),
                BLASOperand(images + k * count * row * stride, leading: row, isTransposed: true),
                into: sums + k * outputs * count * stride, row: count, m: outputs, n: count, k: row,
                adds: first > 0)
            }
          }
        }
        loops.winograd.kernelGradients(
          sums, outputs, count, to + 9 * channels.lowerBound * stride, 9 * inputs, 0, outputs)
      }
    }
    return failure.map { .failed(by: $0) } ?? result
  }
}
