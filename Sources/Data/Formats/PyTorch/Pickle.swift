import MartletCore

/// The values of a pickle of PyTorch. No value is code, and none is nested in another: compound values,
/// storages and tensors stand in lists, and are numbered. A value can thus contain itself without harm.
struct Pickle {
  enum Value {
    /// The start of the arguments of an operation, on the stack only.
    case mark
    /// A value that no tensor depends on: none, a boolean, a real number, bytes.
    case opaque
    case int(Int)
    case text(String)
    case global(Global)
    case compound(Int)
    case storage(Int)
    case tensor(Int)
  }

  /// The functions and types that a pickle may name.
  enum Global {
    case orderedDict, tensor, typedTensor, parameter, size, device
    /// A type of storages, with its elements' type; nil if the storage counts bytes.
    case storage(StoredType?)
    case dtype(StoredType)
  }

  /// A list, a tuple or a dictionary, whose keys and values alternate.
  struct Compound {
    enum Kind { case list, tuple, dictionary }
    let kind: Kind
    var items: [Value]
  }

  struct Storage {
    let key: String
    let dtype: StoredType?
    let count: Int
  }

  struct Tensor {
    let storage: Storage
    let dtype: StoredType
    let start: Int
    let shape: [Int]
    let strides: [Int]
  }

  private(set) var compounds: [Compound] = []
  private(set) var storages: [Storage] = []
  private(set) var tensors: [Tensor] = []

  /// The number of values in all compound values, and of extents and strides.
  private var itemCount = 0

  /// The most values of a kind. A pickle may refer to a value many times, so that its own size bounds nothing.
  static let most = 1 << 20
}

// MARK: - Making values

extension Pickle {
  private func checkCount(_ count: Int) throws(Flaw) {
    guard count < Self.most else { throw Flaw(message: "has more than \(Self.most) values") }
  }

  private mutating func countItems(_ count: Int) throws(Flaw) {
    itemCount += count
    try checkCount(itemCount / 4)
  }

  mutating func make(_ kind: Compound.Kind, _ items: [Value]) throws(Flaw) -> Value {
    try checkCount(compounds.count)
    try countItems(items.count)
    compounds.append(Compound(kind: kind, items: items))
    return .compound(compounds.count - 1)
  }

  /// Appends items to a list, or keys and values to a dictionary.
  mutating func append(_ items: [Value], to value: Value, _ kind: Compound.Kind) throws(Flaw) {
    guard case .compound(let index) = value, compounds[index].kind == kind,
      kind == .list || items.count.isMultiple(of: 2)
    else { throw Flaw(message: "adds items to a value that is not a \(kind)") }
    try countItems(items.count)
    compounds[index].items += items
  }

  private func items(_ value: Value, _ kind: Compound.Kind = .tuple) -> [Value]? {
    guard case .compound(let index) = value, compounds[index].kind == kind else { return nil }
    return compounds[index].items
  }

  /// Makes the storage of a persistent identifier: a tuple of "storage", a type, a key, a device and a count.
  mutating func makeStorage(_ identifier: Value) throws(Flaw) -> Value {
    try checkCount(storages.count)
    guard let items = items(identifier), items.count == 5, case .text("storage") = items[0],
      case .global(.storage(let dtype)) = items[1], case .text(let key) = items[2],
      case .int(let count) = items[4], count >= 0
    else { throw Flaw(message: "refers to something that is not a storage") }
    storages.append(Storage(key: key, dtype: dtype, count: count))
    return .storage(storages.count - 1)
  }

  /// Returns the value of a call. Only what the few globals stand for is made.
  mutating func call(_ function: Value, _ arguments: Value) throws(Flaw) -> Value {
    guard case .global(let global) = function, let arguments = items(arguments) else {
      throw Flaw(message: "calls a value that is not a function")
    }
    switch global {
    case .orderedDict where arguments.isEmpty: return try make(.dictionary, [])
    case .orderedDict:
      // Python 2 wrote a list of pairs.
      guard arguments.count == 1, let pairs = items(arguments[0], .list) else { break }
      try countItems(pairs.count)
      let members = pairs.map { items($0) ?? items($0, .list) ?? [] }
      guard members.allSatisfy({ $0.count == 2 }) else { break }
      return try make(.dictionary, Array(members.joined()))
    case .tensor where arguments.count >= 4: return try makeTensor(arguments, nil)
    case .typedTensor where arguments.count >= 7:
      guard case .global(.dtype(let dtype)) = arguments[6] else { break }
      return try makeTensor(arguments, dtype)
    case .parameter:
      guard case .tensor? = arguments.first else { break }
      return arguments[0]
    case .size:
      guard let size = arguments.first, items(size) != nil else { break }
      return size
    case .device: return .opaque
    default: break
    }
    throw Flaw(message: "calls \(global) with arguments that do not fit")
  }

