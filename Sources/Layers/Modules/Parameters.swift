public import MartletCore

extension Module {
  /// The parameters of this module and the modules within it, each once, in the order of declaration.
  public var parameters: [Tensor<Element>] { namedParameters.map(\.parameter) }

  /// The parameters that require a gradient.
  public var trainableParameters: [Tensor<Element>] { parameters.filter(\.requiresGrad) }

  /// The parameters with PyTorch's dotted names (`"hidden.weight"`), each under the first name that leads to
  /// it.
  public var namedParameters: [(name: String, parameter: Tensor<Element>)] {
    var seen = Set<ObjectIdentifier>()
    return state.filter { !$0.isBuffer && seen.insert(ObjectIdentifier($0.tensor)).inserted }
      .map { ($0.name, $0.tensor) }
  }

  /// The parameters and saved buffers that a file of this model contains, under every name that leads to
  /// them. Integer buffers are in ``namedCounts``.
  public var namedState: [(name: String, tensor: Tensor<Element>)] {
    state.filter(\.isSaved).map { ($0.name, $0.tensor) }
  }

  /// The saved integer buffers, under every name that leads to them. Files contain them as 64-bit integers,
  /// as PyTorch's do.
  public var namedCounts: [(name: String, tensor: Tensor<Int>)] { walked.counts }

  private var state: [StateEntry<Element>] { walked.entries }

  private var walked: StateWalk<Element> {
    var walk = StateWalk<Element>()
    walk.visit(self, name: "")
    return walk
  }
}

/// A stored tensor and the name that leads to it.
private struct StateEntry<Element: DifferentiableScalar> {
  let name: String
  let tensor: Tensor<Element>
  let isBuffer: Bool
  let isSaved: Bool
}

/// A tensor whose element type is not known, for the reflection of stored properties.
protocol AnyTensor: AnyObject {
  var shape: TensorShape { get }
  var elementName: String { get }
  var isParameterType: Bool { get }
}
extension Tensor: AnyTensor {
  var elementName: String { "\(Element.self)" }
  var isParameterType: Bool { Element.self is any DifferentiableScalar.Type }
}

extension Buffer: AnyBuffer {}
private protocol AnyBuffer {}

/// Collects the tensors of a module by reflection.
private struct StateWalk<Element: DifferentiableScalar> {
  var entries: [StateEntry<Element>] = []
  var counts: [(name: String, tensor: Tensor<Int>)] = []
  /// The modules that are being visited, so that a module that contains itself ends the walk.
  private var path: Set<ObjectIdentifier> = []

  mutating func visit(_ module: any Module, name: String) {
    if (module as? any DeferredModule)?.isMissing ?? false {
      programError(
        "parameters",
        "\(name.isEmpty ? "the layer" : name) is made at its first call; call the model with an input before")
      return
    }
    let identity = ObjectIdentifier(module)
    guard path.insert(identity).inserted else { return }
    for (label, value) in storedProperties(of: module) { visit(value, name: joined(name, label)) }
    path.remove(identity)
  }

  private mutating func visit(_ value: Any, name: String) {
    switch value {
    case let tensor as Tensor<Element>: add(tensor, name)
    case let buffer as Buffer<Element>:
      entries.append(
        StateEntry(name: name, tensor: buffer.wrappedValue, isBuffer: true, isSaved: buffer.isSaved))
    case let buffer as Buffer<Int>:
      if buffer.isSaved { counts.append((name, buffer.wrappedValue)) }
    case let tensor as any AnyTensor:
      if tensor.isParameterType { refuse(name, "the elements are \(tensor.elementName)") }
    case is any AnyBuffer: refuse(name, "the buffer has another element type")
    case let module as any Module:
      if elementType(of: module) == Element.self {
        visit(module, name: name)
      } else {
        refuse(name, "its parameters are \(elementType(of: module))")
      }
    default:
      for (label, inner) in contents(of: value) { visit(inner, name: joined(name, label)) }
    }
  }

