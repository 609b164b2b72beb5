// Values that are put at indices along an axis, or combined there with the elements.

/// The combination of an element with the values that are scattered to it.
///
/// ```swift
/// let scores = Tensor<Float>([3, 1, 4, 1]), groups = Tensor<Int>([0, 1, 0, 1])
/// let best = Tensor<Float>.zeros([2]).scattered(groups, scores, axis: 0, reduction: .maximum)  // [4, 1]
/// ```
public enum ScatterReduction: Sendable {
  /// The last value replaces the element.
  case none
  /// The sum of the element and the values.
  case sum
  /// The product of the element and the values.
  case product
  /// The mean of the element and the values.
  case mean
  /// The smallest of the element and the values.
  case minimum
  /// The largest of the element and the values.
  case maximum
}

extension Tensor where Element: NumericScalar {
  /// A copy with values put at indices along an axis, or combined with the elements there, as PyTorch's `scatter`
  /// and `scatter_reduce` do: for axis 1 each `values[i, j]` goes to `y[i, indices[i, j]]`.
  ///
  /// Without a reduction the last value stays that goes to an element. If `includeSelf` is false, elements with an
  /// index are the reduction of the values alone. The mean of integers is rounded down. The extents of the indices
  /// equal this tensor's along all other axes, and the values are broadcast to the indices' shape; else it is an
  /// error. Negative indices count from the end, and an index out of range is an error.
  ///
  /// Derivatives: g goes to the elements that the result depends on. Equal extremes share it equally. A product has
  /// g times the other factors; its second derivatives are right where no factor is 0.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 2, 3]), groups = Tensor<Int>([0, 0, 1])
  /// let sums = x.scattered(groups, Tensor([4, 5, 6]), axis: 0, reduction: .sum)  // [10, 8, 3]
  /// let means = x.scattered(
  ///   groups, Tensor([4, 5, 6]), axis: 0, reduction: .mean, includeSelf: false)  // [4.5, 6, 3]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func scattered(
    _ indices: Tensor<Int>, _ values: Tensor, axis: Int, reduction: ScatterReduction = .none,
    includeSelf: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    do throws(Failure) {
      let (picks, axis) = try along("scattered", indices, values, axis, file, line)
      let values = values.broadcastView(to: picks.layout.shape), zero = Tensor(single: 0),
        one = Tensor(single: 1)
      /// The elements; in the places of the indices a value if the elements are not included.
      func start(_ value: Tensor) -> Tensor {
        includeSelf ? self : replaced(picks, value.broadcastView(to: picks.layout.shape), along: axis)
      }
      switch reduction {
      case .none: return replaced(picks, values, along: axis)
      case .sum: return start(zero).scatterAdded(picks, values, along: axis)
      case .product: return start(one).scatterMultiplied(picks, values, along: axis)
      case .maximum, .minimum:
        let kernel: ScatterKernel = reduction == .maximum ? .maximum : .minimum
        return start(values.detached()).scatterExtreme(kernel, picks, values, along: axis, includeSelf)
      case .mean:
        let ones = one.broadcastView(to: layout.shape)
        let others =
          includeSelf ? ones : ones.replaced(picks, zero.broadcastView(to: values.shape), along: axis)
        let counts = others.scatterAdded(picks, one.broadcastView(to: values.shape), along: axis)
        let sums = start(zero).scatterAdded(picks, values, along: axis)
        return Element.element.isFloating ? sums / counts : sums.floorDivided(by: counts)
      }
    } catch {
      return .failed(by: error)
    }
  }

  /// A copy with values added at indices along an axis, as PyTorch's `scatter_add` does: for axis 1 each
  /// `values[i, j]` is added to `y[i, indices[i, j]]`.
  ///
  /// The extents of the indices equal this tensor's along all other axes, and the values are broadcast to the
  /// indices' shape; else it is an error. Negative indices count from the end, and an index out of range is an
  /// error. An index that appears several times gets the sum. Derivatives: `dx = g`, and for the values g at
  /// the indices.
  ///
  /// ```swift
  /// let bins = Tensor<Int>([0, 2, 2, 1])
  /// let histogram = Tensor<Float>.zeros([3]).scatterAdded(bins, Tensor(1), axis: 0)  // [1, 1, 2]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func scatterAdded(
    _ indices: Tensor<Int>, _ values: Tensor, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    do throws(Failure) {
      let (picks, axis) = try along("scatterAdded", indices, values, axis, file, line)
      return scatterAdded(picks, values.broadcastView(to: picks.layout.shape), along: axis)
    } catch {
      return .failed(by: error)
    }
  }

  /// A copy with values added to the positions at some indices along an axis, as PyTorch's `index_add` does:
  /// for axis 0 each row `values[i]` is added to row `indices[i]`.
  ///
  /// The indices are a vector `[n]`. The values are broadcast to this tensor's shape with n positions along the
  /// axis; else it is an error. Negative indices count from the end, and an index out of range is an error. An
  /// index that appears several times gets the sum. Derivatives: `dx = g`, and for the values g at the indices.
  ///
  /// ```swift
  /// let x = Tensor<Float>.zeros([4, 3])
  /// let y = x.indexAdded(Tensor<Int>([0, 2]), Tensor<Float>([[1, 2, 3], [4, 5, 6]]))
  /// let z = x.indexAdded(Tensor<Int>([-1]), Tensor<Float>.ones([4, 1]), axis: 1)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func indexAdded(
    _ indices: Tensor<Int>, _ values: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    do throws(Failure) {
      let (picks, axis, target) = try rows("indexAdded", indices, values, axis, file, line)
      return scatterAdded(picks, values.broadcastView(to: target), along: axis)
    } catch {
      return .failed(by: error)
    }
  }
}

