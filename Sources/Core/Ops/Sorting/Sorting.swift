// Sorts along an axis. NaN counts as larger than all numbers, and −0 as equal to 0. Axis 0 of a scalar stands
// for its element.

extension Tensor where Element: OrderedScalar {
  /// The elements in ascending or descending order along an axis, and the index that each had. PyTorch and
  /// NumPy name it `sort`.
  ///
  /// Equal elements keep their order. NaN comes last, in descending order first. Both results have the shape
  /// of the tensor. An axis that is out of range or has 2³² elements is an error.
  ///
  /// Derivative: the gradient of a value goes to the element at its index.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[3, 1, 2], [0, 5, 4]])
  /// let (values, indices) = x.sorted(axis: 1)  // [[1, 2, 3], [0, 4, 5]] and [[1, 2, 0], [0, 2, 1]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sorted(
    axis: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    chosen(along: axis, "sorted", file, line) { $0.sortedRows(descending: descending) }
  }

  /// The indices of the elements in ascending or descending order along an axis.
  ///
  /// Equal elements keep their order. NaN comes last, in descending order first. An axis that is out of range
  /// or has 2³² elements is an error.
  ///
  /// ```swift
  /// let x = Tensor<Float>([3, 1, 2])
  /// let order = x.argsort(descending: true)  // [0, 2, 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func argsort(
    axis: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    noGrad { chosen(along: axis, "argsort", file, line) { $0.sortedRows(descending: descending) }.indices }
  }

  /// The k largest or smallest elements along an axis, in descending or ascending order, and their indices.
  ///
  /// The axis has the extent k in both results. Of equal elements the first are chosen, in their order. NaN
  /// counts as larger than all numbers. A k that is below 0 or larger than the extent of the axis is an
  /// error, and so is an axis that is out of range or has 2³² elements.
  ///
  /// Derivative: the gradient of a value goes to the element at its index, and the others get 0.
  ///
  /// ```swift
  /// let scores = Tensor<Float>([[3, 1, 2], [0, 5, 4]])
  /// let (values, indices) = scores.topK(2, axis: 1)  // [[3, 2], [5, 4]] and [[0, 2], [1, 2]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func topK(
    _ k: Int, axis: Int = -1, largest: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    chosen(along: axis, "topK", file, line) { rows in
      guard 0...rows.shape[-1] ~= k else {
        let fault =
          "k must be in 0...\(rows.shape[-1]), the extent of axis \(axis) of shape \(shape), not \(k)"
        return Tensor.failedChoice(mistake("topK", fault, file, line))
      }
      return rows.topOfRows(k, largest: largest)
    }
  }
}
