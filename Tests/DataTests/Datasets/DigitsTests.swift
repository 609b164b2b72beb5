import CDigits
import Testing

/// The embedded digits, compared with the numbers that Python reads from scikit-learn's table.
@Suite struct DigitsTests {
  private let pixels = UnsafeBufferPointer(start: martlet_digit_pixels, count: martlet_digit_count * 64)
  private let labels = UnsafeBufferPointer(start: martlet_digit_labels, count: martlet_digit_count)

  /// The CRC-32 of zlib, computed bit by bit.
  private func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~remainder
  }

  @Test("The bytes have the checksums that Scripts/make_digits.py prints")
  func checksums() {
    #expect(checksum("123456789".utf8) == 0xCBF4_3926, "the published check value of CRC-32")
    #expect(checksum(pixels) == 0xF3A2_533C)
    #expect(checksum(labels) == 0xF86F_C929)
  }

  @Test("Each class has as many images as Python counts in the table")
  func counts() {
    var counts = [Int](repeating: 0, count: 10)
    for label in labels { counts[Int(label)] += 1 }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  }

  @Test("The first image is a zero, and its rows stand one after the other")
  func firstImage() {
    #expect(labels[0] == 0)
    #expect(
      Array(pixels[..<64]) == [
        0, 0, 5, 13, 9, 1, 0, 0,
        0, 0, 13, 15, 10, 15, 5, 0,
        0, 3, 15, 2, 0, 11, 8, 0,
        0, 4, 12, 0, 0, 8, 8, 0,
        0, 5, 8, 0, 0, 9, 8, 0,
        0, 4, 11, 0, 1, 12, 7, 0,
        0, 2, 14, 5, 10, 12, 0, 0,
        0, 0, 6, 13, 10, 0, 0, 0,
      ])
  }
}
