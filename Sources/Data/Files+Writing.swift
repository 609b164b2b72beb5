#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a file whole or not at all: a failure, or a crash at any moment, leaves what was there.
///
/// The bytes go to a temporary file beside the target, reach the disk, and take the target's name, whose
/// permissions they keep. A symbolic link of that name is replaced, not followed. Temporary files that killed
/// writers of the same target left are deleted.
func writeAtomically(
  to path: String, _ body: (OutputFile) throws(DataError) -> Void
) throws(DataError) {
  let permissions = try permissions(of: path)
  let place = Place(path)
  place.deleteAbandoned()
  let folder = try openFolder(place.folder, for: path)
  defer { if folder >= 0 { close(folder) } }
  let (temporary, descriptor) = try place.makeTemporary(for: path)
  do throws(DataError) {
    do throws(DataError) {
      if let permissions, fchmod(descriptor, permissions) != 0 { throw .system(path) }
      try body(OutputFile(path: path, descriptor: descriptor))
      guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw .system(path) }
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw .system(path) }
  } catch {
    unlink(temporary)
    throw error
  }
  try syncRename(folder, path)
}

/// The folder and the name of a file to write, and the temporary files beside it.
///
/// A temporary file is locked as long as its writer lives: one that is not locked was abandoned.
private struct Place {
  let folder: String
  /// The start of the names of temporary files, short enough for 255 bytes with the rest of them.
  private let prefix: String
  private static let suffix = ".tmp"
  private static let digits = 16

  init(_ path: String) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    folder = slash.map { String(path[...$0]) } ?? ""
    var name = (slash.map { path[path.utf8.index(after: $0)...] } ?? path[...]).unicodeScalars
    let mark = ".martlet-"
    while String(name).utf8.count > 255 - mark.utf8.count - Self.digits - Self.suffix.utf8.count {
      name.removeLast()
    }
    prefix = String(name) + mark
  }

  /// A new file with a lock, open for writing.
  func makeTemporary(for path: String) throws(DataError) -> (path: String, descriptor: Int32) {
    while true {
      let number = String(UInt64.random(in: 0 ... .max), radix: 16)
      let zeros = String(repeating: "0", count: Self.digits - number.count)
      let temporary = folder + prefix + zeros + number + Self.suffix
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw .system(path) }
      // Another writer may take a file that is not locked yet for an abandoned one. File systems without locks
      // have none that could be taken so.
      var status = stat()
      let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
      if isLocked, fstat(descriptor, &status) == 0, status.st_nlink > 0 { return (temporary, descriptor) }
      close(descriptor)
    }
  }

  /// Deletes the temporary files of this target whose writers are gone.
  func deleteAbandoned() {
    guard let listing = opendir(folder.isEmpty ? "." : folder) else { return }
    defer { closedir(listing) }
    while let item = readdir(listing) {
      let name = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if isTemporary(name) { deleteIfAbandoned(folder + name) }
    }
  }

  private func isTemporary(_ name: String) -> Bool {
    let bytes = name.utf8
    guard bytes.starts(with: prefix.utf8),
      bytes.count == prefix.utf8.count + Self.digits + Self.suffix.utf8.count
    else { return false }
    let rest = bytes.dropFirst(prefix.utf8.count)
    return rest.dropFirst(Self.digits).elementsEqual(Self.suffix.utf8)
      && rest.prefix(Self.digits).allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  private func deleteIfAbandoned(_ temporary: String) {
    let descriptor = open(temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    var status = stat()
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0,
      status.st_mode & S_IFMT == S_IFREG
    {
      unlink(temporary)
    }
    close(descriptor)
  }
}

/// The permissions of the file that is to be replaced; nil for a new one, whose permissions the umask tells.
///
/// A path that names something other than a file is refused: a rename would put a file in the place of `/dev/null`.
private func permissions(of path: String) throws(DataError) -> mode_t? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  guard status.st_mode & S_IFMT == S_IFREG else {
    throw DataError(path: path, message: "is not a regular file, and is not replaced by one")
  }
  return status.st_mode & 0o777
}

/// A folder to sync; −1 where it may be written in and not be read, which opening it needs.
private func openFolder(_ folder: String, for path: String) throws(DataError) -> Int32 {
  let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 || errno == EACCES else { throw .system(path) }
  return descriptor
}

/// Makes a rename last through a crash; some file systems have no such call for a folder and say EINVAL.
private func syncRename(_ folder: Int32, _ path: String) throws(DataError) {
  if folder < 0 { return sync() }
  guard fsync(folder) == 0 || errno == EINVAL else { throw .system(path) }
}
