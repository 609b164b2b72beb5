import CDigits
import MartletCore

/// 1,797 handwritten digits of 8 × 8 pixels, embedded in the library.
///
/// From the UCI set "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak 1998,
/// DOI 10.24432/C50P49, CC BY 4.0).
public struct Digits: Sendable {
  /// The images as vectors of 64 grey values from 0 (paper) to 1 (ink), and their digits.
  public let dataset: LabeledDataset

  /// The embedded set.
  ///
  /// - Throws: ``DataError`` if the embedded bytes are not what they were made as.
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

  /// The first `count` digits, and the rest. More than there are is an error.
  public func split(
    at count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> (LabeledDataset, LabeledDataset) {
    dataset.split(at: count, file: file, line: line)
  }
}
