import CKernels

/// The kind of a recurrence: the formula of one step.
package enum Recurrence: Sendable {
  /// `h′ = tanh(a)`, with `a = W x + b + U h + d`.
  case tanh
  /// `h′ = 1 / (1 + exp(−a))`.
  case sigmoid
  /// `h′ = max(a, 0)`.
  case relu
  /// Gates i, f, g, o of a, with tanh for g and the logistic function for the others: `c′ = f c + i g`, `h′ =
  /// o tanh(c′)`.
  case lstm
  /// Gates r, z, n, with `n = tanh(W x + b + r (U h + d))`: `h′ = (1 − z) n + z h`.
  case gru

  /// The number of values computed for each element of the state.
  package var gates: Int {
    switch self {
    case .tanh, .sigmoid, .relu: 1
    case .lstm: 4
    case .gru: 3
    }
  }

  /// Returns the loops of one step, forward and backward.
  fileprivate func loops(of element: ElementType) -> MTRecurrentLoops {
    let kind: MTRecurrence =
      switch self {
      case .tanh: .tanh
      case .sigmoid: .sigmoid
      case .relu: .relu
      case .lstm: .lstm
      case .gru: .gru
      }
    return element.loops.pointee.recurrent[Int(kind.rawValue)]
  }
}

/// The extents and the direction of a recurrence over a sequence.
package struct RecurrentWay {
  package let kind: Recurrence
  package let steps: Int, rows: Int, hidden: Int
  /// The number of steps of each row's sequence; nil if all have the same.
  package let lengths: [Int]?
  /// True if the recurrence runs from the last step to the first.
  let isReversed: Bool

  package init(kind: Recurrence, steps: Int, rows: Int, hidden: Int, lengths: [Int]?, isReversed: Bool) {
    (self.kind, self.lengths, self.isReversed) = (kind, lengths, isReversed)
    (self.steps, self.rows, self.hidden) = (steps, rows, hidden)
  }

  package var width: Int { kind.gates * hidden }
  package var order: [Int] { isReversed ? (0..<steps).reversed() : Array(0..<steps) }
  /// The indices of the states before and after all steps among `steps + 1` states.
  package var before: Range<Int> { isReversed ? 1..<steps + 1 : 0..<steps }
  package var after: Range<Int> { isReversed ? 0..<steps : 1..<steps + 1 }

  /// The index of the first state.
  fileprivate var start: Int { isReversed ? steps : 0 }
  /// Returns the index of the state before a step.
  fileprivate func slot(before step: Int) -> Int { isReversed ? step + 1 : step }

  /// Returns the address of matrix `index` of a sequence of matrices `[rows, hidden]`.
  fileprivate func units(_ index: Int, of x: Operand) -> UnsafeMutableRawPointer {
    x.at(index * rows * hidden)
  }
  /// Returns the address of a step's matrix of a sequence of matrices `[rows, gates · hidden]`.
  fileprivate func gates(_ step: Int, of x: Operand) -> UnsafeMutableRawPointer { x.at(step * rows * width) }

  /// Returns the parameters that the loops of a step have in common, forward and backward.
  fileprivate func parameters(
    of step: Int, _ trace: RecurrentMemory, _ lengths: UnsafePointer<Int64>?
  ) -> MTRecurrentStep {
    let before = slot(before: step), after = isReversed ? step : step + 1
    var result = MTRecurrentStep()
    result.hidden = hidden
    result.step = step
    result.lengths = lengths
    result.gates = gates(step, of: trace.gates)
    result.state = UnsafeRawPointer(units(before, of: trace.states))
    result.next = units(after, of: trace.states)
    result.cell = trace.cells.map { UnsafeRawPointer(units(before, of: $0)) }
    result.nextCell = trace.cells.map { units(after, of: $0) }
    result.candidate = trace.candidates.map { units(step, of: $0) }
    return result
  }

  fileprivate func withLengths(_ body: (UnsafePointer<Int64>?) -> Void) {
    guard let lengths else { return body(nil) }
    lengths.withUnsafeBufferPointer { lengths in
      lengths.withMemoryRebound(to: Int64.self) { body($0.baseAddress) }
    }
  }
}

