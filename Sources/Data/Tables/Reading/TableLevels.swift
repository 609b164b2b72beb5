/// Different texts, numbered in the order of their first appearance. They lie in one block of memory, because
/// a column may have as many as rows.
struct TableLevels {
  private var bytes: [UInt8] = []
  private var ends: [Int] = [0]
  /// The codes at the places that the texts' hashes lead to; −1 at an empty place.
  private var slots = [Int32](repeating: -1, count: 16)

  var count: Int { ends.count - 1 }

  subscript(code: Int) -> ArraySlice<UInt8> { bytes[ends[code]..<ends[code + 1]] }

  /// Returns the code of a text, which is a new one if the text is.
  mutating func code(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
    let place = self.place(of: text)
    if slots[place] >= 0 { return slots[place] }
    let code = Int32(count)
    slots[place] = code
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    if 2 * count > slots.count { grow() }
    return code
  }

  /// Returns the place that holds the code of a text, or that its code will have.
  private func place(of text: UnsafeBufferPointer<UInt8>) -> Int {
    // The hash has a random key, so that no file can make all texts collide.
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(text))
    let mask = slots.count - 1
    var place = hasher.finalize() & mask
    while slots[place] >= 0, !self[Int(slots[place])].elementsEqual(text) { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: 4 * slots.count)
    bytes.withUnsafeBufferPointer { all in
      for code in 0..<count {
        slots[place(of: UnsafeBufferPointer(rebasing: all[ends[code]..<ends[code + 1]]))] = Int32(code)
      }
    }
  }
}
