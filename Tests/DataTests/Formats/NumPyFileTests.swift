import Martlet
import TestSupport
import Testing

/// The path of a file that make_files.py wrote.
func fixture(_ name: String) -> String { Golden.url("Files/" + name).path }

/// Files of NumPy, and files that NumPy must read.
@Suite struct NumPyFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("Arrays of NumPy are read, in both orders and byte orders")
  func arrays() throws {
    let file = try NpzFile(path: fixture("arrays.npz"))
    #expect(
      file.names == [
        "fortran", "big", "half", "bool", "scalar", "byte", "complex", "empty", "caf\u{E9}/weight", "record",
        "text",
      ])
    let fortran = try file.tensor("fortran", as: Double.self)
    #expect(fortran.shape == [2, 3, 4] && fortran.scalars == (0..<24).map { Double($0) })
    #expect(try file.tensor("big", as: Int32.self).scalars == [1, -2, .max])
    #expect(try file.tensor("half", as: Float.self).scalars == [1, -2.5, 65504, 0x1p-24, .infinity])
    #expect(try file.tensor("half", as: Double.self).scalars == [1, -2.5, 65504, 0x1p-24, .infinity])
    #expect(try file.tensor("bool", as: Bool.self).scalars == [true, false, true])
    let scalar = try file.tensor("scalar", as: Double.self)
    #expect(scalar.shape == [] && scalar.item == 0.1)
    #expect(try file.tensor("byte", as: UInt8.self).scalars == [0, 255])
    #expect(
      try file.tensor("complex", as: Complex<Double>.self).scalars == [Complex(1, 2), Complex(0, -0.5)])
    #expect(try file.tensor("empty", as: Float.self).shape == [0, 3])
    #expect(try file.tensor("caf\u{E9}/weight", as: Float.self).scalars == [1.5, -1])
  }

  @Test("Structured arrays and texts are listed, and refused when asked for")
  func unreadable() throws {
    let file = try NpzFile(path: fixture("arrays.npz"))
    #expect(file["record"]?.dtypeName == "[('a', '<f4')]")
    #expect(file["text"]?.dtype == nil)
    let error = #expect(throws: DataError.self) { try file.tensor("text", as: UInt8.self) }
    #expect(error?.entry == "text")
    #expect(error?.message.hasPrefix("the elements have type <U2; it must be one of BOOL") == true)
  }

  @Test("Elements of another type are converted on request only")
  func conversion() throws {
    let file = try NpzFile(path: fixture("arrays.npz"))
    let error = #expect(throws: DataError.self) { try file.tensor("scalar", as: Float.self) }
    #expect(error?.message == "elements are <f8, not Float; converting: true converts them")
    #expect(try file.tensor("scalar", as: Float.self, converting: true).item == 0.1)
    #expect(try file.tensor("byte", as: Float.self, converting: true).scalars == [0, 255])
    #expect(try file.tensor("big", as: Int.self, converting: true).scalars == [1, -2, 2_147_483_647])
    #expect(try file.tensor("bool", as: Double.self, converting: true).scalars == [1, 0, 1])
    let narrow = #expect(throws: DataError.self) { try file.tensor("byte", as: Int8.self, converting: true) }
    #expect(narrow?.message == "an element of type |u1 does not fit Int8")
    #expect(throws: DataError.self) { try file.tensor("scalar", as: Int.self, converting: true) }
    #expect(throws: DataError.self) { try file.tensor("complex", as: Double.self, converting: true) }
  }

  @Test("Deflated arrays are inflated")
  func deflated() throws {
    let file = try NpzFile(path: fixture("deflated.npz"))
    let ones = try file.tensor("ones", as: Float.self)
    #expect(ones.shape == [200, 50] && ones.scalars.allSatisfy { $0 == 1 })
    #expect(try file.tensor("ramp", as: Int.self).scalars == [0, 1, 2, 3, 4])
    #expect(throws: DataError.self) { try file["ones"]?.rows([0], as: Float.self) }
  }

  @Test("Rows are read on request, in any order and several times")
  func rows() throws {
    let array = try NpyFile(path: fixture("big.npy")).array
    #expect(array.shape == [3, 2])
    let rows = try array.rows([2, 0, 1, 1], as: Double.self)
    #expect(rows.shape == [4, 2] && rows.scalars == [4, 5, 0, 1, 2, 3, 2, 3])
    #expect(try array.rows([1], as: Float.self, converting: true).scalars == [2, 3])
    #expect(try array.rows([], as: Double.self).shape == [0, 2])
    for wrong in [-1, 3, .max, .min] {
      let error = #expect(throws: DataError.self) { try array.rows([0, wrong], as: Double.self) }
      #expect(error?.message == "has 3 rows; there is no row \(wrong)")
    }
  }

  @Test("An array is written as NumPy writes it, byte for byte")
  func writes() throws {
    let path = folder.path("own.npy")
    try NpyFile.write(Tensor<Float>([[1, 2.5, -3], [4, 5, 6]]), to: path)
    #expect(try folder.bytes(of: "own.npy") == Array(try Golden.data("Files/small.npy")))
    try NpyFile.write(Tensor<Float>([[1, 4], [2.5, 5], [-3, 6]]).transposed(), to: path)
    #expect(try folder.bytes(of: "own.npy") == Array(try Golden.data("Files/small.npy")))
  }

  @Test("Archives are read back bit for bit, stored and deflated", arguments: [false, true])
  func roundTrip(_ compressed: Bool) throws {
    let path = folder.path("own.npz"), ramp = Tensor<Double>.arange(0, 100_000)
    let odd = Tensor<Float>([.nan, -0.0, .infinity, .leastNonzeroMagnitude])
    try NpzFile.write(
      [
        TensorSource(name: "ramp", tensor: ramp), TensorSource(name: "odd", tensor: odd),
        TensorSource(name: "flags", tensor: Tensor<Bool>([true, false])),
        TensorSource(name: "none", tensor: Tensor<Float>.zeros([3, 0])),
        TensorSource(name: "\u{65E5}", tensor: Tensor<Int16>([-300])),
      ], compressed: compressed, to: path)
    let file = try NpzFile(path: path)
    #expect(file.names == ["ramp", "odd", "flags", "none", "\u{65E5}"])
    #expect(try file.tensor("ramp", as: Double.self).scalars == ramp.scalars)
    #expect(try file.tensor("odd", as: Float.self).scalars.map(\.bitPattern) == odd.scalars.map(\.bitPattern))
    #expect(try file.tensor("flags", as: Bool.self).scalars == [true, false])
    #expect(try file.tensor("none", as: Float.self).shape == [3, 0])
    #expect(try file.tensor("\u{65E5}", as: Int16.self).scalars == [-300])
    #expect(try folder.bytes(of: "own.npz").count < (compressed ? 400_000 : 900_000))
  }

  @Test("Two names that are equal, and elements that NumPy does not have, are refused")
  func refused() throws {
    let one = TensorSource(name: "a", tensor: Tensor<Float>([1]))
    let twice = #expect(throws: DataError.self) { try NpzFile.write([one, one], to: folder.path("own.npz")) }
    #expect(twice?.message == "the name is taken")
    let brain = try TensorSource(name: "b", tensor: Tensor<Float>([1]), as: .bf16)
    let error = #expect(throws: DataError.self) {
      try NpzFile.write([one, brain], to: folder.path("own.npz"))
    }
    #expect(error?.entry == "b" && error?.message == "NumPy has no type BF16")
    #expect(try folder.names().isEmpty)
  }
}

