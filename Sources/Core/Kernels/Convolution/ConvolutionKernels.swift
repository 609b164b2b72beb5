import CKernels

/// The geometry of a convolution over images of one to three axes, and of its two derivatives.
struct ConvolutionGeometry {
  /// The extents on three axes. Missing leading axes have extent 1.
  let windows: MTWindows
  /// The numbers of images, input channels, output channels, and groups of channels.
  let images: Int, inputs: Int, outputs: Int, groups: Int
  /// The shapes of the convolution's input, kernel and output.
  let inputShape: TensorShape, kernelShape: TensorShape, outputShape: TensorShape

  /// The number of pixels of an input image, of an output image, and of a kernel.
  let inputPixels: Int, outputPixels: Int, taps: Int

  /// Creates a geometry from lists with one entry for each of one to three axes.
  init(
    images: Int, inputs: Int, outputs: Int, groups: Int, size: [Int], kernel: [Int], stride: [Int],
    padding: [Int], dilation: [Int], out: [Int]
  ) {
    func three(_ list: [Int], _ filler: Int) -> (Int, Int, Int) {
      let all = Array(repeating: filler, count: 3 - list.count) + list
      return (all[0], all[1], all[2])
    }
    windows = MTWindows(
      size: three(size, 1), kernel: three(kernel, 1), stride: three(stride, 1), padding: three(padding, 0),
      dilation: three(dilation, 1), out: three(out, 1))
    (self.images, self.inputs, self.outputs, self.groups) = (images, inputs, outputs, groups)
    inputShape = TensorShape([images, inputs] + size)
    kernelShape = TensorShape([outputs, inputs / groups] + kernel)
    outputShape = TensorShape([images, outputs] + out)
    inputPixels = size.reduce(1, *)
    outputPixels = out.reduce(1, *)
    taps = kernel.reduce(1, *)
  }

  /// The number of channels of a group.
  var groupInputs: Int { inputs / groups }
  var groupOutputs: Int { outputs / groups }
  /// The number of multiplications of the convolution and of each derivative, including those with padding.
  var multiplyAdds: Int { images &* outputs &* outputPixels &* depth }
  /// The number of rows of a group's unfolded columns.
  var depth: Int { groupInputs * taps }

  /// True if each output depends only on the pixel at its own place and every pixel is used: then the image
  /// is its own matrix of columns.
  var isPointwise: Bool {
    taps == 1 && windows.stride == (1, 1, 1) && windows.padding == (0, 0, 0) && windows.out == windows.size
  }

  /// True if each kernel reads a single channel. A matrix product would then have almost no depth.
  var isDepthwise: Bool { groupInputs == 1 && groupOutputs <= 2 && groups > 1 }

