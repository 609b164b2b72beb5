// Assignment of scalars through a subscript: `x[0] = 1`, `x[mask] = 0`, `x[1, 0...] = a`.
//
// The scalar is `any TensorScalar`, cast as a tensor is: numbers of any type may be assigned. It has no operators of its
// own, so that `x[0] * 2` and `x[0] += 1` mean the tensor.

extension Tensor {
  /// Sets every element of a view, in place, as the subscript of a tensor does.
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

  /// Sets every element of the rows named by `indices`, in place, as the subscript of a tensor does.
  @_disfavoredOverload
  public subscript(_ indices: [Int], file file: StaticString = #fileID, line line: UInt = #line)
    -> any TensorScalar
  {
    @available(*, unavailable, message: "elements picked by a list or a mask are a tensor")
    get { fatalError() }
    set { self[indices, file: file, line: line] = Tensor(converting: newValue, file, line) }
  }

  /// Sets every element of the rows named by a tensor of indices, in place, as the subscript of a tensor does.
  @_disfavoredOverload
  public subscript(_ indices: Tensor<Int>, file file: StaticString = #fileID, line line: UInt = #line)
    -> any TensorScalar
  {
    @available(*, unavailable, message: "elements picked by a list or a mask are a tensor")
    get { fatalError() }
    set { self[indices, file: file, line: line] = Tensor(converting: newValue, file, line) }
  }

  /// Sets every element where the mask holds, in place, as the subscript of a tensor does.
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
  /// A tensor of rank 0, cast as by ``init(_:file:line:)``.
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
