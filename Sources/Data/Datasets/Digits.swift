import CDigits
import MartletCore

/// The 1,797 handwritten digits of 8 × 8 pixels that are embedded in the library.
///
/// Source: the UCI set "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak 1998, DOI
/// 10.24432/C50P49, CC BY 4.0).
///
/// ```swift
/// let (train, test) = try Digits().split(at: 1437)
/// print(train.count, test.count)  // 1437 360
/// ```
public struct Digits: Sendable {
  /// The images as vectors of 64 grey values from 0 (paper) to 1 (ink), with the digits as labels.
  public let dataset: LabeledDataset

  /// Reads the embedded digits.
  ///
  /// - Throws: ``DataError`` if the embedded bytes are damaged.
  public init() throws(DataError) {
    let count = Int(martlet_digit_count)
    let pixels = UnsafeBufferPointer(start: martlet_digit_pixels, count: count * 64)
    let labels = UnsafeBufferPointer(start: martlet_digit_labels, count: count)
    guard pixels.allSatisfy({ $0 <= 16 }), labels.allSatisfy({ $0 <= 9 }) else {
      throw DataError(path: "Digits", message: "the embedded digits are damaged")
    }
    dataset = LabeledDataset(
      inputs: pixels.map { Float($0) / 16 }, shape: [64], labels: labels.map { Int($0) })
  }

  /// The number of digits.
  public var count: Int { dataset.count }

  /// Returns the first `count` digits, and the rest. A count below 0 or above the number of digits is an
  /// error.
  public func split(
    at count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> (LabeledDataset, LabeledDataset) {
    dataset.split(at: count, file: file, line: line)
  }
}
