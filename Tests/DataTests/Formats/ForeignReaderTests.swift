import Foundation
import Martlet
import TestSupport
import Testing

private let python = ProcessInfo.processInfo.environment["MARTLET_PYTHON"]

/// Files of every format, read by the libraries that the formats come from.
@Suite(.enabled(if: python != nil, "MARTLET_PYTHON names no interpreter")) struct ForeignReaderTests {
  @Test("NumPy, PyTorch and safetensors read every file that is written")
  func readers() throws {
    let folder = try TemporaryFolder(), weight = Tensor<Float>([[0, 1, 2], [3, 4, 5]])
    let sources = [
      TensorSource(name: "weight", tensor: weight),
      TensorSource(name: "bias", tensor: Tensor<Double>([0.1, -1e300])),
      TensorSource(name: "count", tensor: Tensor<Int>(-7)),
      TensorSource(name: "flag", tensor: Tensor<Bool>([true, false])),
      try TensorSource(name: "half", tensor: Tensor<Float>([1, -2.5, 1e9]), as: .f16),
      TensorSource(name: "caf\u{E9}", tensor: Tensor<Float>.zeros([3, 0])),
    ]
    try NpyFile.write(weight, to: folder.path("own.npy"))
    try NpzFile.write(sources, to: folder.path("own.npz"))
    try NpzFile.write(sources, compressed: true, to: folder.path("deflated.npz"))
    try PyTorchFile.write(sources, to: folder.path("own.pt"))
    try SafetensorsIndex.write(sources, bytesPerFile: 24, to: folder.path("own.safetensors.index.json"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    process.arguments = ["-B", Golden.folder.appendingPathComponent("check_files.py").path, folder.path("")]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
