import CKernels

// Rows moved by index, and rows of a softmax.

extension Tensor {
  /// Returns rows of a tensor of rank 1 or more, selected by indices along axis 0. The caller has checked the
  /// indices.
  func gatheredRows(_ indices: Tensor<Int>) -> Tensor {
    let source = rowsInOnePiece()
    var shape = indices.layout.shape
    for axis in 1..<layout.rank { shape.append(layout.shape.extents[axis]) }
    let result = Tensor(uninitialized: shape), picks = indices.contiguous()
    if let failure = source.failure ?? picks.failure ?? result.failure { return .failed(by: failure) }
    if result.layout.count == 0 { return result }
    let rows = source.rowPlane, at = picks.address.assumingMemoryBound(to: Int64.self), y = result.address
    let count = layout.count / layout.shape.extents[0], stride = MemoryLayout<Element>.stride
    let loop = Element.kernels.loops.pointee.gather!
    Parallel.split(rows: picks.layout.count, of: count) { range in
      loop(rows, at + range.lowerBound, y + range.lowerBound * count * stride, range.count, count)
    }
    return result
  }

  /// Returns zeros of `shape`, to which each row of this tensor is added at its index.
  func scatteredRows(_ indices: Tensor<Int>, into shape: TensorShape) -> Tensor {
    let result = Tensor.zeroed(shape), source = contiguous(), picks = indices.contiguous()
    if let failure = source.failure ?? picks.failure ?? result.failure { return .failed(by: failure) }
    if layout.count == 0 { return result }
    Element.kernels.loops.pointee.scatterAdd!(
      source.address, picks.address.assumingMemoryBound(to: Int64.self), result.rowPlane, picks.layout.count,
      result.layout.count / shape.extents[0])
    return result
  }

  /// Returns zeros of `shape`, in which each element of this tensor is stored at its index along `axis`.
  func placed(at indices: Tensor<Int>, along axis: Int, of shape: TensorShape) -> Tensor {
    let result = Tensor(uninitialized: shape), source = contiguous(), picks = indices.contiguous()
    if let failure = source.failure ?? picks.failure ?? result.failure { return .failed(by: failure) }
    if result.layout.count == 0 { return result }
    let x = source.address, at = picks.address.assumingMemoryBound(to: Int64.self), y = result.address
    let length = shape.extents[axis], stride = MemoryLayout<Element>.stride
    var inner = 1
    for axis in axis + 1..<Swift.max(shape.rank, axis + 1) { inner *= shape.extents[axis] }
    let loop = Element.kernels.loops.pointee.place!
    let outer = result.layout.count / (length * inner)
    Parallel.split(rows: outer, of: length * inner) { range in
      let start = range.lowerBound * inner
      loop(x + start * stride, at + start, y + start * length * stride, range.count, length, inner)
    }
    return result
  }

  /// Returns this tensor if each row is without gaps in memory, otherwise a copy.
  private func rowsInOnePiece() -> Tensor {
    var row = layout.shape
    row.remove(at: 0)
    var strides = Dimensions()
    for axis in 1..<layout.rank { strides[axis - 1] = layout.strides[axis] }
    return Layout(row, strides: strides, offset: 0).isContiguous ? self : copied()
  }

  private var rowPlane: MTPlane { MTPlane(base: address, outer: layout.strides[0], inner: 1) }

  /// Runs a loop over contiguous rows along the last axis of this tensor, and of `other` if there is one.
  func mappedRows(_ operation: MTRows, with other: Tensor? = nil) -> Tensor {
    let x = contiguous(), y = other?.contiguous()
    let result = Tensor(uninitialized: layout.shape)
    if let failure = x.failure ?? y?.failure ?? result.failure { return .failed(by: failure) }
    if layout.count == 0 { return result }
    let count = layout.shape.extents[layout.rank - 1], rows = layout.count / count
    let loop = Element.kernels.loops.pointee.rows[Int(operation.rawValue)]!
    let stride = MemoryLayout<Element>.stride
    let from = x.address, by = y?.address, to = result.address
    Parallel.split(rows: rows, of: 4 * count) { range in
      let start = range.lowerBound * count * stride
      loop(from + start, by.map { UnsafeRawPointer($0 + start) }, to + start, range.count, count)
    }
    return result
  }

  /// Returns the loss of each row of logits [n, classes] for its label, and the statistics that
  /// ``crossEntropyGradient(_:_:_:)`` needs.
  func crossEntropyRows(_ labels: Tensor<Int>) -> (losses: Tensor, statistics: Tensor) {
    let x = contiguous(), picks = labels.contiguous()
    let rows = layout.shape.extents[0], count = layout.shape.extents[1]
    let losses = Tensor(uninitialized: labels.layout.shape), statistics = Tensor(uninitialized: [rows, 2])
    if let failure = x.failure ?? picks.failure ?? losses.failure ?? statistics.failure {
      return (.failed(by: failure), .failed(by: failure))
    }
    if layout.count == 0 { return (losses, statistics) }
    let loop = Element.kernels.loops.pointee.crossEntropy!, stride = MemoryLayout<Element>.stride
    let from = x.address, at = picks.address.assumingMemoryBound(to: Int64.self)
    let to = losses.address, kept = statistics.address
    Parallel.split(rows: rows, of: 4 * count) { range in
      let start = range.lowerBound
      loop(
        from + start * count * stride, at + start, to + start * stride, kept + 2 * start * stride,
        range.count,
        count)
    }
    return (losses, statistics)
  }

  /// Returns the gradient of these logits, from the gradients [n] of the losses.
  func crossEntropyGradient(_ labels: Tensor<Int>, _ statistics: Tensor, _ gradient: Tensor) -> Tensor {
    let x = contiguous(), picks = labels.contiguous(), g = gradient.contiguous()
    let result = Tensor(uninitialized: layout.shape)
    if let failure = x.failure ?? picks.failure ?? g.failure ?? result.failure { return .failed(by: failure) }
    if layout.count == 0 { return result }
    let rows = layout.shape.extents[0], count = layout.shape.extents[1]
    let loop = Element.kernels.loops.pointee.crossEntropyGradient!, stride = MemoryLayout<Element>.stride
    let from = x.address, at = picks.address.assumingMemoryBound(to: Int64.self)
    let kept = statistics.address, by = g.address, to = result.address
    Parallel.split(rows: rows, of: 4 * count) { range in
      let start = range.lowerBound
      loop(
        from + start * count * stride, at + start, kept + 2 * start * stride, by + start * stride,
        to + start * count * stride, range.count, count)
    }
    return result
  }

  /// Returns the smallest and the largest index, which are checked before memory is accessed; nil if there
  /// are no indices.
  static func bounds(_ indices: Tensor<Int>) -> (least: Int, most: Int)? {
    if indices.layout.count == 0 { return nil }
    let all = AxisSet.all(indices.layout.rank)
    return (
      indices.reduced(.minimum, all, keepDims: false, to: Int.self).firstScalar,
      indices.reduced(.maximum, all, keepDims: false, to: Int.self).firstScalar
    )
  }
}
