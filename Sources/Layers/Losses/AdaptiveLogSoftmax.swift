public import MartletCore

/// The adaptive softmax of many classes with its loss (Grave et al. 2017, arXiv:1609.04309): an efficient
/// stand-in for a linear layer and the cross-entropy if few classes are frequent.
///
/// Classes are numbered from the most frequent one. The cutoffs divide them into the frequent ones, which
/// the head scores, and clusters of rarer ones. The head scores each cluster too, and the tail the classes
/// within it, by two maps through `inputs / divisorⁱ` numbers for cluster i, counted from 1. A class of a
/// cluster has the product of both probabilities. Parameters are named `head.weight`, `head.bias`,
/// `tail.0.0.weight` and `tail.0.1.weight`.
///
/// ```swift
/// let criterion = AdaptiveLogSoftmaxWithLoss(inputs: 16, classes: 1000, cutoffs: [50, 200])
/// let x = Tensor<Float>.normal([4, 16])
/// let loss = criterion(x, Tensor<Int>([3, 999, 0, 120])).loss
/// loss.backward()
/// ```
public final class AdaptiveLogSoftmaxWithLoss<Element: DifferentiableScalar>: Module {
  private typealias Chain = Sequential<Tensor<Element>, Tensor<Element>>

  private let head: Linear<Element>, tail: [Chain]
  /// The first class of each cluster.
  public let cutoffs: [Int]
  /// The number of inputs, and of classes.
  public let inputs: Int, classes: Int
  private let divisor: Double

