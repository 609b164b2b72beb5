import MartletCore
public import MartletData
public import MartletLayers

extension Standardizer {
  /// Creates a layer of the means and the deviations of a dataset's inputs. No rows are an error.
  ///
  /// ```swift
  /// let table = try Table(csv: "iris.csv")
  /// let data = try table.dataset(target: .category("species"))
  /// let model = Sequential {
  ///   Standardizer(fittedTo: data)
  ///   Linear(data.featureCount, data.classes.count)
  /// }
  /// print(model)
  /// ```
  public convenience init<Target>(
    fittedTo data: TensorDataset<Element, Target>, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(fittedTo: data.inputs.all, file: file, line: line)
  }
}

extension MinMaxScaler {
  /// Creates a layer of the extremes of a dataset's inputs. No rows are an error.
  public convenience init<Target>(
    fittedTo data: TensorDataset<Element, Target>, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(fittedTo: data.inputs.all, file: file, line: line)
  }
}

extension Imputer {
  /// Creates a layer of a statistic of a dataset's inputs. No rows, and a feature without values, are an
  /// error.
  ///
  /// ```swift
  /// let table = try Table(csv: "titanic.csv", columns: ["age", "fare", "survived"])
  /// let data = try table.dataset(target: .category("survived"), missing: .kept)
  /// let imputer = Imputer(fittedTo: data, by: .median)
  /// print(imputer.values)
  /// ```
  public convenience init<Target>(
    fittedTo data: TensorDataset<Element, Target>, by statistic: Statistic = .mean,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(fittedTo: data.inputs.all, by: statistic, file: file, line: line)
  }
}
