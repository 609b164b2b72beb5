import CKernels
import CRuntime

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
  fileprivate func loops<Element: DifferentiableScalar>(_: Element.Type) -> MTRecurrentLoops {
    let kind: MTRecurrence =
      switch self {
      case .tanh: .tanh
      case .sigmoid: .sigmoid
      case .relu: .relu
      case .lstm: .lstm
      case .gru: .gru
      }
    return Element.kernels.loops.pointee.recurrent[Int(kind.rawValue)]
  }
}

/// The extents and the direction of a recurrence over a sequence.
struct RecurrentWay {
  let kind: Recurrence
  let steps: Int, rows: Int, hidden: Int
  /// The number of steps of each row's sequence; nil if all have the same.
  let lengths: [Int]?
  /// True if the recurrence runs from the last step to the first.
  let isReversed: Bool

  var width: Int { kind.gates * hidden }
  var order: [Int] { isReversed ? (0..<steps).reversed() : Array(0..<steps) }
  /// Returns the indices of the states before and after a step among `steps + 1` states.
  func slots(_ step: Int) -> (before: Int, after: Int) { isReversed ? (step + 1, step) : (step, step + 1) }
  /// The index of the first state, and the indices of the states before and after all steps.
  var start: Int { isReversed ? steps : 0 }
  var before: Range<Int> { isReversed ? 1..<steps + 1 : 0..<steps }
  var after: Range<Int> { isReversed ? 0..<steps : 1..<steps + 1 }

  /// Calls `body` with the parameters of a step's loops that do not depend on the tensors.
  fileprivate func withStep(_ step: Int, _ body: (inout MTRecurrentStep) -> Void) {
    var told = MTRecurrentStep()
    told.hidden = hidden
    told.step = step
    guard let lengths else { return body(&told) }
    lengths.withUnsafeBufferPointer { lengths in
      lengths.withMemoryRebound(to: Int64.self) {
        told.lengths = $0.baseAddress
        body(&told)
      }
    }
  }
}

/// The product of each step, and the loop after it, for some rows of the batch.
private struct StepProduct<Element: DifferentiableScalar> {
  private let matrix: Tensor<Element>, isTransposed: Bool
  private let steps: Int, rows: Int, units: Int, width: Int
  /// The packed matrix. Nil if there are too few steps for packing to pay, or if plain loops were chosen.
  private let packed: PackedMatrix<Element>?
  /// The memory for the products with a packed matrix.
  private let scratch: Tensor<Element>?

  /// The number of steps below which the matrix is multiplied without packing.
  private static var leastSteps: Int { 8 }
  /// The number of rows for each thread from which a thread computes all steps of its rows alone.
  private static var leastRows: Int { 8 }

  init(_ matrix: Tensor<Element>, transposed: Bool, groups: Int, _ way: RecurrentWay, hasSum: Bool) {
    (self.matrix, isTransposed) = (matrix, transposed)
    (steps, rows, units) = (way.steps, way.rows, way.hidden)
    width = matrix.shape[transposed ? 0 : 1]
    let isPacked = way.steps >= Self.leastSteps && martlet_thread().pointee.naiveProducts == 0
    packed = isPacked ? PackedMatrix(matrix, transposed: transposed, groups: groups) : nil
    scratch = isPacked && !hasSum ? Tensor(uninitialized: [way.rows, width]) : nil
  }

  var failure: Failure? { packed?.failure ?? scratch?.failure }

  /// Calls `body` with blocks of rows, in parallel: no row waits for the rows of another block. If each
  /// thread would have too few rows, there is one block, and the threads share each of its steps.
  func eachBlock(_ body: (Range<Int>) -> Void) {
    if packed != nil { Counters.countMultiplyAdds(steps &* rows &* matrix.count) }
    if packed != nil && rows >= Parallel.threads * Self.leastRows {
      Parallel.split(products: rows, of: steps &* matrix.count, body)
    } else {
      body(0..<rows)
    }
  }

