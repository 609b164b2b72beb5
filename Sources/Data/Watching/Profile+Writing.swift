public import MartletCore

extension Profile {
  /// Writes the ``trace`` to a file, whole or not at all. `chrome://tracing` and Perfetto can show it.
  ///
  /// - Throws: ``DataError`` if the file cannot be written.
  public func writeTrace(to path: String) throws(DataError) {
    let bytes = Array(trace.utf8)
    try writeAtomically(to: path) { file throws(DataError) in try file.append(bytes) }
  }
}
