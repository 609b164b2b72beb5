/// The order in which the operands of a sum of products are multiplied, two at a time.
struct ContractionPlan {
  let output: LabelSet
  /// The extent of each label.
  let extents: [Int]

  /// The largest number of operands for which all orders are compared.
  private static let mostCompared = 5

  /// Returns the labels of a product that the output or another operand has, too.
  func kept(_ labels: LabelSet, beside others: [LabelSet]) -> LabelSet {
    labels & others.reduce(output, |)
  }

  /// Returns the pairs of operands to multiply, by their places among those that are left. The product of a
  /// pair takes its place at the end. Returns nil if an order without products that are too large is not found.
  func steps(_ operands: [LabelSet]) -> [(Int, Int)]? { cheapest(operands, below: .infinity)?.steps }

  /// Returns the order with the least cost, or nil if no order costs less than a limit.
  private func cheapest(
    _ operands: [LabelSet], below limit: Double
  ) -> (cost: Double, steps: [(Int, Int)])? {
    if operands.count < 2 { return (0, []) }
    var best: (cost: Double, steps: [(Int, Int)])?
    for (i, j) in candidates(operands) {
      var rest = operands
      let b = rest.remove(at: j), a = rest.remove(at: i), kept = kept(a | b, beside: rest)
      let cost = cost(a, b, kept), limit = best?.cost ?? limit
      if cost >= limit { continue }
      rest.append(kept)
      if let later = cheapest(rest, below: limit - cost) {
        best = (cost + later.cost, [(i, j)] + later.steps)
      }
    }
    return best
  }

  /// Returns the pairs that may be multiplied next: all, or the cheapest one of many operands.
  private func candidates(_ operands: [LabelSet]) -> [(Int, Int)] {
    let pairs = (1..<operands.count).flatMap { j in (0..<j).map { ($0, j) } }
    if operands.count <= Self.mostCompared { return pairs }
    let uses = LabelUses(operands)
    let costs = pairs.map { cost(operands[$0], operands[$1], uses) }
    return [pairs[costs.indices.min { costs[$0] < costs[$1] }!]]
  }

  private func count(_ labels: LabelSet) -> Double { labels.reduce(1) { $0 * Double(extents[$1]) } }

  /// Returns the number of multiplications of a product; infinite for too many axes, and for matrices that
  /// BLAS cannot count.
  private func cost(_ a: LabelSet, _ b: LabelSet, _ kept: LabelSet) -> Double {
    let inner = (a & b) - kept, sides = [(a & kept) - b, (b & kept) - a, inner]
    let fitsBLAS = inner.isEmpty || sides.allSatisfy { count($0) <= Double(BLAS.largestSize) }
    let isPossible = kept.count <= TensorShape.maximumRank && fitsBLAS
    return isPossible ? count((a & b) | kept) : .infinity
  }

  /// Returns the cost of a product among others. One without a common label counts as more expensive than any
  /// that has one.
  private func cost(_ a: LabelSet, _ b: LabelSet, _ uses: LabelUses) -> Double {
    let cost = cost(a, b, (a | b) & (output | uses.beside(a, b)))
    return (a & b).isEmpty ? cost * 0x1p512 : cost
  }
}

/// The labels that at least one, two and three operands have.
private struct LabelUses {
  private var once = LabelSet.none, twice = LabelSet.none, thrice = LabelSet.none

  init(_ operands: [LabelSet]) {
    for labels in operands {
      thrice = thrice | (twice & labels)
      twice = twice | (once & labels)
      once = once | labels
    }
  }

  /// Returns the labels of all operands but two.
  func beside(_ a: LabelSet, _ b: LabelSet) -> LabelSet {
    thrice | (twice - (a & b)) | (once - (a | b))
  }
}
