public import MartletCore

// Models as functions of their parameters.

/// Returns the value of a scalar function of a model and its gradient with respect to each parameter that requires one, in
/// the order of ``Module/namedParameters``.
///
/// No ``Tensor/grad`` changes. A value that is not a scalar is an error, and so is one that does not depend on every such
/// parameter, unless `allowUnused` is true.
///
/// ```swift
/// let model = Linear(4, 3), x = Tensor<Float>.normal([8, 4]), labels = Tensor<Int>.zeros([8])
/// let (loss, gradients) = valueAndGradient(model) { model in model(x).crossEntropy(labels) }
/// for (name, gradient) in gradients { print(name, gradient.shape) }
/// ```
///
/// - Parameters:
///   - model: The model, which `f` receives.
///   - createGraph: True to record the pass, so that the value and the gradients can be differentiated.
///   - allowUnused: True to return zeros for a parameter that the value does not depend on.
///   - f: The function.
public func valueAndGradient<M: Module>(
  _ model: M, createGraph: Bool = false, allowUnused: Bool = false, file: StaticString = #fileID,
  line: UInt = #line, _ f: (M) -> Tensor<M.Element>
) -> (value: Tensor<M.Element>, gradients: [(name: String, gradient: Tensor<M.Element>)]) {
  let parameters = model.namedParameters.filter(\.parameter.requiresGrad)
  let value = recording(true) { f(model) }
  let gradients = value.gradients(
    of: parameters.map(\.parameter), createGraph: createGraph, allowUnused: allowUnused, file: file,
    line: line)
  return (createGraph ? value : value.detached(), zip(parameters, gradients).map { ($0.name, $1) })
}

/// Returns the gradients of the loss of each sample with respect to each parameter that requires one: `[n, …]` for a
/// parameter of shape `[…]`, in the order of ``Module/namedParameters``.
///
/// The samples lie along axis 0 of the inputs and the targets. The loss is computed for one sample after another, each as
/// a batch of one, so that the time is that of n small steps. A layer that normalises over the batch sees one sample.
/// The gradient of a parameter that a loss does not depend on is 0. It is an error if the numbers of inputs and targets
/// differ.
///
/// ```swift
/// let model = Linear(4, 3), x = Tensor<Float>.normal([8, 4]), labels = Tensor<Int>.zeros([8])
/// let gradients = perSampleGradients(model, x, labels) { model, x, label in model(x).crossEntropy(label) }
/// print(gradients[0].name, gradients[0].gradients.shape)  // weight [8, 3, 4]
/// ```
public func perSampleGradients<M: Module, Input: TensorScalar, Target: TensorScalar>(
  _ model: M, _ inputs: Tensor<Input>, _ targets: Tensor<Target>, file: StaticString = #fileID,
  line: UInt = #line, _ loss: (M, Tensor<Input>, Tensor<Target>) -> Tensor<M.Element>
) -> [(name: String, gradients: Tensor<M.Element>)] {
  let named = model.namedParameters.filter(\.parameter.requiresGrad), parameters = named.map(\.parameter)
  // A failed tensor fails the loss of the first sample.
  let count = inputs.isFailed || targets.isFailed ? 1 : inputs.shape.first ?? 0
  if !inputs.isFailed, !targets.isFailed, inputs.rank == 0 || targets.shape.first != count {
    programError(
      "perSampleGradients",
      "inputs of shape \(inputs.shape) and targets of shape \(targets.shape) do not fit; the extents of axis 0 must be equal",
      file, line)
    return []
  }
  let samples = (0..<count).map { i in
    recording(true) { loss(model, inputs[i..<i + 1], targets[i..<i + 1]) }.gradients(
      of: parameters, allowUnused: true, file: file, line: line)
  }
  return named.enumerated().map { place, entry in
    let rows = samples.map { $0[place] }
    let none = Tensor<M.Element>.zeros(TensorShape([0] + entry.parameter.shape))
    return (entry.name, rows.isEmpty ? none : .stacked(rows, file: file, line: line))
  }
}

/// Runs `body` while parameters of the model have other values, and returns its result. Gradients flow to the tensors
/// that were given.
///
/// The parameters have their own values and histories again afterwards, also if `body` throws. Parameters that are not
/// named keep theirs. It is an error if the model has no parameter of a name, if the shapes differ, or if a parameter is a
/// view with gaps. Other threads must not use the model meanwhile. The result must be computed from the parameters: a
/// parameter that is returned itself has its own value again.
///
/// ```swift
/// let model = Linear(2, 1), x = Tensor<Float>([[1, 2]])
/// let weight = Tensor<Float>([[3, 4]], requiresGrad: true)
/// let y = functionalCall(model, ["weight": weight]) { model(x) }
/// print(y.sum().gradient(of: weight))  // [[1. 2.]]
/// ```
///
/// - Parameters:
///   - model: The model that `body` calls.
///   - parameters: The values by the parameters' names in ``Module/namedParameters``.
///   - body: The function, which calls the model.
public func functionalCall<M: Module, Result, Failure: Error>(
  _ model: M, _ parameters: [String: Tensor<M.Element>], file: StaticString = #fileID, line: UInt = #line,
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let named = model.namedParameters
  for name in parameters.keys.sorted() where !named.contains(where: { $0.name == name }) {
    programError(
      "functionalCall", "the model has no parameter \(name); namedParameters lists the names", file, line)
  }
  let pairs = named.compactMap { entry in
    parameters[entry.name].flatMap { standIn(for: entry.parameter, entry.name, $0, file, line) }
  }
  return try withStandIns(pairs.map(\.parameter), pairs.map(\.standIn), body)
}

/// Runs `body` while the parameters of the model have other values, which are given in the order of
/// ``Module/parameters``, and returns its result.
///
/// It is an error if there is not one tensor for each parameter. Otherwise it is the function of a dictionary.
///
/// ```swift
/// let model = Linear(2, 1), x = Tensor<Float>([[1, 2]])
/// let curvature = hessian(at: model.parameters) { parameters in
///   functionalCall(model, parameters) { model(x).exp().sum() }
/// }
/// print(curvature[0][0].shape)  // [1, 2, 1, 2]
/// ```
public func functionalCall<M: Module, Result, Failure: Error>(
  _ model: M, _ parameters: [Tensor<M.Element>], file: StaticString = #fileID, line: UInt = #line,
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let names = model.namedParameters.map(\.name)
  if names.count != parameters.count {
    programError(
      "functionalCall",
      "\(parameters.count) tensors do not fit \(names.count) parameters; each parameter must have one", file,
      line)
  }
  let named = Dictionary(uniqueKeysWithValues: zip(names, parameters))
  return try functionalCall(model, named, file: file, line: line, body)
}

/// Returns a parameter with the stand-in that has the values given, or nil after an error.
private func standIn<Element: DifferentiableScalar>(
  for parameter: Tensor<Element>, _ name: String, _ given: Tensor<Element>, _ file: StaticString, _ line: UInt
) -> (parameter: Tensor<Element>, standIn: Tensor<Element>)? {
  guard given.isFailed || given.shape == parameter.shape else {
    programError(
      "functionalCall",
      "a tensor of shape \(given.shape) does not fit \(name) of shape \(parameter.shape); the shapes must be equal",
      file, line)
    return nil
  }
  guard let standIn = parameter.standIn(of: given) else {
    programError(
      "functionalCall", "\(name) is a view with gaps in memory; the model must store a copy (cloned())", file,
      line)
    return nil
  }
  return (parameter, standIn)
}
