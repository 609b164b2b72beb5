// The place where an operator or a property was used: the frames of the callers, looked up when the line is read.
import CRuntime

/// The return addresses of the callers, taken in nanoseconds and turned into a line when it is asked for.
struct CallerLocation: Sendable, Equatable {
  private let addresses: [UInt]

  /// The callers of the function that asks.
  @inline(never)
  static func capture() -> CallerLocation {
    var frames = [UnsafeMutableRawPointer?](repeating: nil, count: 32)
    let count = martlet_callers(&frames, frames.count)
    return CallerLocation(addresses: frames.prefix(count).map { UInt(bitPattern: $0) })
  }

  /// The file and line of the innermost caller outside Martlet, as `"main.swift:12"`; nil without symbols. Reads the
  /// program's line table anew each time, and keeps nothing of it.
  var text: String? {
    var file = [CChar](repeating: 0, count: 256)
    let line = martlet_source_line(
      addresses, addresses.count, { CallerLocation.isMartlet(symbol: String(cString: $0)) ? 1 : 0 }, &file,
      file.count)
    if line == 0 { return nil }
    return file.withUnsafeBufferPointer { String(cString: $0.baseAddress!) } + ":\(line)"
  }
}

extension CallerLocation {
  private static let modules = [
    "MartletCore", "MartletLayers", "MartletOptimizers", "MartletData", "MartletTraining",
  ]

  /// Whether a `#fileID` begins with one of our modules.
  static func isMartlet(file: String) -> Bool { modules.contains { file.hasPrefix($0 + "/") } }

  /// Whether a mangled name begins with one of our modules: `$s`, the length of the name and the name.
  static func isMartlet(symbol: String) -> Bool {
    modules.contains { symbol.hasPrefix("$s\($0.utf8.count)\($0)") }
  }
}
