// Assigns scalars through a subscript: `x[0] = 1`, `x[mask] = 0`, `x[1, 0...] = a`.
//
// The scalar is `any TensorScalar` and is cast to the element type, so numbers of any type may be assigned.
// The type `any TensorScalar` has no operators, so `x[0] * 2` and `x[0] += 1` use the subscript that returns
// a tensor.

extension Tensor {
  /// Sets every selected element to a scalar in place. The getter is not available.
  @_disfavoredOverload
  public subscript(_ indices: any TensorIndex..., file file: StaticString = #fileID, line line: UInt = #line)
    -> any TensorScalar
  {
    @available(
      *, unavailable, message: "the selected elements are a tensor; the scalar of one element is its `item`"
    )
    get { fatalError() }
    set { replace(indices.map(\.selection), with: Tensor(converting: newValue, file, line), file, line) }
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
