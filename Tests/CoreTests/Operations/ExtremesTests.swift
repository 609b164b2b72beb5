import MartletCore
import TestSupport
import Testing

/// Ties and NaN in reductions to the largest and smallest element.
struct ExtremesTests {
  private func gradient(
    _ numbers: [[Double]], _ f: (Tensor<Double>) -> Tensor<Double>
  ) -> [Double] {
    let x = Tensor(numbers, requiresGrad: true)
    return f(x).sum().gradient(of: x).scalars
  }

  private let tied: [[Double]] = [[3, 1, 3], [0, 3, 2]]

  @Test func tiesShareInAFullReduction() {
    let third = 1.0 / 3
    #expect(gradient(tied) { $0.max() } == [third, 0, third, 0, third, 0])
    #expect(gradient(tied) { (-$0).min() } == [-third, 0, -third, 0, -third, 0])
  }

  @Test func tiesShareOverAxes() {
    #expect(gradient(tied) { $0.max(axes: [1]) } == [0.5, 0, 0.5, 0, 1, 0])
    #expect(gradient(tied) { (-$0).min(axes: [1]) } == [-0.5, 0, -0.5, 0, -1, 0])
  }

  @Test func nansShareWhereOneWins() {
    #expect(gradient([[1, .nan], [.nan, 3]]) { $0.max() } == [0, 0.5, 0.5, 0])
    #expect(gradient([[1, .nan], [2, 2]]) { $0.min(axes: [1]) } == [0, 1, 0.5, 0.5])
  }

  @Test func alongOneAxisTheFirstIndexGetsTheGradient() {
    #expect(gradient(tied) { $0.max(axis: 1) } == [1, 0, 0, 0, 1, 0])
    #expect(gradient([[1, 1, 1], [1, 0, 1]]) { $0.max(axis: 0) } == [1, 1, 1, 0, 0, 0])
    #expect(gradient([[1, 1, 1], [1, 0, 1]]) { $0.min(axis: 0, keepDims: true) } == [1, 0, 1, 0, 1, 0])
    #expect(Tensor(tied).argmax(axis: 1).scalars == [0, 1])
    #expect(Tensor(tied).argmax().item == 0)
  }

  /// A NaN at every place of every length, so in the lanes and in the tail, in rows and in columns.
  @Test func aNaNWins() {
    for count in [1, 2, 15, 16, 17, 37, 67] {
      for place in 0..<count {
        var numbers = (0..<count).map { Float($0 % 7) }
        numbers[place] = .nan
        let row = Tensor(numbers), column = row.reshaped([count, 1])
        #expect(row.max().item.isNaN && row.min().item.isNaN)
        #expect(row.max(axis: 0).item.isNaN && column.min(axis: 0).item.isNaN)
        #expect(row.argmax().item == place && row.argmin().item == place)
        #expect(column.argmax(axis: 0).item == place)
        let wide = row.reshaped([count, 1]).broadcast(to: [count, 19])
        #expect(wide.max(axis: 0).scalars.allSatisfy { $0.isNaN })
        #expect(wide.argmin(axis: 0).scalars == Array(repeating: place, count: 19))
      }
    }
  }

  @Test func theFirstOfTwoNaNsIsFound() {
    #expect(Tensor<Double>([1, .nan, .infinity, .nan]).argmax().item == 1)
    #expect(Tensor<Double>([1, .nan, -.infinity, .nan]).argmin().item == 1)
  }

  @Test func infinitiesAreNumbers() {
    #expect(Tensor<Float>([-.infinity, -.infinity]).max().item == -.infinity)
    #expect(Tensor<Float>([-.infinity, 1, .infinity]).max().item == .infinity)
    #expect(Tensor<Float>([-.infinity, 1, .infinity]).argmin().item == 0)
  }

  /// Compares with a search in plain Swift, along every axis.
  @Test func indicesAlongAxes() {
    var random = SampleRandom(seed: 5)
    let shape = [4, 5, 6]
    let numbers = (0..<120).map { _ in Int32.random(in: -4...4, using: &random) }
    let x = Tensor(numbers, shape: [4, 5, 6])
    for axis in 0..<3 {
      var kept = shape
      kept.remove(at: axis)
      let expected = Grid.indices(kept).map { index in
        let line = (0..<shape[axis]).map { i in
          var full = index
          full.insert(i, at: axis)
          return numbers[full.enumerated().reduce(0) { $0 * shape[$1.offset] + $1.element }]
        }
        return (line.firstIndex(of: line.max()!)!, line.firstIndex(of: line.min()!)!)
      }
      #expect(x.argmax(axis: axis).shape == TensorShape(kept))
      #expect(x.argmax(axis: axis).scalars == expected.map(\.0))
      #expect(x.argmin(axis: axis - 3).scalars == expected.map(\.1))
      #expect(
        x.max(axis: axis).scalars
          == zip(Grid.indices(kept), expected).map { index, found in
            var full = index
            full.insert(found.0, at: axis)
            return numbers[full.enumerated().reduce(0) { $0 * shape[$1.offset] + $1.element }]
          })
    }
  }

  @Test func misuse() {
    let wrong: [(@Sendable () -> Void, String)] = [
      ({ _ = Tensor<Float>.zeros([0]).argmax() }, "argmax: axis 0 of shape [0] has no elements"),
      (
        { _ = Tensor<Float>.zeros([3, 0]).argmin(axis: 1) }, "argmin: axis 1 of shape [3, 0] has no elements"
      ),
      ({ _ = Tensor<Float>.zeros([3]).argmax(axis: 1) }, "argmax: axis 1 is out of range for shape [3]"),
    ]
    for (body, message) in wrong {
      do {
        try catchingTensorErrors { body() }
        Issue.record("no error: \(message)")
      } catch {
        #expect("\(error)".contains(message))
      }
    }
  }
}
