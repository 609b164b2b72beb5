// Layer norm and RMS norm, over rows. Second derivatives use the forms that are composed of operations.

extension Tensor where Element: DifferentiableScalar {
  /// Layer normalisation over the last axis, or over the given axes (Ba, Kiros & Hinton 2016,
  /// arXiv:1607.06450): `y = u · weight + bias`, `u = (x − m) / √(v + ε)`. m is the mean and v the variance
  /// (divided by n) of the elements along the axes.
  ///
  /// Weight and bias have the extents of the axes, in their order in the shape. Their defaults are 1 and 0.
  /// Another shape is an error, and so is an axis that is out of range or named twice.
  ///
  /// Derivatives, with `h = g · weight` and means over the axes:
  /// `dx = (h − mean(h) − u mean(h u)) / √(v + ε)`; `dweight = Σ g u` and `dbias = Σ g` are sums over the
  /// other axes.
  ///
  /// ```swift
  /// let x = Tensor<Float>.normal([8, 16, 64])
  /// let y = x.layerNorm(weight: .ones([64]), bias: .zeros([64]))
  /// let z = x.layerNorm(axes: [1, 2], weight: .ones([16, 64]))
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func layerNorm(
    axes: [Int] = [-1], weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Element = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? weight?.failure ?? bias?.failure { return .failed(by: failure) }
    let (set, fault) = shape.axisSet(axes)
    if let fault { return .failed("layerNorm", fault, file, line) }
    let extents = extents(along: set)
    guard weight?.shape ?? extents == extents, bias?.shape ?? extents == extents else {
      return .failed(
        "layerNorm",
        "weight \(weight.map { "\($0.shape)" } ?? "none") and bias \(bias.map { "\($0.shape)" } ?? "none") do not match axes \(axes) of shape \(shape); each must be \(extents)",
        file, line)
    }
    let scale = weight ?? .full(extents, 1), shift = bias ?? .full(extents, 0)
    return withLast(set) { $0.layerNorm(scale, shift, epsilon) }
  }

