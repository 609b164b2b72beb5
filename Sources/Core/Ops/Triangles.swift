// Triangles and diagonals of matrices, the last two axes.

extension Tensor where Element: DifferentiableScalar {
  /// The lower triangle, zeros above a diagonal: 0 is the main one, 1 the one above it, −1 the one below.
  ///
  /// Fewer than two axes are an error. Derivative: `dx = tril(g)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func tril(diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let fault = matrixFault("tril", file, line) { return fault }
    return triangle(upper: false, diagonal: diagonal).recorded("Tril", self) { g in g.tril(diagonal: diagonal)
    }
  }

  /// The upper triangle, zeros below a diagonal: 0 is the main one, 1 the one above it, −1 the one below.
  ///
  /// Fewer than two axes are an error. Derivative: `dx = triu(g)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func triu(diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let fault = matrixFault("triu", file, line) { return fault }
    return triangle(upper: true, diagonal: diagonal).recorded("Triu", self) { g in g.triu(diagonal: diagonal)
    }
  }

  /// The diagonals of matrices `[…, m, n]`, a view `[…, min(m, n)]`.
  ///
  /// Fewer than two axes are an error. Derivative: g on the diagonal of zeros.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func diagonal(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let fault = matrixFault("diagonal", file, line) { return fault }
    let m = matrixRows, n = matrixColumns
    return diagonalView.recorded("Diagonal", self) { g in g.onDiagonal(m, n) }
  }

  /// Matrices `[…, n, n]` with the last axis of this on their diagonals and zeros elsewhere.
  ///
  /// A scalar is an error. Derivative: the diagonal of g.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func diagonalMatrix(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 1 else {
      return .failed("diagonalMatrix", "shape \(shape); at least 1 axis is expected", file, line)
    }
    return onDiagonal(shape[-1], shape[-1])
  }

  private func onDiagonal(_ m: Int, _ n: Int) -> Tensor {
    if let failure { return .failed(by: failure) }
    var shape = layout.shape
    shape.remove(at: shape.rank - 1)
    shape.append(m)
    shape.append(n)
    let result = Tensor.zeroed(shape)
    if result.isFailed { return result }
    result.diagonalView.overwrite(with: self)
    return result.recorded("DiagonalMatrix", self) { g in g.diagonal() }
  }

  /// The sums of the diagonals of matrices `[…, m, n]`. Fewer than two axes are an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func trace(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let fault = matrixFault("trace", file, line) { return fault }
    return diagonal().sum(axis: -1)
  }

  /// The mistake of a tensor that is no batch of matrices, or of square ones.
  func matrixFault(
    _ operation: String, square: Bool = false, _ file: StaticString, _ line: UInt
  ) -> Tensor? {
    if let failure { return .failed(by: failure) }
    guard rank >= 2 else {
      return .failed(operation, "shape \(shape); matrices on the last two axes are expected", file, line)
    }
    guard !square || shape[-1] == shape[-2] else {
      return .failed(operation, "shape \(shape); square matrices are expected", file, line)
    }
    return nil
  }
}
