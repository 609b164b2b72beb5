import CKernels

extension Tensor where Element: DifferentiableScalar {
  /// Returns the images unfolded into columns `[n, channels · taps, windows]`. The operation is not recorded;
  /// the caller has checked the shapes.
  func columns(_ geometry: ConvolutionGeometry) -> Tensor {
    let x = contiguous(), depth = geometry.depth, places = geometry.outputPixels
    let result = Tensor(uninitialized: [geometry.images, depth, places])
    if let failure = x.failure ?? result.failure { return .failed(by: failure) }
    if result.count == 0 { return result }
    let loops = Element.kernels.loops.pointee.convolution, stride = MemoryLayout<Element>.stride
    let image = geometry.inputPixels * stride, matrix = geometry.taps * places * stride
    Parallel.split(rows: geometry.images * geometry.inputs, of: geometry.taps * places) { range in
      withUnsafePointer(to: geometry.windows) { windows in
        for i in range {
          loops.unfold(x.address + i * image, result.address + i * matrix, windows, 1, 0, places)
        }
      }
    }
    return result
  }

  /// Returns the images that are the sums of these columns. The operation is not recorded; the caller has
  /// checked the shapes.
  func imagesOfColumns(_ geometry: ConvolutionGeometry) -> Tensor {
    let y = contiguous(), result = Tensor.zeroed(geometry.inputShape)
    if let failure = y.failure ?? result.failure { return .failed(by: failure) }
    if result.count == 0 || y.count == 0 { return result }
    let loops = Element.kernels.loops.pointee.convolution, stride = MemoryLayout<Element>.stride
    let places = geometry.outputPixels, elements = geometry.taps * places
    let image = geometry.inputPixels * stride, matrix = elements * stride
    // The loop overwrites the columns that it adds, so it gets a copy.
    let grain = Swift.max(1, Parallel.leastElements / elements)
    let failure = Parallel.split(geometry.images * geometry.inputs, grain: grain, scratch: matrix) {
      range, own in
      withUnsafePointer(to: geometry.windows) { windows in
        for i in range {
          own.copyMemory(from: y.address + i * matrix, byteCount: matrix)
          loops.fold(own, result.address + i * image, windows, 1, 0, places)
        }
      }
    }
    return failure.map { .failed(by: $0) } ?? result
  }
}
