import Foundation
import TestSupport
import Testing

/// The compiler, as a user of this build's library calls it.
enum Compiler {
  /// Type-checks a program that may import Martlet, and returns the compiler's messages.
  static func messages(_ source: String, flags: [String] = []) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("program.swift")
    try source.write(to: file, atomically: true, encoding: .utf8)
    let build = try #require(Run.buildFolder)
    let modules = build.appendingPathComponent("Modules").path
    var arguments = ["swiftc", "-typecheck", "-swift-version", "6", "-I", modules] + flags
    for library in ["COpenBLAS", "CLAPACKE", "CZlib"] {
      arguments += ["-I", Checkout.root.appendingPathComponent("Sources/" + library).path]
    }
    for target in try FileManager.default.contentsOfDirectory(atPath: build.path) {
      let map = build.appendingPathComponent(target + "/module.modulemap").path
      if target.hasSuffix(".build"), FileManager.default.fileExists(atPath: map) {
        arguments += ["-Xcc", "-fmodule-map-file=" + map]
      }
    }
    let headers = try output(["pkg-config", "--cflags", "openblas", "lapacke"])
    for flag in headers.split(whereSeparator: \.isWhitespace) { arguments += ["-Xcc", String(flag)] }
    return try output(arguments + [file.path])
  }

  /// Runs a command, and returns all that it prints.
  private static func output(_ command: [String]) throws -> String {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }
}
