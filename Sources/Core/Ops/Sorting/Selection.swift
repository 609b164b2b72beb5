// Elements chosen by their place in the order along an axis, without a sort of all. Negative axes count from
// the end. Axis 0 of a scalar stands for its element.

extension Tensor where Element: OrderedScalar {
  /// The elements at place k of the ascending order along an axis, counted from 1, and their indices. PyTorch
  /// names it `kthvalue`.
  ///
  /// Equal elements are ordered by their indices, and NaN comes last. The axis is removed, or kept with
  /// extent 1 if `keepDims` is true. A k outside `1 ... n` for an axis of n elements is an error, and so is
  /// an axis that is out of range, has no elements or has 2³² elements.
  ///
  /// Derivative: the gradient of a value goes to the element at its index.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[3, 1, 2], [0, 5, 4]])
  /// let (values, indices) = x.kthValue(2, axis: 1)  // [2, 4] and [2, 2]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func kthValue(
    _ k: Int, axis: Int = -1, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    chosenOne(along: axis, keepDims: keepDims, "kthValue", file, line) { rows in
      let shape = rows.shape
      guard 1...shape[-1] ~= k else {
        let fault =
          "k must be in 1...\(shape[-1]), the extent of axis \(axis) of shape \(self.shape), not \(k)"
        return Tensor.failedChoice(mistake("kthValue", fault, file, line))
      }
      let (values, indices) = rows.picked(.kth, k - 1)
      return (
        values.recorded(
          "KthValue", rows.edge(saving: indices) { g, indices in g.returned(to: indices, in: shape) }),
        indices
      )
    }
  }

  /// The most frequent elements along an axis, and the last of the indices of each.
  ///
  /// The smallest of several is chosen. NaN equals NaN here, and −0 equals 0. The axis is removed, or kept with
  /// extent 1 if `keepDims` is true. An axis that is out of range, has no elements or has 2³² elements is an
  /// error.
  ///
  /// Derivative: the gradient of a value goes to the element at its index.
  ///
  /// ```swift
  /// let x = Tensor<Int>([[3, 1, 3], [2, 0, 1]])
  /// let (values, indices) = x.mode(axis: 1)  // [3, 0] and [2, 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func mode(
    axis: Int = -1, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    chosenOne(along: axis, keepDims: keepDims, "mode", file, line) { rows in
      let shape = rows.shape, target = shape.reduced(AxisSet(shape.rank - 1), keepDims: true)
      let sorted = noGrad { rows.sortedRows() }
      let (values, indices) = launch(
        sorted.values, sorted.indices, into: Tensor(uninitialized: target), Tensor<Int>(uninitialized: target)
      ) { sorted, places, values, indices in
        SelectionKernels.mode(sorted, places, into: values, places: indices)
      }
      return (
        values.recorded(
          "Mode", rows.edge(saving: indices) { g, indices in g.returned(to: indices, in: shape) }),
        indices
      )
    }
  }
}

extension Tensor where Element: NumericScalar {
  /// The median of all elements, a scalar: the lower of the two for an even number of elements, as in
  /// PyTorch; NaN if any element is NaN. An empty tensor is an error.
  ///
  /// Derivative: the gradient is divided equally among all elements that equal the median.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func median(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    median(.median, "median", file, line)
  }

  /// The medians along an axis and their indices: the lower of the two for an even number of elements, as in
  /// PyTorch; NaN where any element is NaN.
  ///
  /// A stable sort decides which index of equal elements is returned; if an element is NaN, it is that of the
  /// first NaN. The axis is removed, or kept with extent 1 if `keepDims` is true. An axis that is out of
  /// range, has no elements or has 2³² elements is an error.
  ///
  /// Derivative: the gradient of a median goes to the element at its index.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[3, 1, 2, 0], [0, 5, 4, 4]])
  /// let (values, indices) = x.median(axis: 1)  // [1, 4] and [1, 2]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func median(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    median(.median, "median", axis, keepDims: keepDims, file, line)
  }

  /// The median of the elements that are not NaN, a scalar: the lower of the two for an even number of them;
  /// NaN if there are none. PyTorch and NumPy name it `nanmedian`. An empty tensor is an error.
  ///
  /// Derivative: the gradient is divided equally among all elements that equal the median.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanMedian(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    median(.medianOfNumbers, "nanMedian", file, line)
  }

  /// The medians of the elements along an axis that are not NaN, and their indices: the lower of the two for
  /// an even number of them; NaN where there are none.
  ///
  /// The axis is removed, or kept with extent 1 if `keepDims` is true. An axis that is out of range, has no
  /// elements or has 2³² elements is an error. Derivative: the gradient of a median goes to the element at
  /// its index.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[3, .nan, 2], [0, 5, 4]])
  /// let (values, indices) = x.nanMedian(axis: 1)  // [2, 4] and [2, 2]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanMedian(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    median(.medianOfNumbers, "nanMedian", axis, keepDims: keepDims, file, line)
  }

  private func median(
    _ place: OrderPlace, _ name: StaticString, _ axis: Int, keepDims: Bool, _ file: StaticString, _ line: UInt
  ) -> Choice {
    chosenOne(along: axis, keepDims: keepDims, name, file, line) { rows in
      let (values, indices) = rows.picked(place), shape = rows.shape
      return (
        values.recorded(
          "Median", rows.edge(saving: indices) { g, indices in g.returned(to: indices, in: shape) }),
        indices
      )
    }
  }

  private func median(
    _ place: OrderPlace, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard count > 0 else { return .failed("\(name)", "shape \(shape) has no elements", file, line) }
    let row = detached().reshapedView([count])
    let median = row.chosenOne(along: 0, keepDims: false, name, file, line) { $0.picked(place) }.values
    return median.recorded(
      "Median",
      edge(saving: self, median.detached()) { g, x, y in
        // If the median is NaN, the gradient is shared by the NaN elements.
        let chosen = (x .== y) .| ((x .!= x) .& (y .!= y))
        let shares = Tensor(single: 1).where(chosen, else: 0)
        return g * (shares / shares.summed(.all(x.rank), keepDims: false))
      })
  }
}
