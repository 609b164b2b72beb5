import Foundation
import MartletCore
import MartletData
import TestSupport
import Testing

private func littleEndian<T>(_ values: T...) -> [UInt8] {
  values.withUnsafeBytes(Array.init)
}

private let oddName = "a \"b\" \\ c/d \u{E9} \u{65E5} \u{1F600} \u{8}\t\n\u{1}\u{7F}\u{2028}"

/// The contents of tensors.safetensors, in the order of make_safetensors.py. The file has another order.
private let contents: [(name: String, dtype: SafetensorsFile.DType, shape: [Int], bytes: [UInt8])] = [
  ("mask", .bool, [3], [1, 0, 1]),
  ("byte", .u8, [2], [0, 255]),
  ("weight", .f32, [2, 3], littleEndian(0.5 as Float, -1.25, 3, .leastNonzeroMagnitude, .infinity, -0.0)),
  ("bias", .f64, [2], littleEndian(0.1, -1e300)),
  ("half", .f16, [3], littleEndian(0x3C00 as UInt16, 0xC100, 0x7BFF)),
  ("brain", .bf16, [2], littleEndian(0x3F80 as UInt16, 0xC020)),
  ("long", .i64, [1], littleEndian(Int64.min)),
  ("int", .i32, [2], littleEndian(-1 as Int32, .max)),
  ("short", .i16, [1, 1], littleEndian(-300 as Int16)),
  ("tiny", .i8, [2], littleEndian(Int8.min, .max)),
  ("scalar", .f32, [], littleEndian(7 as Float)),
  ("empty", .f32, [0, 3], []),
  ("", .i8, [0], []),
  (oddName, .i32, [1], littleEndian(42 as Int32)),
]

private var sources: [SafetensorsFile.Source] {
  contents.map { .init(name: $0.name, dtype: $0.dtype, shape: $0.shape, bytes: $0.bytes) }
}

/// An entry of a header in JSON.
private func entry(_ name: String, _ dtype: String, _ shape: String, _ offsets: String) -> String {
  #""\#(name)":{"dtype":"\#(dtype)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
}

@Suite struct SafetensorsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ fixture: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: try folder.write(Golden.data(fixture), to: fixture))
  }

  @Test("A file of the format's own library is read bit by bit")
  func reads() throws {
    let file = try open("tensors.safetensors")
    #expect(file.metadata == ["format": "x\"y\\z/\u{E9}\n"])
    #expect(file.entries.count == contents.count)
    for tensor in contents {
      let entry = try #require(file.entries[tensor.name], "\(tensor.name)")
      #expect(entry.dtype == tensor.dtype)
      #expect(entry.shape == tensor.shape)
      #expect(try file.bytes(of: tensor.name) == tensor.bytes)
    }
    #expect(file.names.prefix(5) == ["long", "bias", "empty", "scalar", "weight"])
    #expect(file.names.suffix(2) == ["byte", "mask"])
  }

  @Test("The same tensors are written as the format's own library writes them, byte for byte")
  func writes() throws {
    let path = folder.path("own.safetensors")
    try SafetensorsFile.write(sources, metadata: ["format": "x\"y\\z/\u{E9}\n"], to: path)
    #expect(try folder.bytes(of: "own.safetensors") == Array(try Golden.data("tensors.safetensors")))
    try SafetensorsFile.write([], to: path)
    #expect(try folder.bytes(of: "own.safetensors") == Array(try Golden.data("nothing.safetensors")))
    #expect(try folder.names() == ["own.safetensors"])
  }

  @Test("Metadata is written in the order of its keys")
  func metadata() throws {
    let metadata = ["step": "7", "Epoch": "\"3\"", "\u{E9}": "", "a": "1"]
    let path = folder.path("m")
    try SafetensorsFile.write([], metadata: metadata, to: path)
    let json = String(decoding: try folder.bytes(of: "m").dropFirst(8), as: UTF8.self)
    #expect(json.hasPrefix(#"{"__metadata__":{"Epoch":"\"3\"","a":"1","step":"7","é":""}}"#))
    #expect(json.utf8.count % 8 == 0)
    #expect(try SafetensorsFile(path: path).metadata == metadata)
  }

  @Test("A tensor is read into memory of its size, and into no other")
  func readsInto() throws {
    let file = try open("tensors.safetensors")
    let error = try withUnsafeTemporaryAllocation(byteCount: 24, alignment: 16) { buffer in
      try file.read("weight", into: buffer)
      #expect(buffer.load(fromByteOffset: 4, as: Float.self) == -1.25)
      return #expect(throws: DataError.self) { try file.read("bias", into: buffer) }
    }
    #expect(error?.entry == "bias")
    #expect(error?.message == "has 16 bytes; the buffer has 24")
  }

  @Test("Element types that are not known are listed, read as bytes, and refused as tensors")
  func foreign() throws {
    let file = try open("foreign.safetensors")
    #expect(file.names == ["known", "unsigned", "eight bits"])
    #expect(file.entries["eight bits"]?.dtypeName == "F8_E4M3")
    #expect(file.entries["eight bits"]?.dtype == nil)
    #expect(try file.bytes(of: "known") == littleEndian(1 as Float, 2))
    #expect(try file.bytes(of: "eight bits") == [0x38])
    let refused = #expect(throws: DataError.self) { try file.tensor("eight bits", as: Float.self) }
    #expect(refused?.entry == "eight bits")
    #expect(refused?.message.hasPrefix("the elements have type F8_E4M3; it must be one of BOOL, U8") == true)
    #expect(try file.tensor("unsigned", as: UInt16.self).scalars == [1, 2, 3])
    let missing = #expect(throws: DataError.self) { try file.bytes(of: "none") }
    let path = folder.path("foreign.safetensors")
    #expect(missing?.description == "\(path): \"none\": is not in the file")
  }

  @Test("The file that was opened is the one that is read, whatever takes its name")
  func staysOpen() throws {
    let path = folder.path("model")
    try SafetensorsFile.write([.init(name: "a", dtype: .u8, shape: [1], bytes: [1])], to: path)
    let old = try SafetensorsFile(path: path)
    try SafetensorsFile.write([.init(name: "a", dtype: .u8, shape: [2], bytes: [2, 3])], to: path)
    #expect(try old.bytes(of: "a") == [1])
    #expect(try SafetensorsFile(path: path).bytes(of: "a") == [2, 3])
  }

  @Test("Data lost after opening is an error")
  func truncatedLater() throws {
    let file = try open("tensors.safetensors")
    let whole = try folder.bytes(of: "tensors.safetensors")
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path("tensors.safetensors")))
    try handle.truncate(atOffset: UInt64(whole.count - 1))
    #expect(try file.bytes(of: "byte") == [0, 255])
    let error = #expect(throws: DataError.self) { try file.bytes(of: "mask") }
    #expect(error?.message == "ends at byte \(whole.count - 1); it must reach \(whole.count)")
  }
}

