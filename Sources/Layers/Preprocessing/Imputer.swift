public import MartletCore

/// A layer that replaces NaN, which stands for a missing value, by a number for each feature, `[…,
/// features]`.
///
/// The numbers are a buffer: they are not trained, and travel in the model's file. Fit the layer to the
/// training set only.
///
/// ```swift
/// let rows = Tensor<Float>([[1, 10], [.nan, 30], [3, .nan]])
/// let imputer = Imputer(fittedTo: rows, by: .mean)
/// print(imputer(rows))  // [[1, 10], [2, 30], [3, 20]]
/// ```
public final class Imputer<Element: DifferentiableScalar>: Layer {
  /// The statistic of a feature that replaces its missing values.
  ///
  /// ```swift
  /// let rows = Tensor<Float>([[1], [.nan], [3], [8]])
  /// for statistic in [Imputer<Float>.Statistic.mean, .median] {
  ///   print(Imputer(fittedTo: rows, by: statistic).values)  // [4], then [3]
  /// }
  /// ```
  public enum Statistic: Sendable {
    /// The mean of the values that are not missing.
    case mean
    /// Their median: of an even number of values, the mean of the two in the middle.
    case median
  }

  /// The replacement of each feature, `[features]`.
  @Buffer public private(set) var values: Tensor<Element>

  /// Creates a layer that replaces NaN by a number for each feature, `[features]`. Another rank is an error.
  public init(values: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line) {
    if !values.isFailed, values.rank != 1 {
      programError(
        "Imputer", "values of shape \(values.shape) do not fit; the shape must be [features]", file, line)
    }
    self.values = values.detached().cloned()
  }

  /// Creates a layer of a statistic of rows, `[…, features]`. No rows, and a feature without values, are an
  /// error.
  public init(
    fittedTo rows: Tensor<Element>, by statistic: Statistic = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    values = noGrad {
      let rows = flatRows(rows, "Imputer", file, line)
      let values = statistic == .mean ? rows.nanMean(axis: 0) : rows.nanQuantile(0.5, axis: 0)
      if !values.isFailed, let empty = values.isNaN.scalars.firstIndex(of: true) {
        programError(
          "Imputer", "feature \(empty) has no values, and so no \(statistic); leave the feature out", file,
          line)
      }
      return values
    }
  }

  /// The number of features, as `print(model)` shows it.
  public var configuration: String { "features: \(values.count)" }

  /// Returns the input without NaN, `[…, features] → […, features]`. Another last extent is an error.
  ///
  /// Derivative: g, 0 where NaN was replaced.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkFeatures(x, values.count, "Imputer")
    return x.where(!x.isNaN, else: values)
  }
}
