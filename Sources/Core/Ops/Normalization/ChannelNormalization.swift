// Batch, group and instance norm; channels are axis 1. Second derivatives use the forms that are composed of
// operations.

extension Tensor where Element: DifferentiableScalar {
  /// Batch normalisation of each channel, axis 1, over all other axes (Ioffe & Szegedy 2015,
  /// arXiv:1502.03167): `y = u · weight + bias`, `u = (x − m) / √(v + ε)`. m is the mean and v the variance
  /// of the channel. The input is `[n, channels, …]`, and so is the result.
  ///
  /// In training, m and v (divided by the count) are computed from the input. Running statistics that are
  /// given are then changed in place: `running = (1 − momentum) · running + momentum · new`, where the new
  /// variance is divided by the count less one. A batch without elements leaves them as they are, and so does
  /// a batch whose result fails. Outside training, m and v are the running statistics, and leaving them out
  /// is an error. The defaults of weight and bias are 1 and 0.
  ///
  /// Vectors of another shape than `[channels]` are an error, and so is an input of fewer than two axes. In
  /// training, an input with one element per channel is an error too.
  ///
  /// Derivatives, with `h = g · weight` and means over the other axes:
  /// `dx = (h − mean(h) − u mean(h u)) / √(v + ε)` in training, else `h / √(v + ε)`; `dweight = Σ g u`,
  /// `dbias = Σ g`.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 32, 32])
  /// let mean = Tensor<Float>.zeros([3]), variance = Tensor<Float>.ones([3])
  /// let y = images.batchNorm(runningMean: mean, runningVariance: variance, isTraining: true)
  /// let z = images.batchNorm(runningMean: mean, runningVariance: variance)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func batchNorm(
    runningMean: Tensor? = nil, runningVariance: Tensor? = nil, weight: Tensor? = nil, bias: Tensor? = nil,
    isTraining: Bool = false, momentum: Element = 0.1, epsilon: Element = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let vectors = [runningMean, runningVariance, weight, bias]
    if rank == 1, count == 0 {
      return expandedDims(axis: 1).part(1, 0, 0).batchNorm(
        runningMean: runningMean, runningVariance: runningVariance, weight: weight, bias: bias,
        isTraining: isTraining, momentum: momentum, epsilon: epsilon, file: file, line: line
      ).reshaped([0])
    }
    if let failure = misfit(of: vectors, "batchNorm", file, line) { return .failed(by: failure) }
    if !isTraining {
      return normalized("batchNorm", by: runningMean, runningVariance, weight, bias, epsilon, file, line)
    }
    let channels: TensorShape = [shape[1]], planes = planes
    if planes.channels > 0, planes.count == 1 {
      return .failed(
        "batchNorm",
        "shape \(shape) has 1 element per channel; training needs at least 2, or none",
        file, line)
    }
    let x = contiguous()
    let (mean, variance) = x.moments(of: planes)
    let scale = 1 / (variance + epsilon).sqrt()
    let value = normalized(
      x, weight ?? .full(channels, 1), bias ?? .full(channels, 0), mean, scale, isTraining, epsilon)
    // A batch without elements has no statistics.
    if value.isFailed || planes.count == 0 { return value }
    if runningMean == nil, runningVariance == nil { return value }
    let unbiased = noGrad { variance * (Element(planes.count) / Element(Swift.max(planes.count - 1, 1))) }
    if let failure = unbiased.failure { return .failed(by: failure) }
    noGrad {
      runningMean?.move(towards: mean, momentum)
      runningVariance?.move(towards: unbiased, momentum)
    }
    return value
  }

  /// Group normalisation (Wu & He 2018, arXiv:1803.08494): normalises groups of channels, axis 1, in each
  /// sample by `y = u · weight + bias`, `u = (x − m) / √(v + ε)`. m is the mean and v the variance (divided
  /// by the count) of the group in the sample. The input is `[n, channels, …]`, and so is the result.
  ///
  /// Weight and bias have one element per channel; their defaults are 1 and 0. Vectors of another shape than
  /// `[channels]` are an error, and so are a number of groups that does not divide the channels and an input
  /// of fewer than two axes.
  ///
  /// Derivatives, with `h = g · weight` and means over the group:
  /// `dx = (h − mean(h) − u mean(h u)) / √(v + ε)`, `dweight = Σ g u`, `dbias = Σ g`.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 32, 28, 28])
  /// let y = images.groupNorm(groups: 4, weight: .ones([32]), bias: .zeros([32]))
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func groupNorm(
    groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Element = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = misfit(of: [nil, nil, weight, bias], "groupNorm", file, line) {
      return .failed(by: failure)
    }
    guard groups > 0, groups <= Swift.max(shape[1], 1), shape[1] % groups == 0 else {
      return .failed(
        "groupNorm",
        "\(groups) groups do not divide the \(shape[1]) channels of shape \(shape)",
        file, line)
    }
    return normalized(groups: groups, weight, bias, epsilon).value
  }

  /// Instance normalisation (Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022): normalises each channel,
  /// axis 1, in each sample. It is ``groupNorm(groups:weight:bias:epsilon:file:line:)`` with groups of one
  /// channel.
  ///
  /// Running statistics that are given are changed in place, as in
  /// ``batchNorm(runningMean:runningVariance:weight:bias:isTraining:momentum:epsilon:file:line:)``. There
  /// `new` is the mean of the statistics over the samples. With `usesInputStatistics` false the running
  /// statistics normalise the input, as outside training.
  ///
  /// Vectors of another shape than `[channels]` are an error, and so is an input of fewer than two axes. If
  /// the input's statistics are used, fewer than two elements per channel and sample are an error too.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 32, 32])
  /// let y = images.instanceNorm(weight: .ones([3]), bias: .zeros([3]))
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func instanceNorm(
    runningMean: Tensor? = nil, runningVariance: Tensor? = nil, weight: Tensor? = nil, bias: Tensor? = nil,
    usesInputStatistics: Bool = true, momentum: Element = 0.1, epsilon: Element = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let vectors = [runningMean, runningVariance, weight, bias]
    if let failure = misfit(of: vectors, "instanceNorm", file, line) { return .failed(by: failure) }
    if !usesInputStatistics {
      return normalized("instanceNorm", by: runningMean, runningVariance, weight, bias, epsilon, file, line)
    }
    let planes = planes
    if planes.outer * planes.channels > 0, planes.inner < 2 {
      return .failed(
        "instanceNorm",
        "shape \(shape) has fewer than 2 elements per channel and sample; at least 2 are needed", file, line
      )
    }
    if planes.channels == 0 { return groupNorm(groups: 1, weight: weight, bias: bias, epsilon: epsilon) }
    let (value, mean, variance) = normalized(groups: planes.channels, weight, bias, epsilon)
    if value.isFailed || planes.outer == 0 || runningMean == nil && runningVariance == nil { return value }
    let all: TensorShape = [planes.outer, planes.channels]
    let (centre, unbiased) = noGrad {
      (
        mean.reshaped(all).mean(axis: 0),
        variance.reshaped(all).mean(axis: 0)
          * (Element(planes.inner) / Element(Swift.max(planes.inner - 1, 1)))
      )
    }
    if let failure = centre.failure ?? unbiased.failure { return .failed(by: failure) }
    noGrad {
      runningMean?.move(towards: centre, momentum)
      runningVariance?.move(towards: unbiased, momentum)
    }
    return value
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Normalises by running statistics, which must be there.
  private func normalized(
    _ operation: String, by mean: Tensor?, _ variance: Tensor?, _ weight: Tensor?, _ bias: Tensor?,
    _ epsilon: Element, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    guard let mean, let variance else {
      return .failed(
        operation, "there are no running statistics; outside of training a mean and a variance are needed",
        file, line)
    }
    let scale = noGrad { 1 / (variance + epsilon).sqrt() }, channels: TensorShape = [shape[1]]
    return normalized(
      contiguous(), weight ?? .full(channels, 1), bias ?? .full(channels, 0), mean, scale, false, epsilon)
  }

  /// The shape `[n, channels, …]` seen as `[n, channels, inner]`.
  private var planes: Planes {
    Planes(outer: shape[0], channels: shape[1], inner: shape[2...].reduce(1, *))
  }

  /// The failure if the input, its running mean or variance, the weight or the bias does not fit; otherwise
  /// nil.
  private func misfit(
    of vectors: [Tensor?], _ operation: String, _ file: StaticString, _ line: UInt
  ) -> Failure? {
    if let failure = failure ?? vectors.lazy.compactMap({ $0?.failure }).first { return failure }
    if rank < 2 {
      return mistake(
        operation, "inputs of shape \(shape) do not fit; the shape must be [n, channels, …]", file, line)
    }
    let channels: TensorShape = [shape[1]]
    if vectors.allSatisfy({ $0?.shape ?? channels == channels }) { return nil }
    let shapes = vectors.map { $0.map { "\($0.shape)" } ?? "none" }
    return mistake(
      operation,
      "running mean \(shapes[0]), running variance \(shapes[1]), weight \(shapes[2]) and bias \(shapes[3]) do not match inputs of shape \(shape); each must be \(channels)",
      file, line)
  }

  /// Changes a running statistic in place.
  private func move(towards new: Tensor, _ momentum: Element) {
    multiply(by: Tensor(single: 1 - momentum))
    add(new, scaledBy: momentum)
  }

  /// Normalises this tensor by a mean and by `scale`, which is 1 / √(v + ε). In training both come from the
  /// input. `x` is this tensor in contiguous memory.
  private func normalized(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ mean: Tensor, _ scale: Tensor, _ isTraining: Bool,
    _ epsilon: Element
  ) -> Tensor {
    let planes = planes
    let value = noGrad {
      x.scaled(planes, centre: mean, factor: weight * scale, shift: bias)
    }
    return value.recorded("BatchNorm", [self, weight, bias], saving: [self, weight, mean, scale]) { given in
      let g = given.gradients[0]!, x = given.saved[0], weight = given.saved[1], isNeeded = given.isNeeded
      let mean = given.saved[2], scale = given.saved[3]
      if isRecording, isTraining {
        return x.composedGradients(
          g, weight, [planes.outer, planes.channels, 1, planes.inner], [0, 2, 3], epsilon)
      }
      if isRecording { return x.composedGradients(g, weight, mean, scale, planes) }
      let from = x.contiguous(), with = g.contiguous()
      let factor = weight * scale, count = Element(planes.count)
      if !isTraining, !isNeeded[1], !isNeeded[2] { return [with.scaled(planes, factor), nil, nil] }
      let (sum, along) = from.gradientSums(planes, with, centre: mean, scale: scale, span: 1)
      guard isNeeded[0] else { return [nil, along, sum] }
      let input =
        isTraining
        ? from.combined(
          planes, with, centre: mean, factor: factor, slope: factor * scale * along / -count,
          shift: factor * sum / -count) : with.scaled(planes, factor)
      return [input, along, sum]
    }
  }

  /// Multiplies each channel by a factor.
  private func scaled(_ planes: Planes, _ factor: Tensor) -> Tensor {
    let none = Tensor.zeroed([planes.channels])
    return scaled(planes, centre: none, factor: factor, shift: none)
  }

  /// Returns the group norm, and the mean and variance of each sample's groups in their order.
  private func normalized(
    groups: Int, _ weight: Tensor?, _ bias: Tensor?, _ epsilon: Element
  ) -> (value: Tensor, mean: Tensor, variance: Tensor) {
    let planes = planes, span = planes.channels / groups, inner = planes.inner
    let weight = weight ?? .full([planes.channels], 1), bias = bias ?? .full([planes.channels], 0)
    let sets = Planes(outer: 1, channels: planes.outer * groups, inner: span * inner)
    let rows = Planes(outer: 1, channels: planes.outer * planes.channels, inner: inner)
    /// The shapes of one number per sample and group, per sample and channel, and per channel.
    let perGroup: TensorShape = [planes.outer, groups, 1], all: TensorShape = [planes.outer, groups, span]
    let perChannel: TensorShape = [groups, span]
    let x = contiguous()
    let (mean, variance) = x.moments(of: sets)
    let scale = 1 / (variance + epsilon).sqrt()
    let value = noGrad {
      x.scaled(
        rows, centre: mean.reshaped(perGroup).broadcast(to: all),
        factor: scale.reshaped(perGroup) * weight.reshaped(perChannel),
        shift: bias.reshaped(perChannel).broadcast(to: all))
    }
    let result = value.recorded("GroupNorm", [self, weight, bias], saving: [self, weight, mean, scale]) {
      given in
      let g = given.gradients[0]!, x = given.saved[0], weight = given.saved[1], isNeeded = given.isNeeded
      if isRecording {
        return x.composedGradients(g, weight, [planes.outer, groups, span, inner], [2, 3], epsilon)
      }
      let from = x.contiguous(), with = g.contiguous(), scale = given.saved[3].reshaped(perGroup)
      let (sum, along) = from.gradientSums(
        rows, with, centre: given.saved[2], scale: given.saved[3], span: span)
      var input: Tensor?
      if isNeeded[0] {
        let w = weight.reshaped(perChannel), count = Element(span * inner)
        let share = (along.reshaped(all) * w).sum(axis: 2, keepDims: true) / -count
        let shift = (sum.reshaped(all) * w).sum(axis: 2, keepDims: true) / -count
        input = from.combined(
          rows, with, centre: given.saved[2].reshaped(perGroup).broadcast(to: all), factor: scale * w,
          slope: (scale * scale * share).broadcast(to: all), shift: (scale * shift).broadcast(to: all))
      }
      let bySample: TensorShape = [planes.outer, planes.channels]
      return [
        input, isNeeded[1] ? along.reshaped(bySample).sum(axis: 0) : nil,
        isNeeded[2] ? sum.reshaped(bySample).sum(axis: 0) : nil,
      ]
    }
    return (result, mean, variance)
  }

  /// The gradients of input, weight and bias, composed of operations. The input is seen as `parts`,
  /// `[n, groups, span, inner]`, and is normalised over `axes` of these.
  private func composedGradients(
    _ g: Tensor, _ weight: Tensor, _ parts: TensorShape, _ axes: [Int], _ epsilon: Element
  ) -> [Tensor?] {
    let (u, scale) = reshaped(parts).standardized(over: axes, epsilon)
    let g = g.reshaped(parts), h = g * weight.reshaped([parts[1], parts[2], 1])
    return [
      u.standardizedGradient(h, scale, over: axes).reshaped(shape),
      (g * u).sum(axes: [0, 3]).reshaped(weight.shape), g.sum(axes: [0, 3]).reshaped(weight.shape),
    ]
  }

  /// The gradients of input, weight and bias if mean and scale do not depend on the input.
  private func composedGradients(
    _ g: Tensor, _ weight: Tensor, _ mean: Tensor, _ scale: Tensor, _ planes: Planes
  ) -> [Tensor?] {
    let parts: TensorShape = [planes.outer, planes.channels, planes.inner],
      column: TensorShape = [planes.channels, 1]
    let u = (reshaped(parts) - mean.reshaped(column)) * scale.reshaped(column), g = g.reshaped(parts)
    return [
      (g * (weight * scale).reshaped(column)).reshaped(shape), (g * u).sum(axes: [0, 2]),
      g.sum(axes: [0, 2]),
    ]
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the mean and the variance (divided by the count) of each channel of contiguous elements; 0 if
  /// there are no elements.
  private func moments(of planes: Planes) -> (mean: Tensor, variance: Tensor) {
    let channels: TensorShape = [planes.channels]
    if let failure { return (.failed(by: failure), .failed(by: failure)) }
    if layout.count == 0 { return (.zeroed(channels), .zeroed(channels)) }
    return launch(self, into: Tensor(uninitialized: channels), Tensor(uninitialized: channels)) {
      NormalizationKernels.moments($0, planes, mean: $1, variance: $2)
    }
  }

  /// Returns (x − centre) · factor + shift of contiguous elements, by channel.
  private func scaled(_ planes: Planes, centre: Tensor, factor: Tensor, shift: Tensor) -> Tensor {
    launch([self, centre, factor, shift], into: Tensor(uninitialized: layout.shape)) { given, y in
      NormalizationKernels.scale(
        given[0], planes, centre: given[1], factor: given[2], shift: given[3], into: y)
    }
  }

  /// Returns Σ g and Σ g (x − centre) scale of each channel of contiguous elements. A centre and a scale
  /// belong to `span` consecutive channels.
  private func gradientSums(
    _ planes: Planes, _ gradient: Tensor, centre: Tensor, scale: Tensor, span: Int
  ) -> (sum: Tensor, along: Tensor) {
    let channels: TensorShape = [planes.channels]
    if !isFailed, layout.count == 0 { return (.zeroed(channels), .zeroed(channels)) }
    let sum = Tensor(uninitialized: channels), along = Tensor(uninitialized: channels)
    let m = centre.contiguous(), s = scale.contiguous()
    let failure = launch(
      after: failure ?? gradient.failure ?? m.failure ?? s.failure ?? sum.failure ?? along.failure
    ) {
      NormalizationKernels.gradientSums(
        operand, planes, gradient: gradient.operand, centre: m.operand, scale: s.operand, span: span,
        sum: sum.operand, along: along.operand)
    }
    return failure.map { (.failed(by: $0), .failed(by: $0)) } ?? (sum, along)
  }

  /// Returns g · factor + (x − centre) · slope + shift of contiguous elements, by channel.
  private func combined(
    _ planes: Planes, _ gradient: Tensor, centre: Tensor, factor: Tensor, slope: Tensor, shift: Tensor
  ) -> Tensor {
    let given = [self, gradient, centre, factor, slope, shift]
    return launch(given, into: Tensor(uninitialized: layout.shape)) { given, dx in
      NormalizationKernels.combine(
        given[0], planes, gradient: given[1], centre: given[2], factor: given[3], slope: given[4],
        shift: given[5], into: dx)
    }
  }
}
