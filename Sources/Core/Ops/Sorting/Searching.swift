// Binary searches. NaN counts as larger than all numbers.

/// The side of equal elements on which a search ends.
///
/// ```swift
/// let x = Tensor<Float>([1, 2, 2, 3]), value = Tensor<Float>(2)
/// print(x.searchSorted(value, side: .left), x.searchSorted(value, side: .right))  // 1 3
/// ```
public enum SearchSide: Sendable {
  /// Before the first of them.
  case left
  /// After the last of them.
  case right
}

extension Tensor where Element: NumericScalar {
  /// The places at which values would be inserted into sorted rows to keep their order: the numbers of
  /// elements less than each value, or with `side: .right` the numbers of elements not greater than it.
  ///
  /// This tensor is sorted along the last axis. It is a vector for values of any shape, or has the values'
  /// shape but for the last extent; else it is an error. The result has the shape of the values. If a row is
  /// not sorted, its places are unspecified.
  ///
  /// ```swift
  /// let edges = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
  /// let places = edges.searchSorted(Tensor<Float>([[2], [6]]), side: .right)  // [[2], [3]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func searchSorted(
    _ values: Tensor, side: SearchSide = .left, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    if let failure = failure ?? values.failure { return .failed(by: failure) }
    var target = values.shape
    if rank > 1, target.rank == rank { target.extents[rank - 1] = shape[-1] }
    guard rank == 1 || rank > 1 && target == shape else {
      return .failed(
        "searchSorted",
        "rows of shape \(shape) do not fit values of shape \(values.shape); they must be a vector, or equal but for the last axis",
        file, line)
    }
    return places(of: values, isRight: side == .right).named("SearchSorted")
  }

  /// The bins of the elements between sorted boundaries: bin 0 is below the first, and bin n above the last
  /// of n boundaries.
  ///
  /// An element that equals a boundary is in the bin below it, or above it if `right` is true, as in PyTorch.
  /// NumPy's `digitize` has it the other way round. Boundaries that are not a vector are an error.
  ///
  /// ```swift
  /// let ages = Tensor<Float>([3, 18, 40])
  /// let groups = ages.bucketized(Tensor<Float>([18, 65]), right: true)  // [0, 1, 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func bucketized(
    _ boundaries: Tensor, right: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    if let failure = failure ?? boundaries.failure { return .failed(by: failure) }
    guard boundaries.rank == 1 else {
      return .failed("bucketized", "boundaries of shape \(boundaries.shape) must be a vector", file, line)
    }
    return boundaries.places(of: self, isRight: right).named("Bucketize")
  }

  /// Returns the places of values in this sorted vector or in these sorted rows.
  private func places(of values: Tensor, isRight: Bool) -> Tensor<Int> {
    launch(self, values, into: Tensor<Int>(uninitialized: values.layout.shape)) { sorted, values, places in
      SearchKernels.search(sorted, values, isRight: isRight, into: places)
    }
  }
}

extension Tensor where Element: OrderedScalar {
  /// The mask of the elements that are among some other elements, of any shape. PyTorch and NumPy name it
  /// `isin`. NaN is never among them. 2³² other elements are an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func isIn(
    _ elements: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Bool> {
    if let failure = failure ?? elements.failure { return .failed(by: failure) }
    if elements.count == 0 { return .full(layout.shape, false) }
    let sorted = noGrad {
      elements.reshapedView([elements.count]).chosen(along: 0, "isIn", file, line) { $0.sortedRows() }.values
    }
    return launch(self, sorted, into: Tensor<Bool>(uninitialized: layout.shape)) { x, sorted, mask in
      SearchKernels.find(x, in: sorted, into: mask)
    }.named("IsIn")
  }
}
