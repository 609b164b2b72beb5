import MartletCore
import Testing

/// An array with a shape, for references, without optimisations.
public struct Grid: Sendable {
  /// The extents, outermost first.
  public let shape: [Int]
  /// The elements in row-major order.
  public private(set) var values: [Extended]

  /// Creates a grid of these elements.
  public init(_ shape: [Int], values: [Extended]) {
    self.shape = shape
    self.values = values
  }

  /// Creates a grid whose element at each index is `value(index)`.
  public init(_ shape: [Int], _ value: ([Int]) -> Extended) {
    self.init(shape, values: Grid.indices(shape).map(value))
  }

  /// All indices of a shape in row-major order.
  public static func indices(_ shape: [Int]) -> [[Int]] {
    var index = shape.map { _ in 0 }
    return (0..<shape.reduce(1, *)).map { _ in
      defer { advance(&index, in: shape) }
      return index
    }
  }

  /// Changes an index to the next in row-major order. After the last index comes the first.
  private static func advance(_ index: inout [Int], in shape: [Int]) {
    var axis = shape.count - 1
    while axis >= 0 {
      index[axis] += 1
      if index[axis] < shape[axis] { return }
      index[axis] = 0
      axis -= 1
    }
  }

  /// The element at an index.
  public subscript(index: [Int]) -> Extended { values[position(index)] }

  /// The element at an index.
  public subscript(index: Int...) -> Extended { values[position(index)] }

  /// The row-major number of an index.
  public func position(_ index: [Int]) -> Int {
    // Avoids `zip` and `reduce`, which are slow in a debug build: references call this for every term.
    var position = 0, axis = 0
    while axis < shape.count {
      position = position * shape[axis] + index[axis]
      axis += 1
    }
    return position
  }

  /// Applies a function to each element.
  public func map(_ f: (Extended) -> Extended) -> Grid { Grid(shape, values: values.map(f)) }

  /// Repeats the elements over a shape by NumPy's rule.
  public func broadcast(to target: [Int]) -> Grid {
    let added = target.count - shape.count
    return Grid(target) { index in self[zip(shape, index[added...]).map { $0 == 1 ? 0 : $1 }] }
  }

  /// The shape to which shapes broadcast.
  public static func broadcastShape(_ shapes: [[Int]]) -> [Int] {
    let rank = shapes.map(\.count).max() ?? 0
    return (0..<rank).map { axis in
      let extents = shapes.compactMap { $0.count + axis >= rank ? $0[$0.count + axis - rank] : nil }
      return extents.first { $0 != 1 } ?? 1
    }
  }

  /// The row-major numbers of the elements at whose index `isMeant` is true.
  public func places(where isMeant: ([Int]) -> Bool) -> [Int] {
    Grid.indices(shape).enumerated().filter { isMeant($0.element) }.map(\.offset)
  }

  /// Reduces the elements along an axis by `fold`, and removes the axis.
  public func folded(along axis: Int, _ fold: ([Extended]) -> Extended) -> Grid {
    mapped(along: axis) { [fold($0)] }.without(axis)
  }

  /// Applies `f` to the elements along an axis. It returns as many elements, or one.
  public func mapped(along axis: Int, _ f: ([Extended]) -> [Extended]) -> Grid {
    let extent = shape[axis]
    let outer = shape[..<axis].reduce(1, *), inner = shape[(axis + 1)...].reduce(1, *)
    var target = shape
    var result = [Extended]()
    for o in 0..<outer {
      let block = values[o * extent * inner..<(o + 1) * extent * inner]
      let lines = (0..<inner).map { i in
        f(stride(from: i, to: block.count, by: inner).map { block[block.startIndex + $0] })
      }
      if let first = lines.first { target[axis] = first.count }
      for k in 0..<target[axis] { result += lines.map { $0[k] } }
    }
    return Grid(target, values: result)
  }

  private func without(_ axis: Int) -> Grid {
    Grid(Array(shape[..<axis] + shape[(axis + 1)...]), values: values)
  }
}

/// The allowed difference between a result and its reference.
public struct Bound: Sendable {
  let limit: Double
  let floor: Extended
  let usesMagnitudes: Bool

  /// The bound for results that are only rounded, or not rounded at all if the operation only moves elements.
  public static let exact = Bound.ulps(0.5)

