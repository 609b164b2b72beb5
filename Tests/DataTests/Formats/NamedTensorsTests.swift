import Martlet
import TestSupport
import Testing

/// The value of bits in half precision by its definition: a sign, 5 bits of exponent and 10 bits of fraction.
private func halfValue(_ word: UInt16) -> Double {
  let exponent = Int(word >> 10 & 31), fraction = Double(word & 1023) / 1024
  let scale = Double(sign: word >> 15 == 1 ? .minus : .plus, exponent: max(exponent, 1) - 15, significand: 1)
  switch exponent {
  case 0: return fraction * scale
  case 31: return fraction == 0 ? scale * .infinity : .nan
  default: return (1 + fraction) * scale
  }
}

/// Files of any format, opened by their first bytes, and their tensors under other names.
@Suite struct NamedTensorsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("The first bytes of a file tell its format, whatever its name")
  func formats() throws {
    func open(_ name: String) throws -> any NamedTensors { try namedTensors(of: fixture(name)) }
    #expect(try open("arrays.npz") is NpzFile)
    #expect(try open("big.npy") is NpyFile)
    #expect(try open("checkpoint.pt") is PyTorchFile)
    #expect(try open("part-1.safetensors") is SafetensorsFile)
    #expect(try open("model.safetensors.index.json") is SafetensorsIndex)
    #expect(try open("images.idx") is IDXFile)
    #expect(try open("images.idx.gz") is IDXFile)
    let path = try folder.write(Array("weights".utf8), to: "model.safetensors")
    let error = #expect(throws: DataError.self) { try namedTensors(of: path) }
    #expect(
      error?.message.hasPrefix("begins with [119, 101, 105, 103, 104, 116, 115]; a file of tensors") == true)
    #expect(throws: DataError.self) { try namedTensors(of: folder.path("none")) }
    let vector = try folder.write([0, 0, 8, 1, 0, 0, 0, 1] + Array("{".utf8), to: "vector")
    #expect(try namedTensors(of: vector).tensor("", as: UInt8.self).scalars == [123])
  }

  @Test("Tensors get other names by a closure, a dictionary or a prefix")
  func renaming() throws {
    let file = try namedTensors(of: fixture("checkpoint.pt"))
    let state = try file.droppingPrefix("state.")
    #expect(state.names.count == 13 && state.names.first == "transposed")
    #expect(try state.tensor("column", as: Float.self).scalars == [1, 5, 9])
    #expect(state["state.column"] == nil && state.path == file.path)
    let some = try state.renamed { $0 == "base" ? "weight" : nil }
    #expect(some.names == ["weight"])
    #expect(try some.tensor("weight", as: Float.self).shape == [3, 4])
    let one = try file.renamed(["list.0": "first"])
    #expect(one.names.count == 15 && one["first"]?.shape == [1] && one["list.0"] == nil)
    let none = #expect(throws: DataError.self) { try file.droppingPrefix("model.") }
    #expect(none?.message == "no name begins with \"model.\"")
    let taken = #expect(throws: DataError.self) { try file.renamed(["list.0": "state.base"]) }
    #expect(taken?.entry == "list.0")
    #expect(taken?.message == "gets the new name \"state.base\", which another tensor has")
  }

  @Test("IDX files are read, gzipped or not")
  func idx() throws {
    for name in ["images.idx", "images.idx.gz"] {
      let file = try IDXFile(path: fixture(name))
      let images = try file.array.tensor(as: UInt8.self)
      #expect(file.names == [""] && images.shape == [2, 3] && images.scalars == [1, 2, 3, 4, 5, 255])
    }
    let images = try IDXFile(path: fixture("images.idx")).array
    #expect(try images.rows([1], as: Float.self, converting: true).scalars == [4, 5, 255])
    #expect(try IDXFile(path: fixture("numbers.idx")).array.tensor(as: Float.self).scalars == [1.5, -2])
  }

  @Test("IDX files cut off at any byte, or of a size that lies")
  func idxAttacks() throws {
    for name in ["images.idx", "images.idx.gz"] {
      let whole = Array(try Golden.data("Files/" + name))
      for count in 0..<whole.count {
        let path = try folder.write(Array(whole[..<count]), to: "cut")
        #expect(throws: DataError.self, "\(count) bytes") {
          try IDXFile(path: path).array.tensor(as: UInt8.self)
        }
      }
    }
    let huge = try folder.write([0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12), to: "huge")
    let error = #expect(throws: DataError.self) { try IDXFile(path: huge) }
    #expect(error?.message.hasSuffix("declares 9223372036854775807") == true)
    let other = try folder.write([0, 0, 7, 1, 0, 0, 0, 0], to: "other")
    #expect(throws: DataError.self) { try IDXFile(path: other) }
  }

  @Test("A model in several files is read by its index, and written again")
  func shards() throws {
    let file = try SafetensorsIndex(path: fixture("model.safetensors.index.json"))
    #expect(file.names == ["0.bias", "0.weight"])
    #expect(try file.tensor("0.weight", as: Float.self).scalars == [1, 2, 3, 4, 5, 6])
    let path = folder.path("own.safetensors.index.json")
    let sources = try file.names.map { TensorSource(name: $0, tensor: try file.tensor($0, as: Float.self)) }
    try SafetensorsIndex.write(sources, bytesPerFile: 24, to: path)
    #expect(
      try folder.names() == [
        "own-00001-of-00002.safetensors", "own-00002-of-00002.safetensors", "own.safetensors.index.json",
      ])
    #expect(try SafetensorsFile(path: folder.path("own-00001-of-00002.safetensors")).names == ["0.bias"])
    #expect(try SafetensorsIndex(path: path).tensor("0.bias", as: Float.self).scalars == [7, 8])
    #expect(throws: DataError.self) { try SafetensorsIndex.write(sources, to: folder.path("own.json")) }
  }

  @Test(
    "An index that leaves its folder, or names what is not there",
    arguments: [
      #"{"weight_map":{"a":"../x.safetensors"}}"#, #"{"weight_map":{"a":"/etc/passwd"}}"#,
      #"{"weight_map":{"a":""}}"#, #"{"weight_map":{"a":"none.safetensors"}}"#, #"{"weight_map":{"a":1}}"#,
      #"{"weight_map":[]}"#, #"{"metadata":{}}"#, #"{"weight_map":{"b":"x.safetensors"}}"#, "{",
    ])
  func indexAttacks(_ text: String) throws {
    try SafetensorsFile.write(
      [TensorSource(name: "a", tensor: Tensor<Float>([1]))], to: folder.path("x.safetensors"))
    let path = try folder.write(Array(text.utf8), to: "model.safetensors.index.json")
    #expect(throws: DataError.self) { try SafetensorsIndex(path: path) }
  }

  @Test("Tensors are rounded to half precision to nearest, ties to even, as NumPy and PyTorch do")
  func halves() throws {
    // Each value with the bits of F16 and of BF16.
    let values: [(Double, UInt16, UInt16)] = [
      (1, 0x3C00, 0x3F80), (-2.5, 0xC100, 0xC020), (65519.99, 0x7BFF, 0x4780), (65520, 0x7C00, 0x4780),
      (0x1p-24, 0x0001, 0x3380), (0x1p-25, 0x0000, 0x3300), (0x1.8p-24, 0x0002, 0x33C0),
      (-0.0, 0x8000, 0x8000),
      (.infinity, 0x7C00, 0x7F80), (1 + 0x1p-11, 0x3C00, 0x3F80), (1 + 0x3p-11, 0x3C02, 0x3F80),
      (1 + 0x1p-8, 0x3C04, 0x3F80), (1 + 0x3p-8, 0x3C0C, 0x3F82),
      // Rounded to Float first, these would be ties, and would go to the even neighbour.
      (1 + 0x1p-11 + 0x1p-40, 0x3C01, 0x3F80), (1 + 0x1p-8 + 0x1p-40, 0x3C04, 0x3F81),
    ]
    let path = folder.path("halves"), doubles = Tensor<Double>(values.map(\.0))
    try SafetensorsFile.write(
      [
        TensorSource(name: "f16", tensor: doubles, as: .f16),
        TensorSource(name: "bf16", tensor: doubles, as: .bf16),
        TensorSource(name: "f32", tensor: doubles, as: .f32),
      ], to: path)
    let file = try SafetensorsFile(path: path)
    func words(_ name: String) throws -> [UInt16] {
      let bytes = try file.bytes(of: name)
      return stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    }
    #expect(try words("f16") == values.map(\.1))
    #expect(try words("bf16") == values.map(\.2))
    #expect(try file.tensor("f32", as: Float.self).scalars == values.map { Float($0.0) })
    #expect(throws: DataError.self) { try TensorSource(name: "x", tensor: doubles, as: .i8) }
  }

  @Test("All numbers of half precision become themselves, and are written again with the same bits")
  func everyHalf() throws {
    let bits = Array(0...UInt16.max), path = folder.path("every")
    let bytes = bits.withUnsafeBytes { Array($0) }
    try SafetensorsFile.write([TensorSource(name: "x", dtype: .f16, shape: [65536], bytes: bytes)], to: path)
    let floats = try SafetensorsFile(path: path).tensor("x", as: Float.self)
    try SafetensorsFile.write([TensorSource(name: "x", tensor: floats, as: .f16)], to: path)
    let again = try SafetensorsFile(path: path).bytes(of: "x")
    for (index, word) in bits.enumerated() {
      let value = halfValue(word), float = Double(floats.scalars[index])
      if value.isNaN {
        #expect(float.isNaN)
      } else if float != value || again[2 * index] != bytes[2 * index]
        || again[2 * index + 1] != bytes[2 * index + 1]
      {
        Issue.record("\(word) is \(value), not \(float)")
      }
    }
  }
}
