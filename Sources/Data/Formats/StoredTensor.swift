public import MartletCore

/// A tensor in a file: its name, its element type and its shape. The elements are read on request.
///
/// ```swift
/// let file = try namedTensors(of: "weights.npz")
/// if let weight = file["weight"] {
///   print(weight.dtypeName, weight.shape)
///   let values = try weight.tensor(as: Float.self)
/// }
/// ```
public struct StoredTensor: Sendable {
  /// The name in the file; empty if the file has one tensor without a name.
  public let name: String

  /// The file's name for the element type.
  public let dtypeName: String

  /// The element type, or nil if the elements cannot be read.
  public let dtype: StoredType?

  /// The extent of each axis; empty for a scalar.
  public let shape: [Int]

  /// The distance of neighbours along each axis in elements, or nil if they are in row-major order.
  var strides: [Int]?
  var isBigEndian = false
  let bytes: StoredBytes
  /// The offset of the first element in the bytes.
  var start = 0

  /// The name for errors: nil if there is none.
  private var entry: String? { name.isEmpty ? nil : name }

  private func error(_ message: String) -> DataError {
    DataError(path: bytes.file.path, entry: entry, message: message)
  }

  /// Returns the tensor. Half-precision elements become `Float` or `Double`.
  ///
  /// With `converting`, all real elements become `Float` or `Double`, rounded to nearest, and integers become
  /// integers of another type. Otherwise the elements must be stored as `Element`.
  ///
  /// ```swift
  /// let file = try namedTensors(of: "weights.npz")
  /// let weight = try file["weight"]?.tensor(as: Float.self, converting: true)
  /// ```
  ///
  /// - Throws: ``DataError`` if the elements are of another type or do not fit it, the shape is too large for
  ///   a tensor or the memory, or reading fails.
  public func tensor<Element: TensorScalar>(
    as type: Element.Type = Element.self, converting: Bool = false
  ) throws(DataError) -> Tensor<Element> {
    let shape = try tensorShape(shape)
    let loop = try conversion(to: type, converting: converting)
    let reader = try ByteReader(bytes, from: start, entry: entry)
    let memory = strides == nil ? shape : [reach]
    let tensor = try Tensor<Element>.reading(memory) { buffer throws(DataError) in
      try fill(buffer, of: type, by: loop) { piece throws(DataError) in try reader.fill(piece) }
    }
    guard let tensor else { throw noMemory(memory.elementCount) }
    try reader.finish()
    return strides.map { tensor.asStrided(shape, strides: $0) } ?? tensor
  }

