import Foundation
import MartletCore
import TestSupport
import Testing

/// A layout of Fixtures/reductions.json, and NumPy's results over every set of its axes.
struct ReductionCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Result: Decodable, Sendable {
    let operation: String
    let axes: [Int]
    let shape: [Int]
    /// The result's shape with the reduced axes kept.
    let kept: [Int]
    let values: [Double?]
  }

  let name: String
  let shape: [Int]
  let memory: [Int]
  let order: [Int]
  let steps: [Int]
  let broadcast: [Int]?
  let elements: [Int]
  let results: [Result]

  var testDescription: String { name }

  static func load() throws -> [ReductionCase] {
    try JSONDecoder().decode([ReductionCase].self, from: Golden.data("reductions.json"))
  }

  func view<Element: NumericScalar>(of type: Element.Type) -> Tensor<Element> {
    let whole = Tensor(memory.map { Element($0) }, shape: TensorShape(shape)).permuted(order)
    let view = whole[.stride(by: steps[0]), .stride(by: steps[1]), .stride(by: steps[2])]
    return broadcast.map { view.broadcast(to: TensorShape($0)) } ?? view
  }
}

@Suite struct ReductionTests {
  @Test(arguments: try ReductionCase.load())
  func floatsReduceAsNumPys(_ one: ReductionCase) {
    floats(one, Double.self)
    floats(one, Float.self)
  }

  private func floats<Element: DifferentiableScalar>(_ one: ReductionCase, _ type: Element.Type) {
    let x = one.view(of: Element.self)
    #expect(x.scalars == one.elements.map { Element($0) })
    for result in one.results {
      for keepDims in [false, true] {
        guard let ours = reduced(x, result, keepDims) else { continue }
        #expect(Array(ours.shape) == (keepDims ? result.kept : result.shape), "\(result)")
        #expect(ours.count == result.values.count)
        for (value, expected) in zip(ours.scalars, result.values) {
          let fits =
            expected.map { abs(Double(value) - $0) <= 4 * Double(Element.ulpOfOne) * abs($0) } ?? value.isNaN
          #expect(fits, "\(result.operation) over \(result.axes): \(value), not \(expected ?? .nan)")
        }
      }
    }
  }

  private func reduced<Element: DifferentiableScalar>(
    _ x: Tensor<Element>, _ result: ReductionCase.Result, _ keepDims: Bool
  ) -> Tensor<Element>? {
    switch result.operation {
    case "sum": x.sum(axes: result.axes, keepDims: keepDims)
    case "mean": x.mean(axes: result.axes, keepDims: keepDims)
    case "variance": x.variance(axes: result.axes, keepDims: keepDims)
    case "population variance": x.variance(axes: result.axes, correction: 0, keepDims: keepDims)
    case "max": x.max(axes: result.axes, keepDims: keepDims)
    case "min": x.min(axes: result.axes, keepDims: keepDims)
    default: nil
    }
  }

  @Test(arguments: try ReductionCase.load())
  func integersAndPlacesAreNumPys(_ one: ReductionCase) {
    integers(one, Int.self)
    integers(one, Int32.self)
    places(one, Int.self)
    places(one, Int32.self)
    places(one, Float.self)
    places(one, Double.self)
  }

  private func integers<Element: NumericScalar & BinaryInteger>(_ one: ReductionCase, _ type: Element.Type) {
    let x = one.view(of: Element.self)
    for result in one.results {
      let expected = result.values.compactMap { $0.map { Int($0) } }
      for keepDims in [false, true] {
        let shape = TensorShape(keepDims ? result.kept : result.shape)
        switch result.operation {
        case "sum":
          let sums = x.sum(axes: result.axes, keepDims: keepDims)
          #expect(sums.scalars == expected && sums.shape == shape)
        case "max":
          let most = x.max(axes: result.axes, keepDims: keepDims)
          #expect(most.scalars == expected.map { Element($0) } && most.shape == shape)
        case "min":
          let least = x.min(axes: result.axes, keepDims: keepDims)
          #expect(least.scalars == expected.map { Element($0) } && least.shape == shape)
        default: break
        }
      }
    }
  }

