import MartletCore
import Testing

/// Replaces contiguous inputs by transposed, strided, reversed and broadcast views, one input after the other
/// and all together. The values must be the reference's, and the gradients those of contiguous inputs.
func verifyViews<Element: CheckedScalar>(_ op: OpCase, _: Element.Type) {
  for shapes in op.viewSamples {
    for kind in ViewKind.allCases {
      var sample = Sample<Element>(op, shapes)
      if kind == .broadcast { sample = sample.repeatingRows() }
      let plain = gradients(op, sample, createGraph: false)
      for operand in [nil] + op.domains.indices.map(Optional.some) {
        let part = "\(kind) view of operand \(operand.map(String.init) ?? "all")"
        let views = sample.tensors().enumerated().map { i, tensor in
          operand == nil || operand == i ? kind.view(of: tensor) : tensor
        }
        for (view, numbers) in zip(views, sample.numbers) where view.scalars != numbers {
          Issue.record(
            "the view differs; \(op.context(part, shapes, Element.self))", sourceLocation: op.location)
        }
        op.expect(op(views), for: sample.grids, part)
        for view in views.prefix(op.variables) { view.requiresGrad = true }
        let seen = gradients(op, views, createGraph: false)
        for (a, b) in zip(seen, plain) {
          expectNear(a, b, within: 64, op.context("gradient, \(part)", shapes, Element.self), op.location)
        }
      }
    }
  }
}

extension OpCase {
  /// For each set of ranks, the first sample with elements, and the first in which no vector or matrix has
  /// only one element. A view of one element is laid out like its copy.
  fileprivate var viewSamples: [[[Int]]] {
    var seen = Set<[Int]>(), seenAll = Set<[Int]>()
    return samples.filter { shapes in
      let counts = shapes.map { $0.reduce(1, *) }, ranks = shapes.map(\.count)
      if counts.contains(0) || !counts.contains(where: { $0 > 1 }) { return false }
      let hasAll = zip(counts, ranks).allSatisfy { $0 > 1 || $1 == 0 }
      let isNew = seen.insert(ranks).inserted
      return hasAll && seenAll.insert(ranks).inserted || isNew
    }
  }
}

/// The layouts of memory that are tested.
public enum ViewKind: CaseIterable, Sendable {
  /// The axes in reverse order.
  case transposed
  /// Every other element of a larger tensor.
  case strided
  /// Negative strides.
  case reversed
  /// A stride of 0 along axis 0, along which the elements must be equal.
  case broadcast

  /// The same elements in another layout.
  public func view<Element: CheckedScalar>(of tensor: Tensor<Element>) -> Tensor<Element> {
    let shape = Array(tensor.shape), rank = shape.count
    if rank == 0 || tensor.count == 0 { return tensor }
    switch self {
    case .transposed:
      let order = Array((0..<rank).reversed())
      return tensor.permuted(order).cloned().permuted(order).detached()
    case .strided:
      // Takes every other column of a wider tensor whose other elements are NaN.
      let wide = shape.dropLast() + [2 * shape[rank - 1] + 1]
      let numbers = tensor.scalars
      var memory = [Element](repeating: .nan, count: wide.reduce(1, *))
      for (i, number) in numbers.enumerated() {
        let (row, column) = i.quotientAndRemainder(dividingBy: shape[rank - 1])
        memory[row * wide[rank - 1] + 2 * column + 1] = number
      }
      return Tensor(memory, shape: TensorShape(wide))[.ellipsis, .stride(from: 1, by: 2)].detached()
    case .reversed:
      let backwards = Tensor(tensor.scalars.reversed(), shape: tensor.shape)
      return (0..<rank).reduce(backwards) { view, axis in
        view.sliced(reversing: axis)
      }.detached()
    case .broadcast:
      return tensor[0].broadcast(to: tensor.shape).detached()
    }
  }
}

extension Tensor {
  /// A view with a negative stride along an axis.
  fileprivate func sliced(reversing axis: Int) -> Tensor {
    let order = [axis] + (0..<rank).filter { $0 != axis }
    let reversed = permuted(order)[.stride(by: -1)]
    return reversed.permuted((0..<rank).map { order.firstIndex(of: $0)! })
  }
}

extension Sample {
  /// A sample in which every row along axis 0 equals the first, as a broadcast view has them.
  fileprivate func repeatingRows() -> Sample {
    Sample(
      shapes,
      numbers: zip(shapes, numbers).map { shape, numbers in
        guard let rows = shape.first else { return numbers }
        return (0..<rows).flatMap { _ in numbers.prefix(numbers.count / rows) }
      })
  }
}
