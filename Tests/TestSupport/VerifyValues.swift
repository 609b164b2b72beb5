import MartletCore
import Testing

/// Compares every sample with the reference. Recorded and unrecorded results must have the same bits.
func verifyValues<Element: CheckedScalar>(_ op: OpCase, _: Element.Type) {
  var names = Set<String>()
  for (i, shapes) in op.samples.enumerated() {
    let sample = Sample<Element>(op, shapes, salt: UInt64(i))
    let result = op(sample.tensors())
    op.expect(result, for: sample.grids, "values")
    let recorded = op(sample.tensors(tracked: op.variables))
    expectSameBits(
      recorded.scalars, result.scalars, op.context("recorded against unrecorded", shapes, Element.self),
      sourceLocation: op.location)
    if !recorded.requiresGrad || result.requiresGrad {
      Issue.record(
        "recorded: \(recorded.requiresGrad), unrecorded: \(result.requiresGrad); \(op.context("tape", shapes, Element.self))",
        sourceLocation: op.location)
    }
    collectNames(recorded.gradFunction, into: &names)
  }
  if names.contains(op.name + "Backward") { return }
  Issue.record(
    "nothing was recorded as \(op.name)Backward, but \(names.sorted())", sourceLocation: op.location)
}

/// Collects the names of the functions that recorded a result and its inputs.
private func collectNames(_ function: GradFunction?, into names: inout Set<String>) {
  guard let function else { return }
  names.insert(function.name)
  for input in function.inputs { collectNames(input, into: &names) }
}

/// Puts NaN and infinities at every place of a vector and its tail, in each operand and in all at once.
func verifySpecials<Element: CheckedScalar>(_ op: OpCase, _: Element.Type) {
  guard op.scalar != nil else { return }
  let specials: [Element] = [.nan, .infinity, -.infinity, 0]
  let length = 37
  let plain = Sample<Element>(op, op.domains.map { _ in [length] })
  for operand in op.domains.indices {
    for special in specials {
      for place in 0..<length {
        var numbers = plain.numbers
        numbers[operand][place] = special
        let sample = Sample(plain.shapes, numbers: numbers)
        op.expect(op(sample.tensors()), for: sample.grids, "\(special) at \(place) of operand \(operand)")
      }
    }
  }
  let combined = plain.numbers.indices.map { operand in
    let period = [1, 4, 16][operand]
    return (0..<64).map { specials[$0 / period % 4] }
  }
  let sample = Sample(op.domains.map { _ in [64] }, numbers: combined)
  op.expect(op(sample.tensors()), for: sample.grids, "special values in all operands")
  expectSameBits(
    gradients(op, sample, createGraph: false).flatMap { $0 },
    gradients(op, sample, createGraph: true).flatMap { $0 },
    op.context("fused against composed gradient of special values", sample.shapes, Element.self),
    sourceLocation: op.location)
}

/// Tests more elements than one thread processes. Some are compared with the reference. All of them, and the
/// gradients, must be the same for any number of threads.
func verifyLarge<Element: CheckedScalar>(_ op: OpCase, _: Element.Type) {
  guard let shapes = op.large else { return }
  let sample = Sample<Element>(op, shapes)
  let results = [1, 2, 3].map { threads in
    withThreads(threads) { [op(sample.tensors()).scalars] + gradients(op, sample, createGraph: false) }
  }
  if let scalar = op.scalar, !results[0][0].isEmpty {
    let shape = Grid.broadcastShape(shapes)
    let grids = sample.grids
    let picked = stride(from: 0, to: results[0][0].count, by: 997).map { $0 } + [results[0][0].count - 1]
    let expected = picked.map { place in scalar(grids.map { $0.values[$0.place(of: place, in: shape)] }) }
    expectClose(
      picked.map { results[0][0][$0] }, expected, within: op.bound.limit,
      scales: [Extended](repeating: op.bound.floor, count: picked.count),
      op.context("one in 997", shapes, Element.self), sourceLocation: op.location)
  } else {
    op.expect(Tensor(results[0][0], shape: op(sample.tensors()).shape), for: sample.grids, "large")
  }
  for other in results.dropFirst() where !op.dependsOnThreads {
    for (one, several) in zip(results[0], other) {
      expectSameBits(
        one, several, op.context("one thread against several", shapes, Element.self),
        sourceLocation: op.location)
    }
  }
}

extension Grid {
  /// The place of the element that appears at a place of a broadcast shape.
  fileprivate func place(of place: Int, in target: [Int]) -> Int {
    var rest = place, result = 0, stride = 1
    for axis in target.indices.reversed() {
      let own = axis - (target.count - shape.count)
      if own >= 0 {
        result += shape[own] == 1 ? 0 : rest % target[axis] * stride
        stride *= shape[own]
      }
      rest /= target[axis]
    }
    return result
  }
}
