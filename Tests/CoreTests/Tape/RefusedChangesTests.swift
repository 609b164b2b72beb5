import MartletCore
import TestSupport
import Testing

/// Changes in place of leaves, and changes that cannot be recorded, are refused while recording.
@Suite struct RefusedChangesTests {
  private let leaf = Tensor<Double>([1, 2, 3], requiresGrad: true)

  typealias Verb = @Sendable (Tensor<Double>, Tensor<Double>) -> Void

  /// Each verb changes the first tensor by the second. Both have the shape [3].
  static let verbs: [(name: String, change: Verb)] = [
    ("assign", { $0.assign($1) }),
    ("add(_:scaledBy:)", { $0.add($1, scaledBy: 2) }),
    ("subtract(_:)", { $0.subtract($1) }),
    ("multiply(by:)", { $0.multiply(by: $1) }),
    ("divide(by:)", { $0.divide(by: $1) }),
    ("assign", { $0[0] = $1[0] }),
    ("assign", { $0[0...1] = $1[0...1] }),
    ("assign", { $0[.ellipsis, 0] = $1[2] }),
    ("subscript", { $0[[0, 1]] = $1[0...1] }),
    ("subscript", { $0[Tensor<Int>([0, 1, 2])] = $1 }),
    ("subscript", { $0[Tensor<Bool>([true, true, true])] = $1 }),
    ("subscript", { $0[Tensor<Bool>([false, true, false])] = $1[0] }),
  ]

  /// An assignment through a view has an error that mentions the view.
  private func isThroughAView(_ verb: Int) -> Bool { (5...7).contains(verb) }

  private func expectRefused(
    _ target: Tensor<Double>, by source: Tensor<Double> = .ones([3]), verb: Int, _ reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let before = target.scalars
    let error = refusal { Self.verbs[verb].change(target, source) }
    #expect(error?.operation == Self.verbs[verb].name, sourceLocation: sourceLocation)
    #expect(
      error?.reason.contains(isThroughAView(verb) ? "requires" : reason) == true, "\(error as Any)",
      sourceLocation: sourceLocation)
    #expect(target.scalars == before, "nothing was changed", sourceLocation: sourceLocation)
  }

  @Test(arguments: verbs.indices) func aLeafThatRequiresAGradient(_ verb: Int) {
    expectRefused(leaf, verb: verb, "a leaf that requires a gradient")
  }

  @Test(arguments: verbs.indices) func aViewOfALeaf(_ verb: Int) {
    expectRefused(leaf[.stride(by: -1)], verb: verb, "a view of a leaf that requires a gradient")
    #expect(leaf.scalars == [1, 2, 3])
  }

  @Test(arguments: verbs.indices) func aViewMadeInNoGrad(_ verb: Int) {
    let view = noGrad { leaf[0...] }
    #expect(!view.requiresGrad)
    expectRefused(view, verb: verb, "a view of a leaf that requires a gradient")
    expectRefused(view.reshaped([1, 3])[0], verb: verb, "a view of a leaf that requires a gradient")
  }

  @Test(arguments: verbs.indices) func aViewMadeInNoGradOfATensorWithHistory(_ verb: Int) {
    let base = leaf * 2, view = noGrad { base[0...] }, plain = Tensor<Double>([1, 2, 3])
    let plainView = noGrad { plain[0...] }
    let before = plain.scalars
    for (target, source) in [(view, Tensor.ones([3])), (view[0...], .ones([3])), (plainView, leaf)] {
      let error = refusal { Self.verbs[verb].change(target, source) }
      #expect(error?.reason.contains("a view made in noGrad") == true, "\(error as Any)")
    }
    #expect(plain.scalars == before && base.scalars == [2, 4, 6])
  }

  @Test func filling() {
    #expect(refusal { leaf.fill(0) }?.operation == "fill")
    #expect(refusal { leaf[0].fill(0) }?.operation == "fill")
    #expect(leaf.scalars == [1, 2, 3])
  }

  @Test func theMessageNamesACure() {
    #expect(refusal { leaf.multiply(by: 2) }?.reason.contains("noGrad") == true)
  }

  @Test(arguments: verbs.indices) func allOfThemWorkInNoGrad(_ verb: Int) {
    noGrad {
      let before = leaf.scalars
      Self.verbs[verb].change(leaf, Tensor<Double>([5, 6, 7]))
      #expect(leaf.scalars != before)
    }
    #expect(leaf.isLeaf && leaf.requiresGrad)
  }

  @Test(arguments: verbs.indices) func allOfThemWorkWithoutGradients(_ verb: Int) {
    let plain = Tensor<Double>([1, 2, 3])
    Self.verbs[verb].change(plain, Tensor<Double>([5, 6, 7]))
    #expect(plain.scalars != [1, 2, 3])
  }

  @Test func aBroadcastViewIsRefusedAlsoInNoGrad() {
    let view = Tensor<Double>([1]).broadcast(to: [3])
    #expect(refusal { noGrad { view.fill(1) } }?.reason.contains("share memory") == true)
    #expect(refusal { noGrad { view[[0]] = 1 } } != nil)
  }
}
