public import MartletCore

/// A layer that replaces features of categories by a feature for each level, which is 1 for the value's level
/// and else 0: `[…, features] → […, outputs]`. A value that is no level, such as NaN, becomes zeros.
///
/// The levels are buffers: they are not trained, and travel in the model's file. The other features stay as
/// they are, and the order of the features is kept.
///
/// ```swift
/// let rows = Tensor<Float>([[0.5, 2], [0.1, 7], [0.9, 2]])
/// let encode = OneHot(fittedTo: rows, features: [1])
/// print(encode(rows))  // [[0.5, 1, 0], [0.1, 0, 1], [0.9, 1, 0]]
/// ```
public final class OneHot<Element: DifferentiableScalar>: Layer {
  /// The input feature from which each output is made, `[outputs]`.
  @Buffer public private(set) var sources: Tensor<Int>
  /// The level for which each output is 1, `[outputs]`; NaN for an output that is the feature itself.
  @Buffer public private(set) var levels: Tensor<Element>
  private let features: Int

  /// Creates a layer for `features` features, of which some are codes: `codes` is the number of codes of such
  /// a feature, counted from 0.
  ///
  /// ```swift
  /// let encode = OneHot(features: 2, codes: [0: 3])
  /// print(encode(Tensor([[2, 0.5]])))  // [[0, 0, 1, 0.5]]
  /// ```
  ///
  /// A feature out of range, and a negative number of codes, are an error.
  public convenience init(
    features: Int, codes: [Int: Int], file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(count: features, codes: codes, file, line)
  }

  fileprivate convenience init(count: Int, codes: [Int: Int], _ file: StaticString, _ line: UInt) {
    _ = featureShape(count, "OneHot", file, line)
    if let wrong = codes.first(where: { $0.value < 0 }) {
      programError(
        "OneHot", "feature \(wrong.key) has \(wrong.value) codes; it must have at least 0", file, line)
    }
    self.init(
      features: max(count, 0), levels: codes.mapValues { (0..<max($0, 0)).map { Element($0) } }, file, line)
  }

  /// Creates a layer whose levels are the different values of some features in rows, `[…, features]`, in
  /// order. NaN is no level. No rows, and a feature out of range, are an error.
  public convenience init(
    fittedTo rows: Tensor<Element>, features: [Int], file: StaticString = #fileID, line: UInt = #line
  ) {
    let rows = flatRows(rows, "OneHot", file, line)
    var levels: [Int: [Element]] = [:]
    for feature in features {
      let isInRange = 0..<(rows.isFailed ? 0 : rows.shape[1]) ~= feature
      levels[feature] = isInRange ? rows[.all, feature].unique().values.scalars.filter { !$0.isNaN } : []
    }
    self.init(features: rows.isFailed ? 0 : rows.shape[1], levels: levels, file, line)
  }

  private init(features: Int, levels: [Int: [Element]], _ file: StaticString, _ line: UInt) {
    if let wrong = levels.keys.filter({ !(0..<features).contains($0) }).min() {
      programError("OneHot", "feature \(wrong) is out of range for \(features) features", file, line)
    }
    let outputs = (0..<features).flatMap { feature in
      (levels[feature] ?? [.nan]).map { (source: feature, level: $0) }
    }
    self.features = features
    sources = Tensor(outputs.map(\.source))
    self.levels = Tensor(outputs.map(\.level))
  }

  /// The numbers of features and outputs, as `print(model)` shows them.
  public var configuration: String { "features: \(features), outputs: \(levels.count)" }

  /// Returns the features with categories encoded, `[…, features] → […, outputs]`. Another last extent is an
  /// error.
  ///
  /// Derivative: g for features that stay, 0 for categories.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkFeatures(x, features, "OneHot")
    let values = x[.ellipsis, sources]
    return values.where(levels.isNaN, else: Tensor<Element>(values .== levels))
  }
}

extension OneHot where Element == Float {
  /// Creates a layer for `features` features, of which some are codes: `codes` is the number of codes of such
  /// a feature, counted from 0.
  ///
  /// ```swift
  /// let encode = OneHot(features: 2, codes: [0: 3])
  /// print(encode(Tensor([[2, 0.5]])))  // [[0, 0, 1, 0.5]]
  /// ```
  ///
  /// A feature out of range, and a negative number of codes, are an error.
  public convenience init(
    features: Int, codes: [Int: Int], file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(count: features, codes: codes, file, line)
  }
}