  /// A bound in units of the last place of the expected element, or of `floor` if that is larger.
  public static func ulps(_ limit: Double, floor: Extended = 0) -> Bound {
    Bound(limit: limit, floor: floor, usesMagnitudes: false)
  }

  /// A bound in units of the last place of the reference applied to the magnitudes of the inputs: Σ|x| for a
  /// sum. It bounds the error of sums whose terms cancel.
  public static func ulpsOfMagnitudes(_ limit: Double) -> Bound {
    Bound(limit: limit, floor: 0, usesMagnitudes: true)
  }
}

/// A program that must fail.
public struct Misuse: Sendable {
  let what: String, message: String
  let body: @Sendable () -> Void

  /// Creates a misuse from its description, a text that the error's message must contain, and the program.
  public init(_ what: String, _ message: String, _ body: @escaping @Sendable () -> Void) {
    (self.what, self.message, self.body) = (what, message, body)
  }
}

/// A differentiable operation, with everything that ``verify(_:)`` needs to check it.
public struct OpCase: Sendable, CustomTestStringConvertible {
  /// The name under which it is recorded.
  public let name: String
  /// The name of this case among those of the operation.
  public let note: String
  /// The shapes of the inputs, one list for each sample.
  let samples: [[[Int]]]
  /// The shapes of inputs that several threads share.
  let large: [[Int]]?
  /// The ranges from which the elements of each input are drawn, and the kinks that differences must avoid.
  let domains: [ClosedRange<Double>], kinks: [Double]
  /// The number of inputs at the end of the list that have no gradient.
  let constants: Int
  let bound: Bound
  /// True if the bits may depend on the number of threads, as BLAS's do.
  let dependsOnThreads: Bool
  let f32: @Sendable ([Tensor<Float>]) -> Tensor<Float>
  let f64: @Sendable ([Tensor<Double>]) -> Tensor<Double>
  let reference: @Sendable ([Grid]) -> Grid
  /// The reference of one element, for an operation that works element by element.
  let scalar: (@Sendable ([Extended]) -> Extended)?
  let misuse: [Misuse]
  let location: SourceLocation
  /// The elements of each input that the operation must ignore, by their row-major numbers.
  private(set) var ignored: (@Sendable ([Grid]) -> [[Int]])?

  /// The name and the note.
  public var testDescription: String { note.isEmpty ? name : "\(name), \(note)" }

  /// Creates an operation from any number of tensors to one.
  ///
  /// - Parameters:
  ///   - inputs: The shapes of the inputs, one list for each sample.
  ///   - large: The shapes that several threads share.
  ///   - domain: The range of the elements, or one range per input in `domains`.
  ///   - constants: The number of inputs at the end of the list that have no gradient.
  ///   - ignoring: The elements of each input that are masked or padded, by their row-major numbers. The
  ///     checker puts NaN and infinities there: values and gradients must not change.
  public init(
    _ name: String, _ note: String = "", inputs: [[[Int]]], large: [[Int]]? = nil,
    domain: ClosedRange<Double> = -3...3, domains: [ClosedRange<Double>]? = nil, kinks: [Double] = [],
    constants: Int = 0, bound: Bound = .exact, dependsOnThreads: Bool = false,
    f32: @escaping @Sendable ([Tensor<Float>]) -> Tensor<Float>,
    f64: @escaping @Sendable ([Tensor<Double>]) -> Tensor<Double>,
    reference: @escaping @Sendable ([Grid]) -> Grid, ignoring: (@Sendable ([Grid]) -> [[Int]])? = nil,
    misuse: [Misuse] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    self.init(
      name, note, inputs, large, domains ?? inputs[0].map { _ in domain }, kinks, constants, bound,
      dependsOnThreads, f32, f64, reference, nil, misuse, sourceLocation)
    ignored = ignoring
  }

  /// Creates an operation on one operand, element by element.
  public init(
    _ name: String, _ note: String = "", domain: ClosedRange<Double> = -3...3, kinks: [Double] = [],
    bound: Bound = .exact, f32: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>,
    f64: @escaping @Sendable (Tensor<Double>) -> Tensor<Double>,
    reference: @escaping @Sendable (Extended) -> Extended, misuse: [Misuse] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    self.init(
      name, note, SampleShapes.unary.map { [$0] }, [SampleShapes.large], [domain], kinks, 0, bound, false,
      { f32($0[0]) }, { f64($0[0]) }, { $0[0].map(reference) }, { reference($0[0]) }, misuse, sourceLocation)
  }

