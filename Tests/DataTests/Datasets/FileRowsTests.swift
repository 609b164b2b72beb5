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
    #expect(error?.message.hasPrefix("ends at byte 20") == true)
    let wrong = #expect(throws: TensorError.self) { try catchingTensorErrors { try rows.batch([4]).scalars } }
    #expect(wrong?.clientMessage == "batch: position 4 is out of range for 4 samples")
  }

  @Test("Arrays of NumPy's and IDX files have rows too, converted where asked for")
  func arrays() throws {
    let path = try folder.write(
      [0, 0, 0xB, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 0, 2, 0xFF, 0xFF, 1, 0], to: "x.idx")
    let array = try IDXFile(path: path).array
    let rows = try FileRows<Float>(array, converting: true)
    #expect(rows.count == 2 && rows.shape == [2])
    #expect(try rows.batch([1, 0]).scalars == [-1, 256, 1, 2])
    #expect(throws: DataError.self) { try FileRows<Float>(array) }
    let single = try folder.write([0, 0, 8, 0, 5], to: "scalar.idx")
    #expect(throws: DataError.self) { try FileRows<UInt8>(IDXFile(path: single).array) }
    try NpyFile.write(Tensor<Int>([[1, 2], [3, 4], [5, 6]]), to: folder.path("x.npy"))
    #expect(try FileRows<Int>(NpyFile(path: folder.path("x.npy")).array).batch([2]).scalars == [5, 6])
  }
}
