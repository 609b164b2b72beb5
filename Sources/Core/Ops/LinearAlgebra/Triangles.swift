// Triangles and diagonals of matrices, which are the last two axes.

extension Tensor where Element: FieldScalar {
  /// The lower triangle of each matrix, with zeros above a diagonal. Diagonal 0 is the main one, 1 lies above
  /// it and −1 below it.
  ///
  /// Fewer than two axes are an error. Derivative: `dx = tril(g)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func tril(diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let fault = matrixFault("tril", file, line) { return fault }
    return triangle(upper: false, diagonal: diagonal).recorded(
      "Tril",
      edge { g in g.tril(diagonal: diagonal)
      })
  }

  /// The upper triangle of each matrix, with zeros below a diagonal. Diagonal 0 is the main one, 1 lies above
  /// it and −1 below it.
  ///
  /// Fewer than two axes are an error. Derivative: `dx = triu(g)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func triu(diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let fault = matrixFault("triu", file, line) { return fault }
    return triangle(upper: true, diagonal: diagonal).recorded(
      "Triu",
      edge { g in g.triu(diagonal: diagonal)
      })
  }

  /// The sums of the diagonals of matrices `[…, m, n]`. Fewer than two axes are an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func trace(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let fault = matrixFault("trace", file, line) { return fault }
    return diagonal().sum(axis: -1)
  }
}

extension Tensor {
  /// A view of a diagonal of matrices, `[…, m, n] → […, length]`. Diagonal 0 is the main one, 1 lies above it
  /// and −1 below it. A diagonal outside of the matrix is empty.
  ///
  /// The matrices are the two named axes; the diagonal becomes the last axis. Fewer than two axes are an
  /// error, and so are axes that are equal or out of range. Derivative: `dx` is g on the diagonal and zero
  /// elsewhere.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func diagonal(
    offset: Int = 0, axes: (Int, Int) = (-2, -1), file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let fault = matrixFault("diagonal", file, line) { return fault }
    if let fault = shape.axisSet([axes.0, axes.1]).fault { return .failed("diagonal", fault, file, line) }
    let rows = shape.axis(axes.0)!, columns = shape.axis(axes.1)!
    if rows != rank - 2 || columns != rank - 1 {
      return movedAxes(from: [rows, columns], to: [-2, -1]).diagonal(offset: offset)
    }
    let m = matrixRows, n = matrixColumns
    return diagonalView(offset).recorded("Diagonal", edge { g in g.onDiagonal(m, n, offset) })
  }

  /// Matrices with the last axis of this tensor on a diagonal and zeros elsewhere, `[…, n] → […, s, s]` with
  /// s = n + |offset|. Diagonal 0 is the main one, 1 lies above it and −1 below it.
  ///
  /// A scalar is an error, and so is a ninth axis. Derivative: `dx` is the diagonal of g.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func diagonalMatrix(
    offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 1 else {
      return .failed("diagonalMatrix", "shape \(shape) has no axis; at least 1 is needed", file, line)
    }
    let size = shape[-1].plus(Int(clamping: offset.magnitude))
    var target = shape
    target.extents[rank - 1] = size
    guard rank < TensorShape.maximumRank, target.isValid, Swift.max(target.elementCount, 1).times(size) < .max
    else {
      return .failed(
        "diagonalMatrix",
        "matrices with shape \(shape) on diagonal \(offset) are too large; the limit is 8 axes", file, line)
    }
    return onDiagonal(size, size, offset)
  }

  /// Returns zeros with the last axis of this tensor on a diagonal.
  private func onDiagonal(_ m: Int, _ n: Int, _ offset: Int) -> Tensor {
    if let failure { return .failed(by: failure) }
    var shape = layout.shape
    shape.remove(at: shape.rank - 1)
    shape.append(m)
    shape.append(n)
    let result = Tensor.zeroed(shape)
    if result.isFailed { return result }
    result.diagonalView(offset).overwrite(with: self)
    return result.recorded("DiagonalMatrix", edge { g in g.diagonal(offset: offset) })
  }

  /// Returns a failed tensor if this is not a batch of matrices, or with `square` not of square ones; else
  /// nil.
  func matrixFault(
    _ operation: String, square: Bool = false, _ file: StaticString, _ line: UInt
  ) -> Tensor? {
    if let failure { return .failed(by: failure) }
    guard rank >= 2 else {
      return .failed(
        operation, "shape \(shape) has fewer than 2 axes; the last two must hold matrices", file, line)
    }
    guard !square || shape[-1] == shape[-2] else {
      return .failed(operation, "the matrices must be square, not of shape \(shape)", file, line)
    }
    return nil
  }
}

extension Tensor where Element: FieldScalar {
  /// Returns these matrices with zeros below (`upper`) or above a diagonal.
  private func triangle(upper: Bool, diagonal: Int) -> Tensor {
    // A copy that had to be made for its order is changed itself.
    let x = contiguous(), result = layout.isContiguous ? Tensor(uninitialized: layout.shape) : x
    return launch(x, into: result) { x, y in
      MatrixParts.copyTriangle(of: x, into: y, upper: upper, diagonal: diagonal)
    }
  }
}
