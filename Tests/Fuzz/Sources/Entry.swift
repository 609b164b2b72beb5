import Foundation

private let reader = {
  let name = ProcessInfo.processInfo.environment["MARTLET_FUZZ"] ?? ""
  guard let reader = readers[name] else {
    let names = readers.keys.sorted().joined(separator: ", ")
    fatalError("MARTLET_FUZZ is \"\(name)\"; it must be one of \(names)")
  }
  return reader
}()

/// The function that libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func readInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  try? reader(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
