import CKernels

/// The geometry of a convolution over images of one to three axes, and of its two derivatives.
package struct ConvolutionGeometry {
  package let windows: SlidingWindows
  /// The numbers of images, input channels, output channels, and groups of channels.
  package let images: Int, inputs: Int, outputs: Int, groups: Int
  /// The number of pixels of an input image, of an output image, and of a kernel.
  let pixels: Int, places: Int, taps: Int

  package init(images: Int, inputs: Int, outputs: Int, groups: Int, windows: SlidingWindows) {
    (self.images, self.inputs, self.outputs, self.groups) = (images, inputs, outputs, groups)
    self.windows = windows
    (pixels, places, taps) = (windows.pixels, windows.count, windows.taps)
  }

  /// The number of channels of a group.
  var groupInputs: Int { inputs / groups }
  var groupOutputs: Int { outputs / groups }
  /// The number of multiplications of the convolution and of each derivative, including those with padding.
  var multiplyAdds: Int { images &* outputs &* places &* depth }
  /// The number of rows of a group's unfolded columns.
  var depth: Int { groupInputs * taps }

  /// True if each output depends only on the pixel at its own place and every pixel is used: then the image
  /// is its own matrix of columns.
  var isPointwise: Bool {
    let w = windows.table
    return taps == 1 && w.stride == (1, 1, 1) && w.padding == (0, 0, 0) && w.out == w.size
  }

  /// True if each kernel reads a single channel. A matrix product would then have almost no depth.
  var isDepthwise: Bool { groupInputs == 1 && groupOutputs <= 2 && groups > 1 }

  /// The number of outputs that are unfolded at once, so that the columns fit the second-level cache.
  var tile: Int {
    let lane = Tuning.productTile
    return min(places, max(4 * lane, Tuning.columnElements / max(depth, 1) / lane * lane))
  }
}

/// A pass of a convolution. The images x, the kernels w and the output y, or their gradients, form a
/// trilinear sum. A pass reads two of them and computes the third.
///
/// A block is a group of channels of one image. Channels are counted within their group.
package struct ConvolutionPass {
  /// The operand to compute: the output, the gradient of the images, or the gradient of the kernels.
  package enum Target { case output, images, kernels }

  let target: Target, geometry: ConvolutionGeometry
  let x: Operand, w: Operand, y: Operand
  /// The values to which the output's channels are added, or nil.
  let bias: Operand?
  /// True if a gradient is added to the contents of its operand. Otherwise it overwrites them.
  let adds: Bool
  private let loops: MTConvolutionLoops

  package init(
    _ target: Target, _ geometry: ConvolutionGeometry, images x: Operand, kernels w: Operand,
    output y: Operand, bias: Operand? = nil, adds: Bool = false
  ) {
    (self.target, self.geometry) = (target, geometry)
    (self.x, self.w, self.y, self.bias, self.adds) = (x, w, y, bias, adds)
    loops = x.loops.pointee.convolution
  }

  /// Computes the pass by Winograd's filters, channel by channel, or by matrix products.
  package func run() throws(OutOfMemory) {
    if result.count == 0 { return }
    // Products overwrite outputs and images, and add to kernels.
    if isEmpty || geometry.isDepthwise || target == .kernels { clear() }
    if isEmpty { return }
    Counters.countMultiplyAdds(geometry.multiplyAdds)
    if let filter = WinogradFilter(geometry, for: target) {
      try filter.run(self)
    } else if geometry.isDepthwise {
      filterChannels()
    } else {
      try multiply()
    }
  }

  private var result: Operand {
    switch target {
    case .output: y
    case .images: x
    case .kernels: w
    }
  }

  /// True if the sum that the pass computes has no terms.
  private var isEmpty: Bool {
    switch target {
    case .output: geometry.depth == 0
    case .images: y.count == 0
    case .kernels: x.count == 0 || y.count == 0
    }
  }

  /// Sets the result to zeros, or the output to the bias, unless the pass adds to the result.
  private func clear() {
    if adds { return }
    if target != .output { return clear(result.address, result.count) }
    let places = geometry.places
    Parallel.split(rows: geometry.images * geometry.outputs, of: places) { range in
      for i in range {
        if let bias {
          fill(y.at(i * places), places, with: bias.at(i % geometry.outputs))
        } else {
          clear(y.at(i * places), places)
        }
      }
    }
  }

  /// Sets adjacent elements to zeros.
  private func clear(_ address: UnsafeMutableRawPointer, _ count: Int) {
    address.initializeMemory(as: UInt8.self, repeating: 0, count: count * x.size)
  }

  /// Sets adjacent elements to the value at `value`.
  private func fill(_ address: UnsafeMutableRawPointer, _ count: Int, with value: UnsafeRawPointer) {
    if x.size == 4 {
      address.initializeMemory(as: UInt32.self, repeating: value.load(as: UInt32.self), count: count)
    } else {
      address.initializeMemory(as: UInt64.self, repeating: value.load(as: UInt64.self), count: count)
    }
  }

  // The addresses of a block's elements.

  private func image(_ block: Int, _ channel: Int = 0, at pixel: Int = 0) -> UnsafeMutableRawPointer {
    x.at((block * geometry.groupInputs + channel) * geometry.pixels + pixel)
  }

  private func output(_ block: Int, _ channel: Int, at place: Int = 0) -> UnsafeMutableRawPointer {
    y.at((block * geometry.groupOutputs + channel) * geometry.places + place)
  }

  private func kernel(_ block: Int, _ output: Int, _ input: Int = 0) -> UnsafeMutableRawPointer {
    let row = block % geometry.groups * geometry.groupOutputs + output
    return w.at(row * geometry.depth + input * geometry.taps)
  }
}

