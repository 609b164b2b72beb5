// Tensors of complex numbers: how they are made, and their parts. The gradient of a real loss with respect to
// z = x + yi is ∂loss/∂x + i ∂loss/∂y, as in PyTorch.

extension Tensor where Element: ArithmeticScalar {
  /// The complex conjugate of each element; a real tensor itself. Derivative: `dz = conj(g)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func conjugate() -> Tensor {
    Element.element.isComplex ? conjugated.recorded("Conjugate", edge { g in g.conjugate() }) : self
  }

  /// The complex conjugate without history; of a real tensor the tensor itself.
  var conjugated: Tensor { Element.element.isComplex ? mapped(.conjugate) : self }
}

// Real and complex elements under one name.
extension Tensor where Element: FieldScalar {
  /// The conjugate transposes Aᴴ of matrices `[…, m, n]`, and the transposes of real ones, which are views.
  ///
  /// Fewer than two axes are an error. Derivative: `dA = gᴴ`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func adjoint(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let fault = matrixFault("adjoint", file, line) { return fault }
    return transposed().conjugate()
  }

  /// The magnitude of each element, without history.
  var magnitudes: Tensor<Element.Magnitude> { measured(.absolute) }

  /// The real part of each element; of a real tensor the tensor itself.
  var realPart: Tensor<Element.Magnitude> {
    if let real = self as? Tensor<Element.Magnitude> { return real }
    if let failure { return .failed(by: failure) }
    return seen(as: Element.Magnitude.self, layout.part(0)).recorded("Real", from: self) { g in Tensor(g) }
  }

  /// Returns real numbers as elements of this type; the tensor itself if the elements are real.
  static func of(real: Tensor<Element.Magnitude>) -> Tensor { real as? Tensor ?? Tensor(real) }
}

extension Tensor where Element: DifferentiableScalar {
  /// The complex tensor `real + imaginary · i` of two real ones, broadcast.
  ///
  /// Shapes that do not broadcast are an error. Derivatives: the real and the imaginary part of g.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func complex(
    _ real: Tensor, _ imaginary: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Complex<Element>> {
    if let failure = real.failure ?? imaginary.failure { return .failed(by: failure) }
    guard let shape = TensorShape.broadcast(real.shape, imaginary.shape), shape.rank < TensorShape.maximumRank
    else {
      return .failed(
        "complex", "shapes \(real.shape) and \(imaginary.shape) do not broadcast to at most 7 axes", file,
        line)
    }
    return stacked([real.broadcastView(to: shape), imaginary.broadcastView(to: shape)], axis: -1)
      .viewAsComplex().unshared
  }

  /// The complex numbers of given lengths and angles in radians, broadcast: `length (cos angle + i sin angle)`.
  ///
  /// Shapes that do not broadcast are an error. Derivatives: those of the products.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func polar(
    _ length: Tensor, _ angle: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Complex<Element>> {
    complex(length * angle.cos(), length * angle.sin(), file: file, line: line)
  }

  /// The complex tensor whose parts are the pairs of the last axis, `[…, 2] → […]`.
  ///
  /// It is a view if the two parts of each number are adjacent in memory, else a copy. A last axis of another extent
  /// than 2 is an error. Changes in place follow the rules of ``viewAsReal(file:line:)``. Derivative: g as
  /// pairs.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func viewAsComplex(file: StaticString = #fileID, line: UInt = #line) -> Tensor<Complex<Element>> {
    if let failure { return .failed(by: failure) }
    guard rank > 0, layout.shape[-1] == 2 else {
      return .failed(
        "viewAsComplex",
        "the last axis of shape \(shape) must have extent 2: the real and the imaginary part", file,
        line)
    }
    guard let paired = layout.paired else {
      let copy = cloned()
      return copy.isFailed ? .failed(by: copy.failure!) : copy.viewAsComplex().unshared
    }
    return seen(as: Complex<Element>.self, paired)
      .recorded("ViewAsComplex", from: self) { g in g.viewAsReal() }
  }
}

