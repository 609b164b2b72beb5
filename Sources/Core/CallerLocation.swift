// Where an operator or a property was used: the frames of the callers, symbolicated when the line is read.

#if os(Linux) && canImport(Runtime)
  import CRuntime
  import Dispatch
  import Runtime
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

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

    /// The file and line of the innermost caller outside Martlet, as `"main.swift:12"`; nil without symbols.
    var text: String? { Symbolicator.shared.location(addresses) }
  }

  /// The one thread that reads symbols. It never ends: the runtime's cache of images belongs to a thread and
  /// crashes when that thread does.
  private final class Symbolicator: Sendable {
    static let shared = Symbolicator()

    private struct State {
      var known: [[UInt]: String?] = [:]
      var wanted: [(addresses: [UInt], done: DispatchSemaphore)] = []
    }
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)

    private init() {
      var thread = pthread_t()
      pthread_create(&thread, nil, { _ in Symbolicator.shared.run() }, nil)
    }

    func location(_ addresses: [UInt]) -> String? {
      if let known = state.withLock({ $0.known[addresses] }) { return known }
      let done = DispatchSemaphore(value: 0)
      state.withLock { $0.wanted.append((addresses, done)) }
      work.signal()
      done.wait()
      return state.withLock { $0.known[addresses] } ?? nil
    }

    private func run() -> Never {
      while true {
        work.wait()
        let request = state.withLock { $0.wanted.removeFirst() }
        let found = symbolicated(request.addresses)
        state.withLock { state in
          if state.known.count > 1000 { state.known = [:] }
          state.known[request.addresses] = .some(found)
        }
        request.done.signal()
      }
    }
  }

  /// Frame by frame: reading the symbols of one takes long, and the caller is among the first.
  private func symbolicated(_ addresses: [UInt]) -> String? {
    addresses.lazy.compactMap { location(of: $0) }.first
  }

  /// The file and line of a frame that is neither Martlet's nor the system's.
  private func location(of address: UInt) -> String? {
    guard let backtrace = try? Backtrace(from: CompactBacktrace([address])),
      let frames = backtrace.symbolicated()?.frames
    else { return nil }
    for frame in frames where !frame.isSystem {
      guard let symbol = frame.symbol, !CallerLocation.isMartlet(symbol: symbol.rawName),
        let place = symbol.sourceLocation,
        place.line > 0
      else { continue }
      let name =
        place.path.lastIndex(of: "/").map { place.path[place.path.index(after: $0)...] } ?? place.path[...]
      return "\(name):\(place.line)"
    }
    return nil
  }

  /// Return addresses in the form in which `Backtrace` is decoded: the one way to make one without capturing it,
  /// which fails in optimised asynchronous code. Each is an instruction byte and eight bytes, big end first
  /// (the format is described in the Swift project's docs/CompactBacktraceFormat.md).
  private struct CompactBacktrace: Decoder {
    let text: String
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ addresses: [UInt]) {
      let sixtyFourBits: UInt8 = 0b10, absoluteReturnAddress: UInt8 = 0b0010_1111
      var bytes = [sixtyFourBits]
      for address in addresses {
        bytes.append(absoluteReturnAddress)
        withUnsafeBytes(of: address.bigEndian) { bytes += $0 }
      }
      bytes.append(0)
      text = base64(bytes)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
      KeyedDecodingContainer(Fields(text: text))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw NotThere() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw NotThere() }

    struct NotThere: Error {}

    /// The fields `architecture` and `backtrace`, both strings.
    struct Fields<Key: CodingKey>: KeyedDecodingContainerProtocol {
      let text: String
      var codingPath: [any CodingKey] { [] }
      var allKeys: [Key] { ["architecture", "backtrace"].compactMap(Key.init(stringValue:)) }

      func contains(_ key: Key) -> Bool { allKeys.contains { $0.stringValue == key.stringValue } }
      func decodeNil(forKey key: Key) throws -> Bool { !contains(key) }
      func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        #if arch(x86_64)
          let architecture = "x86_64"
        #else
          let architecture = "arm64"
        #endif
        guard contains(key), let value = (key.stringValue == "backtrace" ? text : architecture) as? Value
        else {
          throw NotThere()
        }
        return value
      }
      func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
      ) throws -> KeyedDecodingContainer<Nested> { throw NotThere() }
      func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw NotThere() }
      func superDecoder() throws -> any Decoder { throw NotThere() }
      func superDecoder(forKey key: Key) throws -> any Decoder { throw NotThere() }
    }
  }

  /// RFC 4648.
  private func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for place in 0..<4 {
        text.append(place <= group.count ? digits[Int(word >> UInt32(18 - 6 * place) & 63)] : "=")
      }
    }
    return text
  }
#else
  /// Frames cannot be symbolicated here: messages go without a line.
  struct CallerLocation: Sendable, Equatable {
    static func capture() -> CallerLocation { CallerLocation() }
    var text: String? { nil }
  }
#endif

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
