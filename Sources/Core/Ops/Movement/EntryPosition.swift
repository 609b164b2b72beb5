/// The position of an entry in a tensor.
struct EntryPosition {
  /// The index in row-major order, and the index along each axis.
  let number: Int, index: [Int]

  init(_ number: Int, in shape: TensorShape) {
    var rest = number, index: [Int] = []
    for extent in shape.reversed() {
      index.insert(rest % extent, at: 0)
      rest /= extent
    }
    (self.number, self.index) = (number, index)
  }
}

extension Tensor where Element == Bool {
  /// The position of the first entry that is true, or nil.
  var firstPosition: EntryPosition? {
    any() ? scalars.firstIndex(of: true).map { EntryPosition($0, in: shape) } : nil
  }
}
