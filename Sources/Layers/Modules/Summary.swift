public import MartletCore

/// The modules of a model, with the shapes and costs of one run, as ``Layer/summary(input:file:line:)``
/// returns them.
///
/// `print` shows a summary as a table.
///
/// ```swift
/// let model = Sequential { Linear(784, 128); ReLU(); Linear(128, 10) }
/// let summary = model.summary(input: [1, 784])
/// print(summary)
/// print(summary.total.parameters)  // 101770
/// ```
public struct Summary: Sendable {
  /// A module, including all modules inside it.
  ///
  /// ```swift
  /// let model = Sequential { Linear(784, 128); ReLU(); Linear(128, 10) }
  /// for row in model.summary(input: [1, 784]).rows where row.multiplyAdds > 0 {
  ///   print(row.path, row.type, row.multiplyAdds)
  /// }
  /// ```
  public struct Row: Sendable, Equatable {
    /// The type of the model, followed by the name that leads from the model to the module. Parameters use
    /// the same name: `"Classifier.hidden"`.
    public let path: String
    /// The module's type, `"Linear"`.
    public let type: String
    /// The shape of the last output, or of the first tensor in that output; nil for a module that did not
    /// run.
    public let outputShape: TensorShape?
    /// The number of elements of the parameters. Each parameter is counted once.
    public let parameters: Int
    /// The number of elements of the parameters that require a gradient: an optimizer changes only these.
    public let trainableParameters: Int
    /// The number of multiplications in matrix products and convolutions, each with its addition. A product
    /// `[m, k] × [k, n]` counts m · n · k. A convolution counts the elements of its output times those of one
    /// kernel. Element-wise operations, biases and normalisation do not count.
    public let multiplyAdds: Int
    /// The number of bytes of the operations' results. A training step keeps about as many. A view takes
    /// none.
    public let activationBytes: Int
  }

  /// The model itself, followed by every module inside it in the order of declaration. A module that several
  /// names lead to is listed once, under the first name. The costs of a module are summed over all its runs,
  /// and they are included in the costs of the modules around it.
  public let rows: [Row]

  /// The row of the whole model.
  public var total: Row { rows[0] }
}

extension Layer {
  /// Runs the model once on zeros and returns the shapes and the costs of each module. The run is in
  /// evaluation mode and without recording. The modes of the modules do not change.
  ///
  /// `shape` is the shape of the input as the model takes it, including the batch axis if the model expects
  /// one. Shapes that do not fit are an error. ``Module/summary(_:)`` is for modules with more than one
  /// input.
  ///
  /// ```swift
  /// let model = Sequential { Conv2d(3, 8, kernelSize: 3); ReLU(); Flatten() }
  /// print(model.summary(input: [1, 3, 32, 32]))
  /// ```
  public func summary<Scalar: NumericScalar>(
    input shape: TensorShape, file: StaticString = #fileID, line: UInt = #line
  ) -> Summary where Input == Tensor<Scalar> {
    let input = Tensor<Scalar>.zeros(shape, file: file, line: line)
    return summary { forward(input) }
  }
}

extension Module {
  /// Runs a module with any number of inputs and returns the shapes and the costs of each module inside it.
  /// `run` must call the module. The run is in evaluation mode and without recording. The modes of the
  /// modules do not change.
  ///
  /// ```swift
  /// let cell = RNNCell(inputs: 8, hidden: 16)
  /// print(cell.summary { cell(.zeros([1, 8]), cell.initialState(batchSize: 1)) })
  /// ```
  public func summary<Output>(_ run: () -> Output) -> Summary {
    var works: [ObjectIdentifier: Work] = [:]
    func add(_ run: Profiler.LayerRun) { works[ObjectIdentifier(run.layer), default: Work()].add(run) }
    evaluating {
      Profiler.observeLayers(add) {
        noGrad {
          _ = scoped {
            let output = run()
            // The outer `scoped` reports this module with everything in `run`. The calls inside `run` were
            // already reported: they are dropped, else their costs would count twice.
            works[ObjectIdentifier(self)] = nil
            return output
          }
        }
      }
    }
    let all = [(module: self as any Module, name: "", storesMode: false)] + descendants(of: self)
    return Summary(
      rows: all.map { module, name, _ in
        module.row(joined(typeName(of: self), name), works[ObjectIdentifier(module)] ?? Work())
      })
  }

  fileprivate func row(_ path: String, _ work: Work) -> Summary.Row {
    let parameters = parameters
    return Summary.Row(
      path: path, type: typeName(of: self), outputShape: work.outputShape,
      parameters: parameters.reduce(0) { $0 + $1.count },
      trainableParameters: parameters.reduce(0) { $0 + ($1.requiresGrad ? $1.count : 0) },
      multiplyAdds: work.multiplyAdds, activationBytes: work.activationBytes)
  }
}

/// The shape of a module's last output, and the module's costs summed over its runs.
private struct Work {
  var outputShape: TensorShape?
  var multiplyAdds = 0, activationBytes = 0

  mutating func add(_ run: Profiler.LayerRun) {
    outputShape = shape(of: run.output)
    multiplyAdds += run.multiplyAdds
    activationBytes += run.resultBytes
  }
}

/// Returns the shape of a tensor, or of the first tensor inside a value.
private func shape(of value: Any) -> TensorShape? {
  if let tensor = value as? any AnyTensor { return tensor.shape }
  return contents(of: value).lazy.compactMap { shape(of: $0.1) }.first
}

extension Summary: CustomStringConvertible {
  /// A table with a line for each module, the model itself first.
  public var description: String {
    let header = [
      "layer", "type", "output shape", "parameters", "trainable", "multiply-adds", "activation bytes",
    ]
    let lines = rows.map { row in
      [row.path, row.type, row.outputShape.map { "\($0)" } ?? "not run"]
        + [row.parameters, row.trainableParameters, row.multiplyAdds, row.activationBytes].map(grouped)
    }
    return aligned([header] + lines, leading: 3)
  }
}

/// Returns a number with a comma before every three digits: `4,089,184,256`.
private func grouped(_ number: Int) -> String {
  number < 1000 ? "\(number)" : grouped(number / 1000) + "," + "\(1000 + number % 1000)".dropFirst()
}
