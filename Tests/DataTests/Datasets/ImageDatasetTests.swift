import Martlet
import Testing

/// Writes an array of bytes in the IDX format.
private func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
  [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] } + bytes
}

/// MNIST from a folder. The files of the tests have a few small images each.
@Suite struct MNISTTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func writeAll() throws {
    _ = try folder.write(idx([3, 2, 2], Array(0..<12)), to: "train-images-idx3-ubyte")
    _ = try folder.write(idx([3], [7, 0, 9]), to: "train-labels-idx1-ubyte")
    _ = try folder.write(idx([1, 2, 2], [255, 0, 51, 0]), to: "t10k-images-idx3-ubyte")
    // printf '\0\0\10\1\0\0\0\1\4' | gzip -n
    let zipped: [UInt8] = [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x63, 0x60, 0xE0, 0x60, 0x64, 0x60,
      0x60, 0x60, 0x64, 0x01, 0x00, 0x34, 0x7C, 0xCC, 0x00, 0x09, 0x00, 0x00, 0x00,
    ]
    _ = try folder.write(zipped, to: "t10k-labels-idx1-ubyte.gz")
  }

  @Test("Images and classes, gzipped or not")
  func images() throws {
    try writeAll()
    let mnist = try MNIST(folder: folder.path(""))
    #expect(mnist.train.count == 3 && mnist.train.shape == [1, 2, 2])
    #expect(mnist.train.batch([2]).inputs.scalars == [8, 9, 10, 11])
    #expect(mnist.train.all.labels.scalars == [7, 0, 9])
    #expect(mnist.test.all.labels.scalars == [4])
    let scaled: [Float] = mnist.test.scaled().all.inputs.scalars
    #expect(zip(scaled, [1, 0, 0.2, 0]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(MNIST.fashionClassNames.count == 10)
  }

  @Test("Files that are missing or do not fit are refused")
  func refused() throws {
    #expect(throws: DataError.self) { try MNIST(folder: folder.path("")) }
    for (name, bytes, message) in [
      ("train-images-idx3-ubyte", idx([12], Array(0..<12)), "has the shape [12]; it must have three axes"),
      (
        "train-labels-idx1-ubyte", idx([2], [1, 2]),
        "has the shape [2]; it must be [3], a class for each image"
      ),
      (
        "train-labels-idx1-ubyte", idx([3, 1], [1, 2, 3]),
        "has the shape [3, 1]; it must be [3], a class for each image"
      ),
      ("train-labels-idx1-ubyte", idx([3], [1, 10, 3]), "class 1 is 10; it must be below 10"),
    ] as [(String, [UInt8], String)] {
      try writeAll()
      _ = try folder.write(bytes, to: name)
      let error = #expect(throws: DataError.self) { try MNIST(folder: folder.path("")) }
      #expect(error?.message == message && error?.path == folder.path("") + "/" + name)
    }
  }
}

/// CIFAR-10 from a folder. The files of the tests have a few images each.
@Suite struct CIFAR10Tests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes images whose pixels all have the value of the class times 20, and the first the number of the file.
  private func write(_ name: String, _ classes: [UInt8], number: UInt8) throws {
    let bytes = classes.flatMap { [$0, number] + [UInt8](repeating: $0 &* 20, count: 3071) }
    _ = try folder.write(bytes, to: name)
  }

  private func writeAll() throws {
    for number in 1...5 as ClosedRange<UInt8> {
      try write("data_batch_\(number).bin", [number, 9], number: number)
    }
    try write("test_batch.bin", [0], number: 6)
  }

  @Test("Images and classes of the five files in order, and of the test")
  func images() throws {
    try writeAll()
    let cifar = try CIFAR10(folder: folder.path(""))
    #expect(cifar.train.count == 10 && cifar.test.count == 1 && cifar.train.shape == [3, 32, 32])
    #expect(cifar.train.all.labels.scalars == [1, 9, 2, 9, 3, 9, 4, 9, 5, 9])
    #expect(cifar.train.all.inputs[0..., 0, 0, 0].scalars == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    #expect(cifar.train.batch([4]).inputs[0, 2, 31, 31].item == 60)
    let scaled = cifar.train.scaled().batch([1])
    #expect(abs(scaled.inputs[0, 1, 0, 0].item - 180 / 255) < 1e-6 && scaled.labels.item == 9)
    #expect(CIFAR10.classNames.count == 10)
  }

  @Test("Files that are missing, cut or of another kind are refused")
  func refused() throws {
    #expect(throws: DataError.self) { try CIFAR10(folder: folder.path("")) }
    try writeAll()
    try write("data_batch_3.bin", [3, 10], number: 3)
    let path = folder.path("") + "/data_batch_3.bin"
    let error = #expect(throws: DataError.self) { try CIFAR10(folder: folder.path("")) }
    #expect(error?.description == "\(path): byte 3073 is 10; the class must be below 10")
    for size in [0, 1, 3072, 3074] {
      _ = try folder.write([UInt8](repeating: 0, count: size), to: "data_batch_3.bin")
      let error = #expect(throws: DataError.self) { try CIFAR10(folder: folder.path("")) }
      #expect(error?.message == "has \(size) bytes; they must be images of 3073 bytes with their classes")
    }
  }
}