extension Tensor where Element: NumericScalar {
  /// Replaces the elements at indices in row-major order, in place, or adds to them if `accumulate` is true.
  ///
  /// An index that appears several times gets the sum. The other rules are those of ``put(_:_:file:line:)``.
  ///
  /// ```swift
  /// let counts = Tensor<Int>.zeros([2, 3])
  /// counts.put(Tensor<Int>([0, 5, 5]), Tensor(1), accumulate: true)  // [[1, 0, 0], [0, 0, 2]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func put(
    _ indices: Tensor<Int>, _ values: Tensor, accumulate: Bool, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    put(indices, values, adds: accumulate, file, line)
  }
}

extension Tensor {
  /// A copy with the positions at some indices along an axis replaced, as PyTorch's `index_copy` does: for axis 0
  /// row `indices[i]` becomes `values[i]`.
  ///
  /// The indices are a vector `[n]`. The values are broadcast to this tensor's shape with n positions along the
  /// axis; else it is an error. Negative indices count from the end, and an index out of range is an error. If an
  /// index appears several times, its last values stay. Derivatives: `dx = g`, and 0 at the indices; for the values
  /// g at the indices, and 0 for those that do not stay.
  ///
  /// ```swift
  /// let x = Tensor<Float>.zeros([4, 3])
  /// let y = x.indexCopied(Tensor<Int>([0, -1]), Tensor<Float>([1, 2, 3]))  // the first and the last row
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func indexCopied(
    _ indices: Tensor<Int>, _ values: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    do throws(Failure) {
      let (picks, axis, target) = try rows("indexCopied", indices, values, axis, file, line)
      return replaced(picks, values.broadcastView(to: target), along: axis)
    } catch {
      return .failed(by: error)
    }
  }

