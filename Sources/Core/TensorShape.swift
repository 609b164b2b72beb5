// Shapes as users write and read them. The type itself is in Kernels, which cannot report mistakes.

extension TensorShape: ExpressibleByArrayLiteral {
  /// Creates a shape with these extents.
  public init(arrayLiteral extents: Int...) {
    guard extents.count <= TensorShape.maximumRank else {
      mistake("shape", TensorShape.tooMany(extents.count))
      self = .failed
      return
    }
    self.init(extents)
  }

  /// Creates a shape with these extents: at most eight, none negative.
  public init(
    _ extents: some Collection<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(rank: 0)
    guard extents.count <= TensorShape.maximumRank else {
      mistake("shape", TensorShape.tooMany(extents.count), file, line)
      self = .failed
      return
    }
    for extent in extents { append(extent) }
  }

  private static func tooMany(_ axes: Int) -> String {
    "rank \(axes) is too high; a shape has at most \(maximumRank) axes"
  }
}

extension TensorShape {
  /// Returns the shape to which all of these shapes broadcast by NumPy's rule: extents along an axis are equal or
  /// 1, and axes that are missing in front count as 1.
  ///
  /// Shapes that do not broadcast are an error. The shape of no shapes is `[]`.
  ///
  /// ```swift
  /// let shape = TensorShape.broadcast([[3, 1], [1, 4], [4]])  // [3, 4]
  /// ```
  public static func broadcast(
    _ shapes: [TensorShape], file: StaticString = #fileID, line: UInt = #line
  ) -> TensorShape {
    var result = TensorShape(rank: 0)
    for shape in shapes {
      guard let wider = broadcast(result, shape), wider.isValid else {
        if shapes.allSatisfy({ $0.rank >= 0 }) {
          mistake("broadcast", "shapes \(shapes) do not broadcast; extents must be equal or 1", file, line)
        }
        return .failed
      }
      result = wider
    }
    return result
  }
}

extension TensorShape: RandomAccessCollection {
  /// The first axis.
  public var startIndex: Int { 0 }
  /// One past the last axis.
  public var endIndex: Int { Swift.max(rank, 0) }

  /// The extent along an axis; a negative axis counts from the end. 0 for the shape of a failed tensor.
  public subscript(axis: Int) -> Int {
    let counted = axis < 0 ? axis + rank : axis
    guard counted >= 0, counted < rank else {
      if rank >= 0 { mistake("shape", "axis \(axis) is out of range for \(self); \(axisRange)") }
      return 0
    }
    return extents[counted]
  }

  /// Returns the fault of an axis that is out of range, as text for error messages.
  func fault(ofAxis axis: Int) -> String { "axis \(axis) is out of range for shape \(self); \(axisRange)" }

  /// The valid axes, as text for error messages.
  var axisRange: String {
    rank == 0 ? "a scalar has no axes" : "an axis is in -\(rank)...\(rank - 1)"
  }
}

extension TensorShape: CustomStringConvertible {
  /// The shape as an array: `[2, 3]`.
  public var description: String {
    rank < 0 ? "[failed]" : "[" + map(String.init).joined(separator: ", ") + "]"
  }
}
