// New tensors from scalars, arrays and patterns.

extension Tensor {
  /// A tensor with these elements in row-major order. It is an error if their number does not match the
  /// shape.
  ///
  /// ```swift
  /// let scores = Tensor<Float>([1, 2, 3, 4, 5, 6], shape: [2, 3])
  /// let weights = Tensor<Float>([0.5, 0.2, 0.3], shape: [3], requiresGrad: true)
  /// ```
  public convenience init(
    _ scalars: [Element], shape: TensorShape, requiresGrad: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    if shape.isValid, scalars.count == shape.elementCount {
      self.init(copying: scalars, shape: shape)
      named("Tensor")
      if requiresGrad { startTracking(file, line) }
    } else {
      self.init(
        mistake(
          "Tensor",
          "\(scalars.count) scalars do not fit shape \(shape), which has \(shape.elementCount) elements",
          file, line
        ))
    }
  }

  /// A vector with these elements, `[count]`.
  public convenience init(
    _ scalars: [Element], requiresGrad: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(scalars, shape: [scalars.count], requiresGrad: requiresGrad, file: file, line: line)
  }

  /// A matrix with these rows, `[rows, columns]`. Rows of different lengths are an error.
  public convenience init(
    _ rows: [[Element]], requiresGrad: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0],
      isRegular: rows.allSatisfy { $0.count == rows[0].count }, requiresGrad, file, line)
  }

  /// A tensor of rank 3 with these matrices, `[matrices, rows, columns]`. Arrays of different lengths on one
  /// level are an error.
  public convenience init(
    _ matrices: [[[Element]]], requiresGrad: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    let rows = matrices.flatMap { $0 }
    self.init(
      rows.flatMap { $0 }, shape: [matrices.count, matrices.first?.count ?? 0, rows.first?.count ?? 0],
      isRegular: matrices.allSatisfy { $0.count == matrices[0].count }
        && rows.allSatisfy { $0.count == rows[0].count }, requiresGrad, file, line)
  }

  /// A tensor of rank 4 with these elements, the outermost axis first. Arrays of different lengths on one
  /// level are an error.
  public convenience init(
    _ blocks: [[[[Element]]]], requiresGrad: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    let matrices = blocks.flatMap { $0 }, rows = matrices.flatMap { $0 }
    self.init(
      rows.flatMap { $0 },
      shape: [blocks.count, blocks.first?.count ?? 0, matrices.first?.count ?? 0, rows.first?.count ?? 0],
      isRegular: blocks.allSatisfy { $0.count == blocks[0].count }
        && matrices.allSatisfy { $0.count == matrices[0].count }
        && rows.allSatisfy { $0.count == rows[0].count },
      requiresGrad, file, line)
  }

  private convenience init(
    _ scalars: [Element], shape: TensorShape, isRegular: Bool, _ requiresGrad: Bool, _ file: StaticString,
    _ line: UInt
  ) {
    if isRegular {
      self.init(scalars, shape: shape, requiresGrad: requiresGrad, file: file, line: line)
    } else {
      self.init(
        mistake(
          "Tensor", "the nested arrays have different lengths; by the first of each the shape is \(shape)",
          file, line))
    }
  }

  /// A scalar: a tensor of rank 0.
  public convenience init(
    _ scalar: Element, requiresGrad: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(single: scalar)
    named("Tensor")
    if requiresGrad { startTracking(file, line) }
  }

  /// A tensor whose elements all have the same value. A negative extent is an error.
  ///
  /// ```swift
  /// let half = Tensor<Float>.full([2, 3], 0.5)
  /// let bias = Tensor<Float>.full([10], 0.01, requiresGrad: true)
  /// ```
  public static func full(
    _ shape: TensorShape, _ value: Element, requiresGrad: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    guard shape.isValid else { return .failed("full", "shape \(shape) is invalid", file, line) }
    let result = Tensor(uninitialized: shape)
    if result.isFailed { return result }
    result.overwrite(withAll: value)
    result.named("Full")
    if requiresGrad { result.startTracking(file, line) }
    return result
  }
}

extension Tensor where Element: ArithmeticScalar {
  /// A tensor of zeros. A negative extent is an error.
  public static func zeros(
    _ shape: TensorShape, requiresGrad: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    full(shape, 0, requiresGrad: requiresGrad, file: file, line: line)
  }

  /// A tensor of ones. A negative extent is an error.
  public static func ones(
    _ shape: TensorShape, requiresGrad: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    full(shape, 1, requiresGrad: requiresGrad, file: file, line: line)
  }

