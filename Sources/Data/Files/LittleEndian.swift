/// Returns numbers of some bytes each, the lowest byte first.
func littleEndian(_ numbers: (value: Int, count: Int)...) -> [UInt8] {
  numbers.flatMap { number in
    (0..<number.count).map { UInt8(truncatingIfNeeded: number.value >> (8 * $0)) }
  }
}

extension RandomAccessCollection<UInt8> where Index == Int {
  /// The little-endian number of `count` bytes at an index; `Int.max` if it is larger than that.
  func number(at index: Int, _ count: Int) -> Int {
    let bits = self[index..<index + count].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return Int(exactly: bits) ?? .max
  }
}
