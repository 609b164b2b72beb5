// Finds the file and line at which an operator or a property was used. Operators and properties cannot take
// `#line` as an argument, so the return addresses on the stack are captured and looked up when the line is
// read.
import CRuntime

/// The return addresses of the callers. They are captured in nanoseconds; the line is looked up in ``text``.
struct CallerLocation: Sendable, Equatable {
  private let addresses: [UInt]

  /// Returns the callers of the function that calls this.
  @inline(never)
  static func capture() -> CallerLocation {
    var frames = [UnsafeMutableRawPointer?](repeating: nil, count: 32)
    let count = martlet_callers(&frames, frames.count)
    return CallerLocation(addresses: frames.prefix(count).map { UInt(bitPattern: $0) })
  }

  /// The file and line of the innermost caller outside Martlet, as `"main.swift:12"`; nil without symbols.
  ///
  /// The program's line table is read anew each time and is not cached.
  var text: String? { fileAndLine.map { "\($0.file):\($0.line)" } }

  /// The parts of ``text``.
  var fileAndLine: (file: String, line: UInt)? {
    var file = [CChar](repeating: 0, count: 256)
    let line = martlet_source_line(
      addresses, addresses.count, { CallerLocation.isMartlet(symbol: String(cString: $0)) ? 1 : 0 }, &file,
      file.count)
    if line == 0 { return nil }
    return (file.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }, UInt(line))
  }
}

extension CallerLocation {
  private static let modules = [
    "MartletKernels", "MartletCore", "MartletLayers", "MartletOptimizers", "MartletData", "MartletTraining",
  ]

  /// Returns true if a `#fileID` begins with the name of one of Martlet's modules.
  static func isMartlet(file: String) -> Bool { modules.contains { file.hasPrefix($0 + "/") } }

  /// Returns true if a mangled name begins with one of Martlet's modules: `$s`, the length of the name and
  /// the name.
  static func isMartlet(symbol: String) -> Bool {
    modules.contains { symbol.hasPrefix("$s\($0.utf8.count)\($0)") }
  }
}
