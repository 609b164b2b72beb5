import CKernels

/// The labels and lengths of a batch of sequences for connectionist temporal classification.
package struct TemporalLabels {
  /// The labels of each sequence, and its number of steps.
  package let labels: [[Int]], steps: [Int]
  /// The class of the blank.
  package let blank: Int

  package init(labels: [[Int]], steps: [Int], blank: Int) {
    (self.labels, self.steps, self.blank) = (labels, steps, blank)
  }

  /// Returns the number of states of a sequence: its labels, with a blank before, between and after them.
  fileprivate func states(_ sequence: Int) -> Int { 2 * labels[sequence].count + 1 }

  /// Returns the largest number of states that a sequence has in its steps and `more` further steps, at least
  /// 1.
  fileprivate func mostStates(stepsPlus more: Int) -> Int {
    var most = 1
    for sequence in labels.indices { most = max(most, steps[sequence].plus(more).times(states(sequence))) }
    return most
  }

  fileprivate func withLabels(_ sequence: Int, _ body: (UnsafePointer<Int64>) -> Void) {
    // The added element ensures a base address even if there are no labels.
    (labels[sequence] + [0]).withUnsafeBufferPointer { numbers in
      numbers.withMemoryRebound(to: Int64.self) { body($0.baseAddress!) }
    }
  }
}

/// Connectionist temporal classification of log-probabilities `[steps, n, classes]` in row-major order.
package enum TemporalClassificationKernels {
  /// Computes the log-likelihood of each sequence's labels, `[n]` of the type `Double`.
  package static func likelihoods(
    _ x: Operand, _ given: TemporalLabels, into y: Operand
  ) throws(OutOfMemory) {
    let loop = x.loops.pointee.temporal.likelihood!
    let results = y.address.assumingMemoryBound(to: Double.self)
    try eachSequence(x, states: given.mostStates(stepsPlus: 0)) { sequence, start, stride, forward in
      given.withLabels(sequence) {
        results[sequence] = loop(
          x.at(start), stride, given.steps[sequence], $0, given.labels[sequence].count, Int64(given.blank),
          forward)
      }
    }
  }

  /// Adds the gradient of each sequence's loss, times the sequence's factor, to `dx`.
  package static func addGradient(
    _ x: Operand, _ given: TemporalLabels, _ factors: [Double], into dx: Operand
  ) throws(OutOfMemory) {
    let loops = x.loops.pointee.temporal
    try eachSequence(x, states: given.mostStates(stepsPlus: 2)) { sequence, start, stride, forward in
      let steps = given.steps[sequence], count = given.labels[sequence].count, blank = Int64(given.blank)
      let backward = forward + steps * given.states(sequence)
      given.withLabels(sequence) {
        let likelihood = loops.likelihood(x.at(start), stride, steps, $0, count, blank, forward)
        loops.gradient(
          x.at(start), dx.at(start), stride, steps, $0, count, blank, forward, backward, likelihood,
          factors[sequence])
      }
    }
  }

  /// Calls `body` for each sequence, with its index, the index of its first element, the number of elements
  /// from step to step, and scratch memory for `states` states.
  private static func eachSequence(
    _ x: Operand, states: Int, _ body: (Int, Int, Int, UnsafeMutablePointer<Double>) -> Void
  ) throws(OutOfMemory) {
    let n = x.extent(1), classes = x.extent(2)
    let work = Tuning.temporalCost.times(x.extent(0).times(classes))
    try Parallel.split(
      n, grain: max(1, Tuning.leastElements / max(1, work)), scratch: states.times(ElementType.f64.size)
    ) { range, memory in
      let memory = memory.assumingMemoryBound(to: Double.self)
      for sequence in range { body(sequence, sequence * classes, n * classes, memory) }
    }
  }
}