/// Malicious files: each is refused with its name and the name of the entry.
@Suite struct SafetensorsAttackTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ header: String, data: Int) -> [UInt8] {
    littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + [UInt8](repeating: 7, count: data)
  }

  private func failure(_ bytes: [UInt8]) throws -> DataError? {
    let path = try folder.write(bytes, to: "attack")
    let error = #expect(throws: DataError.self) { try SafetensorsFile(path: path) }
    #expect(error?.path == path)
    return error
  }

  @Test("A file cut off at any byte")
  func truncated() throws {
    let whole = Array(try Golden.data("foreign.safetensors"))
    for count in 0..<whole.count { _ = try failure(Array(whole[..<count])) }
  }

  @Test("Any byte changed: refused, or read without leaving the file")
  func changedBytes() throws {
    let whole = Array(try Golden.data("foreign.safetensors"))
    var refused = 0
    for index in whole.indices {
      for change: UInt8 in [0x01, 0x10, 0x80] {
        var bytes = whole
        bytes[index] ^= change
        let path = try folder.write(bytes, to: "changed")
        do throws(DataError) {
          let file = try SafetensorsFile(path: path)
          #expect(file.names.map { file.entries[$0]!.range.count }.reduce(0, +) == 15)
        } catch {
          #expect(error.path == path)
          refused += 1
        }
      }
    }
    #expect(refused > whole.count, "most changes of the header are errors")
  }

  @Test(
    "A header longer than the file, or than any header may be",
    arguments: [3, 100, 1 << 40, 1 << 63, UInt64.max])
  func headerLength(_ length: UInt64) throws {
    let error = try failure(littleEndian(length) + Array("{}".utf8))
    #expect(error?.message.hasPrefix("a header of \(length) bytes in a file of 10") == true)
  }

  @Test(
    "A header that is no JSON object",
    arguments: [
      "", " {}", "[]", "null", "{", "{}}", "{} x", "{/**/}", "{\0", "{\"a", "{\"a\\", "{\"a\":}",
      "{\"a\":{},}", "{'a':{}}", "{\"\\ud800\":1}", "{" + entry("a", "U8", "", "0,1"),
    ])
  func notJSON(_ header: String) throws {
    #expect(try failure(file(header, data: 1)) != nil)
  }

  @Test("A header in UTF-16, or with bytes that are not UTF-8")
  func notUTF8() throws {
    let wide = Array("{}".utf16).flatMap { littleEndian($0) }
    #expect(try failure(littleEndian(UInt64(4)) + wide)?.message.contains("UTF-8") == true)
    let broken = Array(#"{"__metadata__":{"a":"X"}}"#.utf8).map { $0 == UInt8(ascii: "X") ? 0xFF : $0 }
    _ = try failure(littleEndian(UInt64(broken.count)) + broken)
  }

  @Test("Brackets without end", arguments: ["[", "{\"a\":"])
  func deepNesting(_ bracket: String) throws {
    _ = try failure(file("{\"a\":" + String(repeating: bracket, count: 200_000), data: 0))
    let closed = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    _ = try failure(file("{\"a\":\(closed)}", data: 0))
    let unused = entry("a", "U8", "0", "0,0").dropLast() + ",\"x\":\(closed)}"
    _ = try failure(file("{\(unused)}", data: 0))
  }

  @Test(
    "An entry whose parts are of the wrong kind",
    arguments: [
      #""x":1"#,
      #""x":null"#,
      #""x":{"dtype":7,"shape":[4],"data_offsets":[0,4]}"#,
      #""x":{"dtype":"U8","shape":4,"data_offsets":[0,4]}"#,
      #""x":{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}"#,
      entry("x", "U8", "4.5", "0,4"),
      entry("x", "U8", "99999999999999999999", "0,4"),
    ])
  func kinds(_ header: String) throws {
    #expect(try failure(file("{\(header)}", data: 4))?.entry == "x")
  }

  @Test(
    "An entry that cannot be",
    arguments: [
      (#""x":{"shape":[4],"data_offsets":[0,4]}"#, "no dtype"),
      (#""x":{"dtype":"U8","data_offsets":[0,4]}"#, "no shape"),
      (#""x":{"dtype":"U8","shape":[4]}"#, "no data_offsets"),
      (entry("x", "U8", "-4", "0,4"), "extents of at least 0"),
      (entry("x", "U8", "-2,-2", "0,4"), "extents of at least 0"),
      (entry("x", "U8", "4294967296,4294967296,4", "0,4"), "2^63"),
      (entry("x", "F64", "2305843009213693952", "0,4"), "2^63"),
      (entry("x", "ODD", "4294967296,4294967296", "0,4"), "2^63"),
      (entry("x", "F32", "4", "0,4"), "must have 16"),
      (entry("x", "U8", "3", "0,4"), "must have 3"),
      (entry("x", "U8", "4", "0"), "a begin and an end"),
      (entry("x", "U8", "4", "0,2,4"), "a begin and an end"),
      (entry("x", "U8", "4", "4,0"), "a begin and an end"),
      (entry("x", "U8", "4", "-4,0"), "a begin and an end"),
      (entry("x", "U8", "5", "0,5"), "within 0...4"),
      (entry("x", "ODD", "5", "0,9223372036854775807"), "within 0...4"),
      (entry("x", "U8", "3", "1,4"), "leave a hole"),
      (entry("x", "U8", "3", "0,3"), "ends at 3; the file goes on to 4"),
      (entry("a", "U8", "1", "0,1") + "," + entry("x", "U8", "2", "2,4"), "hole"),
      (entry("a", "U8", "3", "0,3") + "," + entry("x", "U8", "2", "2,4"), "overlap"),
      (entry("a", "U8", "4", "0,4") + "," + entry("x", "U8", "4", "0,4"), "overlap"),
      (entry("x", "U8", "4", "0,4") + "," + entry("x", "U8", "4", "0,4"), "key \"x\" twice"),
      (entry("x", "U8", "4", "0,4") + "," + entry("\\u0078", "U8", "4", "0,4"), "key \"x\" twice"),
      (#""x":{"dtype":"U8","shape":[5],"shape":[4],"data_offsets":[0,4]}"#, "key \"shape\" twice"),
      (#""x":{"dtype":"U8","shape":[4],"shape":[4],"data_offsets":[0,4]}"#, "key \"shape\" twice"),
    ])
  func entries(_ header: String, _ message: String) throws {
    let error = try failure(file("{\(header)}", data: 4))
    #expect(error?.entry == "x")
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test(
    "Metadata that is no table of texts, or says a thing twice",
    arguments: [
      #"{"__metadata__":[]}"#, #"{"__metadata__":{"a":1}}"#, #"{"__metadata__":{"a":{"b":"c"}}}"#,
      #"{"__metadata__":"a"}"#, #"{"__metadata__":{"a":"b","a":"b"}}"#,
      #"{"__metadata__":{},"__metadata__":{}}"#,
    ])
  func metadata(_ header: String) throws {
    #expect(try failure(file(header, data: 0))?.entry == "__metadata__")
  }

  @Test("Bytes behind a file of no tensors")
  func trailingBytes() throws {
    #expect(try failure(file("{}", data: 1))?.message == "the last data ends at 0; the file goes on to 1")
  }

  @Test(
    "Shapes that no tensor can have, though a file may: of no elements, of many axes",
    arguments: [
      ("0,9223372036854775807", "product"), ("0,4611686018427387904", "product"),
      ("0,4294967296,4294967296", "product"), ("0,4294967296,2147483648,1", "product"),
      ("1073741824,0,1073741824,1073741824", "product"), ("4294967296,4294967296,0", "2^63"),
      ("0,0,0,0,0,0,0,0,0", "9 axes"),
      ("0,1,1,1,1,1,1,1,1,1,1,1", "12 axes"),
    ])
  func impossibleTensors(_ shape: String, _ message: String) throws {
    for (dtype, isInteger) in [("F32", false), ("F64", false), ("I64", true)] {
      let path = try folder.write(file("{\(entry("x", dtype, shape, "0,0"))}", data: 0), to: "attack")
      let error = #expect(throws: DataError.self) {
        let file = try SafetensorsFile(path: path)
        switch dtype {
        case "F32": _ = try file.tensor("x", as: Float.self)
        case "F64": _ = try file.tensor("x", as: Double.self)
        default: _ = try file.integers("x")
        }
      }
      #expect(
        error?.entry == "x" && error?.message.contains(message) == true,
        "\(isInteger) \(String(describing: error))")
    }
  }

  private func expectStored<Element: NumericScalar & FixedWidthInteger>(
    _: Element.Type, as name: String
  ) throws {
    let x = Tensor<Element>([.min, .max, 1, 2], shape: [2, 2])
    try SafetensorsFile.write([.init(name: "x", tensor: x.transposed())], to: folder.path("integers"))
    let file = try SafetensorsFile(path: folder.path("integers"))
    #expect(file.entries["x"]?.dtypeName == name)
    let read = try file.tensor("x", as: Element.self)
    #expect(read.shape == [2, 2] && read.scalars == [.min, 1, .max, 2])
    let other = #expect(throws: DataError.self) { try file.tensor("x", as: Float.self) }
    #expect(other?.message == "elements are \(name), not Float; converting: true converts them")
  }

  @Test("Tensors of every integer type are stored under the format's name of it")
  func integerTypes() throws {
    try expectStored(Int.self, as: "I64")
    try expectStored(Int32.self, as: "I32")
    try expectStored(Int16.self, as: "I16")
    try expectStored(Int8.self, as: "I8")
    try expectStored(UInt64.self, as: "U64")
    try expectStored(UInt32.self, as: "U32")
    try expectStored(UInt16.self, as: "U16")
    try expectStored(UInt8.self, as: "U8")
  }

  @Test("Tensors of no elements and of possible shapes are read")
  func emptyTensors() throws {
    for shape in [[0], [3, 0], [0, 1 << 40], [1, 0, 1, 0, 1, 0, 1, 0]] {
      let text = shape.map(String.init).joined(separator: ",")
      let path = try folder.write(file("{\(entry("x", "F32", text, "0,0"))}", data: 0), to: "attack")
      #expect(try Array(SafetensorsFile(path: path).tensor("x", as: Float.self).shape) == shape)
    }
  }

  @Test("Names may have every escape of JSON")
  func escapes() throws {
    let header = entry(#"\u0061\ud83d\uDE00\/\"\\\b\f\n\r\t"#, "U8", "0", "0,0")
    let path = try folder.write(file("{\(header)} \n", data: 0), to: "attack")
    #expect(try SafetensorsFile(path: path).names == ["a\u{1F600}/\"\\\u{8}\u{C}\n\r\t"])
  }

  @Test(
    "A name with a broken escape",
    arguments: [#"\ud83d"#, #"\ude00"#, #"\ud83d\u0061"#, #"\u12"#, #"\u+123"#, #"\x41"#, "\u{1}", #"\"#])
  func brokenEscapes(_ name: String) throws {
    _ = try failure(file("{\(entry(name, "U8", "0", "0,0"))}", data: 0))
  }

  @Test(
    "Numbers that JSON does not have",
    arguments: ["04", "+4", "4.0", "4e0", "0x4", "٤", "-", "4,", ",4", "4 4", "true", "NaN"])
  func brokenNumbers(_ shape: String) throws {
    _ = try failure(file("{\(entry("x", "U8", shape, "0,4"))}", data: 4))
  }
}
