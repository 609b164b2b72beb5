import CKernels

/// The cross-entropy of rows of logits, and its gradient. No operand has gaps, and there is at least one
/// logit.
package enum CrossEntropyKernels {
  /// Computes the loss of each row of `logits` [n, classes] for its label. A label below 0 has the loss 0.
  /// `statistics` [n, 2] receives what ``gradient(_:_:_:_:into:)`` needs of each row.
  package static func losses(
    _ logits: Operand, _ labels: Operand, into losses: Operand, statistics: Operand
  ) {
    let rows = logits.extent(0), count = logits.extent(1), loop = logits.loops.pointee.crossEntropy!
    Parallel.split(rows: rows, of: 4 * count) { range in
      let first = range.lowerBound
      loop(
        logits.at(first * count), labels.indices + first, losses.at(first), statistics.at(2 * first),
        range.count, count)
    }
  }

  /// Computes the gradient of the logits from the gradients `g` [n] of the losses.
  package static func gradient(
    _ logits: Operand, _ labels: Operand, _ statistics: Operand, _ g: Operand, into dx: Operand
  ) {
    let rows = logits.extent(0), count = logits.extent(1)
    let loop = logits.loops.pointee.crossEntropyGradient!
    Parallel.split(rows: rows, of: 4 * count) { range in
      let first = range.lowerBound
      loop(
        logits.at(first * count), labels.indices + first, statistics.at(2 * first), g.at(first),
        dx.at(first * count), range.count, count)
    }
  }
}