  /// The elements at indices in row-major order, as PyTorch's and NumPy's `take` find them. The result has the
  /// shape of the indices.
  ///
  /// Negative indices count from the end, and an index out of range is an error. Derivative: each gradient is added
  /// to the element from which it was copied.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func taken(_ indices: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let flat = flattened()
    do throws(Failure) {
      let picks = try flat.positions("taken", indices, file, line)
      return flat.gathered(picks, along: 0, to: picks.layout.shape)
    } catch {
      return .failed(by: error)
    }
  }

  /// Replaces the elements at indices in row-major order, in place, as PyTorch's `put_` does.
  ///
  /// The values are broadcast to the indices' shape, else it is an error. If an index appears several times, the
  /// last value stays. Negative indices count from the end, and an index out of range is an error. The other rules
  /// are those of ``fill(_:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func put(
    _ indices: Tensor<Int>, _ values: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    put(indices, values, adds: false, file, line)
  }

  fileprivate func put(
    _ indices: Tensor<Int>, _ values: Tensor, adds: Bool, _ file: StaticString, _ line: UInt
  ) {
    if refuses(failure ?? indices.failure ?? values.failure) { return }
    let flat = flattened()
    guard let picks = try? flat.positions("put", indices, file, line) else { return }
    guard values.layout.broadcast(to: picks.layout.shape) != nil else {
      mistake(
        "put", "shape \(values.shape) does not broadcast to the indices' shape \(picks.shape)", file, line)
      return
    }
    let spread = values.broadcastView(to: picks.layout.shape)
    let changed = adds ? flat.scatterAdded(picks, spread, along: 0) : flat.replaced(picks, spread, along: 0)
    assign(changed.reshapedView(layout.shape), file: file, line: line)
  }
}

// The arguments of a scatter, checked.
extension Tensor {
  /// Returns indices along an axis, counted from the front. Their extents along the other axes are this tensor's.
  private func along(
    _ operation: String, _ indices: Tensor<Int>, _ values: Tensor, _ axis: Int, _ file: StaticString,
    _ line: UInt
  ) throws(Failure) -> (picks: Tensor<Int>, axis: Int) {
    if let failure = failure ?? indices.failure ?? values.failure { throw failure }
    guard let counted = shape.axis(axis) else {
      throw mistake(operation, shape.fault(ofAxis: axis), file, line)
    }
    guard shape.equals(indices.shape, except: counted), values.layout.broadcast(to: indices.shape) != nil
    else {
      throw mistake(
        operation,
        "indices of shape \(indices.shape) and values of shape \(values.shape) do not fit shape \(shape) along axis \(axis); the other extents must be equal, and the values broadcast to the indices",
        file, line)
    }
    return (try self.counted(indices, along: counted, operation, file, line).get(), counted)
  }

  /// Returns indices of a vector, counted from the front.
  private func positions(
    _ operation: String, _ indices: Tensor<Int>, _ file: StaticString, _ line: UInt
  ) throws(Failure) -> Tensor<Int> {
    if let failure = failure ?? indices.failure { throw failure }
    return try counted(indices, along: 0, operation, file, line).get()
  }

  /// Returns a vector of indices along an axis, counted from the front, and the shape of the positions there.
  private func rows(
    _ operation: String, _ indices: Tensor<Int>, _ values: Tensor, _ axis: Int, _ file: StaticString,
    _ line: UInt
  ) throws(Failure) -> (picks: Tensor<Int>, axis: Int, target: TensorShape) {
    if let failure = failure ?? indices.failure ?? values.failure { throw failure }
    guard let counted = shape.axis(axis) else {
      throw mistake(operation, shape.fault(ofAxis: axis), file, line)
    }
    var target = shape
    target.extents[counted] = indices.count
    guard indices.rank == 1, target.isValid, values.layout.broadcast(to: target) != nil else {
      throw mistake(
        operation,
        "indices of shape \(indices.shape) and values of shape \(values.shape) do not fit axis \(axis) of shape \(shape); they must be [n] and broadcast to \(target)",
        file, line)
    }
    return (try self.counted(indices, along: counted, operation, file, line).get(), counted, target)
  }
}

// Scatters at indices that are already checked. There is an index for each value, or for each of their positions along
// the axis.
extension Tensor {
  /// Returns a copy with values at the indices, of which the last stays.
  func replaced(_ picks: Tensor<Int>, _ values: Tensor, along axis: Int) -> Tensor {
    let shape = layout.shape, given = values.layout.shape
    return scattered(.put, values, at: picks, along: axis).recorded(
      "Put",
      edge(saving: picks) { g, picks in
        g.replaced(picks, Tensor.zeroed([]).broadcastView(to: given), along: axis)
      },
      values.edge(saving: picks) { g, picks in
        g.gathered(picks, along: axis, to: given)
          .where(picks.isLast(for: given, along: axis, of: shape), else: .zeroed([]))
      })
  }
}