// Depthwise convolutions.
extension ConvolutionPass {
  /// Adds the terms of each channel to the result, without a matrix product.
  private func filterChannels() {
    let g = geometry, outputs = g.groupOutputs, work = g.places * g.taps
    withUnsafePointer(to: g.windows.table) { windows in
      switch target {
      case .output:
        Parallel.split(rows: g.images * g.outputs, of: work) { range in
          for i in range {
            let (block, k) = i.quotientAndRemainder(dividingBy: outputs)
            loops.channel(image(block), kernel(block, k), output(block, k), windows)
          }
        }
      case .images:
        Parallel.split(rows: g.images * g.groups, of: outputs * work) { blocks in
          for block in blocks {
            for k in 0..<outputs {
              loops.channelInput(output(block, k), kernel(block, k), image(block), windows)
            }
          }
        }
      case .kernels:
        Parallel.split(rows: g.outputs, of: g.images * work) { range in
          for number in 0..<g.images {
            for i in range {
              let (group, k) = i.quotientAndRemainder(dividingBy: outputs), block = number * g.groups + group
              loops.channelKernel(image(block), output(block, k), kernel(block, k), windows)
            }
          }
        }
      }
    }
  }
}

// Convolutions by matrix products.
extension ConvolutionPass {
  /// A part of the trilinear sum: ranges of a block's output channels, input channels and places.
  private struct Part {
    let block: Int, outputs: Range<Int>, inputs: Range<Int>, places: Range<Int>
  }

  /// Computes the pass as products of kernels with unfolded images, in tiles of places.
  ///
  /// A unit of the split is a tile of a block's output, the images of a block, or the kernels of a group. One
  /// thread computes a piece of the kernels over all images. Their gradient then has the same bits for any
  /// number of threads, provided that BLAS's products have.
  private func multiply() throws(OutOfMemory) {
    let g = geometry, tile = g.tile, tiles = (g.places + tile - 1) / tile, blocks = g.images * g.groups
    let (units, places) =
      switch target {
      case .output: (blocks * tiles, tile)
      case .images: (blocks, g.places)
      case .kernels: (g.groups, g.images &* g.places)
      }
    let isByInputs = target == .images || target == .kernels && g.groupInputs >= Parallel.threads
    let split = ConvolutionSplit(
      units: units, channels: isByInputs ? g.groupInputs : g.groupOutputs,
      work: places &* g.groupOutputs &* g.depth)
    let product = PieceProduct(of: x.element), room = g.isPointwise ? 0 : g.depth * tile * x.size
    try split.run(scratch: room) { piece, columns in
      let inputs = isByInputs ? piece.channels : 0..<g.groupInputs
      let outputs = isByInputs ? 0..<g.groupOutputs : piece.channels
      let (unit, number) =
        target == .output ? piece.unit.quotientAndRemainder(dividingBy: tiles) : (piece.unit, 0)
      let end = target == .output ? min(g.places, (number + 1) * tile) : g.places
      for block in stride(from: unit, to: target == .kernels ? blocks : unit + 1, by: g.groups) {
        if target == .images, !g.isPointwise, !adds {
          clear(image(block, inputs.lowerBound), inputs.count * g.pixels)
        }
        for first in stride(from: number * tile, to: end, by: tile) {
          let part = Part(
            block: block, outputs: outputs, inputs: inputs, places: first..<min(end, first + tile))
          switch target {
          case .output: multiplyOutput(part, product, columns, isUnfolded: !piece.isFirst)
          case .images: multiplyImages(part, product, columns)
          case .kernels: multiplyKernels(part, product, columns)
          }
        }
      }
    }
  }

