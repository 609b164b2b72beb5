import CKernels

/// The labels and lengths of a batch of sequences for connectionist temporal classification.
struct TemporalLabels {
  /// The labels of each sequence, and its number of steps.
  let labels: [[Int]], steps: [Int]
  let blank: Int

  func states(_ sequence: Int) -> Int { 2 * labels[sequence].count + 1 }

  fileprivate func withLabels<Result>(_ sequence: Int, _ body: (UnsafePointer<Int64>) -> Result) -> Result {
    // The added element ensures a base address even if there are no labels.
    (labels[sequence] + [0]).withUnsafeBufferPointer { numbers in
      numbers.withMemoryRebound(to: Int64.self) { body($0.baseAddress!) }
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Calls `body` for each sequence of these scores, `[steps, n, classes]`, with its index, its offset in
  /// bytes and the number of elements from step to step.
  private func eachSequence(_ body: (Int, Int, Int) -> Void) {
    let n = shape[1], classes = shape[2]
    Parallel.split(rows: n, of: 64 * shape[0] * classes) { range in
      for sequence in range { body(sequence, sequence * classes * MemoryLayout<Element>.stride, n * classes) }
    }
  }

  /// Returns the log-likelihood of each sequence's labels under these log-probabilities, `[steps, n,
  /// classes]`. The operation is not recorded.
  func temporalLikelihoods(_ given: TemporalLabels) -> [Double] {
    let x = contiguous()
    var likelihoods = [Double](repeating: 0, count: shape[1])
    if x.isFailed { return likelihoods }
    let loop = Element.kernels.loops.pointee.temporal.likelihood!
    likelihoods.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      x.eachSequence { sequence, start, stride in
        let steps = given.steps[sequence]
        withUnsafeTemporaryAllocation(of: Double.self, capacity: steps * given.states(sequence) + 1) {
          forward in
          results[sequence] = given.withLabels(sequence) {
            loop(
              x.address + start, stride, steps, $0, given.labels[sequence].count, Int64(given.blank),
              forward.baseAddress!)
          }
        }
      }
    }
    return likelihoods
  }

  /// Returns the gradient of the losses with respect to these log-probabilities, times a factor for each
  /// sequence.
  func temporalGradient(_ given: TemporalLabels, _ factors: [Double]) -> Tensor {
    let x = contiguous(), result = Tensor.zeroed(shape)
    if x.isFailed || result.isFailed { return x.isFailed ? x : result }
    let loops = Element.kernels.loops.pointee.temporal
    x.eachSequence { sequence, start, stride in
      let steps = given.steps[sequence], states = given.states(sequence), labels = given.labels[sequence]
      withUnsafeTemporaryAllocation(of: Double.self, capacity: (steps + 2) * states) { room in
        let forward = room.baseAddress!, rest = forward + steps * states
        given.withLabels(sequence) {
          let likelihood = loops.likelihood(
            x.address + start, stride, steps, $0, labels.count, Int64(given.blank), forward)
          loops.gradient(
            x.address + start, result.address + start, stride, steps, $0, labels.count, Int64(given.blank),
            forward, rest, likelihood, factors[sequence])
        }
      }
    }
    return result
  }
}
