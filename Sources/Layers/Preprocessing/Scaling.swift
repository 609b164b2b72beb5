public import MartletCore

/// A layer that shifts and scales each feature to mean 0 and deviation 1, `[…, features]`:
/// `y = (x − mean) / deviation`.
///
/// Mean and deviation are buffers: they are not trained, and travel in the model's file. Fit the layer to the
/// training set only.
///
/// ```swift
/// let x = Tensor<Float>.normal([100, 4]) * 3 + 5
/// let model = Sequential {
///   Standardizer(fittedTo: x)
///   Linear(4, 2)
/// }
/// print(model(x).shape)  // [100, 2]
/// ```
public final class Standardizer<Element: DifferentiableScalar>: Layer {
  /// The mean of each feature, `[features]`.
  @Buffer public private(set) var mean: Tensor<Element>
  /// The deviation of each feature, `[features]`; 1 for a feature that is constant.
  @Buffer public private(set) var deviation: Tensor<Element>

  /// Creates a layer of mean 0 and deviation 1, which a file may replace.
  public convenience init(features: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(count: features, file, line)
  }

  fileprivate init(count: Int, _ file: StaticString, _ line: UInt) {
    let shape = featureShape(count, "Standardizer", file, line)
    (mean, deviation) = (.zeros(shape), .ones(shape))
  }

  /// Creates a layer of the means and the deviations of rows, `[…, features]`. NaN is left out; a feature
  /// without values keeps mean 0 and deviation 1. No rows are an error.
  ///
  /// The deviation is that of the rows themselves: the sum of squares is divided by their number.
  public init(fittedTo rows: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line) {
    (mean, deviation) = noGrad {
      let rows = flatRows(rows, "Standardizer", file, line)
      let mean = rows.nanMean(axis: 0).nanToNum()
      let deviation = ((rows - mean) * (rows - mean)).nanMean(axis: 0).sqrt()
      return (mean, deviation.where(deviation > 0, else: 1))
    }
  }

  /// The number of features, as `print(model)` shows it.
  public var configuration: String { "features: \(mean.count)" }

  /// Returns `(x − mean) / deviation`, `[…, features] → […, features]`. Another last extent is an error.
  ///
  /// Derivative: `dx = g / deviation`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkFeatures(x, mean.count, "Standardizer")
    return (x - mean) / deviation
  }
}

extension Standardizer where Element == Float {
  /// Creates a layer of mean 0 and deviation 1, which a file may replace.
  public convenience init(features: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(count: features, file, line)
  }
}

/// A layer that shifts and scales each feature so that the rows to which it was fitted lie in 0...1,
/// `[…, features]`: `y = (x − minimum) / range`.
///
/// Minimum and range are buffers: they are not trained, and travel in the model's file. Other rows may lie
/// outside of 0...1.
///
/// ```swift
/// let scaler = MinMaxScaler(fittedTo: Tensor<Float>([[1, 10], [3, 50]]))
/// print(scaler(Tensor([[2, 10]])))  // [[0.5, 0]]
/// ```
public final class MinMaxScaler<Element: DifferentiableScalar>: Layer {
  /// The least value of each feature, `[features]`.
  @Buffer public private(set) var minimum: Tensor<Element>
  /// The largest value of each feature minus the least, `[features]`; 1 for a feature that is constant.
  @Buffer public private(set) var range: Tensor<Element>

  /// Creates a layer of minimum 0 and range 1, which a file may replace.
  public convenience init(features: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(count: features, file, line)
  }

  fileprivate init(count: Int, _ file: StaticString, _ line: UInt) {
    let shape = featureShape(count, "MinMaxScaler", file, line)
    (minimum, range) = (.zeros(shape), .ones(shape))
  }

  /// Creates a layer of the extremes of rows, `[…, features]`. NaN is left out; a feature without values
  /// keeps minimum 0 and range 1. No rows are an error.
  public init(fittedTo rows: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line) {
    (minimum, range) = noGrad {
      let rows = flatRows(rows, "MinMaxScaler", file, line)
      let least = rows.nanMin(axes: [0]), range = rows.nanMax(axes: [0]) - least
      return (least.where(range >= 0, else: 0), range.where(range > 0, else: 1))
    }
  }

  /// The number of features, as `print(model)` shows it.
  public var configuration: String { "features: \(minimum.count)" }

  /// Returns `(x − minimum) / range`, `[…, features] → […, features]`. Another last extent is an error.
  ///
  /// Derivative: `dx = g / range`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkFeatures(x, minimum.count, "MinMaxScaler")
    return (x - minimum) / range
  }
}

extension MinMaxScaler where Element == Float {
  /// Creates a layer of minimum 0 and range 1, which a file may replace.
  public convenience init(features: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(count: features, file, line)
  }
}

/// Returns the shape of a buffer with a number for each feature, and reports a negative number of features.
func featureShape(_ count: Int, _ layer: String, _ file: StaticString, _ line: UInt) -> TensorShape {
  if count < 0 {
    programError(layer, "the number of features must be at least 0, not \(count)", file, line)
  }
  return [max(count, 0)]
}

/// Returns rows `[…, features]` as `[n, features]`, and reports rows that have no axis of features or are
/// none.
func flatRows<Element: DifferentiableScalar>(
  _ rows: Tensor<Element>, _ layer: String, _ file: StaticString, _ line: UInt
) -> Tensor<Element> {
  if rows.isFailed { return rows }
  guard rows.rank >= 2, rows.count > 0 else {
    programError(
      layer, "rows of shape \(rows.shape) cannot be fitted; the shape must be [n, features], with n above 0",
      file, line)
    return Tensor.zeros([1, 1])
  }
  return rows.detached().reshaped([-1, rows.shape[-1]])
}

/// Reports inputs whose last extent is not the number of features.
func checkFeatures<Element>(_ x: Tensor<Element>, _ count: Int, _ layer: String) {
  if x.isFailed || (x.rank > 0 && x.shape[-1] == count) { return }
  programError(layer, "inputs of shape \(x.shape) do not fit; the shape must be […, \(count)]")
}
