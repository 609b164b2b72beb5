import ArgumentParser
import Martlet
import Runs

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Serves the bench of the other frameworks (`make bench-peers`): reads one command in each line of standard
/// input, with fields separated by tabs, and answers each with one line.
///
/// ```
/// step        NAME COUNT                              the losses before each of the first COUNT steps
/// operation   NAME LAYOUT ROWS COLUMNS MODE VALUES    elements of the result, then of the gradients
/// time        CALLS SAMPLES                           the median seconds a call of the last workload
/// bandwidth                                           bytes a second, of a copy, a triad and a sum
/// conditions                                          the conditions of the run, as JSON
/// ```
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Does what the peers' bench asks for, line by line.")

  func run() throws {
    var body = {}, numbers = Numbers()
    while let line = readLine() {
      let fields = line.split(separator: "\t").map(String.init)
      func integer(_ index: Int) throws -> Int {
        guard index < fields.count, let value = Int(fields[index]) else { throw unknown(line) }
        return value
      }
      switch fields.first {
      case "step":
        guard fields.count == 3, let workload = StepWorkload.all.first(where: { $0.name == fields[1] })
        else { throw unknown(line) }
        let step = workload.make()
        reply(
          try (0..<integer(2)).map { _ in
            defer { step.run() }
            return step.loss()
          })
        body = step.run
      case "operation":
        // Frees the memory of the last operands before the next ones are allocated.
        body = {}
        guard let call = Call(fields, &numbers) else { throw unknown(line) }
        reply(call.probe())
        body = call.run
      case "time":
        let calls = try integer(1),
          times = try (0..<integer(2)).map { _ in seconds(calls, body) / Double(calls) }
        reply([Statistics(times).median])
      case "bandwidth": reply(measureBandwidth())
      case "conditions":
        reply(String(decoding: try JSONEncoder().encode(Run.Conditions.current()), as: UTF8.self))
      default: throw unknown(line)
      }
    }
  }

  private func reply(_ values: [Double]) { reply(values.map { "\($0)" }.joined(separator: "\t")) }

  private func reply(_ text: String) {
    print(text)
    fflush(nil)
  }

  private func unknown(_ line: String) -> ValidationError { ValidationError("unknown command: \(line)") }
}

/// One operation with its operands.
private struct Call {
  enum Mode: String {
    case forward
    /// The forward pass, recorded on the tape.
    case recorded
    /// The forward pass and the backward pass.
    case both
  }

  let run: () -> Void
  /// A function that returns at most 64 evenly spaced elements of the result, and as many of each gradient.
  let probe: () -> [Double]

  init?(_ fields: [String], _ numbers: inout Numbers) {
    let workloads =
      OperationWorkload.all + OperationWorkload.breadth + OperationWorkload.special
      + OperationWorkload.linearAlgebra
    guard fields.count == 7, let workload = workloads.first(where: { $0.name == fields[1] }),
      let layout = Operands.Layout(rawValue: fields[2]), let rows = Int(fields[3]),
      let columns = Int(fields[4]), let mode = Mode(rawValue: fields[5])
    else { return nil }
    var (x, y) = numbers.pair(fields[6], count: rows * columns)
    if fields[6] == "dominant" {
      // Make each matrix symmetric and positive definite.
      let n = columns, given = x
      for i in x.indices {
        let row = i / n % n, column = i % n, mirrored = i + (column - row) * n + row - column
        x[i] = (given[i] + given[mirrored]) / 2 + (row == column ? Float(n) : 0)
      }
    }
    self.init(workload.apply, Operands(x, y, rows: rows, columns: columns, layout), mode)
  }

  private init(_ operation: @escaping (Operands) -> Tensor<Float>, _ operands: Operands, _ mode: Mode) {
    let leaves = operands.leaves
    for leaf in leaves { leaf.requiresGrad = mode != .forward }
    guard mode == .both else {
      run = { _ = operation(operands) }
      probe = { sampled(operation(operands)) }
      return
    }
    // The gradient of the result is −2, −1, 0, 1, 2, −2 …
    let shape = noGrad { operation(operands).shape }
    let seed = Tensor<Float>((0..<shape.reduce(1, *)).map { Float($0 % 5 - 2) }, shape: shape)
    run = {
      operation(operands).backward(seed)
      for leaf in leaves { leaf.zeroGrad() }
    }
    probe = {
      let result = operation(operands)
      result.backward(seed)
      defer { for leaf in leaves { leaf.zeroGrad() } }
      return sampled(result) + leaves.compactMap(\.grad).flatMap(sampled)
    }
  }
}

private func sampled(_ tensor: Tensor<Float>) -> [Double] {
  let flat = tensor.detached().flattened()
  return flat[.stride(from: 0, by: flat.count / 64 + 1)].scalars.map(Double.init)
}

/// The numbers that all operations work on: a million for each operand, repeated if an operand has more
/// elements.
private struct Numbers {
  private static let period = 1_000_000
  private lazy var normals: [Double] = {
    var numpy = NumPyRandom(seed: 0)
    return numpy.normal([2 * Numbers.period]).scalars
  }()

  mutating func pair(_ kind: String, count: Int) -> ([Float], [Float]) {
    (repeated(kind, from: 0, count), repeated(kind, from: Numbers.period, count))
  }

  private mutating func repeated(_ kind: String, from start: Int, _ count: Int) -> [Float] {
    let block = normals[start..<start + min(count, Numbers.period)].map { normal in
      switch kind {
      case "positive": Float(abs(normal) + 0.5)
      case "unit": Float(1 + normal / 1000)
      default: Float(normal)
      }
    }
    var result = [Float]()
    result.reserveCapacity(count)
    while result.count < count { result += block.prefix(count - result.count) }
    return result
  }
}
