// Matrices of a special form, and rows scaled to a largest norm.

extension Tensor where Element: DifferentiableScalar {
  /// The Vandermonde matrices of vectors, `[…, n] → […, n, columns]`: the powers of each element from 0 on.
  ///
  /// The number of columns is n unless it is given. This is the order of `torch.linalg.vander`;
  /// `flipped(axis: -1)` gives that of NumPy and `torch.vander`. A scalar is an error, and so is a negative number of
  /// columns. Derivative: that of the powers, without a division, so elements of 0 are exact.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func vander(
    columns: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 1, rank < TensorShape.maximumRank, (columns ?? 0) >= 0 else {
      return .failed(
        "vander",
        "shape \(shape) has no matrices of \(columns ?? 0) columns; there must be 1 to 7 axes and at least 0 columns",
        file, line)
    }
    let count = columns ?? shape[-1]
    if count == 0 { return expandedDims(axis: -1).part(-1, 0, 0) }
    var target = shape
    target.append(count - 1)
    guard target.isValid else {
      return .failed("vander", "\(count) columns of shape \(shape) are too many elements", file, line)
    }
    let first = Tensor.ones(shape).expandedDims(axis: -1),
      factors = expandedDims(axis: -1).broadcastView(to: target)
    return .concatenated([first, factors.cumulativeProduct(axis: -1)], axis: -1)
  }

  /// The parts along an axis scaled down to a largest norm: a part whose norm `(Σ |x|ᵖ)^(1/p)` exceeds
  /// `maxNorm` is multiplied by `maxNorm / (norm + 10⁻⁷)`. PyTorch's formula.
  ///
  /// An axis out of range is an error, and so are a p that is not above 0 and a maxNorm below 0. Derivative:
  /// that of the formula.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[3, 4], [0.3, 0.4]])
  /// let y = x.renorm(p: 2, axis: 0, maxNorm: 1)  // [[0.6, 0.8], [0.3, 0.4]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func renorm(
    p: Element = 2, axis: Int, maxNorm: Element, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis) else {
      return .failed("renorm", shape.fault(ofAxis: axis), file, line)
    }
    guard p > 0, maxNorm >= 0 else {
      return .failed(
        "renorm", "p must be above 0 and the largest norm at least 0, not \(p) and \(maxNorm)", file, line)
    }
    if count == 0 { return self }
    let norms = norm(p: p, axes: (0..<rank).filter { $0 != counted }, keepDims: true)
    return self * (maxNorm / (norms + 1e-7)).where(norms .> maxNorm, else: 1)
  }
}

extension Tensor where Element: NumericScalar {
  /// A matrix with other matrices along its diagonal, and zeros elsewhere. PyTorch names it `block_diag`.
  ///
  /// A vector counts as a row and a scalar as a matrix of one element. More than two axes are an error, and so
  /// is an empty list. Derivatives: each matrix gets its block of g.
  ///
  /// ```swift
  /// let a = Tensor<Float>([[1, 2], [3, 4]]), b = Tensor<Float>([5, 6])
  /// let c = Tensor.blockDiagonal([a, b])  // [[1, 2, 0, 0], [3, 4, 0, 0], [0, 0, 5, 6]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func blockDiagonal(
    _ blocks: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    for block in blocks {
      if let failure = block.failure { return .failed(by: failure) }
    }
    guard !blocks.isEmpty, blocks.allSatisfy({ $0.rank <= 2 }) else {
      return .failed(
        "blockDiagonal",
        "shapes \(blocks.map(\.shape)) do not fit; there must be matrices, vectors or scalars",
        file, line)
    }
    let matrices = blocks.map { $0.rank == 2 ? $0 : $0.reshapedView([1, $0.count]) }
    let width = matrices.reduce(0) { $0.plus($1.shape[1]) }
    var before = 0
    let rows = matrices.map { block in
      defer { before += block.shape[1] }
      return block.padded([(before, width - before - block.shape[1])], file: file, line: line)
    }
    return .concatenated(rows, axis: 0, file: file, line: line)
  }
}
