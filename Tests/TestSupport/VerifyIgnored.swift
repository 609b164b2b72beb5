import MartletCore
import Testing

/// Puts NaN and infinities into the elements that an operation must ignore. Its values and its gradients, of
/// first order by either rule and of second order, must keep their bits.
func verifyIgnored<Element: CheckedScalar>(_ op: OpCase, _: Element.Type) {
  guard let ignored = op.ignored else { return }
  var count = 0
  for (i, shapes) in op.samples.enumerated() {
    let plain = Sample<Element>(op, shapes, salt: UInt64(i)), places = ignored(plain.grids)
    count += places.reduce(0) { $0 + $1.count }
    for special in [Element.nan, .infinity, -.infinity] {
      var numbers = plain.numbers
      for (input, own) in places.enumerated() {
        for place in own { numbers[input][place] = special }
      }
      let parts = zip(results(op, plain), results(op, Sample(shapes, numbers: numbers)))
      for ((part, expected), (_, found)) in parts {
        for (a, b) in zip(found, expected) {
          expectSameBits(
            a, b, op.context("\(part), with and without \(special) in what is ignored", shapes, Element.self),
            sourceLocation: op.location)
        }
      }
    }
  }
  if count > 0 { return }
  Issue.record("\(op.testDescription): no sample has elements to ignore", sourceLocation: op.location)
}

/// The values and gradients of an operation for a sample.
private func results<Element: CheckedScalar>(
  _ op: OpCase, _ sample: Sample<Element>
) -> [(part: String, numbers: [[Element]])] {
  [
    ("values", [op(sample.tensors()).scalars]),
    ("fused gradients", gradients(op, sample, createGraph: false)),
    ("composed gradients", gradients(op, sample, createGraph: true)),
    ("second gradients", secondGradients(op, sample)),
  ]
}

/// The gradients of the sum of the squares of the gradients, or an empty list if the gradients are constant.
private func secondGradients<Element: CheckedScalar>(
  _ op: OpCase, _ sample: Sample<Element>
) -> [[Element]] {
  let leaves = sample.tensors(tracked: op.variables), inputs = Array(leaves.prefix(op.variables))
  let first = op(leaves).sum().gradients(of: inputs, createGraph: true)
  let squares = first.reduce(Tensor<Element>(0)) { $0 + ($1 * $1).sum() }
  return squares.requiresGrad ? squares.gradients(of: inputs).map(\.scalars) : []
}
