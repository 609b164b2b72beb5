// Axes after the second made longer or shorter, and channels exchanged for positions.

/// What an element between others is taken for.
public enum UpsamplingMode: Sendable {
  /// The one that lies at or before it.
  case nearest
  /// The straight line between its neighbours, axis by axis: bilinear for two axes, trilinear for three.
  case linear
}

extension Tensor where Element: DifferentiableScalar {
  /// Resamples the axes after the second to other extents: `[n, channels, …] → [n, channels, size…]`.
  ///
  /// Position j of m is taken for `j n / m` of n, rounded down, by `.nearest`, and for `(j + ½) n / m − ½` within the
  /// ends, or `j (n − 1) / (m − 1)` with `alignCorners`, by `.linear`. A size for each of these axes is expected, at
  /// least 1; another number, and an input without such axes or with an empty one, is an error.
  ///
  /// Derivative: each gradient is added to the elements it came from, with their shares.
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
        "shape \(shape) to \(size); [n, channels, …] and a size for each further axis, at least 1, are expected",
        file, line)
    }
    return resampled(size, shape.dropFirst(2).map(Double.init), size.map(Double.init), mode, alignCorners)
  }

  /// Resamples the axes after the second to `factor` times their extents, rounded down:
  /// ``upsampled(to:mode:alignCorners:file:line:)`` with 1 / factor for n / m. An axis whose extent stays the same is
  /// copied.
  ///
  /// A factor that is not above 0 or leaves no element of an axis is an error, and so is an input without such axes or
  /// with an empty one.
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
        "shape \(shape) by \(factor); [n, channels, …] and a factor that leaves an element of each further axis are expected",
        file, line)
    }
    return resampled(
      extents.map { Int(Double($0) * factor) }, extents.map { _ in 1 }, extents.map { _ in factor }, mode,
      alignCorners)
  }

  /// Channels exchanged for positions, `[…, c r², h, w] → […, c, h r, w r]`, r the factor (Shi et al. 2016,
  /// arXiv:1609.05158).
  ///
  /// Element (c, h r + i, w r + j) is (c r² + i r + j, h, w). Channels that r² does not divide and fewer than three
  /// axes are an error. Derivative: g, moved back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func pixelShuffled(
    _ factor: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 3, factor > 0, shape[-3] % factor == 0, shape[-3] / factor % factor == 0 else {
      return .failed(
        "pixelShuffled", "shape \(shape) by \(factor); […, c · \(factor) · \(factor), h, w] is expected",
        file,
        line)
    }
    let batch = Array(shape.dropLast(3)), n = batch.reduce(1, *)
    let channels = shape[-3] / factor / factor, h = shape[-2], w = shape[-1]
    return reshaped([n, channels, factor, factor, h, w]).permuted([0, 1, 4, 2, 5, 3])
      .reshaped(TensorShape(batch + [channels, h.times(factor), w.times(factor)]))
  }

  /// Positions exchanged for channels, `[…, c, h r, w r] → […, c r², h, w]`, r the factor: what undoes
  /// ``pixelShuffled(_:file:line:)``.
  ///
  /// Extents that r does not divide and fewer than three axes are an error. Derivative: g, moved back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func pixelUnshuffled(
    _ factor: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 3, factor > 0, shape[-2] % factor == 0, shape[-1] % factor == 0 else {
      return .failed(
        "pixelUnshuffled", "shape \(shape) by \(factor); […, c, h · \(factor), w · \(factor)] is expected",
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
  /// The axes after the second to other sizes; a position is `spans / parts` of the original's.
  private func resampled(
    _ size: [Int], _ spans: [Double], _ parts: [Double], _ mode: UpsamplingMode, _ alignCorners: Bool
  ) -> Tensor {
    var result = self
    for (i, target) in size.enumerated() {
      // The table of positions is an array, and an array stops the program where memory ends.
      var resized = result.layout.shape
      resized.extents[i + 2] = target
      if let failure = Tensor(uninitialized: resized).failure { return .failed(by: failure) }
      let map = Resampling(shape[i + 2], target, spans[i], parts[i], mode, alignCorners)
      result = result.resampled(map, i + 2)
    }
    return result
  }

  /// One axis by a linear map, whose derivative is the transposed map.
  private func resampled(_ map: Resampling, _ axis: Int) -> Tensor {
    if let failure { return .failed(by: failure) }
    return resampledLoop(map, axis, transposed: false).recorded("Resample", self) { g in
      g.resampledBack(map, axis)
    }
  }

  private func resampledBack(_ map: Resampling, _ axis: Int) -> Tensor {
    if let failure { return .failed(by: failure) }
    return resampledLoop(map, axis, transposed: true).recorded("ResampleBack", self) { g in
      g.resampled(map, axis)
    }
  }
}

extension Resampling {
  /// Products come before the division, so that a position that falls on an element is not rounded below it.
  fileprivate init(
    _ count: Int, _ target: Int, _ span: Double, _ parts: Double, _ mode: UpsamplingMode, _ alignCorners: Bool
  ) {
    var lower = [Int](), weights = [Double]()
    lower.reserveCapacity(target)
    weights.reserveCapacity(target)
    for j in 0..<target {
      let source =
        switch mode {
        case _ where target == count: Double(j)
        case .nearest: (Double(j) * span / parts).rounded(.down)
        case .linear where alignCorners: target > 1 ? Double(j * (count - 1)) / Double(target - 1) : 0
        case .linear: Swift.max((Double(j) + 0.5) * span / parts - 0.5, 0)
        }
      lower.append(Swift.min(Int(source), count - 1))
      // Beyond the last there is no next one.
      weights.append(lower[j] == count - 1 ? 0 : source - Double(lower[j]))
    }
    self.init(count: count, lower: lower, weights: weights)
  }
}