/// The memory of a recurrence's intermediate results: gates `[steps · rows, gates · hidden]`; states and
/// cells `[steps + 1, rows, hidden]` including the first ones; and the state's contribution to GRU's
/// candidates, `[steps, rows, hidden]`.
package struct RecurrentMemory {
  let gates: Operand, states: Operand, cells: Operand?, candidates: Operand?

  package init(gates: Operand, states: Operand, cells: Operand?, candidates: Operand?) {
    (self.gates, self.states, self.cells, self.candidates) = (gates, states, cells, candidates)
  }
}

/// The memory of a recurrence's gradients.
package struct RecurrentSlopes {
  /// The given gradients of the states and the cells, `[steps, rows, hidden]`; nil for gradients of 0.
  let states: Operand?, cells: Operand?
  /// The gradients of the input's and of the state's contribution to the gates, `[steps · rows, gates ·
  /// hidden]`. They differ only for GRU.
  let gates: Operand, projected: Operand
  /// The gradients of the first state and the first cell, `[rows, hidden]`, which start from 0.
  let state: Operand, cell: Operand?

  package init(
    states: Operand?, cells: Operand?, gates: Operand, projected: Operand, state: Operand, cell: Operand?
  ) {
    (self.states, self.cells) = (states, cells)
    (self.gates, self.projected, self.state, self.cell) = (gates, projected, state, cell)
  }
}

/// The steps of a recurrence, forward and backward. The number of rows and the width of the state must not
/// be 0.
package enum RecurrenceKernels {
  /// True if the matrix of the states must be copied first: BLAS multiplies by it, and cannot read it in
  /// place.
  package static func needsCopy(of matrix: Operand, _ way: RecurrentWay) -> Bool {
    way.steps > 0 && way.rows > 0 && !isPacked(way) && !NaiveBLAS.isChosen && BLASOperand(matrix) == nil
  }

  /// True if the steps multiply by a packed matrix, without BLAS.
  fileprivate static func isPacked(_ way: RecurrentWay) -> Bool {
    way.steps >= Tuning.leastPackedSteps && !NaiveBLAS.isChosen
  }

  /// Computes all steps from the first state and cell. At the start, the gates contain the contribution of
  /// the input. With a projection, the state is multiplied by its product with the matrix,
  /// `matrix · projection`.
  package static func run(
    _ way: RecurrentWay, state: Operand, cell: Operand?, matrix: Operand, projection: Operand?, bias: Operand,
    into trace: RecurrentMemory
  ) throws(OutOfMemory) {
    let bytes = state.count * state.size
    way.units(way.start, of: trace.states).copyMemory(from: state.address, byteCount: bytes)
    if let cell, let cells = trace.cells {
      way.units(way.start, of: cells).copyMemory(from: cell.address, byteCount: bytes)
    }
    let scratch = try Scratch(way.rows.times(way.width), of: matrix.element)
    let product = try FactoredProduct(
      projection, matrix, transposed: true, groups: way.kind.gates, way, into: scratch.address, adds: false)
    let loop = way.kind.loops(of: matrix.element).on!
    way.withLengths { lengths in
      product.eachBlock { rows in
        for step in way.order {
          var parameters = way.parameters(of: step, trace, lengths)
          parameters.bias = UnsafeRawPointer(bias.address)
          parameters.projected = UnsafeRawPointer(scratch.address)
          product(way.units(way.slot(before: step), of: trace.states), rows) { [parameters] part in
            withUnsafePointer(to: parameters) { loop($0, part) }
          }
        }
      }
    }
    extendLifetime(scratch)
  }

  /// Computes the gradients of all steps, from the last to the first.
  package static func runBack(
    _ way: RecurrentWay, matrix: Operand, projection: Operand?, _ trace: RecurrentMemory,
    into slopes: RecurrentSlopes
  ) throws(OutOfMemory) {
    // The product adds the gradient that comes from the later step to the state's gradient. At the end
    // `slopes.state` is the gradient of the first state.
    let product = try FactoredProduct(
      projection == nil ? nil : matrix, projection ?? matrix, transposed: false, groups: 1, way,
      into: slopes.state.address, adds: true)
    let loop = way.kind.loops(of: matrix.element).back!
    way.withLengths { lengths in
      product.eachBlock { rows in
        var later: UnsafeMutableRawPointer?
        for step in way.order.reversed() {
          var parameters = way.parameters(of: step, trace, lengths)
          parameters.g = slopes.states.map { UnsafeRawPointer(way.units(step, of: $0)) }
          parameters.gCell = slopes.cells.map { UnsafeRawPointer(way.units(step, of: $0)) }
          parameters.dState = slopes.state.address
          parameters.dCell = slopes.cell?.address
          parameters.dGates = way.gates(step, of: slopes.gates)
          parameters.dProjected = way.kind == .gru ? way.gates(step, of: slopes.projected) : nil
          product(later, rows) { [parameters] part in
            withUnsafePointer(to: parameters) { loop($0, part) }
          }
          later = way.gates(step, of: slopes.projected)
        }
        if let later { product(later, rows) { _ in } }
      }
    }
  }
}

