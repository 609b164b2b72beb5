// Assigns scalars through a subscript: `x[0] = 1`, `x[mask] = 0`, `x[1, 0...] = a`.
//
// The scalar is `any TensorScalar` and is cast to the element type, so numbers of any type may be assigned.
// The type `any TensorScalar` has no operators, so `x[0] * 2` and `x[0] += 1` use the subscript that returns
// a tensor.

extension Tensor {
  /// Sets every element of a view to a scalar in place. The getter is not available.
  @_disfavoredOverload
  public subscript(_ indices: any TensorIndex..., file file: StaticString = #fileID, line line: UInt = #line)
    -> any TensorScalar
  {
    @available(*, unavailable, message: "a view is a tensor; the scalar of one element is its `item`")
    get { fatalError() }
    set {
      sliced(indices.map(\.selection), file, line, isTarget: true).assign(
        Tensor(converting: newValue, file, line), file: file, line: line)
    }
  }

  /// Sets every element of the rows named by `indices` to a scalar in place. The getter is not available.
  @_disfavoredOverload
  public subscript(_ indices: [Int], file file: StaticString = #fileID, line line: UInt = #line)
    -> any TensorScalar
  {
    @available(*, unavailable, message: "elements picked by a list or a mask are a tensor")
    get { fatalError() }
    set { self[indices, file: file, line: line] = Tensor(converting: newValue, file, line) }
  }

  /// Sets every element of the rows named by a tensor of indices to a scalar in place. The getter is not
  /// available.
  @_disfavoredOverload
  public subscript(_ indices: Tensor<Int>, file file: StaticString = #fileID, line line: UInt = #line)
    -> any TensorScalar
  {
    @available(*, unavailable, message: "elements picked by a list or a mask are a tensor")
    get { fatalError() }
    set { self[indices, file: file, line: line] = Tensor(converting: newValue, file, line) }
  }

  /// Sets every element where the mask is true to a scalar in place. The getter is not available.
  @_disfavoredOverload
  public subscript(_ mask: Tensor<Bool>, file file: StaticString = #fileID, line line: UInt = #line)
    -> any TensorScalar
  {
    @available(*, unavailable, message: "elements picked by a list or a mask are a tensor")
    get { fatalError() }
    set { self[mask, file: file, line: line] = Tensor(converting: newValue, file, line) }
  }
}

extension Tensor {
  /// Creates a tensor of rank 0 from a scalar, which is cast as ``init(_:file:line:)`` casts.
  fileprivate convenience init(converting scalar: any TensorScalar, _ file: StaticString, _ line: UInt) {
    if let scalar = scalar as? Element {
      self.init(single: scalar)
    } else {
      self.init(casting: scalar, file, line)
    }
  }

  private convenience init(casting scalar: some TensorScalar, _ file: StaticString, _ line: UInt) {
    self.init(Tensor<_>(single: scalar), file: file, line: line)
  }
}
