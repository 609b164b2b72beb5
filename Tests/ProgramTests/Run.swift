import Foundation
import Testing

/// What a program left behind.
struct Run {
  let output: String
  let errors: String
  let status: Int32
  let files: [String]

  /// Runs a program of this build in an empty folder.
  init(_ name: String, _ arguments: [String] = []) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let errorFile = folder.appendingPathComponent("errors")
    try Data().write(to: errorFile)
    let process = Process(), pipe = Pipe()
    process.executableURL = try #require(Self.buildFolder).appendingPathComponent(name)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = pipe
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
    let errorReader = try FileHandle(forReadingFrom: errorFile)
    errors = String(decoding: try errorReader.readToEnd() ?? Data(), as: UTF8.self)
    files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "errors" }
  }

  /// The folder that holds the test bundle, and the executables beside it: the bundle is run on Linux, and
  /// named to the runner elsewhere.
  static var buildFolder: URL? {
    CommandLine.arguments.first { $0.contains(".xctest") }.map { argument in
      var url = URL(fileURLWithPath: argument)
      while url.pathExtension != "xctest" { url.deleteLastPathComponent() }
      return url.deletingLastPathComponent()
    }
  }
}