  /// Creates an operation on two operands, element by element with broadcasting.
  public init(
    _ name: String, _ note: String = "",
    domains: (ClosedRange<Double>, ClosedRange<Double>) = (-3...3, -3...3), kinks: [Double] = [],
    bound: Bound = .exact, f32: @escaping @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float>,
    f64: @escaping @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>,
    reference: @escaping @Sendable (Extended, Extended) -> Extended, misuse: [Misuse] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    self.init(
      name, note, SampleShapes.pairs, [[3, 43_700], [43_700]], [domains.0, domains.1], kinks, 0, bound, false,
      { f32($0[0], $0[1]) }, { f64($0[0], $0[1]) }, OpCase.broadcast { reference($0[0], $0[1]) },
      { reference($0[0], $0[1]) }, misuse, sourceLocation)
  }

  /// Creates an operation on three operands, element by element with broadcasting. The third has no gradient.
  public init(
    _ name: String, _ note: String = "",
    f32: @escaping @Sendable (Tensor<Float>, Tensor<Float>, Tensor<Float>) -> Tensor<Float>,
    f64: @escaping @Sendable (Tensor<Double>, Tensor<Double>, Tensor<Double>) -> Tensor<Double>,
    reference: @escaping @Sendable (Extended, Extended, Extended) -> Extended, misuse: [Misuse] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    self.init(
      name, note, SampleShapes.pairs.flatMap { [[$0[0], $0[1], $0[0]], [$0[0], $0[0], $0[1]]] },
      [[3, 43_700], [43_700], [3, 1]], [-3...3, -3...3, -3...3], [], 1, .exact, false,
      { f32($0[0], $0[1], $0[2]) }, { f64($0[0], $0[1], $0[2]) },
      OpCase.broadcast { reference($0[0], $0[1], $0[2]) }, { reference($0[0], $0[1], $0[2]) }, misuse,
      sourceLocation)
  }

  private init(
    _ name: String, _ note: String, _ samples: [[[Int]]], _ large: [[Int]]?, _ domains: [ClosedRange<Double>],
    _ kinks: [Double], _ constants: Int, _ bound: Bound, _ dependsOnThreads: Bool,
    _ f32: @escaping @Sendable ([Tensor<Float>]) -> Tensor<Float>,
    _ f64: @escaping @Sendable ([Tensor<Double>]) -> Tensor<Double>,
    _ reference: @escaping @Sendable ([Grid]) -> Grid, _ scalar: (@Sendable ([Extended]) -> Extended)?,
    _ misuse: [Misuse], _ location: SourceLocation
  ) {
    (self.name, self.note, self.samples, self.large, self.domains) = (name, note, samples, large, domains)
    (self.kinks, self.constants, self.bound, self.dependsOnThreads) = (
      kinks, constants, bound, dependsOnThreads
    )
    (self.f32, self.f64, self.reference, self.scalar) = (f32, f64, reference, scalar)
    (self.misuse, self.location) = (misuse, location)
  }

  private static func broadcast(
    _ scalar: @escaping @Sendable ([Extended]) -> Extended
  ) -> @Sendable ([Grid]) -> Grid {
    { grids in
      let shape = Grid.broadcastShape(grids.map(\.shape))
      let wide = grids.map { $0.shape == shape ? $0 : $0.broadcast(to: shape) }
      return Grid(shape, values: wide[0].values.indices.map { i in scalar(wide.map { $0.values[i] }) })
    }
  }
}

extension OpCase {
  /// The seed of its samples, a hash of the name, so that every case has its own.
  var seed: UInt64 {
    testDescription.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// The number of inputs that have gradients.
  var variables: Int { domains.count - constants }

  /// The description of the place in an issue.
  func context(_ part: String, _ shapes: [[Int]], _ element: Any.Type) -> String {
    "\(testDescription): \(part), shapes \(shapes), \(element), seed \(seed)"
  }
}
