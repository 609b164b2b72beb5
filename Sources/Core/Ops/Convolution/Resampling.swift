// Resamples the axes after the second, and exchanges channels for positions.

/// The rule by which upsampling computes an element that lies between others.
///
/// ```swift
/// let images = Tensor<Float>.normal([1, 3, 8, 8])
/// let larger = images.upsampled(by: 2, mode: .linear)  // [1, 3, 16, 16]
/// ```
public enum UpsamplingMode: Sendable {
  /// Takes the element at or before the position.
  case nearest
  /// Takes the element whose centre is nearest to the centre of the position (`nearest-exact`).
  case nearestExact
  /// Interpolates linearly between the neighbours, axis by axis: bilinear for two axes, trilinear for three.
  case linear
  /// Interpolates by cubic polynomials between two neighbours on either side, axis by axis (Keys 1981,
  /// DOI 10.1109/TASSP.1981.1163711, with the slope −0.75). The result may exceed the neighbours.
  case cubic
  /// Averages the neighbours, weighted by a triangle that grows as the image becomes smaller: `bilinear` with
  /// `antialias`.
  case smoothLinear
  /// Averages the neighbours, weighted by a cubic that grows as the image becomes smaller: `bicubic` with
  /// `antialias`.
  case smoothCubic
}

extension Tensor where Element: DifferentiableScalar {
  /// Resamples the axes after the second to other extents: `[n, channels, …] → [n, channels, size…]`.
  ///
  /// Position j of the m new ones corresponds to a position among the n old ones. With `.nearest` it is
  /// `j n / m`, rounded down, and with `.nearestExact` `(j + ½) n / m`, rounded down. In the other modes it is
  /// `(j + ½) n / m − ½`, or `j (n − 1) / (m − 1)` with `alignCorners`. Beyond the ends of the axis the end
  /// elements are repeated; the smooth modes leave such neighbours out.
  ///
  /// `size` must hold a number for each of these axes, at least 1. An input without such axes, or with an
  /// empty one, is an error.
  ///
  /// Derivative: each gradient is added to the elements that its output was computed from, times their
  /// weights.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([1, 3, 8, 8])
  /// let resized = images.upsampled(to: [12, 20], mode: .linear, alignCorners: true)  // [1, 3, 12, 20]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func upsampled(
    to size: [Int], mode: UpsamplingMode = .nearest, alignCorners: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 3, size.count == rank - 2, size.allSatisfy({ $0 > 0 }), !shape.dropFirst(2).contains(0)
    else {
      return .failed(
        "upsampled",
        "shape \(shape) cannot be resampled to \(size); it must be [n, channels, …], and the size at least 1 for each further axis",
        file, line)
    }
    return resampled(size, shape.dropFirst(2).map(Double.init), size.map(Double.init), mode, alignCorners)
  }

  /// Resamples the axes after the second to `factor` times their extents, rounded down.
  ///
  /// The positions are those of ``upsampled(to:mode:alignCorners:file:line:)``, with `1 / factor` instead of
  /// `n / m`. An axis whose extent stays the same is copied.
  ///
  /// It is an error if the factor is not above 0, or if no element of an axis would remain. An input without
  /// such axes, or with an empty one, is an error too.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func upsampled(
    by factor: Double, mode: UpsamplingMode = .nearest, alignCorners: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let extents = shape.dropFirst(2)
    guard rank >= 3, factor > 0, factor.isFinite,
      extents.allSatisfy({ (1..<0x1p53).contains(Double($0) * factor) })
    else {
      return .failed(
        "upsampled",
        "shape \(shape) cannot be resampled by \(factor); it must be [n, channels, …], and the factor must leave an element of each further axis",
        file, line)
    }
    return resampled(
      extents.map { Int(Double($0) * factor) }, extents.map { _ in 1 }, extents.map { _ in factor }, mode,
      alignCorners)
  }

  /// Moves channels to positions, `[…, c r², h, w] → […, c, h r, w r]`, where r is the factor (Shi et al.
  /// 2016, arXiv:1609.05158).
  ///
  /// Element (c, h r + i, w r + j) of the result is element (c r² + i r + j, h, w) of the input. A number of
  /// channels that r² does not divide is an error, and so are fewer than three axes. Derivative: `dx` is g,
  /// moved back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func pixelShuffled(
    _ factor: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 3, factor > 0, shape[-3] % factor == 0, shape[-3] / factor % factor == 0 else {
      return .failed(
        "pixelShuffled",
        "shape \(shape) cannot be shuffled by \(factor); it must be […, c · \(factor) · \(factor), h, w]",
        file,
        line)
    }
    let batch = Array(shape.dropLast(3)), n = batch.reduce(1, *)
    let channels = shape[-3] / factor / factor, h = shape[-2], w = shape[-1]
    return reshaped([n, channels, factor, factor, h, w]).permuted([0, 1, 4, 2, 5, 3])
      .reshaped(TensorShape(batch + [channels, h.times(factor), w.times(factor)]))
  }

  /// Mixes groups of channels, `[n, groups · c, …] → [n, c · groups, …]` (Zhang et al. 2018,
  /// arXiv:1707.01083): channel i of group g moves to position i · groups + g.
  ///
  /// Groups that do not divide the channels are an error, and so are fewer than two axes. Derivative: `dx` is
  /// g, moved back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func channelShuffled(
    groups: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 2, groups > 0, shape[1] % groups == 0 else {
      return .failed(
        "channelShuffled", "\(groups) groups do not divide the channels, axis 1, of shape \(shape)", file,
        line)
    }
    let rest = shape.dropFirst(2).reduce(1, *)
    return reshaped([shape[0], groups, shape[1] / groups, rest]).transposed(1, 2).reshaped(shape)
  }

  /// Moves positions to channels, `[…, c, h r, w r] → […, c r², h, w]`, where r is the factor. It is the
  /// inverse of ``pixelShuffled(_:file:line:)``.
  ///
  /// Extents that r does not divide are an error, and so are fewer than three axes. Derivative: `dx` is g,
  /// moved back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func pixelUnshuffled(
    _ factor: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 3, factor > 0, shape[-2] % factor == 0, shape[-1] % factor == 0 else {
      return .failed(
        "pixelUnshuffled",
        "shape \(shape) cannot be unshuffled by \(factor); it must be […, c, h · \(factor), w · \(factor)]",
        file,
        line)
    }
    let batch = Array(shape.dropLast(3)), n = batch.reduce(1, *)
    let channels = shape[-3], h = shape[-2] / factor, w = shape[-1] / factor
    return reshaped([n, channels, h, factor, w, factor]).permuted([0, 1, 3, 5, 2, 4])
      .reshaped(TensorShape(batch + [channels.times(factor).times(factor), h, w]))
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Resamples the axes after the second to other sizes. A step along axis i of the result is
  /// `spans[i] / parts[i]` elements of the original.
  private func resampled(
    _ size: [Int], _ spans: [Double], _ parts: [Double], _ mode: UpsamplingMode, _ alignCorners: Bool
  ) -> Tensor {
    var result = self
    for (i, target) in size.enumerated() {
      // Without memory, the arrays of positions would stop the program, so memory for the result and for them is
      // tried first.
      var resized = result.layout.shape
      resized.extents[i + 2] = target
      if let failure = Tensor(uninitialized: resized).failure
        ?? Tensor<Double>(uninitialized: [target, 2]).failure
      {
        return .failed(by: failure)
      }
      let map: Resampling
      if let filter = ResamplingFilter(mode), target != shape[i + 2] {
        let step =
          alignCorners
          ? target > 1 ? Double(shape[i + 2] - 1) / Double(target - 1) : 0 : spans[i] / parts[i]
        // A smooth mode may have as many weights as the product of both extents.
        let room = filter.taps(step, shape[i + 2]).times(target)
        if let failure = Tensor<Double>(uninitialized: [room]).failure { return .failed(by: failure) }
        map = filter.resampling(shape[i + 2], target, step, alignCorners)
      } else {
        map = Resampling(shape[i + 2], target, spans[i], parts[i], mode, alignCorners)
      }
      result = result.resampled(map, i + 2)
      if result.isFailed { return result }
    }
    return result
  }

  /// Resamples one axis by a linear map. The derivative is the transposed map.
  private func resampled(_ map: Resampling, _ axis: Int) -> Tensor {
    if let failure { return .failed(by: failure) }
    return launchResampling(map, axis, to: map.lower.count, transposed: false).recorded(
      "Resample",
      edge {
        g in g.resampledBack(map, axis)
      })
  }

  private func resampledBack(_ map: Resampling, _ axis: Int) -> Tensor {
    if let failure { return .failed(by: failure) }
    return launchResampling(map, axis, to: map.count, transposed: true).recorded(
      "ResampleBack",
      edge {
        g in g.resampled(map, axis)
      })
  }

  /// Returns the axis resampled to `extent` positions, without recording the operation.
  private func launchResampling(
    _ map: Resampling, _ axis: Int, to extent: Int, transposed: Bool
  ) -> Tensor {
    var shape = layout.shape
    shape.extents[axis] = extent
    return launch(self, into: Tensor(uninitialized: shape)) { (x, y) throws(OutOfMemory) in
      try ResamplingKernels.resample(x, map, axis: axis, transposed: transposed, into: y)
    }
  }
}

extension Resampling {
  /// Computes the positions. Products come before the division, so that a position that falls on an element
  /// is not rounded below it.
  fileprivate init(
    _ count: Int, _ target: Int, _ span: Double, _ parts: Double, _ mode: UpsamplingMode, _ alignCorners: Bool
  ) {
    var lower = [Int64](), weights = [Double]()
    lower.reserveCapacity(target)
    weights.reserveCapacity(target)
    for j in 0..<target {
      let source =
        switch mode {
        case _ where target == count: Double(j)
        case .nearest: (Double(j) * span / parts).rounded(.down)
        case .nearestExact: ((Double(j) + 0.5) * span / parts).rounded(.down)
        case .linear where alignCorners: target > 1 ? Double(j * (count - 1)) / Double(target - 1) : 0
        default: Swift.max((Double(j) + 0.5) * span / parts - 0.5, 0)
        }
      let index = Swift.min(Int(source), count - 1)
      lower.append(Int64(index))
      // The last element has no next one.
      weights.append(index == count - 1 ? 0 : source - Double(index))
    }
    self.init(count: count, lower: lower, weights: weights)
  }
}