  /// Returns some rows: parts of the tensor along its first axis. Only their bytes are read, and several
  /// threads may read at once.
  ///
  /// ```swift
  /// let images = try NpyFile(path: "images.npy").array
  /// let batch = try images.rows([5, 0, 7], as: UInt8.self)
  /// ```
  ///
  /// - Parameters:
  ///   - positions: The rows, in the order of the result.
  ///   - type: The element type of the result.
  ///   - converting: True if elements of other types are converted, as by ``tensor(as:converting:)``.
  /// - Throws: ``DataError`` if a position is out of range, the tensor is compressed, is not in row-major order
  ///   or has no axis, and for the faults of ``tensor(as:converting:)``.
  public func rows<Element: TensorScalar>(
    _ positions: [Int], as type: Element.Type = Element.self, converting: Bool = false
  ) throws(DataError) -> Tensor<Element> {
    guard bytes.coding == .plain, strides == nil, let count = shape.first else {
      throw error("has no rows to read apart; it must have an axis, be uncompressed and in row-major order")
    }
    if let wrong = positions.first(where: { !(0..<count).contains($0) }) {
      throw error("has \(count) rows; there is no row \(wrong)")
    }
    _ = try tensorShape(shape)
    let result = try tensorShape([positions.count] + shape.dropFirst())
    let loop = try conversion(to: type, converting: converting)
    let rowCount = result.elementCount / max(positions.count, 1)
    let storedRow = rowCount * dtype!.byteCount, row = rowCount * MemoryLayout<Element>.stride
    let tensor = try Tensor<Element>.reading(result) { buffer throws(DataError) in
      var index = 0
      while index < positions.count && row > 0 {
        // Neighbours in the file are read together.
        var end = index + 1
        while end < positions.count && positions[end] == positions[end - 1] + 1 { end += 1 }
        var offset = bytes.start + start + positions[index] * storedRow
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[index * row..<end * row])
        try fill(target, of: type, by: loop) { piece throws(DataError) in
          try bytes.file.fill(piece, at: offset)
          offset += piece.count
        }
        index = end
      }
    }
    guard let tensor else { throw noMemory(result.elementCount) }
    return tensor
  }

  private func noMemory(_ count: Int) -> DataError {
    error("there is no memory for its \(count.times(dtype?.byteCount ?? 1)) bytes")
  }

  /// The number of elements from the first to the last in the file, which strides may place apart.
  private var reach: Int {
    guard let strides, !shape.contains(0) else { return 0 }
    return zip(shape, strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
  }

  private func tensorShape(_ shape: [Int]) throws(DataError) -> TensorShape {
    guard shape.count <= TensorShape.maximumRank else {
      throw error("has \(shape.count) axes; a tensor can have at most \(TensorShape.maximumRank)")
    }
    // A shape without elements may have extents whose product overflows.
    guard TensorShape(shape).isValid else {
      throw error(
        "the shape \(excerpt(shape)) is too large; the product of its extents, 0 counted as 1, must fit 60 bits"
      )
    }
    return TensorShape(shape)
  }

  private func conversion<Element: TensorScalar>(
    to type: Element.Type, converting: Bool
  ) throws(DataError) -> Conversion? {
    guard let dtype else { throw unknownType }
    let conversion = Conversion(from: dtype, to: type, isWide: converting)
    guard conversion != nil || dtype == StoredType(of: type) else {
      let isPossible = Conversion(from: dtype, to: type, isWide: true) != nil
      throw error(
        "elements are \(dtypeName), not \(Element.self)\(isPossible ? "; converting: true converts them" : "")"
      )
    }
    return conversion
  }

  private var unknownType: DataError {
    let known = StoredType.allCases.map(\.rawValue).joined(separator: ", ")
    return error("the elements have type \(excerpt(dtypeName)); it must be one of \(known)")
  }

  /// Fills a buffer of `Element` with stored elements, which `read` gives one piece after another.
  private func fill<Element: TensorScalar>(
    _ buffer: UnsafeMutableRawBufferPointer, of type: Element.Type, by conversion: Conversion?,
    _ read: (UnsafeMutableRawBufferPointer) throws(DataError) -> Void
  ) throws(DataError) {
    let dtype = dtype!
    guard let conversion else {
      try read(buffer)
      if isBigEndian { buffer.reverseWords(of: dtype.wordByteCount) }
      return
    }
    let stride = MemoryLayout<Element>.stride, count = buffer.count / stride
    let pieceCount = min(count, 1 << 16)
    try withScratch(pieceCount * dtype.byteCount) { scratch throws(DataError) in
      var done = 0
      while done < count {
        let next = min(pieceCount, count - done)
        let source = UnsafeMutableRawBufferPointer(rebasing: scratch[..<(next * dtype.byteCount)])
        try read(source)
        if isBigEndian { source.reverseWords(of: dtype.wordByteCount) }
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[done * stride..<(done + next) * stride])
        guard conversion.loop(UnsafeRawBufferPointer(source), target) else {
          throw error("an element of type \(dtypeName) does not fit \(Element.self)")
        }
        done += next
      }
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Reverses the bytes of each word of 2, 4 or 8 bytes.
  fileprivate func reverseWords(of byteCount: Int) {
    func reverse<Word: FixedWidthInteger>(_ type: Word.Type) {
      let words = bindMemory(to: type)
      for index in words.indices { words[index] = words[index].byteSwapped }
    }
    switch byteCount {
    case 2: reverse(UInt16.self)
    case 4: reverse(UInt32.self)
    case 8: reverse(UInt64.self)
    default: break
    }
  }
}
