public import MartletCore

extension Module {
  /// The parameters in the order of declaration, those of modules within included; each once.
  public var parameters: [Tensor<Element>] { namedParameters.map(\.parameter) }

  /// The parameters that require a gradient.
  public var trainableParameters: [Tensor<Element>] { parameters.filter(\.requiresGrad) }

  /// The parameters with PyTorch's dotted names (`"hidden.weight"`), each under the first name it is reached by.
  public var namedParameters: [(name: String, parameter: Tensor<Element>)] {
    var seen = Set<ObjectIdentifier>()
    return state.filter { !$0.isBuffer && seen.insert(ObjectIdentifier($0.tensor)).inserted }
      .map { ($0.name, $0.tensor) }
  }

  /// What a file of this model holds: parameters and saved buffers, under every name they are reached by. Those of
  /// integers are ``namedCounts``.
  public var namedState: [(name: String, tensor: Tensor<Element>)] {
    state.filter(\.isSaved).map { ($0.name, $0.tensor) }
  }

  /// The saved buffers of integers, under every name they are reached by: files hold them as 64-bit integers, as
  /// PyTorch does.
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

/// What a stored property may be, asked without knowing its element type.
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
  /// The modules that are being visited.
  private var path: Set<ObjectIdentifier> = []

  mutating func visit(_ module: any Module, name: String) {
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
      if tensor.isParameterType { refuse(name, "elements are \(tensor.elementName)") }
    case is any AnyBuffer: refuse(name, "a buffer of another element type")
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
    if let maker = tensor.gradFunction {
      programError(
        "parameters",
        "\(name) has history (\(maker.name)); a parameter is a leaf: store tensor.detached() or a copy")
      return
    }
    entries.append(StateEntry(name: name, tensor: tensor, isBuffer: false, isSaved: true))
  }

  private func refuse(_ name: String, _ what: String) {
    programError("parameters", "\(name): \(what); those of the module around it are \(Element.self)")
  }
}

private func elementType<M: Module>(of module: M) -> any Any.Type { M.Element.self }

func joined(_ name: String, _ label: String) -> String {
  name.isEmpty ? label : label.isEmpty ? name : name + "." + label
}

/// The labels and values of a module's stored properties, its superclasses' first.
func storedProperties(of module: any Module) -> [(String, Any)] {
  var mirrors = [Mirror(reflecting: module)]
  while let outer = mirrors[0].superclassMirror { mirrors.insert(outer, at: 0) }
  return mirrors.flatMap { mirror in
    mirror.children.enumerated().map { i, child in (snakeCase(child.label ?? "\(i)"), child.value) }
  }
}

/// What optionals, arrays, tuples and dictionaries hold, under their indices, labels and keys.
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

/// All modules within a module, each once, with the dotted name that leads to it first, and whether it stores a mode of
/// its own.
func modules(below root: any Module) -> [(module: any Module, name: String, storesMode: Bool)] {
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

/// The modules that values hold, also in optionals, arrays, tuples and dictionaries, but not those within them.
func parts(in values: [(String, Any)]) -> [(name: String, module: any Module)] {
  values.flatMap { label, value -> [(name: String, module: any Module)] in
    if let module = value as? any Module { return [(label, module)] }
    if value is any AnyTensor { return [] }
    return parts(in: contents(of: value)).map { (joined(label, $0.name), $0.module) }
  }
}

/// A label as PyTorch would write it: `weightIH` is `weight_ih`, `_runningMean` (a wrapper's) `running_mean`.
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