extension Tensor where Element == Int {
  /// Returns true for each value of `shape` that stays when values are put at these indices of a tensor.
  fileprivate func isLast(for shape: TensorShape, along axis: Int, of target: TensorShape) -> Tensor<Bool> {
    let numbers = Tensor.ramp(shape.elementCount, start: 0, step: 1).reshapedView(shape)
    let stayed = Tensor.zeroed(target).scattered(.put, numbers, at: self, along: axis, isNew: true)
    return stayed.gathered(self, along: axis, to: shape) .== numbers
  }
}

extension Tensor where Element: NumericScalar {
  /// Returns a copy in which each element is the largest or the smallest of itself and its values. The derivative
  /// is that of a sum in which equal extremes have equal weights, and others 0.
  private func scatterExtreme(
    _ kernel: ScatterKernel, _ picks: Tensor<Int>, _ values: Tensor, along axis: Int, _ includesSelf: Bool
  ) -> Tensor {
    let result = scattered(kernel, values, at: picks, along: axis), zero = Tensor.zeroed([])
    guard isRecording, isTracked || values.isTracked, !result.isFailed else {
      return result.named("ScatterExtreme")
    }
    let (own, others) = noGrad {
      let equal = Tensor.ones([]).where(self .== result, else: zero)
      let none = zero.broadcastView(to: values.layout.shape)
      let own = includesSelf ? equal : equal.replaced(picks, none, along: axis)
      let found = result.gathered(picks, along: axis, to: values.layout.shape)
      let others = Tensor.ones([]).where(values .== found, else: zero)
      let ties = own.scatterAdded(picks, others, along: axis)
      // An element without an extreme is NaN.
      let counts = ties.where(ties .!= zero, else: .ones([]))
      return (own / counts, others / counts.gathered(picks, along: axis, to: values.layout.shape))
    }
    let sums = Tensor.zeroed(layout.shape).scatterAdded(picks, values * others, along: axis, isNew: true)
    return result.recorded("ScatterExtreme", edge(saving: own) { g, own in g * own }, sums.edge { g in g })
  }

  /// Returns a copy in which each element is multiplied by its values.
  private func scatterMultiplied(_ picks: Tensor<Int>, _ values: Tensor, along axis: Int) -> Tensor {
    let result = scattered(.multiply, values, at: picks, along: axis)
    // The rule has its own copy of the indices, because the node saves only tensors of its own type.
    let picks = isRecording && (isTracked || values.isTracked) ? picks.copied() : picks
    return result.recorded("ScatterProduct", [self, values], saving: [self, values]) { given in
      given.saved[0].scatterProductSlopes(given.gradients[0]!, picks, given.saved[1], along: axis)
    }
  }

  /// Returns the gradients of a scattered product and of its values: g times the other factors. They are the
  /// quotient of the product of all factors but zeros, or 0 if another factor is 0.
  private func scatterProductSlopes(
    _ g: Tensor, _ picks: Tensor<Int>, _ values: Tensor, along axis: Int
  ) -> [Tensor?] {
    let shape = values.layout.shape, zero = Tensor.zeroed([]), one = Tensor.ones([])
    let factors = self.where(self .!= zero, else: one), others = values.where(values .!= zero, else: one)
    let product = factors.scatterMultiplied(picks, others, along: axis)
    let (own, theirs, zeros) = noGrad {
      let own = one.where(self .== zero, else: zero), theirs = one.where(values .== zero, else: zero)
      return (own, theirs, own.scatterAdded(picks, theirs, along: axis))
    }
    func found(_ x: Tensor) -> Tensor { x.gathered(picks, along: axis, to: shape) }
    return [
      (g * product / factors).where(zeros .== own, else: zero),
      (found(g) * found(product) / others).where(found(zeros) .== theirs, else: zero),
    ]
  }
}
