// Running sums, products, extremes and sums of exponentials along an axis. Negative axes count from the end.
// Axis 0 of a scalar stands for its element.

extension Tensor where Element: FieldScalar {
  /// The sums of the elements up to each one along an axis, `yₖ = x₀ + … + xₖ`, in the shape of the tensor.
  /// PyTorch and NumPy name it `cumsum`.
  ///
  /// The elements are added in their order. `Float` is accumulated in `Double` and each sum is rounded, as in
  /// PyTorch on the CPU. An axis out of range is an error.
  ///
  /// Derivative: `dxₖ = gₖ + … + gₙ₋₁`, the running sum from the other end.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
  /// print(x.cumulativeSum(axis: 1))  // [[1. 3. 6.] [4. 9. 15.]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cumulativeSum(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    alongAxis("cumulativeSum", axis, file, line) { $0.runningSum(along: $1, isReversed: false) }
  }

  /// The products of the elements up to each one along an axis, `yₖ = x₀ · … · xₖ`, in the shape of the
  /// tensor. PyTorch and NumPy name it `cumprod`.
  ///
  /// The elements are multiplied in their order. `Float` is accumulated in `Double` and each product is
  /// rounded, as in PyTorch on the CPU. An axis out of range is an error.
  ///
  /// Derivative: `dxₖ = Σ gᵢ Π xⱼ` over i ≥ k and j ≤ i, j ≠ k, with the conjugates of complex x. It is
  /// computed without a division, so elements of 0 are exact.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 2, 0, 4])
  /// print(x.cumulativeProduct(axis: 0))  // [1. 2. 0. 0.]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cumulativeProduct(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    alongAxis("cumulativeProduct", axis, file, line) { $0.runningProduct(along: $1) }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The logarithms of the sums of the exponentials up to each element along an axis,
  /// `yₖ = log (exp x₀ + … + exp xₖ)`, without overflow. PyTorch names it `logcumsumexp`.
  ///
  /// A sum of no elements but −∞ is −∞. An axis out of range is an error.
  ///
  /// Derivative: `dxₖ = Σ gᵢ exp(xₖ − yᵢ)` over i ≥ k; terms with `yᵢ = −∞` are 0.
  ///
  /// ```swift
  /// let logits = Tensor<Float>([0, 1000, 1000])
  /// print(logits.cumulativeLogSumExp(axis: 0))  // 0, 1000 and 1000 + log 2
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cumulativeLogSumExp(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    alongAxis("cumulativeLogSumExp", axis, file, line) { $0.runningLogSumExp(along: $1) }
  }
}

extension Tensor where Element: NumericScalar {
  /// The largest of the elements up to each one along an axis, and their indices. PyTorch names it `cummax`.
  ///
  /// The index is that of the last of equal elements. After a NaN all values are NaN, with the index of the
  /// last NaN. Both are PyTorch's rules. An axis out of range is an error.
  ///
  /// Derivative: the gradient of a value is added to the element at its index.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 3, 2, 3])
  /// let (values, indices) = x.cumulativeMax(axis: 0)  // [1, 3, 3, 3] and [0, 1, 1, 3]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cumulativeMax(
    axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    runningExtreme(.maximum, "cumulativeMax", axis, file, line)
  }

  /// The smallest of the elements up to each one along an axis, and their indices. PyTorch names it `cummin`.
  ///
  /// The index is that of the last of equal elements. After a NaN all values are NaN, with the index of the
  /// last NaN. Both are PyTorch's rules. An axis out of range is an error.
  ///
  /// Derivative: the gradient of a value is added to the element at its index.
  ///
  /// ```swift
  /// let x = Tensor<Float>([3, 1, 2, 1])
  /// let (values, indices) = x.cumulativeMin(axis: 0)  // [3, 1, 1, 1] and [0, 1, 1, 3]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cumulativeMin(
    axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    runningExtreme(.minimum, "cumulativeMin", axis, file, line)
  }
}

