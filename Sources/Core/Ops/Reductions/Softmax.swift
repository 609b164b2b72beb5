// Computes softmax and log-softmax. The forward and the backward pass each take one loop over a row.

extension Tensor where Element: DifferentiableScalar {
  /// The softmax along an axis, `y = exp(x) / Σ exp(x)`, without overflow.
  ///
  /// An axis out of range is an error. Derivative: `dx = y (g − Σ g y)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func softmax(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    alongLastAxis("softmax", axis, file, line) { x in
      x.mappedRows(.softmax).recorded(
        "Softmax",
        x.edge(output: { g, y in
          isRecording
            ? y * (g - (g * y).sum(axis: -1, keepDims: true)) : g.mappedRows(.softmaxGradient, with: y)
        }))
    }
  }

  /// The logarithm of the softmax along an axis, `y = x − log Σ exp(x)`, without overflow.
  ///
  /// An axis out of range is an error. Derivative: `dx = g − exp(y) Σ g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logSoftmax(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    alongLastAxis("logSoftmax", axis, file, line) { x in
      x.mappedRows(.logSoftmax).recorded(
        "LogSoftmax",
        x.edge(output: { g, y in
          isRecording
            ? g - y.exp() * g.sum(axis: -1, keepDims: true) : g.mappedRows(.logSoftmaxGradient, with: y)
        }))
    }
  }

  /// Runs an operation on the rows along any axis.
  private func alongLastAxis(
    _ name: StaticString, _ axis: Int, _ file: StaticString, _ line: UInt, _ body: (Tensor) -> Tensor
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    if shape.isScalar(axis: axis) { return body(expandedDims(axis: 0)).squeezed(axis: 0) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "\(name)", "axis \(axis) is out of range for shape \(shape); \(shape.axisRange)", file, line)
    }
    if counted == rank - 1 { return body(self) }
    return body(transposed(counted, -1)).transposed(counted, -1)
  }

  /// Runs a loop over the rows along the last axis, of this tensor and of `other` if the loop reads two.
  private func mappedRows(_ operation: RowsKernel, with other: Tensor? = nil) -> Tensor {
    let x = contiguous(), z = other?.contiguous(), y = Tensor(uninitialized: layout.shape)
    let failure = launch(after: x.failure ?? z?.failure ?? y.failure) {
      if layout.count == 0 { return }
      SoftmaxKernels.map(
        operation, x.address, z?.address, into: y.address, count: layout.count,
        row: layout.shape.extents[layout.rank - 1], of: Element.element)
    }
    return failure.map { .failed(by: $0) } ?? y
  }
}
