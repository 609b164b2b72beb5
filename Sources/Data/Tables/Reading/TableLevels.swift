#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Different texts, numbered in the order of their first appearance. They lie in one block of memory, because
/// a column may have as many as rows.
struct TableLevels {
  private var bytes: [UInt8] = []
  private var ends: [Int] = [0]
  private var hashes: [UInt32] = []
  /// The hash and the code of a text at the place that its hash leads to, or at the next free one. A free
  /// place has all bits set.
  private var slots = [UInt64](repeating: .max, count: 16)

  var count: Int { hashes.count }

  subscript(code: Int) -> ArraySlice<UInt8> { bytes[ends[code]..<ends[code + 1]] }

  /// Returns the code of a text, which is a new one if the text is.
  mutating func code(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
    // The hash has a random key, so that no file can make all texts collide.
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(text))
    return code(of: text, hash: UInt32(truncatingIfNeeded: hasher.finalize()))
  }

  /// Returns the codes of all texts of other levels, in their order.
  mutating func codes(of other: TableLevels) -> [Int32] {
    other.bytes.withUnsafeBufferPointer { bytes in
      (0..<other.count).map { code in
        let text = UnsafeBufferPointer(rebasing: bytes[other.ends[code]..<other.ends[code + 1]])
        return self.code(of: text, hash: other.hashes[code])
      }
    }
  }

  private mutating func code(of text: UnsafeBufferPointer<UInt8>, hash: UInt32) -> Int32 {
    var place = Int(hash) & (slots.count - 1)
    while slots[place] != .max {
      let code = Int(slots[place] & 0xFFFF_FFFF)
      if UInt32(slots[place] >> 32) == hash, equals(code, text) { return Int32(code) }
      place = (place + 1) & (slots.count - 1)
    }
    let code = count
    slots[place] = UInt64(hash) << 32 | UInt64(code)
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    hashes.append(hash)
    if 2 * count > slots.count { grow() }
    return Int32(code)
  }

  private func equals(_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard ends[code + 1] - ends[code] == text.count else { return false }
    return text.isEmpty
      || bytes.withUnsafeBufferPointer {
        memcmp($0.baseAddress! + ends[code], text.baseAddress!, text.count) == 0
      }
  }

  private mutating func grow() {
    slots = [UInt64](repeating: .max, count: 4 * slots.count)
    for (code, hash) in hashes.enumerated() {
      var place = Int(hash) & (slots.count - 1)
      while slots[place] != .max { place = (place + 1) & (slots.count - 1) }
      slots[place] = UInt64(hash) << 32 | UInt64(code)
    }
  }

  /// Returns codes in the order of their texts' bytes.
  func sorted(_ codes: [Int]) -> [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return codes }
      return codes.sorted { a, b in
        let (first, second) = (ends[a + 1] - ends[a], ends[b + 1] - ends[b])
        let order = memcmp(start + ends[a], start + ends[b], min(first, second))
        return order == 0 ? first < second : order < 0
      }
    }
  }
}
