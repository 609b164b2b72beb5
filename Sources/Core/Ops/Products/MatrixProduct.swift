// Products of vectors, matrices and batches, computed by BLAS or by plain loops (withMatrixProducts).

extension Tensor where Element: FieldScalar {
  /// The product of matrices, `[…, m, k] × […, k, n] → […, m, n]`. Leading axes broadcast.
  ///
  /// A vector on the left counts as a row, a vector on the right as a column, and the result lacks this axis:
  /// `[k] × [k] → []`, `[k] × […, k, n] → […, n]`, `[…, m, k] × [k] → […, m]`.
  ///
  /// BLAS reads transposed and sliced operands in place, by a flag and a leading dimension. Operands that
  /// BLAS cannot read (broadcast, reversed, without a unit stride) are copied. `[…, m, k] × [k, n]` is a
  /// single product; a batch on both sides takes one product for each matrix.
  ///
  /// Inner extents that differ are an error, and so are a scalar and leading axes that do not broadcast.
  /// Derivatives: `da = g · bᵀ`, `db = aᵀ · g`, with the conjugates of complex factors.
  ///
  /// - Complexity: 2mkn operations for each matrix.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matmul(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    guard rank > 0, other.rank > 0 else {
      return .failed("matmul", "a scalar has no matrix product: \(shape) × \(other.shape); use *", file, line)
    }
    let inner = layout.shape.extents[rank - 1]
    let otherInner = other.layout.shape.extents[Swift.max(other.rank - 2, 0)]
    guard inner == otherInner else {
      return .failed(
        "matmul", "inner dimensions differ: \(shape) × \(other.shape); \(inner) ≠ \(otherInner)", file, line)
    }
    if rank == 2, other.rank == 2 { return matrixProduct(other, file, line) }
    if rank == 1 {
      let row = expandedDims(axis: 0).matmul(other, file: file, line: line)
      return row.isFailed ? row : row.squeezed(axis: other.rank == 1 ? 0 : -2)
    }
    if other.rank == 1 {
      let column = matmul(other.expandedDims(axis: 1), file: file, line: line)
      return column.isFailed ? column : column.squeezed(axis: -1)
    }
    let rows = layout.shape.elementCount / Swift.max(inner, 1)
    if other.rank == 2, inner > 0, let folded = layout.reshaped([rows, inner]), folded.rank == 2 {
      var result = layout.shape
      result.extents[rank - 1] = other.shape[1]
      let product = reshapedView([rows, inner]).matrixProduct(other, file, line)
      return product.isFailed ? product : product.reshapedView(result)
    }
    return batchProduct(other, file, line)
  }

  /// Multiplies matrices whose leading axes are already equal.
  private func matrixProduct(_ other: Tensor, _ file: StaticString, _ line: UInt) -> Tensor {
    let m = layout.shape[-2], k = layout.shape[-1], n = other.layout.shape[-1]
    guard Swift.max(m, n, k) <= BLAS.largestSize else {
      return .failed(
        "matmul", "shapes \(shape) × \(other.shape) are too large; extents are at most \(BLAS.largestSize)",
        file, line)
    }
    // The gradient of a transposed operand is computed transposed. Transposing it back then copies nothing.
    return product(other).recorded(
      "Matmul",
      edge(
        saving: other,
        adding: { [isTransposed = isColumnMajor] g, b, sum in
          let b = b.conjugate()
          return isTransposed && sum == nil
            ? b.timesTransposed(g).transposed() : g.timesTransposed(b, adding: sum)
        }),
      other.edge(
        saving: self,
        adding: { [isTransposed = other.isColumnMajor] g, a, sum in
          let a = a.conjugate()
          return isTransposed && sum == nil
            ? g.transposedTimes(a).transposed() : a.transposedTimes(g, adding: sum)
        }))
  }

  // The three functions below return this · other, this · otherᵀ and thisᵀ · other for matrices that fit. If
  // there is a `sum`, they add to it in place. Without recording they need no view of the transposed operand.

  fileprivate func times(_ other: Tensor, adding sum: Tensor?) -> Tensor {
    isRecording || isFailed || other.isFailed ? matmul(other) : product(other, adding: sum)
  }
  fileprivate func timesTransposed(_ other: Tensor, adding sum: Tensor? = nil) -> Tensor {
    isRecording || isFailed || other.isFailed
      ? matmul(other.transposed()) : product(other, otherTransposed: true, adding: sum)
  }
  fileprivate func transposedTimes(_ other: Tensor, adding sum: Tensor? = nil) -> Tensor {
    isRecording || isFailed || other.isFailed
      ? transposed().matmul(other) : product(other, transposed: true, adding: sum)
  }

  private func batchProduct(_ other: Tensor, _ file: StaticString, _ line: UInt) -> Tensor {
    var left = layout.shape, right = other.layout.shape
    left.remove(at: left.rank - 1)
    left.remove(at: left.rank - 1)
    right.remove(at: right.rank - 1)
    right.remove(at: right.rank - 1)
    guard let batch = TensorShape.broadcast(left, right) else {
      return .failed("matmul", "leading axes do not broadcast: \(shape) × \(other.shape)", file, line)
    }
    return broadcastView(to: batch.appending(layout.shape[-2], layout.shape[-1])).matrixProduct(
      other.broadcastView(to: batch.appending(other.layout.shape[-2], other.layout.shape[-1])), file, line)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The affine map `x · weightᵀ + bias`, `[…, in] × [out, in] + [out] → […, out]`.
  ///
  /// Shapes that do not fit are an error. Derivatives: `dx = g · weight`, `dweight = gᵀ · x`, `dbias = Σ g`.
  /// Each of the first two takes one product, and nothing is transposed in memory.
  ///
  /// - Complexity: 2 · in · out operations for each row.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func linear(
    weight: Tensor, bias: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? weight.failure ?? bias?.failure { return .failed(by: failure) }
    guard layout.rank >= 1, weight.rank == 2, layout.shape[-1] == weight.shape[1] else {
      return .failed(
        "linear",
        "inputs of shape \(shape) do not match a weight of shape \(weight.shape); they must be […, in] and [out, in]",
        file, line)
    }
    if let bias, bias.rank != 1 || bias.shape[0] != weight.shape[0] {
      return .failed(
        "linear",
        "a bias of shape \(bias.shape) does not match a weight of shape \(weight.shape); they must be [out] and [out, in]",
        file, line)
    }
    if layout.rank != 2 {
      var target = layout.shape
      target.extents[rank - 1] = weight.shape[0]
      let rows: TensorShape = [layout.shape.dropLast().reduce(1, *), weight.shape[1]]
      return reshapedView(rows).linear(weight: weight, bias: bias, file: file, line: line).reshapedView(
        target)
    }
    guard Swift.max(shape[0], weight.shape[0], weight.shape[1]) <= BLAS.largestSize else {
      return .failed(
        "linear",
        "shapes \(shape) and \(weight.shape) are too large; extents are at most \(BLAS.largestSize)", file,
        line)
    }
    return product(weight, otherTransposed: true, addend: bias).recorded(
      "Linear", edge(saving: weight, adding: { g, w, sum in g.times(w, adding: sum) }),
      weight.edge(saving: self, adding: { g, x, sum in g.transposedTimes(x, adding: sum) }),
      bias?.edge { g in g })
  }
}

extension TensorShape {
  fileprivate func appending(_ a: Int, _ b: Int) -> TensorShape {
    var result = self
    result.append(a)
    result.append(b)
    return result
  }
}
