// Elements and slices without their repetitions. The results are not recorded.

extension Tensor where Element: OrderedScalar {
  /// Elements or slices without their repetitions, the place of each given one among them, and how often each
  /// occurs.
  public typealias Unique = (values: Tensor, inverse: Tensor<Int>, counts: Tensor<Int>)

  /// The different elements in ascending order, the place of each element among them, and how often each
  /// occurs.
  ///
  /// The values and counts are vectors, and `inverse` has the shape of the tensor: the value at `inverse[i]`
  /// equals element i. Each NaN is a value of its own, and NaN comes last. A tensor of 2³² elements is an
  /// error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func unique(file: StaticString = #fileID, line: UInt = #line) -> Unique {
    noGrad {
      let (values, indices) = reshapedView([count]).chosen(along: 0, "unique", file, line) { $0.sortedRows() }
      let (firsts, inverse, counts) = values.reshapedView([count, 1]).runs(at: indices)
      return (firsts.reshapedView([firsts.count]), inverse.reshapedView(shape), counts)
    }
  }

  /// The different slices along an axis in ascending order, the place of each slice among them, and how often
  /// each occurs.
  ///
  /// Slices are ordered by their first elements, then by the second ones, and so on. A slice with NaN differs
  /// from all others. The values keep all axes, and `inverse` and the counts are vectors. An axis out of
  /// range is an error.
  ///
  /// ```swift
  /// let x = Tensor<Int>([[1, 1], [0, 2], [1, 1]])
  /// let (values, inverse, counts) = x.unique(axis: 0)  // [[0, 2], [1, 1]], [1, 0, 1] and [1, 2]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func unique(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Unique {
    uniqueSlices("unique", axis, file, line) { slices in
      let order = launch(slices, into: Tensor<Int>(uninitialized: [slices.shape[0]])) {
        x, order throws(OutOfMemory) in try SortKernels.orderRows(x, into: order)
      }
      return (slices.gathered(order, along: 0, to: slices.layout.shape), order)
    }
  }

  /// The elements in row-major order without those that equal the one before, the place of each element among
  /// them, and the lengths of the runs of equal elements.
  ///
  /// The values and counts are vectors, and `inverse` has the shape of the tensor. NaN equals nothing.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func uniqueConsecutive() -> Unique {
    noGrad {
      let (firsts, inverse, counts) = reshapedView([count, 1]).runs(at: nil)
      return (firsts.reshapedView([firsts.count]), inverse.reshapedView(shape), counts)
    }
  }

  /// The slices along an axis without those that equal the one before, the place of each slice among them,
  /// and the lengths of the runs of equal slices.
  ///
  /// The values keep all axes, and `inverse` and the counts are vectors. NaN equals nothing. An axis out of
  /// range is an error.
  ///
  /// ```swift
  /// let x = Tensor<Int>([[1, 1], [1, 1], [0, 2]])
  /// let (values, inverse, counts) = x.uniqueConsecutive(axis: 0)  // [[1, 1], [0, 2]], [0, 0, 1] and [2, 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func uniqueConsecutive(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Unique {
    uniqueSlices("uniqueConsecutive", axis, file, line) { ($0, nil) }
  }

  /// Lists the runs of the slices along an axis, which `order` receives as the rows of a matrix.
  private func uniqueSlices(
    _ name: StaticString, _ axis: Int, _ file: StaticString, _ line: UInt,
    _ order: (Tensor) -> (slices: Tensor, order: Tensor<Int>?)
  ) -> Unique {
    if let failure { return Tensor.failedUnique(failure) }
    if shape.isScalar(axis: axis) {
      let (values, inverse, counts) = reshapedView([1]).uniqueSlices(name, 0, file, line, order)
      return (values.reshapedView([]), inverse, counts)
    }
    guard let counted = shape.axis(axis) else {
      return Tensor.failedUnique(mistake("\(name)", shape.fault(ofAxis: axis), file, line))
    }
    return noGrad {
      let moved = moving(counted, to: 0)
      var target = moved.shape
      target.remove(at: 0)
      let (slices, indices) = order(moved.reshapedView([shape[counted], target.elementCount]))
      let (firsts, inverse, counts) = slices.runs(at: indices)
      target.insert(counts.count, at: 0)
      return (firsts.reshapedView(target).moving(0, to: counted), inverse, counts)
    }
  }

  /// Returns the first row of each run of equal rows of this matrix, the run of each row, and the lengths of
  /// the runs. Row i had the index `indices[i]` before the rows were ordered.
  private func runs(at indices: Tensor<Int>?) -> Unique {
    let rows = contiguous()
    if let failure = rows.failure ?? indices?.failure { return Tensor.failedUnique(failure) }
    let runs = SearchKernels.countRuns(rows.operand)
    let firsts = Tensor(uninitialized: [runs, shape[1]])
    let inverse = Tensor<Int>(uninitialized: [shape[0]]), counts = Tensor<Int>(uninitialized: [runs])
    let failure = launch(after: firsts.failure ?? inverse.failure ?? counts.failure) {
      SearchKernels.listRuns(
        rows.operand, at: indices?.operand, into: firsts.operand, counts: counts.operand,
        inverse: inverse.operand)
    }
    return failure.map(Tensor.failedUnique) ?? (firsts.named("Unique"), inverse, counts)
  }

  private static func failedUnique(_ failure: Failure) -> Unique {
    (.failed(by: failure), .failed(by: failure), .failed(by: failure))
  }
}
