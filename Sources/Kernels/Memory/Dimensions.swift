/// Eight integers stored inline: the extents or the strides of a tensor, without a heap allocation.
@usableFromInline
package struct Dimensions: Sendable, Hashable {
  @usableFromInline var values: (Int, Int, Int, Int, Int, Int, Int, Int)

  /// The highest rank.
  package static let capacity = 8

  @inlinable
  package init(repeating value: Int = 0) {
    values = (value, value, value, value, value, value, value, value)
  }

  @inlinable
  package subscript(_ i: Int) -> Int {
    get {
      withUnsafeBytes(of: values) { $0.load(fromByteOffset: i * MemoryLayout<Int>.stride, as: Int.self) }
    }
    set {
      withUnsafeMutableBytes(of: &values) {
        $0.storeBytes(of: newValue, toByteOffset: i * MemoryLayout<Int>.stride, as: Int.self)
      }
    }
  }

  mutating func swapAt(_ i: Int, _ j: Int) {
    let value = self[i]
    self[i] = self[j]
    self[j] = value
  }

  /// The bitwise or of the eight values.
  @inlinable
  package var union: Int {
    values.0 | values.1 | values.2 | values.3 | values.4 | values.5 | values.6 | values.7
  }

  @inlinable
  package static func == (a: Dimensions, b: Dimensions) -> Bool {
    (a.values.0 ^ b.values.0) | (a.values.1 ^ b.values.1) | (a.values.2 ^ b.values.2)
      | (a.values.3 ^ b.values.3) | (a.values.4 ^ b.values.4) | (a.values.5 ^ b.values.5)
      | (a.values.6 ^ b.values.6) | (a.values.7 ^ b.values.7) == 0
  }

  @usableFromInline
  package func hash(into hasher: inout Hasher) {
    for i in 0..<Dimensions.capacity { hasher.combine(self[i]) }
  }
}
