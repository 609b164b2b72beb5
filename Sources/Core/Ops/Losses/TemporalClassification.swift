// Connectionist temporal classification: a loss for sequences of labels whose positions in time are unknown.

extension Tensor where Element: DifferentiableScalar {
  /// The connectionist temporal classification loss (Graves et al. 2006, DOI 10.1145/1143844.1143891).
  ///
  /// This tensor holds log-probabilities `[steps, n, classes]`. The loss of a sequence is minus the
  /// log-likelihood of its labels, over all alignments. An alignment spreads the labels over the steps, with
  /// repetitions and with blanks between them. A sequence without an alignment has the loss infinity, or 0
  /// with `zeroInfinity`, and the gradient 0.
  ///
  /// Shapes that do not fit are an error, and so is a length out of range. The blank must be one of the
  /// classes, and a label must be one of the other classes.
  ///
  /// Derivative: `dx = −P(label at step | labels) · g`, summed over the positions of a label.
  ///
  /// ```swift
  /// let scores = Tensor<Float>.normal([10, 2, 5], requiresGrad: true)
  /// let labels = Tensor<Int>([[1, 2, 2], [3, 4, 0]])
  /// let loss = scores.logSoftmax(axis: -1).ctcLoss(
  ///   labels, inputLengths: Tensor([10, 8]), labelLengths: Tensor([3, 2]))
  /// loss.backward()
  /// ```
  ///
  /// - Parameters:
  ///   - labels: The labels `[n, most labels]`, or the labels of all sequences one after another,
  ///     `[Σ labelLengths]`.
  ///   - inputLengths: The number of steps of each sequence, `[n]`.
  ///   - labelLengths: The number of labels of each sequence, `[n]`.
  ///   - blank: The class of the blank.
  ///   - zeroInfinity: True if infinite losses are replaced by 0.
  ///   - reduction: The reduction: mean, sum or none. The mean first divides each loss by its number of
  ///     labels, at least 1.
  /// - Complexity: O(steps · labels) for each sequence.
  public func ctcLoss(
    _ labels: Tensor<Int>, inputLengths: Tensor<Int>, labelLengths: Tensor<Int>, blank: Int = 0,
    zeroInfinity: Bool = false, reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? labels.failure ?? inputLengths.failure ?? labelLengths.failure {
      return .failed(by: failure)
    }
    let given: TemporalLabels
    switch temporalLabels(labels, inputLengths, labelLengths, blank, file, line) {
    case .success(let fitting): given = fitting
    case .failure(let failure): return Tensor(failure)
    }
    let found = launch(self, into: Tensor<Double>(uninitialized: [shape[1]])) { (x, y) throws(OutOfMemory) in
      try TemporalClassificationKernels.likelihoods(x, given, into: y)
    }
    if let failure = found.failure { return .failed(by: failure) }
    let likelihoods = found.scalars
    let value = Tensor(
      likelihoods.map { zeroInfinity && $0 == -.infinity ? 0 : Element(-$0) }, shape: [shape[1]])
    let losses = value.recorded("CTC", [self], saving: [self]) { arguments in
      let x = arguments.saved[0], factors = arguments.gradients[0]!.contiguous()
      if let failure = factors.failure { return [.failed(by: failure)] }
      if isRecording {
        return Tensor.replayed([x], arguments) { [$0[0].composedTemporal(given, likelihoods)] }
      }
      let gradient = launch(x, into: Tensor.zeroed(x.shape)) { (x, dx) throws(OutOfMemory) in
        try TemporalClassificationKernels.addGradient(x, given, factors.scalars.map(\.doubleValue), into: dx)
      }
      return [gradient]
    }
    guard case .mean = reduction else { return losses.reduced(reduction) }
    let counts = given.labels.map { Element(Swift.max($0.count, 1)) }
    return (losses / Tensor(counts)).mean()
  }

