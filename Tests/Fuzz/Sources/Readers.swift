import Foundation
import MartletCore
@testable import MartletData

/// A reader of files under its name: a function of a file's bytes that may throw and must not crash.
let readers: [String: @Sendable ([UInt8]) throws -> Void] = [
  "npy": { try withFile($0) { try readAll(NpyFile(path: $0)) } },
  "npz": { try withFile($0) { try readAll(NpzFile(path: $0)) } },
  "idx": { try withFile($0) { try readAll(IDXFile(path: $0)) } },
  "pt": { try withFile($0) { try readAll(PyTorchFile(path: $0)) } },
  // Without the archive, whose checksum keeps most changes from the machine.
  "pickle": { bytes in
    var machine = PickleMachine(bytes, path: "data.pkl")
    _ = try machine.run()
  },
  "safetensors": { try withFile($0) { try readAll(SafetensorsFile(path: $0)) } },
  "index": { try withFile($0) { try readAll(SafetensorsIndex(path: $0)) } },
  "csv": { try withFile($0) { _ = try Table(csv: $0) } },
]

private let path = FileManager.default.temporaryDirectory.path + "/martlet-fuzz-\(getpid())"

private func withFile(_ bytes: [UInt8], _ read: (String) throws -> Void) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  try read(path)
}

/// Reads every tensor of less than a million elements in several ways. Larger ones would only be slow.
private func readAll(_ file: some NamedTensors) throws {
  for name in file.names {
    guard let stored = file[name] else { fatalError("a name that is listed is not there") }
    let count = stored.shape.reduce(1) { count, extent in
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      return overflows ? .max : product
    }
    guard count < 1 << 20 else { continue }
    _ = try? stored.tensor(as: Double.self, converting: true)
    _ = try? stored.tensor(as: Int.self, converting: true)
    _ = try? stored.tensor(as: Bool.self)
    _ = try? stored.rows([0, 0], as: Float.self, converting: true)
  }
}