extension Tensor where Element == Bool {
  /// The numbers of true elements up to each one along an axis. An axis out of range is an error.
  public func cumulativeSum(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor<Int> {
    integerScan(.sum, "cumulativeSum", axis, file, line)
  }

  /// The products of the elements up to each one along an axis, as `Int`: 1 until the first false element. An
  /// axis out of range is an error.
  public func cumulativeProduct(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor<Int> {
    integerScan(.product, "cumulativeProduct", axis, file, line)
  }
}

extension Tensor where Element: NumericScalar & BinaryInteger {
  /// The sums of the elements up to each one along an axis, as `Int`. They wrap on overflow. An axis out of
  /// range is an error.
  public func cumulativeSum(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor<Int> {
    integerScan(.sum, "cumulativeSum", axis, file, line)
  }

  /// The products of the elements up to each one along an axis, as `Int`. They wrap on overflow. An axis out
  /// of range is an error.
  public func cumulativeProduct(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor<Int> {
    integerScan(.product, "cumulativeProduct", axis, file, line)
  }
}

extension Tensor {
  /// Runs an operation along an axis, which it receives counted from the front.
  private func alongAxis<Result>(
    _ name: StaticString, _ axis: Int, _ file: StaticString, _ line: UInt,
    _ body: (Tensor, Int) -> Tensor<Result>
  ) -> Tensor<Result> {
    if let failure { return .failed(by: failure) }
    if shape.isScalar(axis: axis) { return body(reshapedView([1]), 0).reshapedView([]) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "\(name)", shape.fault(ofAxis: axis), file, line)
    }
    return body(self, counted)
  }

  private func integerScan(
    _ operation: ScanKernel, _ name: StaticString, _ axis: Int, _ file: StaticString, _ line: UInt
  ) -> Tensor<Int> {
    alongAxis(name, axis, file, line) {
      $0.scanned(operation, along: $1, to: Int.self)
        .named(operation == .sum ? "CumulativeSum" : "CumulativeProduct")
    }
  }

  /// Returns an unrecorded scan along an axis.
  private func scanned<Result>(
    _ operation: ScanKernel, along axis: Int, isReversed: Bool = false, to: Result.Type
  ) -> Tensor<Result> {
    if let failure { return .failed(by: failure) }
    return launch(self, into: Tensor<Result>(uninitialized: layout.shape)) { x, y in
      ScanKernels.scan(operation, x, along: axis, isReversed: isReversed, into: y)
    }
  }
}

extension Tensor where Element: FieldScalar {
  private func runningSum(along axis: Int, isReversed: Bool) -> Tensor {
    scanned(.sum, along: axis, isReversed: isReversed, to: Element.self).recorded(
      "CumulativeSum", edge { g in g.runningSum(along: axis, isReversed: !isReversed) })
  }

  private func runningProduct(along axis: Int) -> Tensor {
    scanned(.product, along: axis, to: Element.self).recorded(
      "CumulativeProduct",
      edge(outputSaving: self) { g, y, x in
        let y = isRecording ? x.runningProduct(along: axis) : y
        return y.shifted(along: axis, first: 1).conjugate()
          * g.linearRecurrence(x.conjugate(), along: axis, isReversed: true)
      })
  }

  /// Returns the products of the elements before each one along an axis, beginning with 1.
  func productOfEarlier(along axis: Int) -> Tensor {
    runningProduct(along: axis).shifted(along: axis, first: 1)
  }

  /// Returns the elements one place later along an axis. The last is dropped, and the first is a number.
  private func shifted(along axis: Int, first: Element) -> Tensor {
    if layout.count == 0 { return self }
    var amounts = [(before: Int, after: Int)](repeating: (0, 0), count: rank - axis)
    amounts[0] = (1, -1)
    return padded(amounts, value: first)
  }

  /// Returns `yₖ = xₖ + fₖ yₖ₋₁` along an axis, for factors of the same shape. The reversed recurrence is the
  /// transposed map `yₖ = xₖ + fₖ₊₁ yₖ₊₁`. The first factor is not used.
  ///
  /// It is the derivative of products: with `gₖ` for `xₖ` it sums the gradients of all later products, each
  /// multiplied by the factors between.
  package func linearRecurrence(_ factors: Tensor, along axis: Int, isReversed: Bool) -> Tensor {
    if let failure = failure ?? factors.failure { return .failed(by: failure) }
    let result = launch(self, factors, into: Tensor(uninitialized: layout.shape)) { x, factors, y in
      ScanKernels.scan(.recurrence, x, along: axis, isReversed: isReversed, factors: factors, into: y)
    }
    return result.recorded(
      "LinearRecurrence",
      edge(saving: factors) { g, f in
        g.linearRecurrence(f.conjugate(), along: axis, isReversed: !isReversed)
      },
      factors.edge(saving: self, factors) { g, x, f in
        let slope = g.linearRecurrence(f.conjugate(), along: axis, isReversed: !isReversed)
        let y = x.linearRecurrence(f, along: axis, isReversed: isReversed).conjugate()
        return isReversed
          ? slope.shifted(along: axis, first: 0) * y : slope * y.shifted(along: axis, first: 0)
      })
  }
}

extension Tensor where Element: DifferentiableScalar {
  private func runningLogSumExp(along axis: Int) -> Tensor {
    scanned(.logSumExp, along: axis, to: Element.self).recorded(
      "CumulativeLogSumExp",
      edge(outputSaving: self) { g, y, x in
        let y = isRecording ? x.runningLogSumExp(along: axis) : y, hasTerms = y .!= -.infinity
        // Σ gᵢ exp(yₖ − yᵢ) is a recurrence with factors of at most 1.
        let steps = (y.shifted(along: axis, first: -.infinity) - y).where(hasTerms, else: 0).exp()
        let shares = (x - y).where(hasTerms, else: -.infinity).exp()
        return shares * g.linearRecurrence(steps, along: axis, isReversed: true)
      })
  }
}

extension Tensor where Element: NumericScalar {
  private func runningExtreme(
    _ operation: ScanKernel, _ name: StaticString, _ axis: Int, _ file: StaticString, _ line: UInt
  ) -> (values: Tensor, indices: Tensor<Int>) {
    if let failure { return (.failed(by: failure), .failed(by: failure)) }
    if shape.isScalar(axis: axis) {
      let (values, indices) = reshapedView([1]).runningExtreme(operation, name, 0, file, line)
      return (values.reshapedView([]), indices.reshapedView([]))
    }
    guard let counted = shape.axis(axis) else {
      let fault: Tensor = .failed(
        "\(name)", shape.fault(ofAxis: axis), file, line)
      return (fault, .failed(by: fault.failure ?? Failure.current))
    }
    let (values, indices) = launch(
      self, into: Tensor(uninitialized: layout.shape), Tensor<Int>(uninitialized: layout.shape)
    ) { x, y, indices in
      ScanKernels.scan(operation, x, along: counted, into: y, indices: indices)
    }
    let shape = layout.shape
    return (
      values.recorded(
        operation == .maximum ? "CumulativeMax" : "CumulativeMin",
        edge(saving: indices) { g, indices in
          Tensor.zeroed(shape).scatterAdded(indices, g, along: counted, isNew: true)
        }), indices
    )
  }
}
