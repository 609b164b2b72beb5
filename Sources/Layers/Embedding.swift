public import MartletCore

/// A table of vectors, looked up by index: `[…] → […, dimensions]`.
public final class Embedding<Element: DifferentiableScalar>: Layer {
  /// The vectors, `[count, dimensions]`.
  public let weight: Tensor<Element>
  /// The index whose vector gets no gradient, or nil.
  public let paddingIndex: Int?
  /// The norm to which vectors are scaled down when they are looked up, or nil.
  public let maxNorm: Double?
  /// The exponent of that norm, 2 for Euclid's.
  public let normType: Double
  /// Whether a lookup may scale the table's vectors to ``maxNorm``: true until ``Module/eval()``.
  @TrainingMode public var isTraining = true

  /// Vectors of standard normal numbers, as PyTorch starts them; that of `paddingIndex`, which is counted from the end
  /// where it is below 0, starts as zeros and gets no gradient.
  ///
  /// With `maxNorm`, vectors that are looked up and whose norm, Σ|x|ⁿ to the power of 1/n with n = `normType`, is larger
  /// are scaled to it: in training in the table, before they are looked up, in evaluation only in the output. A padding
  /// index out of range, and a norm or its type that is not above 0, is an error.
  public convenience init(
    _ count: Int, _ dimensions: Int, paddingIndex: Int? = nil, maxNorm: Double? = nil, normType: Double = 2,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(count: count, dimensions: dimensions, paddingIndex, maxNorm, normType, file, line)
  }

  fileprivate convenience init(
    count: Int, dimensions: Int, _ paddingIndex: Int?, _ maxNorm: Double?, _ normType: Double,
    _ file: StaticString, _ line: UInt
  ) {
    let weight = Tensor<Element>.normal([count, dimensions], file: file, line: line)
    if let paddingIndex, -count..<count ~= paddingIndex { weight[paddingIndex].fill(0) }
    self.init(
      weight: weight, paddingIndex: paddingIndex, maxNorm: maxNorm, normType: normType, file: file, line: line
    )
  }

  /// Takes a table of one's own, `[count, dimensions]`, and makes it a parameter. Another rank is an error; the rest is
  /// as for a table of random numbers.
  public init(
    weight: Tensor<Element>, paddingIndex: Int? = nil, maxNorm: Double? = nil, normType: Double = 2,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let count = weight.rank == 2 ? weight.shape[0] : 0
    if weight.rank != 2 {
      programError("Embedding", "weight \(weight.shape); [count, dimensions] is expected", file, line)
    } else if let paddingIndex, !(-count..<count ~= paddingIndex) {
      programError("Embedding", "padding index \(paddingIndex) of \(count) vectors", file, line)
    }
    if !(maxNorm ?? 1 > 0 && normType > 0) {
      programError(
        "Embedding", "maximal norm \(maxNorm.map { "\($0)" } ?? "none") of type \(normType); above 0", file,
        line)
    }
    self.weight = weight
    self.paddingIndex = paddingIndex.map { $0 < 0 ? $0 + count : $0 }
    (self.maxNorm, self.normType) = (maxNorm, normType)
    weight.requiresGrad = true
  }

  /// How it was made.
  public var configuration: String {
    listed(Array(weight.shape)) + (paddingIndex.map { ", paddingIndex: \($0)" } ?? "")
      + (maxNorm.map { ", maxNorm: \($0), normType: \(normType)" } ?? "")
  }

  /// The rows of the table that the indices name, `[…] → […, dimensions]`.
  ///
  /// Negative indices count from the end; one out of range is an error. Derivative: each gradient is added to the
  /// row that it is from, as often as the row was taken, but for that of the padding index.
  public func forward(_ indices: Tensor<Int>) -> Tensor<Element> {
    if let maxNorm, isTraining { renormalize(indices, maxNorm) }
    var rows = weight[indices]
    if let maxNorm, !isTraining { rows = rows.within(maxNorm, normType) }
    guard let paddingIndex, !rows.isFailed else { return rows }
    let learns = (indices .!= paddingIndex) .& (indices .!= paddingIndex - weight.shape[0])
    return learns.all() ? rows : rows.where(learns.expandedDims(axis: -1), else: rows.detached())
  }

  /// Scales the rows that are looked up and too long, in place.
  private func renormalize(_ indices: Tensor<Int>, _ maxNorm: Double) {
    noGrad {
      let rows = weight[indices.flattened()]
      if !rows.isFailed, rows.count > 0 { weight[indices.flattened()] = rows.within(maxNorm, normType) }
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Rows, the last axis, scaled down to a norm where theirs is larger. Derivative: `dx = g`, as if they were not scaled.
  fileprivate func within(_ maxNorm: Double, _ normType: Double) -> Tensor {
    if isFailed || count == 0 { return self }
    let scaled = noGrad {
      let sizes = abs()
      let norms =
        normType == .infinity
        ? sizes.max(axis: -1) : sizes.pow(Element(normType)).sum(axis: -1).pow(1 / Element(normType))
      // PyTorch's guard against a norm of 0.
      let factor = (Element(maxNorm) / (norms + Element(1e-7))).where(
        norms .> Element(maxNorm), else: Tensor(1))
      return self * factor.expandedDims(axis: -1)
    }
    return isRecording && requiresGrad ? scaled + (self - detached()) : scaled
  }
}

extension Embedding where Element == Float {
  /// Vectors of standard normal numbers, as PyTorch starts them; that of `paddingIndex`, which is counted from the end
  /// where it is below 0, starts as zeros and gets no gradient.
  ///
  /// With `maxNorm`, vectors that are looked up and whose norm, Σ|x|ⁿ to the power of 1/n with n = `normType`, is larger
  /// are scaled to it: in training in the table, before they are looked up, in evaluation only in the output. A padding
  /// index out of range, and a norm or its type that is not above 0, is an error.
  public convenience init(
    _ count: Int, _ dimensions: Int, paddingIndex: Int? = nil, maxNorm: Double? = nil, normType: Double = 2,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(count: count, dimensions: dimensions, paddingIndex, maxNorm, normType, file, line)
  }
}