  private mutating func add(_ tensor: Tensor<Element>, _ name: String) {
    if let maker = tensor.gradFunction, !tensor.isSubstituted {
      programError(
        "parameters",
        "\(name) has history (\(maker.name)); a parameter is a leaf: store tensor.detached() or a copy")
      return
    }
    entries.append(StateEntry(name: name, tensor: tensor, isBuffer: false, isSaved: true))
  }

  private func refuse(_ name: String, _ what: String) {
    programError(
      "parameters", "\(name): \(what); the elements must be \(Element.self), as in the module around it")
  }
}

private func elementType<M: Module>(of module: M) -> any Any.Type { M.Element.self }

func joined(_ name: String, _ label: String) -> String {
  name.isEmpty ? label : label.isEmpty ? name : name + "." + label
}

/// Returns the labels and values of a module's stored properties; those of superclasses come first.
func storedProperties(of module: any Module) -> [(String, Any)] {
  var mirrors = [Mirror(reflecting: module)]
  while let outer = mirrors[0].superclassMirror { mirrors.insert(outer, at: 0) }
  return mirrors.flatMap { mirror in
    mirror.children.enumerated().map { i, child in
      (child.value as? any AnyNamed).map { ($0.name, $0.value) }
        ?? (snakeCase(child.label ?? "\(i)"), child.value)
    }
  }
}

/// Returns the values in an optional, array, tuple or dictionary with their indices, labels or keys.
func contents(of value: Any) -> [(String, Any)] {
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional: return mirror.children.map { ("", $0.value) }
  case .collection: return mirror.children.enumerated().map { i, child in ("\(i)", child.value) }
  case .tuple:
    return mirror.children.enumerated().map { i, child in
      let label = child.label ?? "\(i)"
      return (label.hasPrefix(".") ? String(label.dropFirst()) : snakeCase(label), child.value)
    }
  case .dictionary:
    let pairs = mirror.children.map { child -> (String, Any) in
      let pair = Array(Mirror(reflecting: child.value).children)
      return ("\(pair[0].value)", pair[1].value)
    }
    return pairs.sorted { $0.0 < $1.0 }
  default: return []
  }
}

/// Returns all modules within a module, each once, with the first dotted name that leads to it. `storesMode`
/// is true if the module stores a mode of its own.
func descendants(of root: any Module) -> [(module: any Module, name: String, storesMode: Bool)] {
  var found: [(module: any Module, name: String, storesMode: Bool)] = []
  var seen = Set([ObjectIdentifier(root)])
  func visit(_ properties: [(String, Any)], _ name: String) {
    for part in parts(in: properties) where seen.insert(ObjectIdentifier(part.module)).inserted {
      let inner = storedProperties(of: part.module), path = joined(name, part.name)
      found.append((part.module, path, inner.contains { $0.0 == "is_training" }))
      visit(inner, path)
    }
  }
  visit(storedProperties(of: root), "")
  return found
}

/// Returns the modules among values, also in optionals, arrays, tuples and dictionaries, but not the modules
/// within these modules.
func parts(in values: [(String, Any)]) -> [(name: String, module: any Module)] {
  values.flatMap { label, value -> [(name: String, module: any Module)] in
    if let module = value as? any Module { return [(label, module)] }
    if value is any AnyTensor { return [] }
    return parts(in: contents(of: value)).map { (joined(label, $0.name), $0.module) }
  }
}

/// Returns a label as PyTorch writes it: `weight_ih` for `weightIH`, `running_mean` for the wrapper's
/// `_runningMean`.
func snakeCase(_ label: String) -> String {
  let lazyPrefix = "$__lazy_storage_$_"
  let letters = Array(
    label.hasPrefix(lazyPrefix) ? label.dropFirst(lazyPrefix.count) : label.drop { $0 == "_" })
  var name = ""
  for (i, letter) in letters.enumerated() {
    if letter.isUppercase, i > 0 {
      let beginsWord = i + 1 < letters.count && letters[i + 1].isLowercase
      if letters[i - 1].isLowercase || (beginsWord && letters[i - 1] != "_") { name += "_" }
    }
    name += letter.lowercased()
  }
  return name
}
