public import MartletCore

extension Optimizer {
  /// Scales the gradients of all parameters down to a norm of at most `max`, and returns the norm before.
  ///
  /// The norm is that of all elements together: Σ|g|ᵖ to the power of 1/p, for p = ∞ the largest |g|. As in
  /// PyTorch, the gradients are multiplied by `max / (norm + 1e-6)` if that is below 1.
  ///
  /// A NaN among the gradients makes the norm and all gradients NaN. An infinite gradient makes the norm
  /// infinite; that element becomes NaN and the others become 0. Check the returned norm to leave out such a
  /// step. A `max` below 0 is an error, and so is a p that is not above 0.
  @discardableResult
  public func clipGradNorm(
    max: Double, norm p: Double = 2, file: StaticString = #fileID, line: UInt = #line
  ) -> Double {
    parameters.clipGradNorm(max: max, norm: p, file: file, line: line)
  }

  /// Limits each element of the gradients to −value ... value. A NaN stays. A value below 0 is an error.
  public func clipGradValue(_ value: Double, file: StaticString = #fileID, line: UInt = #line) {
    parameters.clipGradValue(value, file: file, line: line)
  }
}

extension Array {
  /// Scales the gradients of these parameters as ``Optimizer/clipGradNorm(max:norm:file:line:)`` does.
  @discardableResult
  public func clipGradNorm<E: DifferentiableScalar>(
    max: Double, norm p: Double = 2, file: StaticString = #fileID, line: UInt = #line
  ) -> Double where Element == Tensor<E> {
    check(max >= 0, "clipGradNorm", "the largest norm must be at least 0, not \(max)", file, line)
    check(p > 0, "clipGradNorm", "the p of the norm must be above 0, not \(p)", file, line)
    let gradients = compactMap(\.grad).filter { !$0.isFailed }
    let norm = gradients.commonNorm(p)
    let factor = max / (norm + 1e-6)
    if !(factor >= 1) { change(gradients, by: .scale, named: "ClipGradNorm", factor) }
    return norm
  }

  /// Limits each element of the gradients of these parameters to −value ... value. A NaN stays. A value below
  /// 0 is an error.
  public func clipGradValue<E: DifferentiableScalar>(
    _ value: Double, file: StaticString = #fileID, line: UInt = #line
  ) where Element == Tensor<E> {
    check(value >= 0, "clipGradValue", "the largest value must be at least 0, not \(value)", file, line)
    change(compactMap(\.grad).filter { !$0.isFailed }, by: .limit, named: "ClipGradValue", value)
  }
}

extension Array {
  /// Returns the norm of all elements of these tensors together.
  fileprivate func commonNorm<E: DifferentiableScalar>(_ p: Double) -> Double where Element == Tensor<E> {
    let powers = map { $0.powerSum(p) }
    if p == .infinity { return powers.reduce(0) { $0.isNaN || $0 > $1 ? $0 : $1 } }
    let total = powers.reduce(0, +), isDoubtful = total == .infinity || total < 0x1p-960
    guard isDoubtful else { return root(total, p) }
    // A power may have overflowed or vanished: compute the powers again, of elements divided by the largest.
    let largest = commonNorm(.infinity)
    if largest == 0 || !largest.isFinite { return largest }
    return noGrad { largest * map { $0 / E(largest) }.commonNorm(p) }
  }
}

/// Changes tensors in place by an update rule that needs one number and no gradient.
private func change<E: DifferentiableScalar>(
  _ tensors: [Tensor<E>], by rule: UpdateRule, named name: StaticString, _ number: Double
) {
  var updates = ParameterUpdates(of: tensors, by: rule, named: name)
  var none = UpdateState<E>()
  for tensor in tensors { updates.append(tensor, tensor, &none, UpdateSettings(learningRate: number)) }
  updates.change()
}
