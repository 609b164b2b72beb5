// Computes softmax, log-softmax and the logarithm of a sum of exponentials. Softmax takes one loop over a row
// forward and one backward.

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

  /// The logarithm of the sum of the exponentials of all elements, `log Σ exp(x)`, without overflow; −∞ for
  /// an empty tensor. Derivative: that of ``logSumExp(axes:keepDims:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logSumExp() -> Tensor { logSumExp(.all(Swift.max(rank, 0)), keepDims: false) }

  /// The logarithm of the sum of the exponentials along one axis, `log Σ exp(x)`, without overflow. See
  /// ``logSumExp(axes:keepDims:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logSumExp(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    logSumExp(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The logarithm of the sum of the exponentials along some axes, `y = log Σ exp(x)`, without overflow. The
  /// axes are removed, or kept with extent 1 if `keepDims` is true.
  ///
  /// The result is −∞ if all elements are −∞ or there are none, and ∞ if one is ∞. An axis out of range or
  /// named twice is an error.
  ///
  /// Derivative: `dx = g exp(x − y)`, the softmax; 0 where y = −∞.
  ///
  /// ```swift
  /// let logits = Tensor<Float>([[1000, 1000], [0, -.infinity]])
  /// print(logits.logSumExp(axes: [1], keepDims: true))  // [[1000 + log 2], [0]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logSumExp(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("logSumExp", fault, file, line) }
    return logSumExp(set, keepDims: keepDims)
  }

  private func logSumExp(_ axes: AxisSet, keepDims: Bool) -> Tensor {
    if let failure { return .failed(by: failure) }
    let shape = layout.shape
    return loggedSums(axes, keepDims: keepDims).recorded(
      "LogSumExp",
      edge(outputSaving: self) { g, y, x in
        let y = isRecording ? x.logSumExp(axes, keepDims: keepDims) : y
        let hasTerms = (y .!= -.infinity).reshapedView(shape.reduced(axes, keepDims: true))
        let shares = (x - y.spread(axes, over: shape)).where(hasTerms, else: -.infinity).exp()
        return g.spread(axes, over: shape) * shares
      })
  }

  /// Computes log Σ exp(x) over the axes, which are moved to the end.
  private func loggedSums(_ axes: AxisSet, keepDims: Bool) -> Tensor {
    let target = layout.shape.reduced(axes, keepDims: keepDims), length = layout.shape.count(along: axes)
    if layout.count == 0 {
      return .full(target, -.infinity)
    }
    return launch(
      viewed(layout.permuted(layout.shape.order(last: axes))), into: Tensor(uninitialized: target)
    ) { x, y in
      SoftmaxKernels.logSumExp(x, row: length, into: y)
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
        "\(name)", shape.fault(ofAxis: axis), file, line)
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
