#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a file whole or not at all. After a failure, or a crash at any moment, the old file is still there.
///
/// The bytes go to a temporary file beside the target. It is synced to the disk and then renamed to the
/// target; it has the permissions of the old file. A symbolic link at the target is replaced, not followed.
/// Temporary files of the same target whose writers were killed are deleted.
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
/// A temporary file is locked as long as its writer lives. One without a lock was abandoned.
private struct Place {
  let folder: String
  /// The start of the names of the temporary files. It is cut so that the whole name fits 255 bytes.
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

  /// Creates a file with a lock, open for writing.
  func makeTemporary(for path: String) throws(DataError) -> (path: String, descriptor: Int32) {
    while true {
      let number = padded(UInt64.random(in: 0 ... .max), Self.digits, radix: 16)
      let temporary = folder + prefix + number + Self.suffix
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw .system(path) }
      // Before it is locked, the file looks abandoned, and another writer may lock or delete it. Without file
      // locks no writer deletes files, so an open without a lock is safe.
      var status = stat()
      let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
      if isLocked, fstat(descriptor, &status) == 0, status.st_nlink > 0 { return (temporary, descriptor) }
      close(descriptor)
    }
  }

  /// Deletes the temporary files of this target whose writers no longer live.
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

/// Returns the permissions of the file that is to be replaced, or nil for a new file, whose permissions come
/// from the umask.
///
/// A path that is not a regular file is refused: the rename would replace `/dev/null` by a file.
private func permissions(of path: String) throws(DataError) -> mode_t? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  guard status.st_mode & S_IFMT == S_IFREG else {
    throw DataError(path: path, message: "is not a regular file, and is not replaced by one")
  }
  return status.st_mode & 0o777
}

/// Opens the folder to sync. Returns −1 if the folder is writable but not readable, so that it cannot be
/// opened.
private func openFolder(_ folder: String, for path: String) throws(DataError) -> Int32 {
  let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 || errno == EACCES else { throw .system(path) }
  return descriptor
}

/// Makes a rename survive a crash. Some file systems cannot sync a folder and report EINVAL.
private func syncRename(_ folder: Int32, _ path: String) throws(DataError) {
  if folder < 0 { return sync() }
  guard fsync(folder) == 0 || errno == EINVAL else { throw .system(path) }
}
