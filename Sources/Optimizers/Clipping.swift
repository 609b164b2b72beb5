public import MartletCore

extension Optimizer {
  /// Scales the gradients of all parameters by `max / (norm + 1e-6)` where that is below 1, as PyTorch does, and
  /// returns their norm: Σ|g|ᵖ of all elements to the power of 1/p, for p = ∞ the largest |g|.
  ///
  /// With a NaN among the gradients the norm is NaN and so are all gradients after; with an infinite one the norm is
  /// infinite, that element becomes NaN and the others 0: check what is returned where a step is to be left out.
  /// A `max` below 0 is an error, and so is a p that is not above 0.
  @discardableResult
  public func clipGradNorm(
    max: Double, norm p: Double = 2, file: StaticString = #fileID, line: UInt = #line
  ) -> Double {
    parameters.clipGradNorm(max: max, norm: p, file: file, line: line)
  }

  /// Limits each element of the gradients to −value ... value; a NaN stays. A value below 0 is an error.
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
    check(max >= 0, "clipGradNorm", "a largest norm of \(max); at least 0", file, line)
    check(p > 0, "clipGradNorm", "the \(p)-norm; p is above 0", file, line)
    let gradients = compactMap(\.grad).filter { !$0.isFailed }
    let norm = gradients.commonNorm(p)
    let factor = max / (norm + 1e-6)
    if !(factor >= 1) { change(gradients, by: .scale, named: "ClipGradNorm", factor) }
    return norm
  }

  /// Limits each element of the gradients of these parameters to −value ... value; a NaN stays. A value below 0 is an
  /// error.
  public func clipGradValue<E: DifferentiableScalar>(
    _ value: Double, file: StaticString = #fileID, line: UInt = #line
  ) where Element == Tensor<E> {
    check(value >= 0, "clipGradValue", "a largest value of \(value); at least 0", file, line)
    change(compactMap(\.grad).filter { !$0.isFailed }, by: .limit, named: "ClipGradValue", value)
  }
}

extension Array {
  /// The norm of all elements of these tensors.
  fileprivate func commonNorm<E: DifferentiableScalar>(_ p: Double) -> Double where Element == Tensor<E> {
    let powers = map { $0.powerSum(p) }
    if p == .infinity { return powers.reduce(0) { $0.isNaN || $0 > $1 ? $0 : $1 } }
    let total = powers.reduce(0, +), isDoubtful = total == .infinity || total < 0x1p-960
    guard isDoubtful else { return root(total, p) }
    // Powers that may have overflowed or vanished are taken again of what is 1 at most.
    let largest = commonNorm(.infinity)
    if largest == 0 || !largest.isFinite { return largest }
    return noGrad { largest * map { $0 / E(largest) }.commonNorm(p) }
  }
}

/// Changes tensors by a rule that has one number and no gradient.
private func change<E: DifferentiableScalar>(
  _ tensors: [Tensor<E>], by rule: UpdateRule, named name: StaticString, _ number: Double
) {
  var updates = ParameterUpdates(of: tensors, by: rule, named: name)
  var none = UpdateState<E>()
  for tensor in tensors { updates.append(tensor, tensor, &none, UpdateSettings(learningRate: number)) }
  updates.change()
}