  /// RMS normalisation over the last axis, or over the given axes (Zhang & Sennrich 2019, arXiv:1910.07467):
  /// `y = u · weight`, `u = x / √(mean(x²) + ε)`.
  ///
  /// The weight has the extents of the axes, in their order in the shape. Its default is 1. The default of ε
  /// is the `ulpOfOne` of the element type. Another shape is an error, and so is an axis that is out of range
  /// or named twice.
  ///
  /// Derivatives, with `h = g · weight` and the mean over the axes:
  /// `dx = (h − u mean(h u)) / √(mean(x²) + ε)`; `dweight = Σ g u` is a sum over the other axes.
  ///
  /// ```swift
  /// let x = Tensor<Float>.normal([8, 16, 64])
  /// let y = x.rmsNorm(weight: .ones([64]), epsilon: 1e-6)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func rmsNorm(
    axes: [Int] = [-1], weight: Tensor? = nil, epsilon: Element? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? weight?.failure { return .failed(by: failure) }
    let (set, fault) = shape.axisSet(axes)
    if let fault { return .failed("rmsNorm", fault, file, line) }
    let extents = extents(along: set)
    guard weight?.shape ?? extents == extents else {
      return .failed(
        "rmsNorm",
        "weight \(weight!.shape) does not match axes \(axes) of shape \(shape); it must be \(extents)", file,
        line)
    }
    let scale = weight ?? .full(extents, 1), epsilon = epsilon ?? .ulpOfOne
    return withLast(set) { $0.rmsNorm(scale, epsilon) }
  }

  private func extents(along axes: AxisSet) -> TensorShape {
    TensorShape((0..<rank).filter(axes.contains).map { shape[$0] })
  }

  /// Moves the given axes to the end, applies `body`, and moves the axes back.
  private func withLast(_ axes: AxisSet, _ body: (Tensor) -> Tensor) -> Tensor {
    let order = (0..<rank).filter { !axes.contains($0) } + (0..<rank).filter(axes.contains)
    if order == Array(0..<rank) { return body(self) }
    let inverse = (0..<rank).map { axis in order.firstIndex(of: axis)! }
    return body(permuted(order)).permuted(inverse)
  }

  /// Normalises over the last axes, as many as the weight has.
  private func layerNorm(_ weight: Tensor, _ bias: Tensor, _ epsilon: Element) -> Tensor {
    let shape = weight.shape, rows = NormalizationKernels.rows(of: layout.count, width: weight.layout.count)
    let (value, statistics) = launch(
      self, weight, bias, into: Tensor(uninitialized: layout.shape), Tensor(uninitialized: [rows, 2])
    ) { x, weight, bias, y, statistics in
      NormalizationKernels.layerNorm(
        x, weight: weight, bias: bias, epsilon: epsilon.doubleValue, into: y, statistics: statistics)
    }
    return value.recorded("LayerNorm", [self, weight, bias], saving: [self, weight, statistics]) {
      given in
      let g = given.gradients[0]!, x = given.saved[0], w = given.saved[1], isNeeded = given.isNeeded
      if isRecording {
        let axes = Array(-shape.rank..<0), (u, scale) = x.standardized(over: axes, epsilon)
        return [
          isNeeded[0] ? u.standardizedGradient(g * w, scale, over: axes) : nil, isNeeded[1] ? g * u : nil,
          isNeeded[2] ? g : nil,
        ]
      }
      let (input, sums) = x.layerNormGradients(
        w, given.saved[2], g, ofInput: isNeeded[0], ofParameters: isNeeded[1] || isNeeded[2])
      return [input, sums?.view(of: 0).reshapedView(shape), sums?.view(of: 1).reshapedView(shape)]
    }
  }

  /// Normalises over the last axes, as many as the weight has.
  private func rmsNorm(_ weight: Tensor, _ epsilon: Element) -> Tensor {
    let rows = NormalizationKernels.rows(of: layout.count, width: weight.layout.count)
    let (value, scales) = launch(
      self, weight, into: Tensor(uninitialized: layout.shape), Tensor(uninitialized: [rows])
    ) { x, weight, y, scales in
      NormalizationKernels.rmsNorm(x, weight: weight, epsilon: epsilon.doubleValue, into: y, scales: scales)
    }
    let axes = Array(-weight.rank..<0)
    return value.recorded("RMSNorm", [self, weight], saving: [self, weight, scales]) { given in
      let g = given.gradients[0]!, x = given.saved[0], w = given.saved[1], isNeeded = given.isNeeded
      if isRecording {
        let scale = 1 / ((x * x).mean(axes: axes, keepDims: true) + epsilon).sqrt()
        let u = x * scale, h = g * w
        return [
          isNeeded[0] ? scale * (h - u * (h * u).mean(axes: axes, keepDims: true)) : nil,
          isNeeded[1] ? g * u : nil,
        ]
      }
      let (input, weight) = x.rmsNormGradients(
        w, given.saved[2], g, ofInput: isNeeded[0], ofWeight: isNeeded[1])
      return [input, weight]
    }
  }

  /// Returns `(x − m) / √(v + ε)` over the given axes, and `1 / √(v + ε)`.
  func standardized(over axes: [Int], _ epsilon: Element) -> (value: Tensor, scale: Tensor) {
    let difference = self - mean(axes: axes, keepDims: true)
    let scale = 1 / ((difference * difference).mean(axes: axes, keepDims: true) + epsilon).sqrt()
    return (difference * scale, scale)
  }

  /// The gradient of the input that `standardized` mapped to this tensor u, for a gradient h of u:
  /// `s (h − mean(h) − u mean(h u))`.
  func standardizedGradient(_ h: Tensor, _ scale: Tensor, over axes: [Int]) -> Tensor {
    scale * (h - h.mean(axes: axes, keepDims: true) - self * (h * self).mean(axes: axes, keepDims: true))
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the gradients of layer norm: of the rows, and of the weight and the bias `[2, count]`, if they
  /// are requested.
  private func layerNormGradients(
    _ weight: Tensor, _ statistics: Tensor, _ gradient: Tensor, ofInput: Bool, ofParameters: Bool
  ) -> (input: Tensor?, parameters: Tensor?) {
    let x = contiguous(), scale = weight.contiguous(), g = gradient.contiguous(), count = weight.layout.count
    let blocks = NormalizationKernels.blocks(of: layout.count, width: count)
    let input = ofInput ? Tensor(uninitialized: layout.shape) : nil
    let sums = ofParameters ? Tensor(uninitialized: [blocks, 2, count]) : nil
    let failure = launch(
      after: x.failure ?? scale.failure ?? g.failure ?? input?.failure ?? sums?.failure
    ) {
      NormalizationKernels.layerNormGradients(
        x.operand, weight: scale.operand, statistics: statistics.operand, gradient: g.operand,
        into: input?.operand, sums: sums?.operand)
    }
    if let failure { return (.failed(by: failure), .failed(by: failure)) }
    return (input, sums?.summed(to: [2, count]))
  }

  /// Returns the gradients of RMS norm: of the rows and of the weight, if they are requested.
  private func rmsNormGradients(
    _ weight: Tensor, _ scales: Tensor, _ gradient: Tensor, ofInput: Bool, ofWeight: Bool
  ) -> (input: Tensor?, weight: Tensor?) {
    let x = contiguous(), scale = weight.contiguous(), g = gradient.contiguous(), count = weight.layout.count
    let blocks = NormalizationKernels.blocks(of: layout.count, width: count)
    let input = ofInput ? Tensor(uninitialized: layout.shape) : nil
    let sums = ofWeight ? Tensor(uninitialized: [blocks, count]) : nil
    let failure = launch(
      after: x.failure ?? scale.failure ?? g.failure ?? input?.failure ?? sums?.failure
    ) {
      NormalizationKernels.rmsNormGradients(
        x.operand, weight: scale.operand, scales: scales.operand, gradient: g.operand, into: input?.operand,
        sums: sums?.operand)
    }
    if let failure { return (.failed(by: failure), .failed(by: failure)) }
    return (input, sums?.summed(to: [count]).reshapedView(weight.layout.shape))
  }
}
