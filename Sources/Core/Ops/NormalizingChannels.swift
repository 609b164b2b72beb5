// Batch, group and instance norm, whose channels are axis 1. The composed form is what second derivatives are taken of.

extension Tensor where Element: DifferentiableScalar {
  /// Normalises each channel, axis 1, over all other axes: `y = u · weight + bias`, `u = (x − m) / √(v + ε)`, with the
  /// mean m and the variance v of the channel (Ioffe & Szegedy 2015, arXiv:1502.03167): `[n, channels, …]` to the
  /// same.
  ///
  /// In training m and v (divided by the count) are those of the input, and running statistics that are given are
  /// changed in place: `running = (1 − momentum) · running + momentum · new`, the new variance divided by the count
  /// less one. Otherwise m and v are the running statistics. Weight and bias are 1 and 0 if they are left out.
  /// Vectors of another shape than `[channels]`, an input of fewer than two axes and, in training, one of one
  /// element a channel are an error; one of none leaves the running statistics as they are.
  ///
  /// Derivatives, with `h = g · weight` and means over the other axes: `dx = (h − mean(h) − u mean(h u)) / √(v + ε)`
  /// in training, else `h / √(v + ε)`; `dweight = Σ g u`, `dbias = Σ g`.
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
    let channels: TensorShape = [shape[1]]
    if !isTraining {
      guard let runningMean, let runningVariance else {
        return .failed(
          "batchNorm", "no running statistics; a mean and a variance are expected outside of training", file,
          line)
      }
      let scale = noGrad { 1 / (runningVariance + epsilon).sqrt() }
      return normalized(
        contiguous(), weight ?? .full(channels, 1), bias ?? .full(channels, 0), runningMean, scale,
        isTraining,
        epsilon)
    }
    let planes = planes
    if planes.channels > 0, planes.count == 1 {
      return .failed(
        "batchNorm",
        "1 element a channel of shape \(shape); at least 2, or none, are expected in training",
        file, line)
    }
    let x = contiguous()
    let (mean, variance) = x.moments(of: planes)
    // A batch of no elements tells nothing.
    if planes.count > 0 {
      noGrad {
        runningMean?.move(towards: mean, momentum)
        runningVariance?.move(
          towards: variance * (Element(planes.count) / Element(Swift.max(planes.count - 1, 1))), momentum)
      }
    }
    let scale = 1 / (variance + epsilon).sqrt()
    return normalized(
      x, weight ?? .full(channels, 1), bias ?? .full(channels, 0), mean, scale, isTraining, epsilon)
  }

  /// Normalises groups of channels, axis 1, of each sample: `y = u · weight + bias`, `u = (x − m) / √(v + ε)`, with the
  /// mean m and the variance v (divided by the count) of the group in the sample and a weight and a bias for each
  /// channel (Wu & He 2018, arXiv:1803.08494): `[n, channels, …]` to the same.
  ///
  /// Weight and bias are 1 and 0 if they are left out. Vectors of another shape than `[channels]`, groups that do not
  /// divide the channels and an input of fewer than two axes are an error.
  ///
  /// Derivatives, with `h = g · weight` and means over the group: `dx = (h − mean(h) − u mean(h u)) / √(v + ε)`,
  /// `dweight = Σ g u`, `dbias = Σ g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func groupNorm(
    groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Element = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = misfit(of: [nil, nil, weight, bias], "groupNorm", file, line) {
      return .failed(by: failure)
    }
    guard groups > 0, shape[1] % groups == 0 else {
      return .failed(
        "groupNorm",
        "\(groups) groups of the channels of shape \(shape); they divide the \(shape[1]) channels",
        file, line)
    }
    return normalized(groups: groups, weight, bias, epsilon).value
  }

  /// Normalises each channel, axis 1, of each sample: ``groupNorm(groups:weight:bias:epsilon:file:line:)`` with groups
  /// of one channel (Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022).
  ///
  /// Running statistics that are given are changed in place, as in
  /// ``batchNorm(runningMean:runningVariance:weight:bias:isTraining:momentum:epsilon:file:line:)``, by the mean over the
  /// samples of their statistics; with `usesInputStatistics` false they are what is normalised by. Vectors of another
  /// shape than `[channels]`, an input of fewer than two axes, and one of fewer than two elements a channel and sample
  /// whose statistics are used are an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func instanceNorm(
    runningMean: Tensor? = nil, runningVariance: Tensor? = nil, weight: Tensor? = nil, bias: Tensor? = nil,
    usesInputStatistics: Bool = true, momentum: Element = 0.1, epsilon: Element = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let vectors = [runningMean, runningVariance, weight, bias]
    if let failure = misfit(of: vectors, "instanceNorm", file, line) { return .failed(by: failure) }
    if !usesInputStatistics {
      return batchNorm(
        runningMean: runningMean, runningVariance: runningVariance, weight: weight, bias: bias,
        epsilon: epsilon, file: file, line: line)
    }
    let planes = planes
    if planes.outer * planes.channels > 0, planes.inner < 2 {
      return .failed(
        "instanceNorm",
        "fewer than 2 elements a channel and sample of shape \(shape); at least 2 are expected", file, line
      )
    }
    if planes.channels == 0 { return groupNorm(groups: 1, weight: weight, bias: bias, epsilon: epsilon) }
    let (value, mean, variance) = normalized(groups: planes.channels, weight, bias, epsilon)
    noGrad {
      let all: TensorShape = [planes.outer, planes.channels]
      runningMean?.move(towards: mean.reshaped(all).mean(axis: 0), momentum)
      runningVariance?.move(
        towards: variance.reshaped(all).mean(axis: 0)
          * (Element(planes.inner) / Element(Swift.max(planes.inner - 1, 1))), momentum)
    }
    return value
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// `[n, channels, …]` as `[n, channels, inner]`.
  private var planes: Planes {
    Planes(outer: shape[0], channels: shape[1], inner: shape[2...].reduce(1, *))
  }

  /// What is wrong with an input and its running mean and variance, weight and bias.
  private func misfit(
    of vectors: [Tensor?], _ operation: String, _ file: StaticString, _ line: UInt
  ) -> Failure? {
    if let failure = failure ?? vectors.lazy.compactMap({ $0?.failure }).first { return failure }
    if rank < 2 {
      return mistake(
        operation, "inputs of shape \(shape); [n, channels, …] is expected", file, line)
    }
    let channels: TensorShape = [shape[1]]
    if vectors.allSatisfy({ $0?.shape ?? channels == channels }) { return nil }
    let shapes = vectors.map { $0.map { "\($0.shape)" } ?? "none" }
    return mistake(
      operation,
      "running mean \(shapes[0]), running variance \(shapes[1]), weight \(shapes[2]), bias \(shapes[3]); \(channels) is expected for inputs of shape \(shape)",
      file, line)
  }

  /// Changes a running statistic in place.
  private func move(towards new: Tensor, _ momentum: Element) {
    multiply(by: Tensor(single: 1 - momentum))
    add(new, scaledBy: momentum)
  }

  /// Batch norm of this, whose elements follow one another in `x`, by a mean and by 1 / √(v + ε), those of the input
  /// in training.
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

  /// By channel, without a centre and a shift.
  private func scaled(_ planes: Planes, _ factor: Tensor) -> Tensor {
    let none = Tensor.zeroed([planes.channels])
    return scaled(planes, centre: none, factor: factor, shift: none)
  }

  /// Group norm, and the mean and variance of each sample's groups in their order.
  private func normalized(
    groups: Int, _ weight: Tensor?, _ bias: Tensor?, _ epsilon: Element
  ) -> (value: Tensor, mean: Tensor, variance: Tensor) {
    let planes = planes, span = planes.channels / groups, inner = planes.inner
    let weight = weight ?? .full([planes.channels], 1), bias = bias ?? .full([planes.channels], 0)
    let sets = Planes(outer: 1, channels: planes.outer * groups, inner: span * inner)
    let rows = Planes(outer: 1, channels: planes.outer * planes.channels, inner: inner)
    /// A number for each sample and group, and one for each of its channels; for each channel.
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

  /// The gradients of input, weight and bias in operations, with the input seen as `parts`, `[n, groups, span, inner]`,
  /// and normalised over `axes` of them.
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

  /// The same where mean and scale are given numbers.
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