  /// Computes y = w · columns, plus the bias.
  private func multiplyOutput(
    _ part: Part, _ product: PieceProduct, _ columns: UnsafeMutableRawPointer, isUnfolded: Bool
  ) {
    let g = geometry, first = part.outputs.lowerBound, count = part.places.count
    let images = columnsOfImages(part, columns, isTransposed: false, isUnfolded: isUnfolded)
    let target = output(part.block, first, at: part.places.lowerBound)
    if let bias {
      let channel = part.block % g.groups * g.groupOutputs + first
      for k in 0..<part.outputs.count {
        fill(target + k * g.places * x.size, count, with: bias.at(channel + k))
      }
    }
    product(
      BLASOperand(kernel(part.block, first), leading: g.depth), images, into: target, row: g.places,
      m: part.outputs.count, n: count, k: g.depth, adds: bias != nil)
  }

  /// Computes columns = wᵀ · y and adds them to the images. Pointwise, the columns are the images.
  private func multiplyImages(_ part: Part, _ product: PieceProduct, _ columns: UnsafeMutableRawPointer) {
    let g = geometry, places = part.places, channel = part.inputs.lowerBound
    let isPointwise = g.isPointwise
    product(
      BLASOperand(kernel(part.block, 0, channel), leading: g.depth, isTransposed: true),
      BLASOperand(output(part.block, 0, at: places.lowerBound), leading: g.places),
      into: isPointwise ? image(part.block, channel, at: places.lowerBound) : columns,
      row: isPointwise ? g.pixels : places.count, m: part.inputs.count * g.taps, n: places.count,
      k: g.groupOutputs, adds: isPointwise && adds)
    if isPointwise { return }
    withUnsafePointer(to: g.windows.table) {
      loops.fold(
        columns, image(part.block, channel), $0, part.inputs.count, places.lowerBound, places.upperBound)
    }
  }

  /// Computes w += y · columnsᵀ.
  private func multiplyKernels(_ part: Part, _ product: PieceProduct, _ columns: UnsafeMutableRawPointer) {
    let g = geometry, first = part.outputs.lowerBound
    let images = columnsOfImages(part, columns, isTransposed: true, isUnfolded: false)
    product(
      BLASOperand(output(part.block, first, at: part.places.lowerBound), leading: g.places), images,
      into: kernel(part.block, first, part.inputs.lowerBound), row: g.depth, m: part.outputs.count,
      n: part.inputs.count * g.taps, k: part.places.count, adds: true)
  }

  /// Returns the images of a part as columns: in place if the convolution is pointwise, otherwise unfolded to
  /// `columns`, unless they have been.
  private func columnsOfImages(
    _ part: Part, _ columns: UnsafeMutableRawPointer, isTransposed: Bool, isUnfolded: Bool
  ) -> BLASOperand {
    let g = geometry, places = part.places, channel = part.inputs.lowerBound
    if g.isPointwise {
      return BLASOperand(
        image(part.block, channel, at: places.lowerBound), leading: g.pixels, isTransposed: isTransposed)
    }
    if !isUnfolded {
      withUnsafePointer(to: g.windows.table) {
        loops.unfold(
          image(part.block, channel), columns, $0, part.inputs.count, places.lowerBound, places.upperBound)
      }
    }
    return BLASOperand(columns, leading: places.count, isTransposed: isTransposed)
  }
}