extension Tensor {
  /// The parts of complex numbers as pairs along a new last axis, `[…] → […, 2]`: a view.
  ///
  /// A tensor of eight axes is an error. So is a change of the view in place that would have to be recorded. After a
  /// recorded change of the complex tensor, make the view anew: it keeps its old history. Derivative: g as complex
  /// numbers.
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func viewAsReal<Real: DifferentiableScalar>(
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Real> where Element == Complex<Real> {
    if let failure { return .failed(by: failure) }
    guard rank < TensorShape.maximumRank, count <= Int.max / 2 else {
      return .failed(
        "viewAsReal", "shape \(shape) has no room for another axis; use real() or imaginary()", file, line)
    }
    return seen(as: Real.self, layout.split)
      .recorded("ViewAsReal", from: self) { g in g.viewAsComplex() }
  }

  /// The real part of each number: a view. Derivative: `dz = g`, without an imaginary part.
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func real<Real: DifferentiableScalar>() -> Tensor<Real> where Element == Complex<Real> {
    realPart
  }

  /// The imaginary part of each number: a view. Derivative: `dz = i g`.
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func imaginary<Real: DifferentiableScalar>() -> Tensor<Real> where Element == Complex<Real> {
    if let failure { return .failed(by: failure) }
    return seen(as: Real.self, layout.part(1))
      .recorded("Imaginary", from: self) { g in Tensor<Real>.complex(.zeroed([]), g) }
  }

  /// The length of each number, `√(real² + imaginary²)`. Derivative: `dz = g z / |z|`, 0 at 0.
  public func abs<Real: DifferentiableScalar>() -> Tensor<Real> where Element == Complex<Real> {
    measured(.absolute).recorded("ComplexAbs", saving: self) { g, z in Tensor(g) * z.sign() }
  }

  /// The angle of each number in radians, in −π...π; 0 at 0. Derivative: `dz = i g z / |z|²`, 0 at 0.
  public func angle<Real: DifferentiableScalar>() -> Tensor<Real> where Element == Complex<Real> {
    measured(.angle).recorded("Angle", saving: self) { g, z in
      let isZero = z .== 0
      return (Tensor(g) * .i / z.where(isZero, else: z).conjugate()).where(.!isZero, else: 0)
    }
  }

  /// The number of length 1 and the same angle, `z / |z|`; 0 at 0. PyTorch names it `sgn`.
  ///
  /// Derivative: `dz = (g − y Re(g conj(y))) / |z|`, 0 at 0.
  public func sign<Real: DifferentiableScalar>() -> Tensor where Element == Complex<Real> {
    let length = abs(), isZero = length .== 0
    return self.where(.!isZero, else: 0) / Tensor(Tensor<Real>.ones([]).where(isZero, else: length))
  }
}

extension Tensor {
  /// Returns a view as elements of another type. Changes of it cannot be recorded: they would be in the history of one
  /// of the two tensors only.
  fileprivate func seen<Other>(as: Other.Type, _ layout: Layout) -> Tensor<Other> {
    let view = Tensor<Other>(storage: storage.shared(), layout: layout)
    view.recordedChanges = Tensor<Other>.withoutBase
    return view
  }

  /// Returns this tensor, whose changes can be recorded because no tensor of another element type has its memory.
  var unshared: Tensor {
    recordedChanges = 0
    return self
  }
}

extension Layout {
  /// The strides of this layout of complex elements, counted in parts.
  fileprivate var doubledStrides: Dimensions {
    var strides = Dimensions()
    for axis in 0..<rank { strides[axis] = 2 * self.strides[axis] }
    return strides
  }

  /// This layout of complex elements, as one of their parts with a new last axis.
  fileprivate var split: Layout {
    var shape = shape, strides = doubledStrides
    strides[rank] = 1
    shape.append(2)
    return Layout(shape, strides: strides, offset: 2 * offset)
  }

  /// This layout of complex elements, as one of their real parts (0) or imaginary parts (1).
  fileprivate func part(_ index: Int) -> Layout {
    Layout(shape, strides: doubledStrides, offset: 2 * offset + index)
  }

  /// This layout of parts, whose last axis has extent 2, as one of complex elements; nil if the parts of an element are
  /// not adjacent.
  fileprivate var paired: Layout? {
    let last = rank - 1
    var shape = shape, strides = Dimensions()
    shape.remove(at: last)
    guard self.strides[last] == 1, offset % 2 == 0 else { return nil }
    for axis in 0..<last {
      guard self.strides[axis] % 2 == 0 || shape.extents[axis] < 2 else { return nil }
      strides[axis] = self.strides[axis] / 2
    }
    return Layout(shape, strides: strides, offset: offset / 2)
  }
}
