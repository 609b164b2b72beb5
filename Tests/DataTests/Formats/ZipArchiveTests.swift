import Martlet
import TestSupport
import Testing

/// An entry of a zip archive that a test makes by hand, with the fields that lies are told in.
private struct Entry {
  var name = "a.npy"
  var data: [UInt8] = []
  var method = 0
  var flags = 0
  var checksum: Int?
  var declared: Int?
  var offset: Int?
  var innerName: String?
  /// True if the directory has the sizes and the place in a zip64 field.
  var isWide = false
}

private func bytes(_ numbers: (Int, Int)...) -> [UInt8] {
  numbers.flatMap { value, count in (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}

/// Returns an archive of entries.
private func archive(_ entries: [Entry], entryCount: Int? = nil, shift: Int = 0) -> [UInt8] {
  var file: [UInt8] = [], directory: [UInt8] = []
  for entry in entries {
    let start = entry.offset ?? file.count, inner = entry.innerName ?? entry.name
    let sum = entry.checksum ?? crc(entry.data), size = entry.declared ?? entry.data.count
    file += bytes((0x0403_4B50, 4), (20, 2), (entry.flags, 2), (entry.method, 2), (0, 4), (sum, 4))
    file += bytes((entry.data.count, 4), (size, 4), (inner.utf8.count, 2), (0, 2)) + inner.utf8 + entry.data
    let wide = bytes((1, 2), (24, 2), (size, 8), (entry.data.count, 8), (start, 8))
    let extra = entry.isWide ? wide : [], all = 0xFFFF_FFFF
    directory += bytes(
      (0x0201_4B50, 4), (20, 2), (20, 2), (entry.flags, 2), (entry.method, 2), (0, 4), (sum, 4))
    directory += bytes((entry.isWide ? all : entry.data.count, 4), (entry.isWide ? all : size, 4))
    directory += bytes((entry.name.utf8.count, 2), (extra.count, 2), (0, 2), (0, 2), (0, 2), (0, 4))
    directory += bytes((entry.isWide ? all : start, 4)) + entry.name.utf8 + extra
  }
  let count = entryCount ?? entries.count, start = file.count + shift
  if entries.contains(where: \.isWide) {
    let end = file.count + directory.count
    return file + directory
      + bytes((0x0606_4B50, 4), (44, 8), (45, 2), (45, 2), (0, 4), (0, 4), (count, 8), (count, 8))
      + bytes((directory.count, 8), (start, 8), (0x0706_4B50, 4), (0, 4), (end + shift, 8), (1, 4))
      + bytes((0x0605_4B50, 4), (0, 4), (0xFFFF, 2), (0xFFFF, 2), (0xFFFF_FFFF, 4), (0xFFFF_FFFF, 4), (0, 2))
  }
  return file + directory
    + bytes((0x0605_4B50, 4), (0, 4), (count, 2), (count, 2), (directory.count, 4), (start, 4), (0, 2))
}

/// The CRC-32 of bytes, bit by bit.
private func crc(_ bytes: [UInt8]) -> Int {
  var sum: UInt32 = .max
  for byte in bytes {
    sum ^= UInt32(byte)
    for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
  }
  return Int(~sum)
}

/// Malicious archives: each is refused with its name and the name of the entry.
@Suite struct ZipArchiveTests {
  private let folder: TemporaryFolder
  private let array: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    array = Array(try Golden.data("Files/small.npy"))
  }

  private func failure(_ bytes: [UInt8]) throws -> String? {
    let path = try folder.write(bytes, to: "attack.npz")
    let error = #expect(throws: DataError.self) {
      let file = try NpzFile(path: path)
      for name in file.names { _ = try file.tensor(name, as: Float.self) }
    }
    #expect(error?.path == path)
    return error?.message
  }

  @Test("The archive that the others are made from is right")
  func sound() throws {
    let path = try folder.write(archive([Entry(data: array)]), to: "sound.npz")
    #expect(try NpzFile(path: path).tensor("a", as: Float.self).scalars == [1, 2.5, -3, 4, 5, 6])
    let empty = try folder.write(archive([]), to: "empty.npz")
    #expect(try namedTensors(of: empty).names.isEmpty)
  }

  @Test("A file cut off at any byte")
  func truncated() throws {
    let whole = archive([Entry(data: array)])
    for count in 0..<whole.count { _ = try failure(Array(whole[..<count])) }
  }

  @Test("Sizes and places in zip64 fields are read, and lies in them refused")
  func wide() throws {
    let entries = [Entry(data: array, isWide: true), Entry(name: "b.npy", data: array)]
    let path = try folder.write(archive(entries), to: "wide.npz")
    #expect(try NpzFile(path: path).tensor("b", as: Float.self).scalars == [1, 2.5, -3, 4, 5, 6])
    #expect(try NpzFile(path: path).tensor("a", as: Float.self).scalars == [1, 2.5, -3, 4, 5, 6])
    #expect(try failure(archive(entries, shift: 1))?.hasPrefix("there is no zip64 end record") == true)
    let far = Entry(data: array, offset: Int.max, isWide: true)
    #expect(
      try failure(archive([far]))?.hasPrefix("has no header of its own at byte 9223372036854775807") == true)
    let huge = Entry(data: array, method: 8, declared: Int.max, isWide: true)
    #expect(
      try failure(archive([huge]))
        == "152 compressed bytes cannot hold the 9223372036854775807 that the file declares")
  }

  @Test("Entries above one another")
  func overlapping() throws {
    let message = try failure(archive([Entry(data: array), Entry(name: "b.npy", data: array, offset: 0)]))
    #expect(message?.hasPrefix("has no header of its own at byte 0, before 0") == true)
    let near = try failure(archive([Entry(data: array), Entry(name: "b.npy", data: array, offset: 40)]))
    #expect(near == "its 152 bytes from 35 on overlap what follows at 40")
  }

  @Test("A checksum that is wrong")
  func checksum() throws {
    #expect(
      try failure(archive([Entry(data: array, checksum: 7)]))
        == "is damaged: its CRC-32 is \(crc(array)); the file declares 7")
  }

  @Test("Two entries of one name, and an entry with another name in its own header")
  func names() throws {
    #expect(try failure(archive([Entry(data: array), Entry(data: array)])) == "is twice in the zip archive")
    #expect(
      try failure(archive([Entry(data: array, innerName: "b.npy")])) == "has another name in its own header")
  }

  @Test("Encrypted entries, and other methods of compression")
  func methods() throws {
    #expect(try failure(archive([Entry(data: array, flags: 1)])) == "is encrypted")
    #expect(
      try failure(archive([Entry(data: array, method: 14)]))
        == "is compressed by method 14; it must be stored (0) or deflated (8)")
  }

  @Test("Sizes that lie: a stored entry, and a deflated one that no deflating could make")
  func sizes() throws {
    #expect(
      try failure(archive([Entry(data: array, declared: 99)])) == "is stored in 152 bytes; it must have 99")
    let bomb = try failure(archive([Entry(data: array, method: 8, declared: 0xFFFF_FFF0)]))
    #expect(bomb == "152 compressed bytes cannot hold the 4294967280 that the file declares")
  }

  @Test("Deflated bytes that are damaged, cut off, or more than declared")
  func deflated() throws {
    // The stored block of deflate: final, its length, the length's complement, and the bytes.
    let block = [1] + bytes((array.count, 2), (~array.count, 2)) + array
    func entry(_ data: [UInt8], _ declared: Int) -> [UInt8] {
      archive([Entry(data: data, method: 8, checksum: crc(array), declared: declared)])
    }
    let sound = try folder.write(entry(block, array.count), to: "sound.npz")
    #expect(try NpzFile(path: sound).tensor("a", as: Float.self).count == 6)
    #expect(
      try failure(entry(block.dropLast(), array.count))?.hasPrefix("the compressed data is cut off") == true)
    #expect(try failure(entry([7] + block, array.count))?.hasPrefix("the compressed data is damaged") == true)
    #expect(try failure(entry(block + [0], array.count)) == "1 bytes follow the compressed data")
    let short = try failure(entry(block, array.count + 1))
    #expect(short?.hasPrefix("has 153 bytes; its header of 128") == true)
  }

  @Test("A directory that is elsewhere, or has another number of entries")
  func directory() throws {
    for shift in [-1, 1, 1 << 30] {
      let message = try failure(archive([Entry(data: array)], shift: shift))
      #expect(message?.hasPrefix("the zip archive's directory of 1 entries") == true)
    }
    #expect(
      try failure(archive([Entry(data: array)], entryCount: 0xFFFF))?.contains("of 65535 entries") == true)
    #expect(
      try failure(archive([Entry(data: array)], entryCount: 2)) != nil, "two entries do not fit the directory"
    )
  }
}