/// The product of each step with a matrix, or with two matrices, one after the other.
private struct FactoredProduct: ~Copyable {
  private let first: StepProduct?, last: StepProduct
  /// The memory of the first product.
  private let memory: Scratch?, between: UnsafeMutableRawPointer?

  /// Creates a product with `inner`, if there is one, and then with `outer`, or with their transposes. The
  /// result is written to `result`, or added to it.
  init(
    _ inner: Operand?, _ outer: Operand, transposed: Bool, groups: Int, _ way: RecurrentWay,
    into result: UnsafeMutableRawPointer, adds: Bool
  ) throws(OutOfMemory) {
    let whole = try StepProduct(
      outer, transposed: transposed, groups: groups, way, into: result, adds: adds)
    guard let inner else {
      first = nil
      memory = nil
      between = nil
      last = whole
      return
    }
    let scratch = try Scratch(way.rows.times(inner.extent(transposed ? 0 : 1)), of: inner.element)
    let part = try StepProduct(
      inner, transposed: transposed, groups: 1, way, into: scratch.address, adds: false)
    between = scratch.address
    first = consume part
    last = whole
    memory = consume scratch
  }

  /// Calls `body` with blocks of rows; see ``StepProduct/eachBlock(_:)``.
  func eachBlock(_ body: (Range<Int>) -> Void) {
    switch first {
    case .some(let first): first.countWork()
    case nil: break
    }
    last.countWork()
    last.eachBlock(body)
  }

  /// Multiplies rows of `x`, and calls `body` for these rows and all units. Without `x` there is no product.
  func callAsFunction(_ x: UnsafeMutableRawPointer?, _ own: Range<Int>, _ body: (MTRecurrentPart) -> Void) {
    switch first {
    case .some(let first):
      if x != nil { first(x, own) { _ in } }
      last(x == nil ? nil : between, own, body)
    case nil: last(x, own, body)
    }
  }
}

/// The product of each step, and the loop after it, for some rows of the batch.
private struct StepProduct: ~Copyable {
  private let matrix: Operand, isTransposed: Bool
  private let steps: Int, rows: Int, units: Int
  private let left: Layout, result: Operand, adds: Bool
  /// The packed matrix. Nil if there are too few steps for packing to pay, or if plain loops were chosen.
  private let packed: PackedMatrix?

