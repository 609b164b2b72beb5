import Foundation
import Martlet
import TestSupport
import Testing

/// Datasets in files.
@Suite struct FileRowsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path<Number>(_ numbers: [Number], _ name: String = "rows") throws -> String {
    try folder.write(numbers.withUnsafeBytes { [UInt8]($0) }, to: name)
  }

  @Test("Rows in any order, some twice, neighbours together")
  func rows() async throws {
    let numbers = (0..<24).map { Float($0) }
    let rows = try FileRows<Float>(path: path(numbers), shape: [2, 3])
    #expect(rows.count == 4 && rows.shape == [2, 3])
    #expect(try rows.batch([0, 1, 2, 3]).scalars == numbers)
    let batch = try rows.batch([3, 1, 2, 2])
    #expect(batch.shape == [4, 2, 3])
    let wanted = [18..<24, 6..<12, 12..<18, 12..<18].flatMap { numbers[$0] }
    #expect(batch.scalars == wanted)
    #expect(try rows.batch([]).shape == [0, 2, 3])
    #expect(try rows.subset([3, 0]).batch([1]).scalars == Array(numbers[..<6]))
    for workers in 0...3 {
      var taken: [Float] = []
      for try await batch in DataLoader(rows, batchSize: 3, workers: workers) { taken += batch.scalars }
      #expect(taken == numbers)
    }
  }

  @Test("An offset leaves a header out, and each type has its size")
  func types() throws {
    #expect(
      try FileRows<UInt8>(path: path([UInt8]([1, 2, 3, 4, 5])), shape: [2], offset: 1).batch([1]).scalars == [
        4, 5,
      ])
    #expect(try FileRows<Double>(path: path([0.5, -1.5]), shape: []).batch([1, 0]).scalars == [-1.5, 0.5])
    #expect(try FileRows<Int>(path: path([7, .min]), shape: [1]).batch([1]).scalars == [.min])
    #expect(try FileRows<Int>(path: path([Int]()), shape: [1]).count == 0)
  }

  @Test("A file that is not whole rows is refused, with its size")
  func refused() throws {
    let path = try path([UInt8](repeating: 0, count: 10))
    let fault = { (shape: TensorShape, offset: Int) in
      (#expect(throws: DataError.self) { try FileRows<Float>(path: path, shape: shape, offset: offset) })?
        .description
    }
    #expect(fault([1], 0) == "\(path): has 10 bytes; from byte 0 on they must be rows of 4 bytes")
    #expect(fault([2], 1) == "\(path): has 10 bytes; from byte 1 on they must be rows of 8 bytes")
    for offset in [-2, 11, .max, .min] { #expect(fault([1], offset)?.contains("has 10 bytes") == true) }
    #expect(fault([0], 0) == "\(path): cannot be read as rows of shape [0], which have no bytes")
    #expect(fault([-1, -4], 0)?.contains("cannot be read as rows") == true)
    #expect(fault([1 << 31, 1 << 31, 4], 0)?.contains("cannot be read as rows") == true)
    #expect(throws: DataError.self) { try FileRows<Float>(path: folder.path(""), shape: []) }
    #expect(throws: DataError.self) { try FileRows<Float>(path: path + "-none", shape: []) }
  }

  @Test("A file that shrinks while it is read is an error, not the end of the program")
  func shrinking() throws {
    let path = try path([Float](repeating: 1, count: 8))
    let rows = try FileRows<Float>(path: path, shape: [2])
    try #require(truncate(path, 20) == 0)
    #expect(try rows.batch([1]).scalars == [1, 1])
    let error = #expect(throws: DataError.self) { try rows.batch([2]) }
    #expect(error?.message == "ends at byte 20; it must reach 24")
    let wrong = #expect(throws: TensorError.self) { try catchingTensorErrors { try rows.batch([4]).scalars } }
    #expect(wrong?.clientMessage == "batch: position 4 is out of range for 4 samples")
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
