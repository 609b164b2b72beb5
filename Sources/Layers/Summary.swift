public import MartletCore

/// What a model is made of, and what it takes to run it once, module by module: what
/// ``Layer/summary(input:file:line:)`` returns.
///
/// Printed, it is a table.
public struct Summary: Sendable {
  /// A module with all within it.
  public struct Row: Sendable, Equatable {
    /// The type of the model and the name that leads from it to the module, as parameters have it:
    /// `"Classifier.hidden"`.
    public let path: String
    /// The module's type, `"Linear"`.
    public let type: String
    /// The shape of the last output, or of the first tensor in it; nil for a module that did not run.
    public let outputShape: TensorShape?
    /// The number of elements of the parameters, each counted once.
    public let parameters: Int
    /// The number of those that an optimizer changes.
    public let trainableParameters: Int
    /// The multiplications, each with its addition, of products of matrices and of convolutions: m · n · k for
    /// `[m, k] × [k, n]`, and an output's elements times a kernel's for a convolution. Those that go element by element,
    /// biases and normalisation, do not count.
    public let multiplyAdds: Int
    /// The bytes of what the operations gave: about what a training step keeps of them. A view takes none.
    public let activationBytes: Int
  }

  /// The model itself, and then every module within it in the order of declaration, under the first name that leads to
  /// it. What a module took, in all its runs, is part of those around it.
  public let rows: [Row]

  /// The whole model.
  public var total: Row { rows[0] }
}

extension Layer {
  /// Runs the model once on zeros, in evaluation and without recording, and returns what each module gave and took; the
  /// modes that were set are not changed.
  ///
  /// ```swift
  /// print(model.summary(input: [1, 3, 224, 224]))
  /// ```
  /// The shape is that of the input as the model takes it, with the axis of the batch where it expects one. Shapes that
  /// do not fit are an error. What takes more inputs has ``Module/summary(_:)``.
  public func summary<Scalar: NumericScalar>(
    input shape: TensorShape, file: StaticString = #fileID, line: UInt = #line
  ) -> Summary where Input == Tensor<Scalar> {
    let input = Tensor<Scalar>.zeros(shape, file: file, line: line)
    return summary { forward(input) }
  }
}

extension Module {
  /// Calls `run`, which calls the module, in evaluation and without recording, and returns what each module within gave
  /// and took; the modes that were set are not changed.
  ///
  /// ```swift
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
            // `scoped` tells of this module's runs as one.
            works[ObjectIdentifier(self)] = nil
            return output
          }
        }
      }
    }
    let all = [(module: self as any Module, name: "", storesMode: false)] + modules(below: self)
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

/// What the runs of a module took.
private struct Work {
  var outputShape: TensorShape?
  var multiplyAdds = 0, activationBytes = 0

  mutating func add(_ run: Profiler.LayerRun) {
    outputShape = shape(of: run.output)
    multiplyAdds += run.multiplyAdds
    activationBytes += run.resultBytes
  }
}

/// The shape of a tensor, or of the first one that a value holds.
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

/// A number with a comma before every three digits: `4,089,184,256`.
private func grouped(_ number: Int) -> String {
  number < 1000 ? "\(number)" : grouped(number / 1000) + "," + "\(1000 + number % 1000)".dropFirst()
}