  /// Creates a product with a matrix, or its transpose, that is written to `memory`, `[rows, columns]`, or
  /// added to it.
  init(
    _ matrix: Operand, transposed: Bool, groups: Int, _ way: RecurrentWay,
    into memory: UnsafeMutableRawPointer, adds: Bool
  ) throws(OutOfMemory) {
    let axes = MatrixAxes(matrix.layout, isTransposed: transposed)
    (self.matrix, isTransposed, self.adds) = (matrix, transposed, adds)
    (steps, rows, units) = (way.steps, way.rows, way.hidden)
    left = Layout(rows: way.rows, columns: axes.rows)
    result = Operand(
      address: memory, layout: Layout(rows: way.rows, columns: axes.columns), element: matrix.element)
    packed =
      RecurrenceKernels.isPacked(way)
      ? try PackedMatrix(matrix, transposed: transposed, groups: groups) : nil
  }

  /// Counts the multiplications of all steps. BLAS counts its own.
  func countWork() {
    if packed != nil { Counters.countMultiplyAdds(steps &* rows &* matrix.count) }
  }

  /// Calls `body` with blocks of rows, in parallel: no row waits for the rows of another block. If each
  /// thread would have too few rows, there is one block, and the threads share each of its steps.
  func eachBlock(_ body: (Range<Int>) -> Void) {
    guard packed != nil else { return body(0..<rows) }
    if rows >= Parallel.threads * Tuning.leastRecurrentRows {
      Parallel.split(products: rows, of: steps &* matrix.count, body)
    } else {
      body(0..<rows)
    }
  }

  /// Multiplies rows of `x`, a row-major matrix, and calls `body` for these rows and all units. Without `x`
  /// there is no product.
  func callAsFunction(_ x: UnsafeMutableRawPointer?, _ own: Range<Int>, _ body: (MTRecurrentPart) -> Void) {
    switch packed {
    case .some(let packed): multiply(x, own, by: packed, body)
    case nil:
      if let x {
        MatrixProductKernel(
          x, MatrixAxes(left, isTransposed: false), matrix.address,
          MatrixAxes(matrix.layout, isTransposed: isTransposed), into: result.address, adds: adds,
          of: matrix.element
        ).run()
      }
      Parallel.split(rows: rows, of: Tuning.recurrentCost * result.extent(1)) { body(part($0, 0..<units)) }
    }
  }

  private func multiply(
    _ x: UnsafeMutableRawPointer?, _ own: Range<Int>, by packed: borrowing PackedMatrix,
    _ body: (MTRecurrentPart) -> Void
  ) {
    let panels = packed.count
    // If there are fewer panels than threads, the rows are split too.
    let blocks = min(own.count, (Parallel.threads + panels - 1) / panels)
    Parallel.split(products: blocks * panels, of: own.count &* matrix.count / (blocks * panels)) { cells in
      for block in cells.lowerBound / panels..<(cells.upperBound + panels - 1) / panels {
        let start = block * panels
        let range = max(cells.lowerBound - start, 0)..<min(cells.upperBound - start, panels)
        let first = own.lowerBound + own.count * block / blocks
        let rows = first..<own.lowerBound + own.count * (block + 1) / blocks
        if let x { packed.multiply(x, rows: rows, panels: range, into: result.address, adds: adds) }
        body(part(rows, packed.units(range)))
      }
    }
  }

  private func part(_ rows: Range<Int>, _ units: Range<Int>) -> MTRecurrentPart {
    MTRecurrentPart(
      firstRow: rows.lowerBound, endRow: rows.upperBound, firstUnit: units.lowerBound,
      endUnit: units.upperBound)
  }
}

extension Layout {
  /// Creates the layout of a row-major matrix.
  fileprivate init(rows: Int, columns: Int) {
    var shape = TensorShape(rank: 0)
    shape.append(rows)
    shape.append(columns)
    self.init(shape)
  }
}
