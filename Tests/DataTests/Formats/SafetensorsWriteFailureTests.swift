import Foundation
import MartletData
import TestSupport
import Testing

/// A write that fails leaves the old file and no other file.
@Suite struct SafetensorsWriteFailureTests {
  private let folder: TemporaryFolder
  private let path: String
  private let sources = [SafetensorsFile.Source(name: "a", dtype: .u8, shape: [2], bytes: [8, 9])]

  init() throws {
    folder = try TemporaryFolder()
    path = try folder.write([1, 2, 3], to: "model")
  }

  private func failure(_ sources: [SafetensorsFile.Source], at path: String) -> DataError? {
    let error = #expect(throws: DataError.self) { try SafetensorsFile.write(sources, to: path) }
    #expect(error?.path == path)
    return error
  }

  private func expectUntouched(_ location: SourceLocation = #_sourceLocation) throws {
    #expect(try folder.names() == ["model"], sourceLocation: location)
    #expect(try folder.bytes(of: "model") == [1, 2, 3], sourceLocation: location)
  }

  @Test("Tensors that cannot be written")
  func impossibleTensors() throws {
    let good = SafetensorsFile.Source(name: "a", dtype: .u8, shape: [2], bytes: [1, 2])
    #expect(failure([good, good], at: path)?.message == "the name is taken")
    let reserved = SafetensorsFile.Source(name: "__metadata__", dtype: .u8, shape: [2], bytes: [1, 2])
    #expect(failure([reserved], at: path)?.entry == "__metadata__")
    let negative = SafetensorsFile.Source(name: "n", dtype: .u8, shape: [-1, -2], bytes: [1, 2])
    #expect(failure([negative], at: path)?.entry == "n")
    let huge = SafetensorsFile.Source(name: "h", dtype: .f64, shape: [1 << 40, 1 << 40], bytes: [])
    #expect(failure([huge], at: path)?.entry == "h")
    let half = SafetensorsFile.Source(name: "p", dtype: .i8, shape: [1 << 62], bytes: [])
    let rest = SafetensorsFile.Source(name: "q", dtype: .i8, shape: [1 << 62], bytes: [])
    #expect(failure([half, rest], at: path)?.entry == "q")
    try expectUntouched()
  }

  @Test("Fewer or more bytes lent than the shape has", arguments: [0, 1, 3])
  func wrongByteCount(_ pieces: Int) throws {
    let first = SafetensorsFile.Source(name: "a", dtype: .f32, shape: [1], bytes: [1, 2, 3, 4])
    let second = SafetensorsFile.Source(name: "b", dtype: .f32, shape: [2]) { lend in
      for _ in 0..<pieces { ([1, 2, 3, 4] as [UInt8]).withUnsafeBytes(lend) }
    }
    let error = failure([first, second], at: path)
    #expect(error?.entry == "b")
    #expect(error?.message == "\(4 * pieces) bytes were lent; there must be 8")
    try expectUntouched()
  }

  @Test("Pieces that make up the shape's bytes are written one after the other")
  func pieces() throws {
    let tensor = SafetensorsFile.Source(name: "b", dtype: .u8, shape: [4]) { lend in
      for piece: [UInt8] in [[1], [], [2, 3], [4]] { piece.withUnsafeBytes(lend) }
    }
    try SafetensorsFile.write([tensor], to: path)
    #expect(try SafetensorsFile(path: path).bytes(of: "b") == [1, 2, 3, 4])
    #expect(try folder.names() == ["model"])
  }

  @Test("A folder that is not there, a file in its place, a folder in the file's")
  func impossiblePlaces() throws {
    #expect(failure(sources, at: folder.path("none/model"))?.message == "No such file or directory")
    #expect(failure(sources, at: folder.path("model/model"))?.message == "Not a directory")
    #expect(failure(sources, at: folder.path(""))?.message.contains("not a regular file") == true)
    #expect(failure(sources, at: "/dev/null")?.message.contains("not a regular file") == true)
    try expectUntouched()
  }

  @Test("A file keeps its permissions")
  func permissions() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    try SafetensorsFile.write(sources, to: path)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test("A disk that takes no more, here by the process's limit on the size of a file")
  func fullDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let path = try folder.write([1, 2, 3], to: "model")
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
      #if canImport(Darwin)
        setrlimit(RLIMIT_FSIZE, &limit)
      #else
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      #endif
      let large = SafetensorsFile.Source(
        name: "a", dtype: .u8, shape: [10_000], bytes: [UInt8](repeating: 1, count: 10_000))
      let error = #expect(throws: DataError.self) { try SafetensorsFile.write([large], to: path) }
      #expect(error?.message == "File too large")
      #expect(try folder.names() == ["model"])
      #expect(try folder.bytes(of: "model") == [1, 2, 3])
    }
  }
}