  /// Calls `body` for these rows and all units, with the product of x and the matrix, where x is matrix
  /// `index` of a sequence `[steps, rows, depth]`. If there is a `sum`, the product is added to it. Without
  /// an index there is no product. Returns a failure, or nil.
  func callAsFunction(
    _ sequence: Tensor<Element>, _ index: Int?, _ own: Range<Int>, adding sum: Tensor<Element>? = nil,
    _ body: (UnsafeMutableRawPointer, MTRecurrentPart) -> Void
  ) -> Failure? {
    guard let packed else {
      let product =
        index.map { sequence[$0].product(matrix, otherTransposed: isTransposed, adding: sum) } ?? sum!
      if product.isFailed { return product.failure }
      Parallel.split(rows: rows, of: 4 * width) { body(product.address, part($0, 0..<units)) }
      return nil
    }
    let result = (sum ?? scratch!).address, panels = packed.count
    let x = index.map { sequence.row($0) }
    // If there are fewer panels than threads, the rows are split too.
    let blocks = Swift.min(own.count, (Parallel.threads + panels - 1) / panels)
    Parallel.split(products: blocks * panels, of: own.count &* matrix.count / (blocks * panels)) { cells in
      for block in cells.lowerBound / panels..<(cells.upperBound + panels - 1) / panels {
        let start = block * panels
        let those =
          Swift.max(cells.lowerBound - start, 0)..<Swift.min(cells.upperBound - start, panels)
        let first = own.lowerBound + own.count * block / blocks
        let these = first..<own.lowerBound + own.count * (block + 1) / blocks
        if let x { packed.multiply(x, rows: these, panels: those, into: result, adds: sum != nil) }
        body(result, part(these, packed.units(those)))
      }
    }
    return nil
  }

  private func part(_ rows: Range<Int>, _ units: Range<Int>) -> MTRecurrentPart {
    MTRecurrentPart(
      firstRow: rows.lowerBound, endRow: rows.upperBound, firstUnit: units.lowerBound,
      endUnit: units.upperBound)
  }
}

/// The intermediate results of a recurrence: gates `[steps · rows, gates · hidden]`; states and cells `[steps
/// + 1, rows, hidden]` including the initial ones; and the state's contribution to GRU's candidates.
struct RecurrentTrace<Element: DifferentiableScalar> {
  let gates: Tensor<Element>, states: Tensor<Element>
  let cells: Tensor<Element>?, candidates: Tensor<Element>?

  var tensors: [Tensor<Element>] { [gates, states, cells, candidates].compactMap { $0 } }

