import Foundation
import Martlet
import TestSupport
import Testing

/// A folder that is deleted together with its last reference.
final class TemporaryFolder {
  private let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.path + "/" + name }

  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
}

/// The model of sequential.safetensors, which PyTorch's safetensors package wrote.
private func network() -> Sequential<Tensor<Float>, Tensor<Float>> {
  Sequential {
    Linear(3, 4); Tanh(); Linear(4, 2, bias: false); Sigmoid()
  }
}

private final class Stateful<Element: DifferentiableScalar>: Module {
  let weight: Tensor<Element>
  let tied: Tensor<Element>
  @Buffer var runningMean: Tensor<Element>
  @Buffer var cache: Tensor<Element>
  let scalar: Tensor<Element>
  let empty = Tensor<Element>.zeros([0, 3])

  init(_ values: [Element]) {
    weight = Tensor(values, requiresGrad: true)
    tied = weight
    runningMean = Tensor(values.map { -$0 })
    _cache = Buffer(wrappedValue: Tensor(values), saved: false)
    scalar = Tensor(values[0])
  }
}

private func bits<M: Module>(_ model: M) -> [[UInt64]] {
  model.namedState.map { entry in
    entry.tensor.scalars.map { scalar in
      (scalar as? Double)?.bitPattern ?? UInt64((scalar as! Float).bitPattern)
    }
  }
}

