/// Where an entry of a tensor is.
struct Place {
  /// In row-major order, and along each axis.
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
  /// The first entry that is true.
  var firstPlace: Place? {
    any() ? scalars.firstIndex(of: true).map { Place($0, in: shape) } : nil
  }
}