  static func failed(by failure: Failure) -> RecurrentTrace {
    let none = Tensor<Element>.failed(by: failure)
    return RecurrentTrace(gates: none, states: none, cells: nil, candidates: nil)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the address of index `index` along the outermost of three axes.
  fileprivate func row(_ index: Int) -> UnsafeMutableRawPointer {
    address + index * shape[1] * shape[2] * MemoryLayout<Element>.stride
  }

  /// Returns memory for the states before and after all steps, with the first state set.
  private static func states(from first: Tensor, _ way: RecurrentWay) -> Tensor {
    let states = Tensor(uninitialized: [way.steps + 1, way.rows, way.hidden]), first = first.contiguous()
    if first.isFailed || states.isFailed { return first.isFailed ? first : states }
    if states.count == 0 { return states }
    states.row(way.start).copyMemory(
      from: first.address, byteCount: first.count * MemoryLayout<Element>.stride)
    return states
  }

  /// Computes a recurrence over this sequence, `[steps, rows, inputs]`. One product multiplies the inputs of
  /// all steps. The operation is not recorded; the caller has checked the shapes.
  func recurred(
    _ way: RecurrentWay, _ state: Tensor, _ cell: Tensor?, _ weights: RecurrentWeights<Element>
  ) -> RecurrentTrace<Element> {
    let gates = contiguous().reshapedView([way.steps * way.rows, shape[2]]).product(
      weights.input, otherTransposed: true, addend: weights.inputBias)
    let trace = RecurrentTrace(
      gates: gates, states: .states(from: state, way), cells: cell.map { .states(from: $0, way) },
      candidates: way.kind == .gru ? Tensor(uninitialized: [way.steps, way.rows, way.hidden]) : nil)
    let bias = weights.stateBias?.contiguous() ?? .zeroed([way.width])
    if let failure = bias.failure ?? trace.tensors.lazy.compactMap(\.failure).first {
      return .failed(by: failure)
    }
    if trace.states.count == 0 { return trace }
    let loops = way.kind.loops(Element.self), each = way.rows * way.width * MemoryLayout<Element>.stride
    let product = StepProduct(weights.state, transposed: true, groups: way.kind.gates, way, hasSum: false)
    var failure = product.failure
    product.eachBlock { rows in
      for step in way.order where failure == nil {
        let (before, after) = way.slots(step)
        way.withStep(step) { told in
          told.gates = gates.address + step * each
          told.bias = UnsafeRawPointer(bias.address)
          told.state = UnsafeRawPointer(trace.states.row(before))
          told.next = trace.states.row(after)
          told.cell = trace.cells.map { UnsafeRawPointer($0.row(before)) }
          told.nextCell = trace.cells?.row(after)
          told.candidate = trace.candidates?.row(step)
          let told = told
          let failed = product(trace.states, before, rows) { projected, part in
            var told = told
            told.projected = UnsafeRawPointer(projected)
            loops.on(&told, part)
          }
          if let failed { failure = failed }
        }
      }
    }
    if let failure { return .failed(by: failure) }
    return trace
  }

  /// Returns the gradients of a recurrence's sequence, first state, first cell and weights, from the
  /// gradients of its states and cells. Each gradient of a weight is one product over all steps.
  func recurredBack(
    _ way: RecurrentWay, _ weights: RecurrentWeights<Element>, _ trace: RecurrentTrace<Element>,
    _ gradient: Tensor?, _ cellGradient: Tensor?
  ) -> RecurrentGradients<Element> {
    let g = gradient?.contiguous(), gCell = cellGradient?.contiguous()
    let all: TensorShape = [way.steps * way.rows, way.width]
    let slopes = Tensor(uninitialized: all),
      stateSlopes = way.kind == .gru ? Tensor(uninitialized: all) : slopes
    let dState = Tensor.zeroed([way.rows, way.hidden])
    let dCell = trace.cells.map { _ in Tensor.zeroed([way.rows, way.hidden]) }
    let made = [g, gCell, slopes, stateSlopes, dState, dCell].compactMap { $0 }
    if let failure = made.lazy.compactMap(\.failure).first { return .failed(by: failure) }
    let product = StepProduct(weights.state, transposed: false, groups: 1, way, hasSum: true)
    let loops = way.kind.loops(Element.self), each = way.rows * way.width * MemoryLayout<Element>.stride
    let perStep = stateSlopes.reshapedView([way.steps, way.rows, way.width])
    var failure = slopes.count == 0 ? nil : product.failure
    product.eachBlock { rows in
      // The product adds the gradient that comes from the later step to the state's gradient. At the end
      // `dState` is the gradient of the first state.
      var later: Int?
      func add(to step: MTRecurrentStep?) {
        let failed = product(perStep, later, rows, adding: dState) { _, part in
          if let step { withUnsafePointer(to: step) { loops.back($0, part) } }
        }
        if let failed { failure = failed }
      }
      for step in way.order.reversed() where failure == nil && slopes.count > 0 {
        let (before, after) = way.slots(step)
        way.withStep(step) { told in
          told.gates = trace.gates.address + step * each
          told.state = UnsafeRawPointer(trace.states.row(before))
          told.next = trace.states.row(after)
          told.cell = trace.cells.map { UnsafeRawPointer($0.row(before)) }
          told.nextCell = trace.cells?.row(after)
          told.candidate = trace.candidates?.row(step)
          told.g = g.map { UnsafeRawPointer($0.row(step)) }
          told.gCell = gCell.map { UnsafeRawPointer($0.row(step)) }
          told.dState = dState.address
          told.dCell = dCell?.address
          told.dGates = slopes.address + step * each
          told.dProjected = way.kind == .gru ? perStep.row(step) : nil
          add(to: told)
        }
        later = step
      }
      if later != nil, failure == nil { add(to: nil) }
    }
    if let failure { return .failed(by: failure) }
    let inputs = contiguous().reshapedView([way.steps * way.rows, shape[2]])
    let states = trace.states[way.before].reshapedView([way.steps * way.rows, way.hidden])
    return RecurrentGradients(
      sequence: slopes.product(weights.input).reshapedView(shape), state: dState, cell: dCell,
      weights: RecurrentWeights(
        input: slopes.product(inputs, transposed: true), state: stateSlopes.product(states, transposed: true),
        inputBias: weights.inputBias.map { slopes.summed(to: $0.shape) },
        stateBias: weights.stateBias.map { stateSlopes.summed(to: $0.shape) }))
  }
}
