import MartletCore
import Testing

/// Views, gathers, assignments, reshapes and joins, compared with NumPy (Golden/make_indexing.py).
@Suite struct IndexingTests {
  @Test(arguments: try IndexingCase.load())
  func givesWhatNumPyGives(_ one: IndexingCase) throws {
    try check(one) { Double($0) }
    try check(one) { Float($0) }
    try check(one) { $0 }
    try check(one) { Int32($0) }
    try check(one) { UInt8(truncatingIfNeeded: $0) }
    try check(one) { $0 % 2 == 0 }
  }

  private func check<Element: TensorScalar>(_ one: IndexingCase, _ convert: (Int) -> Element) throws {
    let result = try one.result(convert)
    #expect(Array(result.shape) == one.expected.shape, "\(Element.self)")
    #expect(result.scalars == one.expected.values.map(convert), "\(Element.self)")
    #expect(result.count == one.expected.values.count)
  }

  @Test func theFixtureCoversEveryTopic() throws {
    let cases = try IndexingCase.load()
    #expect(cases.count >= 150)
    for topic in ["basic", "chain", "reshape", "join", "gather", "assign", "picks", "picked assignment"] {
      #expect(cases.count { $0.topic == topic } >= 9, "\(topic)")
    }
    #expect(Set(cases.map(\.input.shape.count)).isSuperset(of: [0, 1, 2, 3, 4, 5, 7, 8]))
  }

  /// The gradients of Σ weights · result, of the input and of an assigned value. The input has history, so that it may
  /// be assigned to.
  @Test(arguments: try IndexingCase.load().filter { $0.gradient != nil })
  func hasTheGradientsOfIts(_ one: IndexingCase) throws {
    let x = one.input.tensor { Double($0) }, value = one.value?.tensor { Double($0) }
    x.requiresGrad = true
    value?.requiresGrad = true
    let y = try one.result(of: x.cloned(), value)
    #expect(y.scalars == one.expected.values.map(Double.init))
    let weights = (0..<y.count).map { Double(($0 * 13 + 5) % 11 - 5) }
    let gradients = y.gradients(of: [x] + (value.map { [$0] } ?? []), seed: Tensor(weights, shape: y.shape))
    #expect(gradients[0].scalars == one.gradient!.map(Double.init))
    if let value { #expect(gradients[1].scalars == one.valueGradient!.map(Double.init), "\(value.shape)") }
  }

  @Test func rangesFromTheEndAsInNumPy() {
    let x = Tensor<Int>.arange(0, 5), y = Tensor<Int>.arange(0, 12).reshaped([3, 4])
    #expect(
      x[1 ..<- 1].scalars == [1, 2, 3] && x[-3 ..<- 1].scalars == [2, 3] && x[..<-2].scalars == [0, 1, 2])
    #expect(x[-3...].scalars == [2, 3, 4] && x[.all].scalars == x.scalars && x[2 ..<- 3].count == 0)
    #expect(y[.all, ..<-1].scalars == [0, 1, 2, 4, 5, 6, 8, 9, 10] && y[1 ..<- 1, -2...].scalars == [6, 7])
    let (from, to) = (-4, -1)
    #expect(x[.stride(from: from, to: to)].scalars == [1, 2, 3] && x[1..<(-to)].count == 0)
    x[1 ..<- 1] = 9
    y[.all, -1...] = Tensor([7, 8, 9])[.all, .newAxis]
    #expect(x.scalars == [0, 9, 9, 9, 4] && y[.all, 3].scalars == [7, 8, 9])
    let range = 0..<3, closed = 1...2
    #expect(range == Range(0...2) && closed.count == 2 && (0..<3).map { $0 } == [0, 1, 2])
  }

