import MartletCore

extension Module {
  /// Runs `body`, which computes this module's output, as a part of the running profile that bears the module's path.
  func underItsPath<Result>(_ body: () -> Result) -> Result {
    guard let profiler = Profiler.current else { return body() }
    return profiler.layer(self, parts: { modules(below: self).map { ($0.module, $0.name) } }, body)
  }
}
