import Martlet
import TestSupport
import Testing

/// Models that are loaded from files of other libraries and formats.
@Suite struct ModelFormatTests {
  private let folder: TemporaryFolder
  private let weight: [Float] = [1, 2, 3, 4, 5, 6], bias: [Float] = [7, 8]

  init() throws { folder = try TemporaryFolder() }

  private func network() -> Sequential<Tensor<Float>, Tensor<Float>> { Sequential { Linear(3, 2) } }

  private func expectLoaded<M: Module>(_ model: M) where M.Element == Float {
    #expect(model.parameters.map(\.scalars) == [weight, bias])
  }

  @Test("Files of every format are loaded by one call", arguments: ["pt", "npz", "json", "safetensors"])
  func formats(_ format: String) throws {
    let sources = [
      TensorSource(name: "0.weight", tensor: Tensor<Float>(weight, shape: [2, 3])),
      TensorSource(name: "0.bias", tensor: Tensor<Float>(bias)),
    ]
    let path: String
    switch format {
    case "pt": path = Golden.url("Files/layer.pt").path
    case "json": path = Golden.url("Files/model.safetensors.index.json").path
    case "npz":
      path = folder.path("layer")
      try NpzFile.write(sources, compressed: true, to: path)
    default:
      path = folder.path("layer")
      try SafetensorsFile.write(sources, to: path)
    }
    let model = network()
    #expect(try model.load(from: path).isEmpty)
    expectLoaded(model)
  }

  @Test("Tensors under other names are renamed on their way, and others are left out")
  func renaming() throws {
    let path = folder.path("renamed")
    try SafetensorsFile.write(
      [
        TensorSource(name: "model.head.gamma", tensor: Tensor<Float>(weight, shape: [2, 3])),
        TensorSource(name: "model.head.bias", tensor: Tensor<Float>(bias)),
        TensorSource(name: "model.body", tensor: Tensor<Float>([1])),
      ], to: path)
    let file = try namedTensors(of: path), model = Linear(3, 2)
    let error = #expect(throws: ModelMismatch.self) { try model.load(from: file.droppingPrefix("model.")) }
    #expect(error?.missing == ["weight", "bias"])
    #expect(error?.unexpected == ["body", "head.bias", "head.gamma"])
    try model.load(from: file.droppingPrefix("model.head.").renamed(["gamma": "weight"]))
    expectLoaded(model)
    let other = Linear(3, 2), before = other.weight.scalars
    let mismatch = try other.load(
      from: file.renamed { $0 == "model.head.bias" ? "bias" : nil }, strict: false)
    #expect(mismatch.missing == ["weight"] && mismatch.unexpected.isEmpty)
    #expect(other.weight.scalars == before && other.bias?.scalars == bias)
  }

  @Test(
    "Half precision is loaded as it is; other types on request", arguments: [StoredType.f16, .bf16, .f64])
  func precision(_ dtype: StoredType) throws {
    let path = folder.path("model"), model = network()
    noGrad {
      model.parameters[0].assign(Tensor(weight, shape: [2, 3]))
      model.parameters[1].assign(Tensor(bias))
    }
    try model.save(to: path, metadata: ["epoch": "3"], as: dtype)
    let file = try SafetensorsFile(path: path), again = network()
    #expect(file.entries["0.weight"]?.dtype == dtype && file.metadata == ["epoch": "3"])
    if dtype == .f64 {
      let before = again.parameters.map(\.scalars)
      let error = #expect(throws: DataError.self) { try again.load(from: path) }
      #expect(error?.message == "elements are F64, not Float; converting: true converts them")
      #expect(again.parameters.map(\.scalars) == before)
      try again.load(from: path, converting: true)
    } else {
      try again.load(from: path)
    }
    expectLoaded(again)
    let doubles = Sequential { Linear<Double>(3, 2) }
    try doubles.load(from: path)
    #expect(doubles.parameters.map(\.scalars) == [weight.map { Double($0) }, bias.map { Double($0) }])
  }

  @Test("An element type that parameters cannot be rounded to is refused, and the old file stays")
  func refused() throws {
    let path = folder.path("model"), model = network()
    try model.save(to: path)
    let error = #expect(throws: DataError.self) { try model.save(to: path, as: .i8) }
    #expect(
      error?.description
        == "\(path): \"0.weight\": Float cannot be stored as I8; F16, BF16, F32 or F64 must be given")
    #expect(try SafetensorsFile(path: path).entries["0.weight"]?.dtype == .f32)
  }
}
