import MartletCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Returns true if there is nothing at a path, and false if there is something or one cannot tell.
package func isMissing(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
}

/// Returns true if two paths lead to one file.
private func isSameFile(_ path: String, _ other: String) -> Bool {
  var first = stat(), second = stat()
  return stat(path, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev
    && first.st_ino == second.st_ino
}

/// Creates the folders that a path of a file leads through and that do not exist.
package func makeFolders(for path: String) throws(DataError) {
  for slash in path.utf8.indices.dropFirst() where path.utf8[slash] == UInt8(ascii: "/") {
    let folder = String(path[..<slash])
    if mkdir(folder, 0o777) == 0 || errno == EEXIST { continue }
    // The look at the folder sets `errno` too.
    let error = DataError.system(path)
    if isMissing(folder) { throw error }
  }
}

/// Makes `copy` a second name of a file, in place of the file that has this name. At every moment there is the
/// old file or the new one.
///
/// On a file system without a second name for a file, `copy` is a copy.
package func keep(_ path: String, as copy: String) throws(DataError) {
  if isSameFile(path, copy) { return }
  let temporary = copy + ".link"
  unlink(temporary)
  guard link(path, temporary) == 0 else { return try copyFile(path, to: copy) }
  guard rename(temporary, copy) == 0 else {
    let error = DataError.system(copy)
    unlink(temporary)
    throw error
  }
}

private func copyFile(_ path: String, to copy: String) throws(DataError) {
  let file = try InputFile(path: path, allowsStreams: false)
  try writeAtomically(to: copy) { output throws(DataError) in
    var offset = 0
    while offset < file.byteCount {
      let piece = try file.bytes(at: offset, count: min(file.byteCount - offset, 1 << 20))
      try piece.span.withUnsafeBytes { bytes throws(DataError) in try output.append(bytes) }
      offset += piece.count
    }
  }
}

/// Moves the history of a file that is about to be replaced on by one name: `path` is kept as the first name, the
/// file of the first name as the second, and so on. The file of the last name is lost.
///
/// Nothing changes if the file already has the first name, for example because a process was killed between
/// this call and the replacement.
package func shift(_ path: String, through names: [String]) throws(DataError) {
  guard let first = names.first, !isMissing(path), !isSameFile(path, first) else { return }
  for (older, newer) in zip(names, names.dropFirst()).reversed() where !isMissing(older) {
    guard rename(older, newer) == 0 else { throw .system(newer) }
  }
  try keep(path, as: first)
}

/// Appends a text to a file, which is created if it does not exist.
func appendToFile(_ text: String, path: String) throws(DataError) {
  let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw .system(path) }
  defer { close(descriptor) }
  try OutputFile(path: path, descriptor: descriptor).append(Array(text.utf8))
}