  /// Returns the labels and steps of each sequence, or the mistake in them.
  private func temporalLabels(
    _ labels: Tensor<Int>, _ inputLengths: Tensor<Int>, _ labelLengths: Tensor<Int>, _ blank: Int,
    _ file: StaticString, _ line: UInt
  ) -> Result<TemporalLabels, Failure> {
    func fault(_ reason: String) -> Result<TemporalLabels, Failure> {
      .failure(mistake("ctcLoss", reason, file, line))
    }
    guard rank == 3, inputLengths.shape == [shape[1]], labelLengths.shape == [shape[1]],
      labels.rank == 1 || (labels.rank == 2 && labels.shape[0] == shape[1])
    else {
      return fault(
        "log-probabilities \(shape), labels \(labels.shape), lengths \(inputLengths.shape) and \(labelLengths.shape) do not match; they must be [steps, n, classes], [n, labels] or [labels], [n] and [n]"
      )
    }
    let readable = [inputLengths, labelLengths, labels].map { $0.contiguous() }
    if let failure = readable.lazy.compactMap(\.failure).first { return .failure(failure) }
    let steps = readable[0].scalars, counts = readable[1].scalars, all = readable[2].scalars,
      classes = shape[2]
    guard blank >= 0, blank < classes else {
      return fault("blank \(blank) is outside the \(classes) classes")
    }
    if let i = steps.firstIndex(where: { $0 < 0 || $0 > shape[0] }) {
      return fault("the input length of sequence \(i) must be in 0...\(shape[0]), not \(steps[i])")
    }
    let most = labels.rank == 2 ? labels.shape[1] : all.count
    if let i = counts.firstIndex(where: { $0 < 0 || $0 > most }) {
      return fault("the label length of sequence \(i) must be in 0...\(most), not \(counts[i])")
    }
    guard labels.rank == 2 || counts.reduce(0, +) == all.count else {
      return fault("\(all.count) labels do not match lengths whose sum is \(counts.reduce(0, +))")
    }
    var lists: [[Int]] = [], start = 0
    for (sequence, count) in counts.enumerated() {
      let first = labels.rank == 2 ? sequence * most : start
      lists.append(Array(all[first..<first + count]))
      start += count
      if let label = lists[sequence].first(where: { $0 < 0 || $0 >= classes || $0 == blank }) {
        return fault(
          "label \(label) of sequence \(sequence) must be a class in 0 ..< \(classes) other than the blank \(blank)"
        )
      }
    }
    return .success(TemporalLabels(labels: lists, steps: steps, blank: blank))
  }

  /// Composes the losses from recorded operations. A sequence without an alignment has the loss 0 and the
  /// gradient 0.
  private func composedTemporal(_ given: TemporalLabels, _ likelihoods: [Double]) -> Tensor {
    // A finite number in place of log 0, so that the derivatives of sums with it are finite.
    let never: Element = -1e30
    func logAdd(_ parts: [Tensor]) -> Tensor {
      let all = Tensor.stacked(parts), most = noGrad { all.max(axis: 0) }
      return (all - most).exp().sum(axis: 0).log() + most
    }
    let losses = given.labels.enumerated().map { sequence, labels -> Tensor in
      let steps = given.steps[sequence]
      if likelihoods[sequence] == -.infinity || steps == 0 { return self[0..<0].sum() }
      let states = 2 * labels.count + 1
      let path = (0..<states).map { (state: Int) -> Int in state % 2 == 1 ? labels[state / 2] : given.blank }
      let skips = (0..<states).map { (state: Int) -> Bool in
        if state % 2 == 0 || state == 1 { return false }
        return labels[state / 2] != labels[state / 2 - 1]
      }
      func shifted(_ x: Tensor, by k: Int) -> Tensor {
        let room = Tensor.full([Swift.min(k, states)], never)
        return states > k ? .concatenated([room, x[0..<states - k]]) : room
      }
      let starts = Tensor<Bool>((0..<states).map { $0 < 2 }), skip = Tensor<Bool>(skips)
      var ways = self[0, sequence][path].where(starts, else: never)
      for step in 1..<Swift.max(steps, 1) {
        let parts = [ways, shifted(ways, by: 1), shifted(ways, by: 2).where(skip, else: never)]
        ways = logAdd(parts) + self[step, sequence][path]
      }
      return -logAdd(states > 1 ? [ways[states - 1], ways[states - 2]] : [ways[0]])
    }
    return .stacked(losses)
  }
}