  private mutating func makeTensor(_ arguments: [Value], _ dtype: StoredType?) throws(Flaw) -> Value {
    try checkCount(tensors.count)
    guard case .storage(let index) = arguments[0], case .int(let start) = arguments[1],
      let shape = integers(arguments[2]), let strides = integers(arguments[3]), shape.count == strides.count,
      let dtype = dtype ?? storages[index].dtype
    else { throw Flaw(message: "makes a tensor of arguments that do not fit") }
    try countItems(2 * shape.count)
    let tensor = Tensor(
      storage: storages[index], dtype: dtype, start: start, shape: shape, strides: strides)
    try tensor.check()
    tensors.append(tensor)
    return .tensor(tensors.count - 1)
  }

  private func integers(_ value: Value) -> [Int]? {
    guard let items = items(value), items.count <= 64 else { return nil }
    let numbers = items.compactMap { item in if case .int(let number) = item { number } else { nil } }
    return numbers.count == items.count ? numbers : nil
  }
}

extension Pickle.Tensor {
  /// The number of bytes of the storage.
  var storageByteCount: Int { storage.count.times(storage.dtype?.byteCount ?? 1) }

  /// True if the elements are in row-major order without gaps.
  var isRowMajor: Bool {
    var next = 1
    for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
      if stride != next { return false }
      next = next.times(extent)
    }
    return true
  }

  /// Throws unless all elements are in the storage.
  fileprivate func check() throws(Flaw) {
    guard start >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
      throw Flaw(
        message: "makes a tensor of shape \(excerpt(shape)), strides \(excerpt(strides)), from \(start)")
    }
    let count = storageByteCount / dtype.byteCount
    let end =
      shape.contains(0)
      ? 0 : zip(shape, strides).reduce(start.plus(1)) { $0.plus(($1.0 - 1).times($1.1)) }
    guard end <= count else {
      throw Flaw(
        message: "makes a tensor of shape \(excerpt(shape)), strides \(excerpt(strides)), from \(start); "
          + "its storage has \(count) elements")
    }
  }
}

extension Pickle.Global {
  /// Makes the global of a name; nil if it is none of those that state dictionaries need.
  init?(_ module: String, _ name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDict
    case ("torch._utils", "_rebuild_tensor_v2"): self = .tensor
    case ("torch._utils", "_rebuild_tensor_v3"): self = .typedTensor
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      self = .parameter
    case ("torch", "Size"): self = .size
    case ("torch", "device"): self = .device
    case ("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"): self = .storage(nil)
    case ("torch", _):
      if let dtype = Self.storages[name] {
        self = .storage(dtype)
      } else if let dtype = Self.dtypes[name] {
        self = .dtype(dtype)
      } else {
        return nil
      }
    default: return nil
    }
  }

  /// PyTorch's name for storages of a type; nil if there are none.
  static func storageName(of dtype: StoredType) -> String? { storages.first { $0.value == dtype }?.key }

  private static let storages: [String: StoredType] = [
    "FloatStorage": .f32, "DoubleStorage": .f64, "HalfStorage": .f16, "BFloat16Storage": .bf16,
    "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8,
    "BoolStorage": .bool, "ComplexFloatStorage": .c64, "ComplexDoubleStorage": .c128,
  ]

  private static let dtypes: [String: StoredType] = [
    "float32": .f32, "float64": .f64, "float16": .f16, "bfloat16": .bf16, "int64": .i64, "int32": .i32,
    "int16": .i16, "int8": .i8, "uint8": .u8, "uint16": .u16, "uint32": .u32, "uint64": .u64, "bool": .bool,
    "complex64": .c64, "complex128": .c128,
  ]
}
