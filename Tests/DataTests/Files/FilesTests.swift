import Foundation
import TestSupport
import Testing

@testable import MartletData

private func fault(_ act: () throws -> Void) -> String? {
  do { try act() } catch let error as DataError { return error.message } catch { return "\(error)" }
  return nil
}

private func littleEndian(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }

/// Files that are larger than the memory or endless, and paths that are not files.
@Suite struct OutsizedFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func sparse(_ name: String, _ start: [UInt8], byteCount: Int) throws -> String {
    let path = try folder.write(start, to: name)
    try #require(truncate(path, off_t(byteCount)) == 0)
    return path
  }

  @Test(
    "A table is read in pieces, so that the size of a binary file does not matter",
    arguments: [1 << 40, 1 << 43])
  func hugeTable(_ byteCount: Int) throws {
    let path = try sparse("x.csv", Array("1,a\n".utf8), byteCount: byteCount)
    #expect(fault { _ = try Table(csv: path) }?.contains("byte 0") == true)
  }

  @Test("A tensor larger than the memory is refused when it is read, and its neighbours are not")
  func hugeTensor() throws {
    let count = 1 << 40
    let header =
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[\#(count / 4)],"#
      + #""data_offsets":[4,\#(count + 4)]}}"#
    let start = littleEndian(UInt64(header.utf8.count)) + header.utf8
    let path = try sparse("x", start, byteCount: start.count + 4 + count)
    let file = try SafetensorsFile(path: path)
    #expect(try file.tensor("a", as: Float.self).scalars == [0])
    #expect(fault { _ = try file.tensor("b", as: Float.self) } == "there is no memory for its \(count) bytes")
    #expect(fault { _ = try file.bytes(of: "b") }?.contains("more than the system gives") == true)
  }

  @Test("Endless devices are refused", arguments: ["/dev/zero", "/dev/urandom"])
  func endless(_ path: String) {
    #expect(fault { _ = try Table(csv: path) }?.contains("byte 0") == true)
    #expect(fault { _ = try SafetensorsFile(path: path) }?.hasPrefix("is not a regular file") == true)
  }

  @Test("A stream is read up to a limit", arguments: [1, 4096, 3 << 20])
  func limit(_ limit: Int) throws {
    let file = try InputFile(path: "/dev/zero", allowsStreams: true)
    let message = fault { _ = try file.readAll(atMost: limit) { _ in } }
    #expect(message == "has more than \(limit) bytes, which the memory does not allow")
  }

  @Test("A file at the limit is read, one byte more is refused")
  func atLimit() throws {
    let file = try InputFile(path: try folder.write([1, 2, 3], to: "three"), allowsStreams: true)
    #expect(fault { _ = try file.readAll(atMost: 2) { _ in } } != nil)
    #expect(try file.readAll(atMost: 3) { _ in } == [1, 2, 3])
  }

  @Test("A pipe is refused as a model without waiting for its writer, and read as a table")
  func pipes() throws {
    let path = folder.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    #expect(fault { _ = try SafetensorsFile(path: path) }?.hasPrefix("is not a regular file") == true)
    Thread.detachNewThread { try? Data("1,2,x\n3,4,y\n".utf8).write(to: URL(fileURLWithPath: path)) }
    #expect(try Table(csv: path).columns.prefix(2).map(\.numbers) == [[1, 3], [2, 4]])
  }

  @Test("A file of another format is told to be no safetensors file, no CSV file")
  func otherFormats() throws {
    let csv = try folder.write("sepal,petal,species\n1,2,setosa\n".utf8, to: "iris.csv")
    #expect(fault { _ = try SafetensorsFile(path: csv) }?.hasPrefix("is not a safetensors file") == true)
    let short = try folder.write("1,2".utf8, to: "short.csv")
    #expect(fault { _ = try SafetensorsFile(path: short) }?.hasPrefix("is not a safetensors file") == true)
    let model = folder.path("model")
    try SafetensorsFile.write([.init(name: "a", dtype: .u8, shape: [1], bytes: [1])], to: model)
    #expect(fault { _ = try Table(csv: model) }?.hasPrefix("is not a CSV file") == true)
  }

  @Test("Rows of very many fields take a small multiple of the file's memory")
  func manyFields() async {
    #if os(Linux)
      await #expect(processExitsWith: .success) {
        let byteCount = 500_000
        let texts = [",", "1,"].map { String(repeating: $0, count: byteCount / $0.utf8.count) }
        let before = ResidentMemory.bytes
        for text in texts { #expect(throws: DataError.self) { try Table(text: text) } }
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        let peak = try #require(Int(line.split(whereSeparator: { !$0.isNumber })[0])) * 1024
        #expect(peak - before < 15 * byteCount)
      }
    #endif
  }
}

