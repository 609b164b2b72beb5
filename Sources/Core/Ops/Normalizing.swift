// Layer norm, in one loop both ways. The composed form is what second derivatives are taken of.

extension Tensor where Element: DifferentiableScalar {
  /// Normalises over the last axis, or over some axes: `y = u · weight + bias`, `u = (x − m) / √(v + ε)`, with the
  /// mean m and the variance v (divided by n) of the elements along the axes (Ba, Kiros & Hinton 2016,
  /// arXiv:1607.06450).
  ///
  /// Weight and bias have the extents of the axes in their order in the shape; without them they are 1 and 0.
  /// Another shape is an error, and so is an axis out of range or named twice.
  ///
  /// Derivatives, with `h = g · weight` and means over the axes: `dx = (h − mean(h) − u mean(h u)) / √(v + ε)`,
  /// `dweight = Σ g u`, `dbias = Σ g` over the other axes.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func layerNorm(
    axes: [Int] = [-1], weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Element = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? weight?.failure ?? bias?.failure { return .failed(by: failure) }
    let (set, fault) = shape.axisSet(axes)
    if let fault { return .failed("layerNorm", fault, file, line) }
    let within = (0..<rank).filter(set.contains), around = (0..<rank).filter { !set.contains($0) }
    let extents = TensorShape(within.map { shape[$0] })
    guard weight?.shape ?? extents == extents, bias?.shape ?? extents == extents else {
      return .failed(
        "layerNorm",
        "weight \(weight.map { "\($0.shape)" } ?? "none"), bias \(bias.map { "\($0.shape)" } ?? "none"); \(extents) is expected for axes \(axes) of shape \(shape)",
        file, line)
    }
    let scale = weight ?? .full(extents, 1), shift = bias ?? .full(extents, 0)
    let order = around + within
    if order == Array(0..<rank) { return layerNorm(scale, shift, epsilon) }
    let inverse = (0..<rank).map { axis in order.firstIndex(of: axis)! }
    return permuted(order).layerNorm(scale, shift, epsilon).permuted(inverse)
  }

  /// Over the last axes, as many as the weight has.
  private func layerNorm(_ weight: Tensor, _ bias: Tensor, _ epsilon: Element) -> Tensor {
    let (value, statistics) = layerNormRows(weight, bias, epsilon.doubleValue), shape = weight.shape
    return value.recorded("LayerNorm", [self, weight, bias], saving: [self, weight, statistics]) {
      given in
      let g = given.gradients[0]!, x = given.saved[0], w = given.saved[1], isNeeded = given.isNeeded
      if isRecording {
        return [
          isNeeded[0] ? x.composedLayerNormGradient(w, g, epsilon) : nil,
          isNeeded[1] ? g * x.standardized(shape.rank, epsilon).value : nil, isNeeded[2] ? g : nil,
        ]
      }
      let (input, sums) = x.layerNormGradients(
        w, given.saved[2], g, ofInput: isNeeded[0], ofParameters: isNeeded[1] || isNeeded[2])
      return [input, sums?.view(of: 0).reshapedView(shape), sums?.view(of: 1).reshapedView(shape)]
    }
  }

  /// (x − m) / √(v + ε) over the last axes, and 1 / √(v + ε).
  private func standardized(_ rank: Int, _ epsilon: Element) -> (value: Tensor, scale: Tensor) {
    let axes = Array(-rank..<0)
    let difference = self - mean(axes: axes, keepDims: true)
    let scale = 1 / ((difference * difference).mean(axes: axes, keepDims: true) + epsilon).sqrt()
    return (difference * scale, scale)
  }

  private func composedLayerNormGradient(_ weight: Tensor, _ g: Tensor, _ epsilon: Element) -> Tensor {
    let axes = Array(-weight.rank..<0), (u, scale) = standardized(weight.rank, epsilon), h = g * weight
    let share = (h * u).mean(axes: axes, keepDims: true)
    return scale * (h - h.mean(axes: axes, keepDims: true) - u * share)
  }
}