/// Models that are written to files and read back.
@Suite struct ModelFileTests {
  private let folder: TemporaryFolder
  private let fixture = Golden.url("sequential.safetensors").path

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "PyTorch's running statistics and its count of batches are read strictly, and written to the same bytes")
  func trackedStatistics() throws {
    let norm = BatchNorm(4), path = folder.path("model"), torch = Golden.url("batchnorm.safetensors")
    let model = Sequential {
      Linear(3, 4)
      norm
    }
    #expect(try model.load(from: torch.path).isEmpty)
    #expect(norm.batchesTracked?.scalars == [1])
    #expect(norm.runningMean?.scalars.contains(0) == false, "the batch moved it")
    try model.save(to: path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(contentsOf: torch))
    #expect(throws: DataError.self) {
      try Sequential { Linear<Double>(3, 4) }.load(from: torch.path, strict: false)
    }
  }

  @Test("What is written is read back bit for bit, in both precisions")
  func roundTrip() throws {
    func check<E: DifferentiableScalar>(_: E.Type) throws {
      let odd: [E] = [
        -0.0, 1 / 3, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan,
      ]
      let model = Stateful(odd), copy = Stateful<E>([E](repeating: 5, count: odd.count))
      let path = folder.path("model")
      try model.save(to: path)
      let mismatch = try copy.load(from: path)
      #expect(mismatch.isEmpty)
      #expect(bits(copy) == bits(model))
      #expect(copy.tied === copy.weight)
      #expect(copy.cache.scalars == [E](repeating: 5, count: odd.count), "an unsaved buffer stays")
      #expect(
        try SafetensorsFile(path: path).names.sorted() == [
          "empty", "running_mean", "scalar", "tied", "weight",
        ])
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test("A file of PyTorch's package is read, and written again byte for byte")
  func foreign() throws {
    let model = network()
    try model.load(from: fixture)
    #expect(model.namedParameters.map(\.name) == ["0.weight", "0.bias", "2.weight"])
    let path = folder.path("again.safetensors")
    try model.save(to: path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Golden.data("sequential.safetensors"))
  }

  @Test("Loading keeps the tensors, whether they are trained, and their gradients")
  func identity() throws {
    let model = network()
    let before = model.parameters
    before[0].requiresGrad = false
    model(.ones([1, 3])).sum().backward()
    let gradient = before[2].grad?.scalars
    let optimizer = SGD(model.parameters, learningRate: 1)
    try model.load(from: fixture)
    #expect(zip(before, model.parameters).allSatisfy { $0 === $1 })
    #expect(before.map(\.requiresGrad) == [false, true, true])
    #expect(before.allSatisfy { $0.isLeaf })
    #expect(before[2].grad?.scalars == gradient)
    let loaded = model.parameters[2].scalars
    optimizer.step()
    #expect(
      model.parameters[2].scalars == zip(loaded, gradient!).map { $0 - $1 }, "the optimizer goes on with them"
    )
  }

  @Test("Parameters that lie transposed in memory are saved and loaded in row-major order")
  func transposed() throws {
    let model = Linear(weight: Tensor<Float>([[1, 2, 3], [4, 5, 6]]).transposed())
    let path = folder.path("model")
    try model.save(to: path)
    let plain = Linear(2, 3, bias: false)
    try plain.load(from: path)
    #expect(plain.weight.scalars == [1, 4, 2, 5, 3, 6])
    noGrad { model.weight.fill(0) }
    try model.load(from: path)
    #expect(model.weight.scalars == [1, 4, 2, 5, 3, 6])
  }

  @Test("A graph that was recorded before loading is refused, not silently wrong")
  func recordedBefore() throws {
    let model = network()
    let loss = model(.ones([1, 3])).sum()
    try model.load(from: fixture)
    #expect(throws: TensorError.self) { try catchingTensorErrors { loss.backward() } }
  }

  @Test("Metadata is written; a model without state is a file too")
  func metadata() throws {
    let path = folder.path("empty"), model = Sequential([Tanh()])
    try model.save(to: path, metadata: ["epoch": "3"])
    #expect(try SafetensorsFile(path: path).metadata == ["epoch": "3"])
    #expect(try model.load(from: path).isEmpty)
  }

  /// A model that does not match the fixture: one more name, one less, and one of another shape.
  private func misfit() -> Sequential<Tensor<Float>, Tensor<Float>> {
    Sequential {
      Linear(3, 5, bias: false); Tanh(); Linear(4, 2)
    }
  }

  @Test("Strict, all names that are missing, unexpected or of another shape are told, and nothing is changed")
  func strict() throws {
    let model = misfit(), before = bits(model)
    let error = #expect(throws: ModelMismatch.self) { try model.load(from: fixture) }
    #expect(error?.path == fixture)
    #expect(error?.missing == ["2.bias"])
    #expect(error?.unexpected == ["0.bias"])
    #expect(error?.misshapen == ["0.weight [5, 3] ≠ [4, 3]"])
    #expect(
      error?.description == "\(fixture): does not fit the model; missing: 2.bias; unexpected: 0.bias; "
        + "of another shape: 0.weight [5, 3] ≠ [4, 3]")
    #expect(bits(model) == before)
  }

  @Test("Not strict, missing and unexpected names are returned and the rest is loaded")
  func lenient() throws {
    let model: Sequential = Sequential {
      Linear(3, 4, bias: false); Tanh(); Linear(4, 2)
    }
    let bias = model.parameters[2].scalars
    let mismatch = try model.load(from: fixture, strict: false)
    #expect(mismatch.missing == ["2.bias"] && mismatch.unexpected == ["0.bias"] && mismatch.misshapen.isEmpty)
    let whole = network()
    try whole.load(from: fixture)
    #expect(model.parameters[0].scalars == whole.parameters[0].scalars)
    #expect(model.parameters[1].scalars == whole.parameters[2].scalars)
    #expect(model.parameters[2].scalars == bias)
  }

  @Test("Not strict, a file without any of the model's names is refused still")
  func lenientForeign() throws {
    let file = try namedTensors(of: fixture).renamed { "other." + $0 }
    let model = network(), before = bits(model)
    let error = #expect(throws: ModelMismatch.self) { try model.load(from: file, strict: false) }
    #expect(error?.missing == model.namedState.map(\.name))
    #expect(bits(model) == before)
  }

  @Test("Not strict, another shape is refused still, and nothing is changed")
  func lenientShapes() {
    let model = misfit(), before = bits(model)
    #expect(throws: ModelMismatch.self) { try model.load(from: fixture, strict: false) }
    #expect(bits(model) == before)
  }

  @Test("A file cut short anywhere is refused, and nothing is changed")
  func cutShort() throws {
    let whole = try Golden.data("sequential.safetensors"), model = network(), before = bits(model)
    let path = folder.path("cut")
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: DataError.self, "\(count) bytes") { try model.load(from: path) }
      #expect(error?.path == path)
    }
    #expect(bits(model) == before)
  }

  @Test(
    "Elements of another type in the last entry are refused by name, and nothing is changed",
    arguments: [true, false])
  func wrongElements(_ strict: Bool) throws {
    let path = folder.path("mixed"), model = network(), before = bits(model)
    try SafetensorsFile.write(
      [
        .init(name: "0.weight", tensor: Tensor<Float>.ones([4, 3])),
        .init(name: "0.bias", tensor: Tensor<Float>.ones([4])),
        .init(name: "2.weight", tensor: Tensor<Double>.ones([2, 4])),
      ], to: path)
    let error = #expect(throws: DataError.self) { try model.load(from: path, strict: strict) }
    #expect(error?.entry == "2.weight")
    let fault = "elements are F64, not Float; converting: true converts them"
    #expect(error?.description == "\(path): \"2.weight\": \(fault)")
    #expect(bits(model) == before)
  }

  @Test("An entry of more axes than a tensor can have is another shape, and does not stop the program")
  func nineAxes() throws {
    let path = folder.path("nine"), model = Linear(1, 1, bias: false), before = bits(model)
    try SafetensorsFile.write(
      [.init(name: "weight", dtype: .f32, shape: [Int](repeating: 1, count: 9), bytes: [0, 0, 0, 0])],
      to: path)
    let error = #expect(throws: ModelMismatch.self) { try model.load(from: path) }
    #expect(error?.misshapen == ["weight [1, 1] ≠ [1, 1, 1, 1, 1, 1, 1, 1, 1]"])
    #expect(bits(model) == before)
  }

  @Test("What loading returns says that the file fits, or what differs")
  func outcome() throws {
    let whole = try network().load(from: fixture)
    #expect(whole.isEmpty && "\(whole)" == "\(fixture): fits the model")
    let model = Sequential { Linear(3, 4, bias: false) }
    let partly = try model.load(from: fixture, strict: false)
    #expect("\(partly)" == "\(fixture): does not fit the model; unexpected: 0.bias, 2.weight")
  }

  @Test("Shapes of no elements whose product overflows are another shape, and do not stop the program")
  func overflowingShapes() throws {
    let path = folder.path("overflow"), model = Linear(1, 1, bias: false), before = bits(model)
    let header = #"{"weight":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}}"#
    let bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + Array(header.utf8)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    for strict in [true, false] {
      #expect(throws: ModelMismatch.self) { try model.load(from: path, strict: strict) }
    }
    #expect(bits(model) == before)
  }

  @Test("A missing file, and a folder that is not there, are named")
  func missing() {
    let path = folder.path("none/model.safetensors"), model = network()
    for act in [{ _ = try model.load(from: path) }, { try model.save(to: path) }] {
      let error = #expect(throws: DataError.self) { try act() }
      #expect(error?.path == path)
      #expect(error?.description == "\(path): No such file or directory")
    }
  }

  @Test("Saving again replaces the file and leaves nothing beside it")
  func replacing() throws {
    let path = folder.path("model.safetensors"), model = Linear(1, 1, bias: false)
    for value in [1, 2] as [Float] {
      noGrad { model.weight.fill(value) }
      try model.save(to: path)
      #expect(try folder.names() == ["model.safetensors"])
      #expect(try SafetensorsFile(path: path).tensor("weight", as: Float.self).item == value)
    }
  }
}