/// Temporary files, and the permissions and names of files that are replaced.
@Suite struct AtomicWritingTests {
  private let folder: TemporaryFolder
  private let path: String
  private let source = SafetensorsFile.Source(name: "a", dtype: .u8, shape: [1], bytes: [7])

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("model")
  }

  @Test(
    "A file keeps its permissions, whatever the umask takes from new ones",
    arguments: [0o666, 0o777, 0o640, 0o400])
  func permissions(_ permissions: Int) throws {
    _ = try folder.write([1], to: "model")
    try #require(chmod(path, mode_t(permissions)) == 0)
    try SafetensorsFile.write([source], to: path)
    var status = stat()
    try #require(stat(path, &status) == 0)
    #expect(status.st_mode & 0o7777 == mode_t(permissions))
  }

  @Test("A folder that may be written in and not be read: the file is replaced, and nothing is thrown")
  func unreadableFolder() async throws {
    _ = try folder.write([1], to: "model")
    try #require(chmod(path, 0o666) == 0)
    let place = folder.path("")
    try #require(chmod(place, 0o333) == 0)
    defer { chmod(place, 0o755) }
    await #expect(processExitsWith: .success) { [path = path as String, place = place as String] in
      if getuid() == 0 { try #require(setgid(65534) == 0 && setuid(65534) == 0) }
      #expect(opendir(place) == nil, "the folder cannot be read")
      try SafetensorsFile.write([.init(name: "a", dtype: .u8, shape: [1], bytes: [9])], to: path)
    }
    #expect(try SafetensorsFile(path: path).bytes(of: "a") == [9])
  }

  @Test("A folder that may not be made is an error with the system's reason")
  func forbiddenFolder() async throws {
    let place = folder.path("")
    try #require(chmod(place, 0o555) == 0)
    defer { chmod(place, 0o755) }
    await #expect(processExitsWith: .success) { [place = place as String] in
      if getuid() == 0 { try #require(setgid(65534) == 0 && setuid(65534) == 0) }
      #expect(fault { try makeFolders(for: place + "runs/model") } == "Permission denied")
    }
  }

  @Test(
    "The longest names that the file system takes",
    arguments: [
      String(repeating: "n", count: 238), String(repeating: "n", count: 255),
      String(repeating: "\u{E9}", count: 127), String(repeating: "e\u{301}", count: 85),
    ])
  func longNames(_ name: String) throws {
    for _ in 0..<2 { try SafetensorsFile.write([source], to: folder.path(name)) }
    #expect(try folder.names().map { $0.utf8.count } == [name.utf8.count])
    #expect(try SafetensorsFile(path: folder.path(name)).bytes(of: "a") == [7])
    let error = #expect(throws: DataError.self) {
      try SafetensorsFile.write([source], to: folder.path(String(repeating: "n", count: 256)))
    }
    #expect(error?.message == "File name too long")
  }

  @Test("A killed writer's temporary file is deleted by the next one, as often as it happens")
  func killed() async throws {
    for _ in 0..<2 {
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
        let deadly = SafetensorsFile.Source(name: "a", dtype: .u8, shape: [1]) { _ in kill(getpid(), SIGKILL)
        }
        try SafetensorsFile.write([deadly], to: path)
      }
      #expect(try folder.names().count == 1, "what was killed leaves one file")
    }
    try SafetensorsFile.write([source], to: path)
    #expect(try folder.names() == ["model"])
  }

  @Test("Temporary files of living writers, of other targets and of other programs stay")
  func others() throws {
    let abandoned = "model.martlet-0123456789abcdef.tmp", living = "model.martlet-fedcba9876543210.tmp"
    let kept = [
      living, "model.backup.tmp", "model.martlet-0123456789abcdeF.tmp", "model.martlet-0123.tmp",
      "other.martlet-0123456789abcdef.tmp", "model.martlet-0123456789abcdef.tmp2",
    ]
    for name in kept + [abandoned] { _ = try folder.write([1], to: name) }
    let descriptor = open(folder.path(living), O_RDONLY)
    defer { close(descriptor) }
    try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    try SafetensorsFile.write([source], to: path)
    #expect(try folder.names() == (kept + ["model"]).sorted())
  }

  @Test("Threads that write one file at the same moment all succeed, and leave the file of one of them")
  func simultaneous() throws {
    let path = path
    let failures = simultaneously(8) { thread in
      (0..<25).filter { _ in
        let bytes = [UInt8](repeating: UInt8(thread), count: 5000)
        let source = SafetensorsFile.Source(name: "a", dtype: .u8, shape: [5000], bytes: bytes)
        return (try? SafetensorsFile.write([source], to: path)) == nil
      }.count
    }
    #expect(failures == [Int](repeating: 0, count: 8))
    #expect(try folder.names() == ["model"])
    #expect(Set(try SafetensorsFile(path: path).bytes(of: "a")).count == 1)
  }
}
