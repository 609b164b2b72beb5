import Martlet
import TestSupport
import Testing

@testable import MartletData

/// Files of `torch.save`.
@Suite struct PyTorchFileTests {
  @Test("Tensors of a checkpoint are read under the keys on their way, with any strides and types")
  func checkpoint() throws {
    let file = try PyTorchFile(path: fixture("checkpoint.pt"))
    #expect(
      file.names == [
        "state.transposed", "state.column", "state.rows", "state.expanded", "state.brain", "state.half",
        "state.parameter", "state.wide", "state.complex", "state.flag", "state.count", "state.empty",
        "state.base",
        "list.0", "list.1.7",
      ])
    func floats(_ name: String) throws -> Tensor<Float> { try file.tensor("state." + name) }
    #expect(try floats("base").scalars == (0..<12).map { Float($0) })
    let transposed = try floats("transposed")
    #expect(transposed.shape == [4, 3] && transposed.scalars == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(try floats("column").scalars == [1, 5, 9])
    #expect(try floats("rows").scalars == (4..<12).map { Float($0) })
    let expanded = try floats("expanded")
    #expect(expanded.shape == [2, 3] && expanded.scalars == [1, 1, 1, 1, 1, 1])
    #expect(try floats("brain").scalars == [1.5, -2])
    #expect(try floats("half").scalars == [0.0999755859375])
    #expect(try floats("parameter").scalars == [1, 1])
    #expect(try floats("empty").shape == [0, 3])
    #expect(try file.tensor("state.wide", as: UInt16.self).scalars == [1, 65535])
    #expect(try file.tensor("state.complex", as: Complex<Float>.self).scalars == [Complex(1, 2)])
    #expect(try file.tensor("state.flag", as: Bool.self).scalars == [true, false])
    #expect(try file.integers("state.count").item == 5)
    #expect(try file.tensor("list.1.7", as: Float.self).scalars == [1])
  }

  @Test("Later protocols of pickle are read", arguments: [3, 4, 5])
  func protocols(_ number: Int) throws {
    let file = try PyTorchFile(path: fixture("protocol\(number).pt"))
    #expect(file.names == ["a", "b.c"])
    #expect(try file.tensor("a", as: Float.self).scalars == [1, 2])
  }

  @Test("A state dictionary is written and read back, of any type that PyTorch has")
  func roundTrip() throws {
    let folder = try TemporaryFolder(), path = folder.path("own.pt")
    let empty = [0, Int.max, Int.max]
    try PyTorchFile.write(
      [
        TensorSource(name: "0.weight", tensor: Tensor<Float>([[1, 2], [3, 4], [5, 6]]).transposed()),
        TensorSource(name: "caf\u{E9}", tensor: Tensor<Double>([0.1]), as: .bf16),
        TensorSource(name: "count", tensor: Tensor<Int>([.min, .max])),
        TensorSource(name: "flag", tensor: Tensor<Bool>([true, false])),
        TensorSource(name: "none", dtype: .f32, shape: empty, bytes: []),
      ], to: path)
    let file = try namedTensors(of: path)
    #expect(file.names == ["0.weight", "caf\u{E9}", "count", "flag", "none"])
    let weight = try file.tensor("0.weight", as: Float.self)
    #expect(weight.shape == [2, 3] && weight.scalars == [1, 3, 5, 2, 4, 6])
    #expect(file["caf\u{E9}"]?.dtype == .bf16 && file["none"]?.shape == empty)
    #expect(try file.integers("count").scalars == [.min, .max])
    #expect(try file.tensor("flag", as: Bool.self).scalars == [true, false])
    let wide = TensorSource(name: "a", tensor: Tensor<UInt16>([1]))
    let error = #expect(throws: DataError.self) { try PyTorchFile.write([wide], to: path) }
    #expect(error?.message == "PyTorch's state dictionaries have no type U16")
    let twice = #expect(throws: DataError.self) {
      try PyTorchFile.write([TensorSource](repeating: .init(name: "a", tensor: weight), count: 2), to: path)
    }
    #expect(twice?.message == "the name is taken")
    #expect(try namedTensors(of: path).names.count == 5, "the old file is still there")
  }

  @Test("A pickle that calls a function of the system is refused by its name")
  func code() throws {
    let error = #expect(throws: DataError.self) { try PyTorchFile(path: fixture("code.pt")) }
    #expect(error?.entry == "data.pkl")
    #expect(
      error?.message
        == "the pickle, at byte 18, asks for posix.system, which state dictionaries do not need; "
        + "no code of a file is ever run")
    let scalar = #expect(throws: DataError.self) { try namedTensors(of: fixture("scalar.pt")) }
    #expect(scalar?.message.contains("asks for numpy._core.multiarray.scalar") == true)
  }

  @Test("A tensor that reaches beyond its storage is refused")
  func outside() {
    let error = #expect(throws: DataError.self) { try PyTorchFile(path: fixture("outside.pt")) }
    #expect(
      error?.message.hasSuffix("makes a tensor of shape [3], strides [1], from 0; its storage has 2 elements")
        == true)
  }

  @Test(
    "Values that contain themselves, or have 2^40 paths, end with an error", arguments: ["cycle", "bomb"])
  func cycles(_ name: String) {
    let error = #expect(throws: DataError.self) { try PyTorchFile(path: fixture(name + ".pt")) }
    #expect(error?.message.hasPrefix("is nested more than 64 deep, or the pickle refers") == true)
  }

  @Test("A dictionary without tensors that a list holds many times ends with an error")
  func sharedDictionary() throws {
    let folder = try TemporaryFolder(), path = folder.path("shared.pt")
    // A list of one dictionary of 1000 pairs of None, stored as value 0 and recalled 1000 times.
    let pairs = String(repeating: "NN", count: 1000), recalls = String(repeating: "h\0", count: 1000)
    let pickle = [0x80, 2] + Array("](}q\0(\(pairs)u\(recalls)e.".utf8)
    try writeAtomically(to: path) { output throws(DataError) in
      var archive = ZipWriter(output)
      try archive.add("archive/data.pkl") { append throws(DataError) in
        try pickle.span.withUnsafeBytes { bytes throws(DataError) in try append(bytes) }
      }
      try archive.finish()
    }
    let error = #expect(throws: DataError.self) { try PyTorchFile(path: path) }
    #expect(error?.message.hasPrefix("is nested more than 64 deep, or the pickle refers") == true)
  }

  @Test("The format before PyTorch 1.6 is refused with a way out")
  func oldFormat() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x2E], to: "old.pt")
    for open in [{ _ = try PyTorchFile(path: path) }, { _ = try namedTensors(of: path) }] {
      let error = #expect(throws: DataError.self) { try open() }
      #expect(error?.message.hasPrefix("is a bare pickle, as torch.save wrote before PyTorch 1.6") == true)
    }
  }

  @Test("A file cut off at every fifth byte, or with one of these changed: refused, or read within the file")
  func damaged() throws {
    let folder = try TemporaryFolder(), whole = Array(try Golden.data("Files/layer.pt"))
    for count in stride(from: 0, to: whole.count, by: 5) {
      let path = try folder.write(Array(whole[..<count]), to: "cut.pt")
      #expect(throws: DataError.self, "\(count) bytes") { try PyTorchFile(path: path) }
    }
    var refused = 0
    for index in stride(from: 0, to: whole.count, by: 5) {
      var bytes = whole
      bytes[index] ^= 0x21
      let path = try folder.write(bytes, to: "changed.pt")
      do {
        let file = try PyTorchFile(path: path)
        for name in file.names { _ = try file.tensor(name, as: Float.self) }
      } catch {
        refused += 1
      }
    }
    #expect(refused > 100, "changes of the pickle, the directory and checked data are errors")
  }
}