  /// The number of outputs that are unfolded at once, so that the columns fit the second-level cache.
  var tile: Int {
    let elements = 1 << 17, lane = 16
    return Swift.min(outputPixels, Swift.max(4 * lane, elements / Swift.max(depth, 1) / lane * lane))
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the convolution of images with kernels, plus a bias for each channel. The operation is not
  /// recorded; the caller has checked the shapes.
  func convolved(_ weight: Tensor, _ bias: Tensor?, _ geometry: ConvolutionGeometry) -> Tensor {
    let x = contiguous(), w = weight.contiguous(), b = bias?.contiguous()
    let result = Tensor(uninitialized: geometry.outputShape)
    if let failure = x.failure ?? w.failure ?? b?.failure ?? result.failure { return .failed(by: failure) }
    if result.count == 0 { return result }
    if geometry.depth == 0 || geometry.isDepthwise { result.fillChannels(with: b, geometry) }
    if geometry.depth == 0 { return result }
    Counters.countMultiplyAdds(geometry.multiplyAdds)
    if let filter = WinogradFilter(geometry, for: .output) {
      return x.filter(filter, w, bias: b, into: result)
    }
    let loops = Element.kernels.loops.pointee.convolution, stride = MemoryLayout<Element>.stride
    let from = x.address, kernels = w.address, to = result.address
    let (pixels, places, depth) = (geometry.inputPixels, geometry.outputPixels, geometry.depth)
    if geometry.isDepthwise {
      Parallel.split(rows: geometry.images * geometry.outputs, of: places * geometry.taps) { range in
        withUnsafePointer(to: geometry.windows) { windows in
          for i in range {
            let (image, channel) = i.quotientAndRemainder(dividingBy: geometry.outputs)
            let source = image * geometry.inputs + channel / geometry.groupOutputs
            loops.channel(
              from + source * pixels * stride, kernels + channel * geometry.taps * stride,
              to + i * places * stride, windows)
          }
        }
      }
      return result
    }
    let product = PieceProduct<Element>(), tile = geometry.tile, tiles = (places + tile - 1) / tile
    let (groups, outputs, inputs) = (geometry.groups, geometry.groupOutputs, geometry.groupInputs)
    // Parallelises over images; if there are fewer of them than threads, splits the output channels too.
    let units = geometry.images * groups * tiles
    let values = b?.address.assumingMemoryBound(to: Element.self)
    let work = tile &* outputs &* depth
    let pieces = units < Parallel.threads ? Parallel.parts(outputs, of: work) : 1
    let isPointwise = geometry.isPointwise, room = isPointwise ? 0 : depth * tile * stride
    let failure = Parallel.split(products: units * pieces, of: work / pieces, scratch: room) {
      range, columns in
      for i in range {
        let (unit, piece) = i.quotientAndRemainder(dividingBy: pieces)
        let (block, tileNumber) = unit.quotientAndRemainder(dividingBy: tiles)
        let first = tileNumber * tile, count = Swift.min(tile, places - first)
        let rows = outputs * piece / pieces..<outputs * (piece + 1) / pieces
        let group = block % groups
        let image = from + block * inputs * pixels * stride
        var operand = BLASOperand(image + first * stride, leading: pixels)
        if !isPointwise {
          if piece == 0 || i == range.lowerBound {
            withUnsafePointer(to: geometry.windows) {
              loops.unfold(image, columns, $0, inputs, first, first + count)
            }
          }
          operand = BLASOperand(columns, leading: count)
        }
        let target = to + ((block * outputs + rows.lowerBound) * places + first) * stride
        if let values {
          let elements = target.assumingMemoryBound(to: Element.self)
          for k in 0..<rows.count {
            (elements + k * places).update(
              repeating: values[group * outputs + rows.lowerBound + k], count: count)
          }
        }
        product(
          BLASOperand(kernels + (group * outputs + rows.lowerBound) * depth * stride, leading: depth),
          operand, into: target, row: places, m: rows.count, n: count, k: depth, adds: values != nil)
      }
    }
    return failure.map { .failed(by: $0) } ?? result
  }

  /// Sets each output channel to its value in `bias`, or to 0.
  private func fillChannels(with bias: Tensor?, _ geometry: ConvolutionGeometry) {
    guard let bias else { return overwrite(withAll: 0) }
    let values = bias.address.assumingMemoryBound(to: Element.self)
    let to = address.assumingMemoryBound(to: Element.self), places = geometry.outputPixels
    Parallel.split(rows: geometry.images * geometry.outputs, of: places) { range in
      for i in range { (to + i * places).update(repeating: values[i % geometry.outputs], count: places) }
    }
  }

  /// Returns the gradient of the images; this tensor is the gradient of their convolution. If there is a
  /// `sum`, the gradient is added to it in place.
  func convolvedBack(_ weight: Tensor, _ geometry: ConvolutionGeometry, adding sum: Tensor? = nil) -> Tensor {
    let g = contiguous(), w = weight.contiguous()
    let isEmpty = g.count == 0 || geometry.taps == 0
    let result =
      sum
      ?? (isEmpty || geometry.isDepthwise
        ? .zeroed(geometry.inputShape) : Tensor(uninitialized: geometry.inputShape))
    if let failure = g.failure ?? w.failure ?? result.failure { return .failed(by: failure) }
    if sum != nil { result.storage.version += 1 }
    if result.count == 0 || isEmpty { return result }
    Counters.countMultiplyAdds(geometry.multiplyAdds)
    if let filter = WinogradFilter(geometry, for: .images) {
      return g.filter(filter, w, into: result, adds: sum != nil)
    }
    let loops = Element.kernels.loops.pointee.convolution, stride = MemoryLayout<Element>.stride
    let from = g.address, kernels = w.address, to = result.address
    let (pixels, places, depth) = (geometry.inputPixels, geometry.outputPixels, geometry.depth)
    let (groups, outputs, inputs) = (geometry.groups, geometry.groupOutputs, geometry.groupInputs)
    if geometry.isDepthwise {
      Parallel.split(rows: geometry.images * groups, of: outputs * places * geometry.taps) { range in
        withUnsafePointer(to: geometry.windows) { windows in
          for i in range {
            for k in 0..<outputs {
              loops.channelInput(
                from + (i * outputs + k) * places * stride,
                kernels + (i % groups * outputs + k) * geometry.taps * stride, to + i * pixels * stride,
                windows)
            }
          }
        }
      }
      return result
    }
    let product = PieceProduct<Element>(), tile = geometry.tile, taps = geometry.taps
    // Parallelises over images; if there are fewer of them than threads, splits the input channels too.
    let blocks = geometry.images * groups
    let work = places &* outputs &* depth
    let pieces = blocks < Parallel.threads ? Parallel.parts(inputs, of: work) : 1
    let isPointwise = geometry.isPointwise, room = isPointwise ? 0 : depth * tile * stride
    let failure = Parallel.split(products: blocks * pieces, of: work / pieces, scratch: room) {
      range, columns in
      for i in range {
        let (block, piece) = i.quotientAndRemainder(dividingBy: pieces)
        let channels = inputs * piece / pieces..<inputs * (piece + 1) / pieces
        let image = to + (block * inputs + channels.lowerBound) * pixels * stride
        let kernel = BLASOperand(
          kernels + (block % groups * outputs * depth + channels.lowerBound * taps) * stride, leading: depth,
          isTransposed: true)
        if !isPointwise && sum == nil {
          image.initializeMemory(as: UInt8.self, repeating: 0, count: channels.count * pixels * stride)
        }
        for first in Swift.stride(from: 0, to: places, by: tile) {
          let count = Swift.min(tile, places - first), rows = channels.count * taps
          let gradient = BLASOperand(
            from + (block * outputs * places + first) * stride, leading: places)
          if isPointwise {
            product(
              kernel, gradient, into: image + first * stride, row: pixels, m: rows, n: count, k: outputs,
              adds: sum != nil)
            continue
          }
          product(kernel, gradient, into: columns, row: count, m: rows, n: count, k: outputs, adds: false)
          withUnsafePointer(to: geometry.windows) {
            loops.fold(columns, image, $0, channels.count, first, first + count)
          }
        }
      }
    }
    return failure.map { .failed(by: $0) } ?? result
  }

  /// Returns the gradient of the kernels for these images and the gradient of their convolution. If there is
  /// a `sum`, the gradient is added to it in place. One thread computes a piece of the kernels over all
  /// images. The result then has the same bits for any number of threads, provided that BLAS's products have.
  func convolvedKernels(
    _ gradient: Tensor, _ geometry: ConvolutionGeometry, adding sum: Tensor? = nil
  ) -> Tensor {
    let x = contiguous(), g = gradient.contiguous()
    let result = sum ?? Tensor.zeroed(geometry.kernelShape)
    if let failure = x.failure ?? g.failure ?? result.failure { return .failed(by: failure) }
    if sum != nil { result.storage.version += 1 }
    if result.count == 0 || g.count == 0 || x.count == 0 { return result }
    Counters.countMultiplyAdds(geometry.multiplyAdds)
    if let filter = WinogradFilter(geometry, for: .kernels) {
      return x.filterKernels(filter, g, into: result)
    }
    let loops = Element.kernels.loops.pointee.convolution, stride = MemoryLayout<Element>.stride
    let from = x.address, with = g.address, to = result.address
    let (pixels, places, depth) = (geometry.inputPixels, geometry.outputPixels, geometry.depth)
    let (groups, outputs, inputs, taps) = (
      geometry.groups, geometry.groupOutputs, geometry.groupInputs, geometry.taps
    )
    if geometry.isDepthwise {
      Parallel.split(rows: geometry.outputs, of: geometry.images * places * taps) { range in
        withUnsafePointer(to: geometry.windows) { windows in
          for image in 0..<geometry.images {
            for channel in range {
              let source = image * geometry.inputs + channel / outputs
              loops.channelKernel(
                from + source * pixels * stride,
                with + (image * geometry.outputs + channel) * places * stride, to + channel * taps * stride,
                windows)
            }
          }
        }
      }
      return result
    }
    let product = PieceProduct<Element>(), tile = geometry.tile
    let threads = Parallel.threads, isByInputs = inputs >= threads
    let work = geometry.images &* places &* outputs &* depth
    let pieces = groups >= threads ? 1 : Parallel.parts(isByInputs ? inputs : outputs, of: work)
    let isPointwise = geometry.isPointwise, room = isPointwise ? 0 : depth * tile * stride
    let failure = Parallel.split(products: groups * pieces, of: work / pieces, scratch: room) {
      range, columns in
      for i in range {
        let (group, piece) = i.quotientAndRemainder(dividingBy: pieces)
        let channels = isByInputs ? inputs * piece / pieces..<inputs * (piece + 1) / pieces : 0..<inputs
        let kernels = isByInputs ? 0..<outputs : outputs * piece / pieces..<outputs * (piece + 1) / pieces
        let target =
          to + ((group * outputs + kernels.lowerBound) * depth + channels.lowerBound * taps) * stride
        for image in 0..<geometry.images {
          let block = image * groups + group
          let source = from + (block * inputs + channels.lowerBound) * pixels * stride
          let slope = with + (block * outputs + kernels.lowerBound) * places * stride
          for first in Swift.stride(from: 0, to: places, by: tile) {
            let count = Swift.min(tile, places - first)
            var operand = BLASOperand(source + first * stride, leading: pixels, isTransposed: true)
            if !isPointwise {
              withUnsafePointer(to: geometry.windows) {
                loops.unfold(source, columns, $0, channels.count, first, first + count)
              }
              operand = BLASOperand(columns, leading: count, isTransposed: true)
            }
            product(
              BLASOperand(slope + first * stride, leading: places), operand, into: target, row: depth,
              m: kernels.count, n: channels.count * taps, k: count, adds: true)
          }
        }
      }
    }
    return failure.map { .failed(by: $0) } ?? result
  }
}
