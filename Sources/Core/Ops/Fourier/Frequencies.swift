// The frequencies of a transform's entries, and their order with frequency 0 in the middle.

extension Tensor where Element: DifferentiableScalar {
  /// The frequencies of the entries of a Fourier transform of `count` samples: `[0, 1, …, −2, −1] / (count · spacing)`.
  ///
  /// `spacing` is the distance of two samples. A count below 0 is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func fftFrequencies(
    _ count: Int, spacing: Element = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard count >= 0 else {
      return .failed("fftFrequencies", "the count must be at least 0, not \(count)", file, line)
    }
    let period = Double(count) * spacing.doubleValue
    return filled([count]) { elements, count in
      for k in 0..<count { elements[k] = Element(Double(k < count - count / 2 ? k : k - count) / period) }
    }.named("FourierFrequencies")
  }

  /// The frequencies of the entries that ``rfft(length:axis:normalization:file:line:)`` returns for `count` samples:
  /// `[0, 1, …, count / 2] / (count · spacing)`.
  ///
  /// `spacing` is the distance of two samples. A count below 0 is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func rfftFrequencies(
    _ count: Int, spacing: Element = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard count >= 0 else {
      return .failed("rfftFrequencies", "the count must be at least 0, not \(count)", file, line)
    }
    let period = Double(count) * spacing.doubleValue
    return filled([count / 2 + 1]) { elements, count in
      for k in 0..<count { elements[k] = Element(Double(k) / period) }
    }.named("FourierFrequencies")
  }
}

extension Tensor {
  /// The entries of a Fourier transform in the order of their frequencies, with frequency 0 in the middle: along some
  /// axes, or all.
  ///
  /// An axis out of range is an error. Derivative: `dx` is g, shifted back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func fftShifted(axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    shiftedByHalf(axes, -1, file, line)
  }

  /// The inverse of ``fftShifted(axes:file:line:)``, which differs from it along axes of odd extent.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func ifftShifted(axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    shiftedByHalf(axes, 1, file, line)
  }

  /// Rolls by half the extent of each axis; an odd extent is rounded down for −1 and up for 1.
  private func shiftedByHalf(_ axes: [Int]?, _ rounding: Int, _ file: StaticString, _ line: UInt) -> Tensor {
    if let failure { return .failed(by: failure) }
    let axes = axes ?? Array(0..<rank)
    let shifts = axes.map { axis in
      shape.axis(axis).map { (shape.extents[$0] + (rounding > 0 ? 1 : 0)) / 2 } ?? 0
    }
    return rolled(by: shifts, axes: axes, file: file, line: line)
  }
}
