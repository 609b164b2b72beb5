public import MartletCore

/// A table of vectors that are looked up by index: `[…] → […, dimensions]`.
///
/// ```swift
/// let embedding = Embedding(1000, 64, paddingIndex: 0)
/// let words = Tensor<Int>([[5, 17, 2], [9, 0, 0]])
/// let vectors = embedding(words)  // [2, 3, 64]
/// ```
public final class Embedding<Element: DifferentiableScalar>: Layer {
  /// The vectors, `[count, dimensions]`.
  public let weight: Tensor<Element>
  /// The index whose vector gets no gradient, or nil.
  public let paddingIndex: Int?
  /// The largest norm, or nil. A vector with a larger norm is scaled down to it when it is looked up.
  public let maxNorm: Double?
  /// The exponent of the norm; 2 is the Euclidean norm.
  public let normType: Double
  /// A Boolean value that tells whether a lookup may scale the table's vectors to
  /// ``maxNorm``; true until ``Module/eval()``.
  @TrainingMode public var isTraining = true

  /// Creates a table of standard normal numbers, as PyTorch does. The vector of `paddingIndex` starts as
  /// zeros and gets no gradient. A negative `paddingIndex` counts from the end.
  ///
  /// With `maxNorm`, a vector that is looked up is scaled down to this norm if its own norm is larger. The
  /// norm is Σ|x|ⁿ to the power of 1/n, with n = `normType`. In training the vector is scaled in the table,
  /// before the lookup; in evaluation only the output is scaled. A padding index out of range is an error,
  /// and so is a norm or its type that is not above 0.
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

  /// Creates a layer with a given table, `[count, dimensions]`, and makes the table a parameter. A table of
  /// another rank is an error. The other arguments have the same meaning as for a table of random numbers.
  ///
  /// The layer takes the table as it is: the vector of `paddingIndex` is not set to zeros.
  public init(
    weight: Tensor<Element>, paddingIndex: Int? = nil, maxNorm: Double? = nil, normType: Double = 2,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let count = weight.rank == 2 ? weight.shape[0] : 0
    if weight.rank != 2 {
      programError(
        "Embedding", "the weight must have the shape [count, dimensions], not \(weight.shape)", file, line)
    } else if let paddingIndex, !(-count..<count ~= paddingIndex) {
      programError(
        "Embedding", "the padding index \(paddingIndex) is out of range for \(count) vectors", file, line)
    }
    if !(maxNorm ?? 1 > 0 && normType > 0) {
      programError(
        "Embedding",
        "the maximal norm \(maxNorm.map { "\($0)" } ?? "none") and its type \(normType) must be above 0",
        file,
        line)
    }
    self.weight = weight
    self.paddingIndex = paddingIndex.map { $0 < 0 ? $0 + count : $0 }
    (self.maxNorm, self.normType) = (maxNorm, normType)
    weight.requiresGrad = true
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    listed(Array(weight.shape)) + (paddingIndex.map { ", paddingIndex: \($0)" } ?? "")
      + (maxNorm.map { ", maxNorm: \($0), normType: \(normType)" } ?? "")
  }

  /// Returns the rows of the table at the indices, `[…] → […, dimensions]`.
  ///
  /// A negative index counts from the end. An index out of range is an error. Derivative: the gradient of
  /// each output row is added to the table row that it was taken from. The row of the padding index gets no
  /// gradient.
  public func forward(_ indices: Tensor<Int>) -> Tensor<Element> {
    if let maxNorm, isTraining { renormalize(indices, maxNorm) }
    var rows = weight[indices]
    if let maxNorm, !isTraining { rows = rows.within(maxNorm, normType) }
    guard let paddingIndex, !rows.isFailed else { return rows }
    let learns = (indices .!= paddingIndex) .& (indices .!= paddingIndex - weight.shape[0])
    return learns.all() ? rows : rows.where(learns.expandedDims(axis: -1), else: rows.detached())
  }

  /// Scales the rows that are looked up down to `maxNorm`, in place.
  private func renormalize(_ indices: Tensor<Int>, _ maxNorm: Double) {
    noGrad {
      let rows = weight[indices.flattened()]
      if !rows.isFailed, rows.count > 0 { weight[indices.flattened()] = rows.within(maxNorm, normType) }
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the rows, along the last axis, scaled down to `maxNorm` if their norm is larger. Derivative:
  /// `dx = g`, as if they were not scaled.
  fileprivate func within(_ maxNorm: Double, _ normType: Double) -> Tensor {
    if isFailed || count == 0 { return self }
    let scaled = noGrad {
      let sizes = abs()
      let norms =
        normType == .infinity
        ? sizes.max(axis: -1) : sizes.pow(Element(normType)).sum(axis: -1).pow(1 / Element(normType))
      // PyTorch adds 1e-7 too, against a norm of 0.
      let factor = (Element(maxNorm) / (norms + Element(1e-7))).where(
        norms .> Element(maxNorm), else: Tensor(1))
      return self * factor.expandedDims(axis: -1)
    }
    return isRecording && requiresGrad ? scaled + (self - detached()) : scaled
  }
}

extension Embedding where Element == Float {
  /// Creates a table of standard normal numbers, as PyTorch does. The vector of `paddingIndex` starts as
  /// zeros and gets no gradient. A negative `paddingIndex` counts from the end.
  ///
  /// With `maxNorm`, a vector that is looked up is scaled down to this norm if its own norm is larger. The
  /// norm is Σ|x|ⁿ to the power of 1/n, with n = `normType`. In training the vector is scaled in the table,
  /// before the lookup; in evaluation only the output is scaled. A padding index out of range is an error,
  /// and so is a norm or its type that is not above 0.
  public convenience init(
    _ count: Int, _ dimensions: Int, paddingIndex: Int? = nil, maxNorm: Double? = nil, normType: Double = 2,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(count: count, dimensions: dimensions, paddingIndex, maxNorm, normType, file, line)
  }
}