  /// The identity matrix, `[size, size]`. A negative size is an error.
  public static func identity(_ size: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let result = zeros([size, size], file: file, line: line)
    if result.isFailed { return result }
    var diagonal = Dimensions()
    diagonal[0] = size + 1
    result.viewed(Layout([size], strides: diagonal, offset: 0)).overwrite(with: Tensor(single: 1))
    return result.named("Identity")
  }
}

extension Tensor where Element: NumericScalar {
  /// The numbers from `start` up to, but not including, `end`, in steps of `step`: ⌈(end − start) / step⌉
  /// numbers, or none.
  ///
  /// The numbers are computed in `Double` from the decimal texts of the bounds and the step, and are rounded
  /// once: the `Float` nearest to 0.1 counts as 0.1. In `Float` no number reaches the end. In `Double` the
  /// count is the same as NumPy's; it may be one more if the quotient is rounded up. The step may be
  /// negative; 0 is an error.
  ///
  /// ```swift
  /// Tensor<Float>.arange(0, 0.3, step: 0.1)  // [0, 0.1, 0.2]
  /// ```
  public static func arange(
    _ start: Element, _ end: Element, step: Element = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let first = start.asWritten, last = end.asWritten, stride = step.asWritten
    let quotient = ((last - first) / stride).rounded(.up)
    guard stride != 0, quotient.isFinite, Swift.abs(quotient) < 0x1p53 else {
      return .failed(
        "arange", "steps of \(step) do not lead from \(start) to \(end); the step must be finite and not 0",
        file, line)
    }
    var count = Int(Swift.max(quotient, 0))
    if Element.self != Double.self {
      func reachesEnd(_ i: Int) -> Bool {
        let number = Element(first + Double(i) * stride).doubleValue
        return stride > 0 ? number >= end.doubleValue : number <= end.doubleValue
      }
      while count > 0, reachesEnd(count - 1) { count -= 1 }
    }
    return ramp(count, start: first, step: stride).named("Arange")
  }
}

extension NumericScalar {
  /// The `Double` nearest to the shortest decimal text of this number: 0.1 for the `Float` nearest to 0.1.
  fileprivate var asWritten: Double {
    let value = doubleValue
    // Whole numbers up to 2²⁴ are exact even in Float, so that their decimal text denotes the same number.
    if value == value.rounded(), Swift.abs(value) <= 0x1p24 { return value }
    return Double("\(self)") ?? value
  }
}

extension Tensor where Element: NumericScalar & FixedWidthInteger {
  /// The integers from `start` up to, but not including, `end`, in steps of `step`. They are exact.
  ///
  /// The step may be negative; 0 is an error.
  public static func arange(
    _ start: Element, _ end: Element, step: Element = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard step != 0 else {
      return .failed(
        "arange", "steps of 0 do not lead from \(start) to \(end); the step must not be 0", file, line)
    }
    let isOnTheWay = step > 0 ? start < end : start > end
    let distance = UInt(Element.Magnitude(truncatingIfNeeded: step > 0 ? end &- start : start &- end))
    let count = isOnTheWay ? (distance - 1) / UInt(step.magnitude) + 1 : 0
    guard count <= UInt(Int.max) else {
      return .failed("arange", "steps of \(step) from \(start) to \(end) make too many elements", file, line)
    }
    return filled([Int(count)]) { elements, count in
      for i in 0..<count { elements[i] = start &+ Element(truncatingIfNeeded: i) &* step }
    }.named("Arange")
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns `count` numbers evenly spaced from `start` to `end`, both included. A negative count is an
  /// error.
  ///
  /// ```swift
  /// let x = Tensor<Float>.linspace(0, 1, count: 5)  // [0, 0.25, 0.5, 0.75, 1]
  /// ```
  public static func linspace(
    _ start: Element, _ end: Element, count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard count >= 0 else {
      return .failed("linspace", "the count must be at least 0, not \(count)", file, line)
    }
    let step = count > 1 ? (end.doubleValue - start.doubleValue) / Double(count - 1) : 0
    let result = ramp(count, start: start.doubleValue, step: step)
    if count > 1, !result.isFailed { result.view(of: count - 1).overwrite(with: Tensor(single: end)) }
    return result.named("Linspace")
  }
}

extension Tensor {
  /// Row `i` of axis 0 as a view, unchecked and not recorded.
  func view(of i: Int) -> Tensor {
    var shape = layout.shape
    shape.remove(at: 0)
    var strides = Dimensions()
    for axis in 1..<Swift.max(layout.rank, 1) { strides[axis - 1] = layout.strides[axis] }
    return viewed(Layout(shape, strides: strides, offset: layout.offset + i * layout.strides[0]))
  }
}