  private func places<Element: NumericScalar>(_ one: ReductionCase, _ type: Element.Type) {
    let x = one.view(of: Element.self)
    for result in one.results where result.operation.hasPrefix("arg") {
      let isMax = result.operation == "argmax"
      let ours =
        result.axes.isEmpty
        ? (isMax ? x.argmax() : x.argmin())
        : (isMax ? x.argmax(axis: result.axes[0]) : x.argmin(axis: result.axes[0]))
      #expect(
        ours.scalars.map { Optional(Double($0)) } == result.values, "\(result.operation) \(result.axes)")
      #expect(Array(ours.shape) == result.shape)
    }
  }

  @Test func oneAxisNegativeAxesAndAllAgree() {
    let x = Tensor<Double>([[1, 2, 6], [3, 4, 2]])
    #expect(x.sum().item == 18 && x.mean().item == 3 && x.max().item == 6 && x.min().item == 1)
    #expect(x.variance().item == 3.2 && abs(x.variance(correction: 0).item - 16.0 / 6) < 1e-15)
    #expect(x.sum(axis: -1).scalars == [9, 9] && x.sum(axis: -2).scalars == [4, 6, 8])
    #expect(x.mean(axis: 1).scalars == [3, 3] && x.max(axis: 0).scalars == [3, 4, 6])
    #expect(x.variance(axis: 1).scalars == [7, 1] && x.min(axis: -1).scalars == [1, 2])
    #expect(x.argmax(axis: -2).scalars == [1, 1, 0])
    #expect(x.sum(axes: [-1, 0], keepDims: true).shape == [1, 1])
    #expect(x.sum(axis: 1, keepDims: true).shape == [2, 1])
  }

  @Test func aNaNWinsWhereverItStands() {
    for length in [1, 2, 15, 16, 17, 40] {
      for place in 0..<length {
        var values = (0..<length).map { Float($0 % 7) }
        values[place] = .nan
        let x = Tensor(values)
        #expect(x.max().item.isNaN && x.min().item.isNaN, "\(place) of \(length)")
        #expect(x.argmax().item == place && x.argmin().item == place)
        let columns = Tensor.stacked([x * 0, x], axis: 0)
        #expect(columns.max(axis: 0).scalars.map(\.isNaN) == (0..<length).map { $0 == place })
      }
    }
    #expect(Tensor<Float>([.nan, 1, .nan]).argmax().item == 0)
  }

  @Test func nothingSumsToZeroAndHasNoLargest() {
    let x = Tensor<Double>.zeros([0, 3])
    #expect(x.sum().item == 0 && x.sum(axis: 0).scalars == [0, 0, 0] && x.sum(axis: 1).shape == [0])
    #expect(x.mean().item.isNaN && x.mean(axis: 0).scalars.allSatisfy(\.isNaN) && x.mean(axis: 1).count == 0)
    #expect(x.max(axis: 1).shape == [0] && x.argmax(axis: 1).shape == [0])
    #expect(Tensor<Int>.zeros([0]).sum().item == 0)
    let mistakes: [@Sendable (Tensor<Double>) -> Any] = [
      { $0.max() }, { $0.min(axis: 0) }, { $0.max(axes: [0, 1]) }, { $0.argmax() }, { $0.argmin(axis: 0) },
    ]
    for mistake in mistakes {
      #expect(throws: TensorError.self) { try catchingTensorErrors { _ = mistake(x) } }
    }
  }

  @Test func badAxesAreRefused() {
    let x = Tensor<Float>.ones([2, 3])
    let mistakes: [@Sendable (Tensor<Float>) -> Any] = [
      { $0.sum(axis: 2) }, { $0.sum(axis: -3) }, { $0.sum(axes: [0, 0]) }, { $0.mean(axes: [1, -1]) },
      { $0.max(axis: 5) }, { $0.argmax(axis: 2) }, { $0.variance(axis: 2) }, { $0.sum().sum(axis: 1) },
      { Tensor<Int>($0).sum(axis: 2) }, { ($0 > 0).sum(axis: 2) },
    ]
    for (number, mistake) in mistakes.enumerated() {
      #expect(throws: TensorError.self, "\(number)") { try catchingTensorErrors { _ = mistake(x) } }
    }
  }

  @Test func smallIntegersAndMasksSumToInt() {
    let bytes = Tensor<UInt8>.full([3, 200], 255)
    #expect(bytes.sum().item == 153_000)
    #expect(bytes.sum(axis: 0).scalars == Array(repeating: 765, count: 200))
    #expect(bytes.sum(axes: [1]).scalars == [51_000, 51_000, 51_000])
    #expect(bytes[0..., .stride(by: -3)].transposed().sum(axis: 0).scalars == [17_085, 17_085, 17_085])
    #expect(Tensor<Int32>.full([4], .max).sum().item == 4 * Int(Int32.max))
    let mask = Tensor<Float>([[1, -1, 2], [3, 4, -5]]) > 0
    #expect(mask.sum().item == 4 && mask.sum(axis: 0).scalars == [2, 1, 1])
    #expect(
      mask.sum(axis: -1, keepDims: true).scalars == [2, 2]
        && mask.transposed().sum(axis: 1).scalars == [2, 1, 1])
  }

  /// Lengths around and above the limits of the loops: lanes, pairwise blocks, threads, long rows.
  @Test(arguments: [1, 15, 16, 17, 255, 256, 257, 4099, 131_071, 131_073, 262_144, 400_003])
  func longSumsAreExactForSmallIntegers(_ n: Int) {
    let values = (0..<n).map { Double($0 % 5) }
    let expected = values.reduce(0, +)
    let x = Tensor(values)
    #expect(x.sum().item == expected && x[.stride(by: -1)].sum().item == expected)
    #expect(Tensor<Float>(x).sum().item == Float(expected) && Tensor<UInt8>(x).sum().item == Int(expected))
    let rows = x.repeated(3, insertingAxisAt: 0), columns = x.repeated(3, insertingAxisAt: 1)
    #expect(rows.sum(axis: 1).scalars == [expected, expected, expected])
    #expect(columns.sum(axis: 0).scalars == [expected, expected, expected])
    #expect(
      rows.sum(axis: 0).scalars == values.map { 3 * $0 }
        && columns.sum(axis: 1).scalars == values.map { 3 * $0 })
    #expect(rows.broadcast(to: [2, 3, n]).sum().item == 6 * expected)
    let spike = Tensor<Float>.zeros([n])
    spike[n - 1] = 2
    #expect(spike.max().item == 2 && spike.argmax().item == n - 1 && (-spike).min().item == -2)
  }
}
