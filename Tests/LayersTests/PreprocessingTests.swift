import Foundation
import Martlet
import Testing

/// Layers that are fitted to rows of data.
@Suite struct PreprocessingTests {
  private let rows = Tensor<Double>([[1, 10, 5], [.nan, 30, 5], [4, .nan, 5], [4, 50, 5]])

  private func close(_ x: Tensor<Double>, _ expected: [Double]) -> Bool {
    x.count == expected.count
      && zip(x.scalars, expected).allSatisfy { abs($0 - $1) < 1e-12 || ($0.isNaN && $1.isNaN) }
  }

  // The numbers of these tests are scikit-learn's StandardScaler, MinMaxScaler and SimpleImputer.
  @Test("A standardizer leaves NaN out, and a constant feature alone")
  func standardizer() {
    let layer = Standardizer(fittedTo: rows)
    #expect(close(layer.mean, [3, 30, 5]))
    #expect(close(layer.deviation, [1.4142135623730951, 16.32993161855452, 1]))
    let expected = [
      -1.414213562373095, -1.2247448713915892, 0, .nan, 0, 0, 0.7071067811865475, .nan, 0,
      0.7071067811865475, 1.2247448713915892, 0,
    ]
    #expect(close(layer(rows), expected))
    #expect(close(layer(rows[0].reshaped([1, 1, 3])), Array(expected.prefix(3))))
  }

  @Test("Large numbers that hardly differ are scaled right")
  func offset() {
    let x = Tensor<Double>([[1e9], [1e9 + 2]])
    #expect(close(Standardizer(fittedTo: x)(x), [-1, 1]))
  }

  @Test("A min-max scaler leaves NaN out")
  func minMax() {
    let layer = MinMaxScaler(fittedTo: rows)
    #expect(close(layer(rows), [0, 0, 0, .nan, 0.5, 0, 1, .nan, 0, 1, 1, 0]))
    #expect(close(layer(Tensor([[-2, 90, 6]])), [-1, 2, 1]))
  }

  @Test("A feature without values stays as it is")
  func empty() {
    let none = Tensor<Double>([[.nan, 1], [.nan, 3]])
    #expect(close(Standardizer(fittedTo: none)(Tensor([[7, 2]])), [7, 0]))
    #expect(close(MinMaxScaler(fittedTo: none)(Tensor([[7, 2]])), [7, 0.5]))
  }

  @Test("An imputer fills in the mean, the median or numbers")
  func imputer() {
    #expect(close(Imputer(fittedTo: rows)(rows), [1, 10, 5, 3, 30, 5, 4, 30, 5, 4, 50, 5]))
    #expect(close(Imputer(fittedTo: rows, by: .median)(rows), [1, 10, 5, 4, 30, 5, 4, 30, 5, 4, 50, 5]))
    #expect(close(Imputer(values: Tensor<Double>([0, 1, 2]))(rows[1]), [0, 30, 5]))
  }

  @Test("One-hot features take the place of their category")
  func oneHot() {
    let x = Tensor<Double>([[2, 0.5, 1], [7, 1.5, 0], [.nan, 2.5, 0]])
    let layer = OneHot(fittedTo: x, features: [0, 2])
    #expect(layer.levels.count == 5 && layer.sources.scalars == [0, 0, 1, 2, 2])
    #expect(close(layer(x), [1, 0, 0.5, 0, 1, 0, 1, 1.5, 1, 0, 0, 0, 2.5, 1, 0]))
    #expect(close(layer(Tensor([[3, 0, 9]])), [0, 0, 0, 0, 0]), "no levels")
    #expect(close(OneHot(features: 2, codes: [1: 3])(Tensor<Double>([[8, 2]])), [8, 0, 0, 1]))
  }

  @Test("Gradients pass to what stays, and no parameter is trained")
  func gradients() {
    let x = Tensor<Double>([[2, 0.5, 1], [7, 1.5, 0]], requiresGrad: true)
    OneHot(fittedTo: x, features: [0])(x).sum().backward()
    #expect(close(x.grad!, [0, 1, 1, 0, 1, 1]))
    let scaler = Standardizer(fittedTo: rows), y = Tensor<Double>.ones([2, 3], requiresGrad: true)
    scaler(y).sum().backward()
    #expect(close(y.grad!, Array(repeating: (1 / scaler.deviation).scalars, count: 2).flatMap { $0 }))
    #expect(scaler.parameters.isEmpty)
  }

  @Test("What was fitted travels in the model's file")
  func files() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let x = Tensor<Float>([[1, 0], [.nan, 1], [4, 2]])
    func model(_ fitted: Bool) -> Sequential<Tensor<Float>, Tensor<Float>> {
      let imputer = fitted ? Imputer(fittedTo: x) : Imputer(values: .zeros([2]))
      let filled = imputer(x)
      return Sequential {
        imputer
        fitted ? Standardizer(fittedTo: filled) : Standardizer(features: 2)
        fitted ? MinMaxScaler(fittedTo: filled) : MinMaxScaler(features: 2)
        OneHot(features: 2, codes: [1: 2])
      }
    }
    let first = model(true), second = model(false)
    #expect(first(x).scalars != second(x).scalars)
    try first.save(to: path)
    try second.load(from: path)
    #expect(first(x).scalars == second(x).scalars)
    #expect(first.namedState.map(\.name).contains("1.deviation"))
  }
}