  @Test func arraysAndTensorsOfIndicesAndMasks() {
    let x = Tensor<Int>.arange(0, 12).reshaped([3, 4]), rows = [2, 0], mask = [false, true, true]
    #expect(x[.all, [0, 2]].scalars == [0, 2, 4, 6, 8, 10] && x[[0, 1], [2, 3]].scalars == [2, 7])
    #expect(x[rows].scalars == [8, 9, 10, 11, 0, 1, 2, 3] && x[rows, 1].scalars == [9, 1])
    #expect(
      x[mask].shape == [2, 4] && x[mask, -1].scalars == [7, 11] && x[[true, false, true], 0].count == 2)
    #expect(x[x[.all, 0] .> 3, 1].scalars == [5, 9] && x[Tensor<Int>(1), rows].scalars == [6, 4])
    x[.all, [0, -1]] = 0
    x[[0, 1], [1, 2]] = Tensor([100, 200])
    #expect(x.scalars == [0, 100, 2, 0, 0, 5, 200, 0, 0, 9, 10, 0])
    x[x .> 9] = -1
    #expect(x.max().item == 9 && x[[0, 0], .ellipsis].shape == [2, 4])
  }

  @Test func strideIsStillTheGlobalFunctionInExtensions() {
    #expect(
      [1, 2, 3, 4, 5].everySecond == [1, 3, 5] && Tensor<Float>.zeros([5]).evenPositions == [0, 2, 4])
    #expect(5.downward == [5, 3, 1])
  }

  typealias Mistake = (name: String, make: @Sendable (Tensor<Float>) -> Any)

  /// Mistakes with a tensor of shape [3, 4]. NumPy clips some of these ranges; Martlet refuses them.
  static let mistakes: [Mistake] = [
    ("index 3", { $0[3] }), ("index -4", { $0[-4] }), ("index 3, 0", { $0[3, 0] }),
    ("index 0, 4", { $0[0, 4] }),
    ("least index", { $0[Int.min] }), ("greatest index", { $0[Int.max, 0] }),
    ("three indices", { $0[0, 0, 0] }), ("three with an ellipsis", { $0[0, .ellipsis, 0, 0] }),
    ("two ellipses", { $0[.ellipsis, .ellipsis] }), ("range 1..<4", { $0[1..<4] }),
    ("range 4..<4", { $0[4..<4] }), ("range -4..<2", { $0[-4..<2] }), ("range 4...", { $0[4...] }),
    ("range ..<4", { $0[..<4] }), ("range ...3", { $0[...3] }), ("range 0...3", { $0[0...3] }),
    ("range of columns 0..<5", { $0[0..., 0..<5] }), ("range to the greatest", { $0[0...Int.max] }),
    ("range through the greatest", { $0[...Int.max] }), ("range from the least", { $0[Int.min...] }),
    ("step 0", { $0[.stride(by: 0)] }), ("stride beyond", { $0[.stride(from: 0, to: 4, by: 2)] }),
    ("backwards from beyond", { $0[.stride(from: 3, by: -1)] }),
    ("nine axes", { $0[.newAxis, .newAxis, .newAxis, .newAxis, .newAxis, .newAxis, .newAxis, .ellipsis] }),
    ("row 3", { $0[[0, 3]] }), ("row -4", { $0[[-4]] }), ("least row", { $0[[Int.min]] }),
    ("rows of a scalar", { Tensor.full([], $0[0, 0].item)[[0]] }),
    ("rows that make nine axes", { $0[Tensor<Int>.zeros([1, 1, 1, 1, 1, 1, 1, 1])] }),
    ("mask of a column", { $0[Tensor<Bool>([true, false, true, false])] }),
    ("mask of more axes", { $0[Tensor<Bool>.full([3, 4, 1], true)] }),
    ("indices that do not broadcast", { $0[[0, 1], [0, 1, 2]] }), ("column 4", { $0[.all, [0, 4]] }),
    ("column -5", { $0[1, [-5]] }), ("indices for three axes", { $0[[0], [0], [0]] }),
    ("mask beside a mask", { $0[[true, false, true], Tensor<Bool>.full([3, 4], true)] }),
    ("mask of the second axis", { $0[0..., [true, false, true]] }), ("range from -4", { $0[-4...] }),
    ("range to -4", { $0[..<-4] }), ("two ellipses beside indices", { $0[.ellipsis, [0], .ellipsis] }),
    ("mask of one row", { $0[Tensor<Bool>.full([1, 4], true)] }),
    (
      "scalar mask of eight axes", { $0.reshaped([1, 1, 1, 1, 1, 1, 3, 4])[Tensor<Bool>(true)] }
    ),
  ]

  @Test(arguments: mistakes.indices) func aMistakeIsRefused(_ number: Int) {
    let mistake = Self.mistakes[number]
    let x = Tensor<Float>.arange(0, 12).reshaped([3, 4])
    let error = #expect(throws: TensorError.self, "\(mistake.name)") {
      try catchingTensorErrors { _ = mistake.make(x) }
    }
    #expect(error?.operation == "subscript", "\(mistake.name): \(error?.description ?? "none")")
    #expect(error?.location?.hasPrefix("IndexingTests.swift:") == true, "\(mistake.name)")
  }

  typealias BadAssignment = (name: String, change: @Sendable (Tensor<Float>) -> Void)

  static let badAssignments: [BadAssignment] = [
    ("too long", { $0[0] = Tensor([1, 2, 3, 4, 5]) }), ("another extent", { $0[0..., 1] = Tensor([1, 2]) }),
    ("higher rank", { $0[0, 0] = Tensor([1]) }), ("no such row", { $0[3] = 0 }),
    ("no range", { $0[0..<4] = 0 }),
    ("rows too many", { $0[[0, 1]] = Tensor<Float>.ones([3, 4]) }),
    ("no such gathered row", { $0[[0, 5]] = 0 }),
    ("rows of nine axes", { $0[Tensor<Int>.zeros([1, 1, 1, 1, 1, 1, 1, 1])] = 0 }),
    ("mask of columns", { $0[Tensor<Bool>([true, false, true, false])] = 0 }),
    ("values too few", { $0[$0 > 2] = Tensor([1, 2]) }),
    ("too many columns", { $0[.all, [0, 1]] = Tensor([1, 2, 3]) }),
    ("no such pair", { $0[[0, 3], [0, 0]] = 1 }),
    ("values of a higher rank", { $0[$0 > 2] = Tensor<Float>.ones([1, 9]) }),
  ]

  @Test(arguments: badAssignments.indices) func aBadAssignmentChangesNothing(_ number: Int) {
    let assignment = Self.badAssignments[number]
    let x = Tensor<Float>.arange(0, 12).reshaped([3, 4])
    #expect(throws: TensorError.self, "\(assignment.name)") {
      try catchingTensorErrors { assignment.change(x) }
    }
    #expect(x.scalars == (0..<12).map(Float.init), "\(assignment.name)")
  }

  @Test func hugeStepsReachTheFirstElementOnly() {
    let x = Tensor<Int>.arange(0, 12).reshaped([3, 4])
    #expect(x[.stride(by: .max)].scalars == [0, 1, 2, 3])
    #expect(x[.stride(by: .min)].scalars == [8, 9, 10, 11])
    #expect(x[0..., .stride(by: -Int.max)].scalars == [3, 7, 11])
  }

  typealias BadShape = (name: String, operation: String, make: @Sendable (Tensor<Float>) -> Any)

  static let badShapes: [BadShape] = [
    ("reshaped to more", "reshaped", { $0.reshaped([3, 5]) }),
    ("two open", "reshaped", { $0.reshaped([-1, -1]) }),
    ("not divisible", "reshaped", { $0.reshaped([5, -1]) }),
    ("negative", "reshaped", { $0.reshaped([-2, -6]) }),
    ("open beside zero", "reshaped", { $0.reshaped([0, -1]) }),
    ("overflow", "reshaped", { $0.reshaped([1 << 32, 1 << 32, 12]) }),
    ("empty, open beside zero", "reshaped", { $0[0..<0].reshaped([0, -1]) }),
    ("no axis 2", "transposed", { $0.transposed(0, 2) }), ("vector", "transposed", { $0[0].transposed() }),
    ("axis twice", "permuted", { $0.permuted([0, 0]) }),
    ("axis twice, negative", "permuted", { $0.permuted([1, -1]) }),
    ("axes too few", "permuted", { $0.permuted([0]) }),
    ("no such axis", "permuted", { $0.permuted([0, 2]) }),
    ("behind the end", "expandedDims", { $0.expandedDims(axis: 3) }),
    ("before the start", "expandedDims", { $0.expandedDims(axis: -4) }),
    ("ninth axis", "expandedDims", { $0.reshaped([1, 1, 1, 1, 1, 1, 3, 4]).expandedDims(axis: 0) }),
    ("extent 3", "squeezed", { $0.squeezed(axis: 0) }), ("no axis", "squeezed", { $0.squeezed(axis: 2) }),
    ("narrower", "broadcast", { $0.broadcast(to: [3, 1]) }),
    ("lower", "broadcast", { $0.broadcast(to: [4]) }),
    ("not equal", "broadcast", { $0.broadcast(to: [2, 4]) }),
    ("negative", "broadcast", { $0.broadcast(to: [-1, 3, 4]) }),
    ("overflow", "broadcast", { $0.broadcast(to: [1 << 40, 1 << 40, 3, 4]) }),
    ("negative times", "repeated", { $0.repeated(-1, insertingAxisAt: 0) }),
    ("times without end", "repeated", { $0.repeated(.max, insertingAxisAt: 0) }),
    ("none", "concatenated", { _ in Tensor<Float>.concatenated([]) }),
    ("none", "stacked", { _ in Tensor<Float>.stacked([]) }),
    ("ranks differ", "concatenated", { Tensor.concatenated([$0, $0[0]]) }),
    ("extents differ", "concatenated", { Tensor.concatenated([$0, $0[0..., 0..<2]]) }),
    ("no axis", "concatenated", { Tensor.concatenated([$0], axis: 2) }),
    ("scalars", "concatenated", { Tensor.concatenated([$0[0, 0], $0[0, 1]]) }),
    ("shapes differ", "stacked", { Tensor.stacked([$0, $0[0]]) }),
    ("sizes too small", "split", { $0.split(sizes: [1, 1]) }),
    ("negative", "split", { $0.split(sizes: [4, -1]) }),
    ("no axis", "split", { $0.split(sizes: [3], axis: 2) }),
    ("overflow", "split", { $0.split(sizes: [.max, .max, 5]) }),
  ]

  @Test(arguments: badShapes.indices) func aShapeThatDoesNotFitIsRefused(_ number: Int) {
    let mistake = Self.badShapes[number]
    let x = Tensor<Float>.arange(0, 12).reshaped([3, 4])
    let error = #expect(throws: TensorError.self, "\(mistake.name)") {
      try catchingTensorErrors { _ = mistake.make(x) }
    }
    let text = error?.description ?? "none"
    #expect(
      error?.location?.hasPrefix("IndexingTests.swift:") == true,
      "\(mistake.operation), \(mistake.name): \(text)")
    #expect(error?.operation == mistake.operation, "\(mistake.name): \(text)")
  }
}

extension Array {
  fileprivate var everySecond: [Element] { stride(from: 0, to: count, by: 2).map { self[$0] } }
}

extension Tensor {
  fileprivate var evenPositions: [Int] { stride(from: 0, through: count - 1, by: 2).map { $0 } }
}

extension Int {
  fileprivate var downward: [Int] { stride(from: self, to: 0, by: -2).map { $0 } }
}
