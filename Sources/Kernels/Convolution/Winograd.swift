import CKernels

/// A convolution with kernels of 3 × 3 at stride 1 by Winograd's minimal filtering, in tiles of 2 × 2
/// outputs. The convolution is computed as sixteen matrix products with 2.25 times fewer multiplications. See
/// Winograd.c.
struct WinogradFilter {
  let plane: MTTiledPlane
  /// The numbers of images, of channels that are read, and of channels that are written.
  let images: Int, inputs: Int, outputs: Int
  /// True for the gradient of the images: the kernels are rotated by 180°, and their channels are exchanged.
  let isBack: Bool

  /// Creates a filter, or returns nil if it does not apply or the plain products are faster.
  init?(_ geometry: ConvolutionGeometry, for target: ConvolutionPass.Target) {
    let w = geometry.windows.table, (top, left) = (w.padding.1, w.padding.2)
    guard w.kernel == (1, 3, 3), w.size.0 == 1, w.out.0 == 1, w.padding.0 == 0, w.stride == (1, 1, 1),
      w.dilation == (1, 1, 1), geometry.groups == 1, !NaiveBLAS.isChosen
    else { return nil }
    isBack = target == .images
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
    if !pays(for: target) { return nil }
  }

  /// The number of tiles of all images.
  var tiles: Int { images * ((plane.outHeight + 1) / 2) * ((plane.outWidth + 1) / 2) }
  /// The number of pixels of an image that is read, and of one that is written.
  private var pixels: Int { plane.height * plane.width }
  private var places: Int { plane.outHeight * plane.outWidth }

  /// True if the saved multiplications take longer than the transforms.
  private func pays(for target: ConvolutionPass.Target) -> Bool {
    let costs = target == .kernels ? Tuning.winogradGradientCosts : Tuning.winogradCosts
    let whole = (tiles + 31) / 32 * 32
    let saved = (36 * tiles - 16 * whole) &* inputs &* outputs
    return saved
      > tiles &* (costs.input * inputs + costs.output * outputs) &+ costs.kernel &* inputs &* outputs
  }

  /// Computes a pass of the convolution.
  func run(_ pass: ConvolutionPass) throws(OutOfMemory) {
    switch pass.target {
    case .output: try filter(pass.x, pass.w, bias: pass.bias, into: pass.y, adds: false)
    case .images: try filter(pass.y, pass.w, bias: nil, into: pass.x, adds: pass.adds)
    case .kernels: try filterKernels(pass.x, pass.y, into: pass.w)
    }
  }

  /// Filters the images `x` into `y`. A bias for each channel is added, or the output is added to the
  /// contents of `y`.
  private func filter(
    _ x: Operand, _ w: Operand, bias: Operand?, into y: Operand, adds: Bool
  ) throws(OutOfMemory) {
    let block = Tuning.winogradTiles, tiles = self.tiles, size = x.size
    let loops = x.loops.pointee.winograd, panelLoops = x.loops.pointee.panels, width = panelLoops.width(1)
    let matrices = try Scratch(16 * outputs * inputs, of: x.element), multipliers = matrices.address
    Parallel.split(rows: outputs, of: 16 * inputs) { range in
      let (row, column) = isBack ? (9, 9 * outputs) : (9 * inputs, 9)
      loops.kernels(
        w.address, row, column, outputs, inputs, multipliers, range.lowerBound, range.upperBound,
        isBack ? 1 : 0)
    }
    let split = ConvolutionSplit(
      units: (tiles + block - 1) / block, channels: outputs, work: 16 &* block &* inputs &* outputs)
    let room = 16 * inputs * block * size
    try split.run(scratch: room + 16 * outputs * block * size) { piece, panels in
      let sums = panels + room, rows = piece.channels
      let first = piece.unit * block, last = min(tiles, first + block)
      let count = (last - first + width - 1) / width, row = count * width
      withUnsafePointer(to: plane) { plane in
        if piece.isFirst {
          loops.images(x.address, inputs * pixels, inputs, plane, first, last, panels, width)
        }
        for k in 0..<16 {
          panelLoops.multiply(
            multipliers + (k * outputs + rows.lowerBound) * inputs * size, rows.count,
            panels + k * inputs * row * size, sums + k * rows.count * row * size,
            MTPanels(groups: 1, units: row, depth: inputs), 0, count, 0)
        }
        loops.outputs(
          sums, rows.count * row, row, bias?.at(rows.lowerBound), y.at(rows.lowerBound * places),
          outputs * places, rows.count, plane, first, last, adds ? 1 : 0)
      }
    }
    // The matrices must outlive the pieces.
    extendLifetime(matrices)
  }

  /// Adds the gradient of the kernels to `w`, for images `x` and the gradient `y` of the output. One thread
  /// computes a piece of the channels over all images.
  private func filterKernels(_ x: Operand, _ y: Operand, into w: Operand) throws(OutOfMemory) {
    let block = Tuning.winogradGradientTiles, tiles = self.tiles, size = x.size
    let loops = x.loops.pointee.winograd, width = x.loops.pointee.panels.width(1)
    let split = ConvolutionSplit(units: 1, channels: inputs, work: 16 &* tiles &* inputs &* outputs)
    let product = PieceProduct(of: x.element), share = split.share
    let (imageRoom, gradientRoom) = (16 * share * block * size, 16 * outputs * block * size)
    try split.run(scratch: imageRoom + gradientRoom + 16 * outputs * share * size) { piece, images in
      let gradients = images + imageRoom, sums = gradients + gradientRoom
      let channel = piece.channels.lowerBound, count = piece.channels.count
      withUnsafePointer(to: plane) { plane in
        for first in stride(from: 0, to: tiles, by: block) {
          let last = min(tiles, first + block), row = (last - first + width - 1) / width * width
          loops.images(x.at(channel * pixels), inputs * pixels, count, plane, first, last, images, row)
          loops.gradients(y.address, outputs * places, outputs, plane, first, last, gradients, row)
          for k in 0..<16 {
            product(
              BLASOperand(gradients + k * outputs * row * size, leading: row),
              BLASOperand(images + k * count * row * size, leading: row, isTransposed: true),
              into: sums + k * outputs * count * size, row: count, m: outputs, n: count, k: row,
              adds: first > 0)
          }
        }
      }
      loops.kernelGradients(sums, outputs, count, w.at(9 * channel), 9 * inputs, 0, outputs)
    }
  }
}
