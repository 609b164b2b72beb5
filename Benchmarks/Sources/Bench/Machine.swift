import CBareBLAS
import Martlet
import Runs

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Run.Conditions {
  /// Returns the conditions of this process.
  static func current() -> Run.Conditions {
    let sources = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let git = "git -C '/\(sources)' "
    return Run.Conditions(
      date: Date.now.formatted(.iso8601), revision: output(of: git + "rev-parse --short HEAD") ?? "unknown",
      isDirty: output(of: git + "status --porcelain --untracked-files=no") != nil, cpu: processorName(),
      threads: Threads.count, instructionSet: Martlet.instructionSet,
      blas: String(cString: openblas_get_config()),
      swift: output(of: "swift --version 2>&1 | grep -o 'Swift version [^ ]*'") ?? "unknown")
  }
}

private func processorName() -> String {
  #if os(Linux)
    // On some architectures the kernel does not print "model name".
    let command = "grep -m 1 '^model name' /proc/cpuinfo | cut -d : -f 2 | sed 's/^ *//'"
  #else
    let command = "sysctl -n machdep.cpu.brand_string"
  #endif
  return output(of: command) ?? "unknown"
}

/// Returns the seconds of processor time that other programs have used since the machine started, or nil if
/// the system does not tell.
func secondsOfOthers() -> Double? {
  // The fields are cpu user nice system idle iowait irq softirq steal …, in ticks over all processors.
  guard let fields = output(of: "head -n 1 /proc/stat")?.split(separator: " ").dropFirst().prefix(8) else {
    return nil
  }
  let ticks = fields.compactMap { Double($0) }
  guard ticks.count == 8 else { return nil }
  var own = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own)
  let used = Double(own.tv_sec) + Double(own.tv_nsec) / 1e9
  return (ticks.reduce(0, +) - ticks[3] - ticks[4]) / Double(sysconf(Int32(_SC_CLK_TCK))) - used
}

/// Returns the output of a shell command without the end of the line, or nil if there is no output.
private func output(of command: String) -> String? {
  guard let pipe = popen(command + " 2>/dev/null", "r") else { return nil }
  defer { pclose(pipe) }
  var text = "", buffer = [CChar](repeating: 0, count: 256)
  while fgets(&buffer, Int32(buffer.count), pipe) != nil {
    text += String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
  while text.last == "\n" { text.removeLast() }
  return text.isEmpty ? nil : text
}