/// Malicious arrays.
@Suite struct NpyAttackTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func failure(_ header: String, version: UInt8 = 1, data: Int = 0) throws -> String? {
    let length = header.utf8.count
    let start = [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
    let bytes = start + Array(header.utf8) + [UInt8](repeating: 1, count: data)
    let path = try folder.write(bytes, to: "attack.npy")
    let error = #expect(throws: DataError.self, "\(header)") { try NpyFile(path: path) }
    #expect(error?.path == path)
    return error?.message
  }

  @Test("An array cut off at any byte")
  func truncated() throws {
    let whole = Array(try Golden.data("Files/small.npy"))
    for count in 0..<whole.count {
      let path = try folder.write(Array(whole[..<count]), to: "cut.npy")
      let error = #expect(throws: DataError.self, "\(count) bytes") { try NpyFile(path: path) }
      #expect(error?.entry == nil, "the array has no name")
    }
  }

  @Test("Sizes that lie are told with what the file has")
  func lies() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
    #expect(
      try failure(header, data: 23)
        == "has 92 bytes; its header of 69, <f4 of shape [2, 3], declares 93")
    for shape in ["(4611686018427387904, 4)", "(9223372036854775807,)", "(3037000500, 3037000500)"] {
      let message = try failure("{'descr': '<f4', 'fortran_order': True, 'shape': \(shape)}", data: 4)
      #expect(message?.hasSuffix("declares 9223372036854775807") == true)
    }
  }

  @Test("Shapes of no elements whose product overflows are refused when they are read")
  func emptyOverflow() throws {
    let header =
      "{'descr': '<f4', 'fortran_order': True, 'shape': (0, 9223372036854775807, 9223372036854775807)}"
    let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    let path = try folder.write(start + Array(header.utf8), to: "empty.npy")
    let file = try NpyFile(path: path)
    #expect(throws: DataError.self) { try file.array.tensor(as: Float.self) }
    #expect(throws: DataError.self) { try file.array.rows([], as: Float.self) }
  }

  @Test(
    "Headers that are no description of an array",
    arguments: [
      "", "{", "{}", "[]", "{'descr': '<f4'}", "{'descr': 4, 'fortran_order': False, 'shape': ()}",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': ()}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}",
      "{'descr': [[[[", "{'descr': '<f4",
      "{'descr': '<f4', 'fortran_order': False, 'shape': __import__('os')}",
    ])
  func headers(_ header: String) throws { _ = try failure(header, data: 4) }

  @Test("A version that does not exist")
  func version() throws {
    #expect(try failure("{}", version: 9)?.hasPrefix("is not a NumPy array") == true)
  }
}