  /// Creates a softmax over `classes` for rows of `inputs` numbers.
  ///
  /// Cutoffs that do not increase within 1..<classes are an error, and so are no cutoffs and a divisor
  /// below 1.
  @_disfavoredOverload
  public convenience init(
    inputs: Int, classes: Int, cutoffs: [Int], divisor: Double = 4, headBias: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs, classes, cutoffs, divisor, headBias, file, line)
  }

  fileprivate init(
    _ inputs: Int, _ classes: Int, _ cutoffs: [Int], _ divisor: Double, _ headBias: Bool,
    _ file: StaticString,
    _ line: UInt
  ) {
    let isIncreasing = zip([0] + cutoffs, cutoffs + [classes]).allSatisfy { $0 < $1 }
    let fits = !cutoffs.isEmpty && isIncreasing && divisor >= 1 && divisor.isFinite
    if !fits {
      programError(
        "AdaptiveLogSoftmaxWithLoss",
        "the cutoffs \(cutoffs) and the divisor \(divisor) are not valid; the cutoffs must increase within 1..<\(classes), and the divisor be at least 1",
        file, line)
    }
    (self.inputs, self.classes, self.divisor) = (inputs, classes, divisor)
    self.cutoffs = fits ? cutoffs : []
    let cutoffs = self.cutoffs
    head = Linear(inputs, (cutoffs.first ?? classes) + cutoffs.count, bias: headBias, file: file, line: line)
    var width = Double(inputs)
    tail = zip(cutoffs, cutoffs.dropFirst() + [classes]).map { first, end in
      width /= divisor
      return Chain([
        Linear(inputs, Int(width), bias: false, file: file, line: line),
        Linear(Int(width), end - first, bias: false, file: file, line: line),
      ])
    }
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    "inputs: \(inputs), classes: \(classes), cutoffs: \(cutoffs)"
      + (divisor == 4 ? "" : ", divisor: \(divisor)")
      + (head.bias == nil ? "" : ", headBias: true")
  }

  /// The number of classes that the head scores.
  private var frequent: Int { cutoffs.first ?? classes }

  /// Returns the log-probability of each row's label, and the mean of their negatives. Rows are
  /// `[n, inputs]` with labels `[n]`, or one row `[inputs]` with a label `[]`.
  ///
  /// Only the clusters that the labels need are computed. Other shapes are an error, and so is a label
  /// outside of 0 ..< classes.
  public func callAsFunction(
    _ x: Tensor<Element>, _ labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> (output: Tensor<Element>, loss: Tensor<Element>) {
    scoped {
      if let failed = refusal(of: x, labels, file, line) { return (failed, failed) }
      let rows = x.rank == 1 ? x.expandedDims(axis: 0) : x, all = labels.scalars
      let clusters = all.map { label in cutoffs.lastIndex { $0 <= label } }
      let scored = zip(all, clusters).map { label, cluster in cluster.map { frequent + $0 } ?? label }
      var losses = head(rows).crossEntropy(Tensor<Int>(scored), reduction: .none)
      for (cluster, chain) in tail.enumerated() {
        let own = all.indices.filter { clusters[$0] == cluster }
        if own.isEmpty { continue }
        let places = Tensor<Int>(own), inner = Tensor<Int>(own.map { all[$0] - cutoffs[cluster] })
        losses = losses.scatterAdded(
          places, chain(rows[places]).crossEntropy(inner, reduction: .none), axis: 0)
      }
      let output = -losses
      return (x.rank == 1 ? output.squeezed(axis: 0) : output, losses.mean())
    }
  }

  /// Returns the log-probabilities of all classes, `[n, inputs] → [n, classes]`. Another shape is an error.
  public func logProbabilities(
    _ x: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    scoped {
      if let failed = refusal(of: x, nil, file, line) { return failed }
      let scores = head(x).logSoftmax(axis: 1)
      let clusters = tail.enumerated().map { cluster, chain in
        chain(x).logSoftmax(axis: 1) + scores[.all, frequent + cluster..<frequent + cluster + 1]
      }
      return .concatenated([scores[.all, 0..<frequent]] + clusters, axis: 1)
    }
  }

  /// Returns the most probable class of each row, `[n, inputs] → [n]`. Clusters are computed only for rows
  /// whose best score in the head is a cluster's. Another shape is an error.
  public func predictions(
    _ x: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    noGrad {
      if let failed = refusal(of: x, nil, file, line) { return Tensor<Int>(failed) }
      var best = scoped { head(x).argmax(axis: 1).scalars }
      let open = best.indices.filter { best[$0] >= frequent }
      if open.isEmpty { return Tensor(best) }
      let further = logProbabilities(x[Tensor<Int>(open)], file: file, line: line).argmax(axis: 1).scalars
      for (row, label) in zip(open, further) { best[row] = label }
      return Tensor(best)
    }
  }

  /// Returns a failed tensor if rows or labels do not fit, else nil. Without labels there is a batch.
  private func refusal(
    of x: Tensor<Element>, _ labels: Tensor<Int>?, _ file: StaticString, _ line: UInt
  ) -> Tensor<Element>? {
    let name = "AdaptiveLogSoftmaxWithLoss"
    if x.isFailed { return x }
    if let labels, labels.isFailed { return Tensor<Element>(labels) }
    let rows = Array(x.shape.dropLast())
    guard x.rank == 2 || x.rank == 1 && labels != nil, x.shape[-1] == inputs,
      labels.map({ Array($0.shape) == rows }) ?? true
    else {
      let given = labels.map { " and labels of shape \($0.shape)" } ?? ""
      return .failed(
        name,
        "inputs of shape \(x.shape)\(given) do not fit; they must be [n, \(inputs)]\(labels == nil ? "" : " and [n]")",
        file, line)
    }
    guard let wrong = labels?.scalars.first(where: { $0 < 0 || $0 >= classes }) else { return nil }
    return .failed(name, "label \(wrong) is outside 0 ..< \(classes)", file, line)
  }
}

extension AdaptiveLogSoftmaxWithLoss where Element == Float {
  /// Creates a softmax over `classes` for rows of `inputs` numbers of the type `Float`.
  ///
  /// Cutoffs that do not increase within 1..<classes are an error, and so are no cutoffs and a divisor
  /// below 1.
  public convenience init(
    inputs: Int, classes: Int, cutoffs: [Int], divisor: Double = 4, headBias: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs, classes, cutoffs, divisor, headBias, file, line)
  }
}
