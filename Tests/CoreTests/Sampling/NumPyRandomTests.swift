import Foundation
import MartletCore
import TestSupport
import Testing

/// NumPy's streams as tensors: their bits, their shapes in row-major order, and their errors.
@Suite struct NumPyRandomTests {
  private struct Draw: Decodable {
    let kind: String
    let bound: Int
    let count: Int
    let values: [Value]
  }
  /// An integer, or the bits of a double as text.
  private enum Value: Decodable, Equatable {
    case integer(Int)
    case double(UInt64)
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self = .integer(number)
      } else {
        self = .double(try #require(UInt64(container.decode(String.self), radix: 16)))
      }
    }
  }
  private struct Case: Decodable {
    let seed: UInt32
    let draws: [Draw]
  }
  private struct Fixture: Decodable {
    let cases: [Case]
  }

  /// The cases of the fixture, drawn as vectors, as matrices of one row and as columns.
  @Test(arguments: 0..<3) func drawsAreNumPysInRowMajorOrder(_ form: Int) throws {
    let fixture = try JSONDecoder().decode(Fixture.self, from: Golden.data("numpy_random.json"))
    func shape(_ count: Int) -> TensorShape { [[count], [1, count], [count, 1, 1]][form] }
    for one in fixture.cases {
      var random = NumPyRandom(seed: one.seed)
      for draw in one.draws {
        switch draw.kind {
        case "rand":
          let x = random.uniform(shape(draw.count))
          #expect(x.shape == shape(draw.count) && x.scalars.map { .double($0.bitPattern) } == draw.values)
        case "randn":
          #expect(random.normal(shape(draw.count)).scalars.map { .double($0.bitPattern) } == draw.values)
        case "randint":
          #expect((0..<draw.count).map { _ in .integer(random.integer(below: draw.bound)) } == draw.values)
        case "permutation":
          let order = random.permutation(draw.count)
          #expect(order.shape == [draw.count] && order.scalars.map { .integer($0) } == draw.values)
        default:
          var array = (0..<draw.count).map { $0 * 7 + 3 }
          random.shuffle(&array)
          #expect(array.map { .integer($0) } == draw.values)
        }
      }
    }
  }

  @Test func aMatrixIsFilledRowByRow() {
    var a = NumPyRandom(seed: 42), b = NumPyRandom(seed: 42)
    let matrix = a.normal([3, 5])
    let rows = [b.normal([5]), b.normal([5]), b.normal([5])]
    #expect(matrix.scalars == rows.flatMap(\.scalars) && matrix[2].scalars == rows[2].scalars && a == b)
    #expect(a.uniform([]).shape == [] && a.uniform([0, 4]).shape == [0, 4])
    let copy = a
    _ = a.uniform([1])
    #expect(a != copy)
  }

  /// The first numbers of rand and randn after numpy.random.seed(0), as NumPy's documentation and every
  /// tutorial print them.
  @Test func theBestKnownNumbers() {
    var uniform = NumPyRandom(seed: 0), normal = NumPyRandom(seed: 0)
    #expect(uniform.uniform([2]).scalars == [0.5488135039273248, 0.7151893663724195])
    #expect(abs(normal.normal([1]).item - 1.764052345967664) < 1e-15)
  }

  @Test func badArgumentsAreRefused() {
    let mistakes: [@Sendable (inout NumPyRandom) -> Any] = [
      { $0.integer(below: 0) }, { $0.integer(below: -1) }, { $0.permutation(-1) }, { $0.uniform([-1]) },
      { $0.normal([2, -3]) }, { $0.normal([1 << 62, 1 << 62]) },
    ]
    for (number, mistake) in mistakes.enumerated() {
      #expect(throws: TensorError.self, "\(number)") {
        try catchingTensorErrors {
          var random = NumPyRandom(seed: 0)
          _ = mistake(&random)
          #expect(random == NumPyRandom(seed: 0), "nothing is drawn")
        }
      }
    }
  }
}
