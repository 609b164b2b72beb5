import TestSupport
import Testing

@testable import MartletCore
@testable import MartletKernels

/// Sums of the products of `count` elements that `a` and `b` select for an index of the result and a number.
private func sums(_ shape: [Int], _ count: Int, _ term: ([Int], Int) -> Extended) -> Grid {
  Grid(shape) { index in (0..<count).reduce(0) { $0 + term(index, $1) } }
}

private func kronecker(_ x: [Grid]) -> Grid {
  let rank = max(x[0].shape.count, x[1].shape.count)
  let pair = x.map {
    Grid(Array(repeating: 1, count: rank - $0.shape.count) + $0.shape, values: $0.values)
  }
  return Grid(zip(pair[0].shape, pair[1].shape).map(*)) { index in
    pair[0][zip(index, pair[1].shape).map(/)] * pair[1][zip(index, pair[1].shape).map(%)]
  }
}

private func cross(_ x: [Grid], axis: Int) -> Grid {
  let shape = Grid.broadcastShape(x.map(\.shape)), a = x[0].broadcast(to: shape),
    b = x[1].broadcast(to: shape)
  return Grid(shape) { index in
    func element(_ grid: Grid, _ step: Int) -> Extended {
      var place = index
      place[axis] = (index[axis] + step) % 3
      return grid[place]
    }
    return element(a, 1) * element(b, 2) - element(a, 2) * element(b, 1)
  }
}

private func distances(_ x: [Grid], _ norm: @escaping ([Extended]) -> Extended) -> Grid {
  let lengths = x[0].shape.last!, rows = x.map { $0.shape[$0.shape.count - 2] }
  let batch = Grid.broadcastShape(x.map { Array($0.shape.dropLast(2)) })
  let a = x[0].broadcast(to: batch + [rows[0], lengths]), b = x[1].broadcast(to: batch + [rows[1], lengths])
  return Grid(batch + rows) { index in
    let at = Array(index.dropLast(2)), i = index[index.count - 2], j = index.last!
    return norm((0..<lengths).map { abs(a[at + [i, $0]] - b[at + [j, $0]]) })
  }
}

private func euclidean(_ differences: [Extended]) -> Extended {
  differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

struct TensorProductCases {
  static let bound = Bound.ulpsOfMagnitudes(34)

  static let contractions: [OpCase] = [
    OpCase(
      "Matmul", "dot", inputs: [[[7], [7]], [[67], [67]]], bound: bound, f32: { $0[0].dot($0[1]) },
      f64: { $0[0].dot($0[1]) }, reference: { x in sums([], x[0].shape[0]) { x[0][$1] * x[1][$1] } }),
    OpCase(
      "Sum", "dot products along axis 0", inputs: [[[7, 2], [7, 2]], [[3, 1], [3, 67]]], bound: bound,
      f32: { $0[0].vecdot($0[1], axis: 0) }, f64: { $0[0].vecdot($0[1], axis: -2) },
      reference: { x in
        let columns = x[1].shape[1], a = x[0].broadcast(to: x[1].shape)
        return sums([columns], x[1].shape[0]) { a[$1, $0[0]] * x[1][$1, $0[0]] }
      }),
    OpCase(
      "Matmul", "inner", inputs: [[[2, 3, 4], [5, 4]], [[3, 4], [4]]], bound: bound,
      f32: { $0[0].inner($0[1]) }, f64: { $0[0].inner($0[1]) },
      reference: { x in
        let first = x[0].shape.count - 1
        return sums(Array(x[0].shape.dropLast() + x[1].shape.dropLast()), 4) { index, k in
          x[0][Array(index[..<first]) + [k]] * x[1][Array(index[first...]) + [k]]
        }
      }),
    OpCase(
      "Matmul", "tensordot", inputs: [[[2, 3, 4], [3, 4, 5]], [[3, 1], [3, 1, 2]]], bound: bound,
      f32: { $0[0].tensordot($0[1]) }, f64: { $0[0].tensordot($0[1], axes: 2) },
      reference: { x in
        let first = x[0].shape.count - 2, wide = x[0].shape.last!
        return sums(Array(x[0].shape[..<first] + x[1].shape[2...]), 3 * wide) { index, k in
          x[0][Array(index[..<first]) + [k / wide, k % wide]]
            * x[1][[k / wide, k % wide] + Array(index[first...])]
        }
      }),
    OpCase(
      "Matmul", "tensordot of named axes", inputs: [[[2, 3, 4], [5, 4, 2]]], bound: bound,
      f32: { $0[0].tensordot($0[1], axes: ([2, 0], [-2, -1])) },
      f64: { $0[0].tensordot($0[1], axes: ([0, -1], [2, 1])) },
      reference: { x in
        sums([3, 5], 8) { x[0][$1 % 2, $0[0], $1 / 2] * x[1][$0[1], $1 / 2, $1 % 2] }
      }),
    OpCase(
      "Mul", "tensordot over no axis", inputs: [[[2, 3], [4]]], f32: { $0[0].tensordot($0[1], axes: 0) },
      f64: { $0[0].tensordot($0[1], axes: ([], [])) },
      reference: { x in sums([2, 3, 4], 1) { index, _ in x[0][index[0], index[1]] * x[1][index[2]] } }),
    OpCase(
      "Matmul", "a chain",
      inputs: [[[2, 9], [9, 3], [3, 5]], [[4, 2], [2, 6], [6]], [[3], [3, 4], [4]]],
      bound: bound, f32: { Tensor.chainMatmul($0) }, f64: { Tensor.chainMatmul($0) },
      reference: { x in
        let isRow = x[0].shape.count == 1, isColumn = x[2].shape.count == 1
        let a = isRow ? Grid([1] + x[0].shape, values: x[0].values) : x[0]
        let c = isColumn ? Grid(x[2].shape + [1], values: x[2].values) : x[2],
          (j, k) = (x[1].shape[0], x[1].shape[1])
        let whole = sums([a.shape[0], c.shape[1]], j * k) {
          a[$0[0], $1 / k] * x[1][$1 / k, $1 % k] * c[$1 % k, $0[1]]
        }
        return Grid((isRow ? [] : [a.shape[0]]) + (isColumn ? [] : [c.shape[1]]), values: whole.values)
      }),
  ]

  static let others: [OpCase] = [
    OpCase(
      "Mul", "kron",
      inputs: [
        [[2, 3], [3, 2]], [[2], [3]], [[2, 3], [4]], [[], [2]], [[0, 2], [3, 2]],
        [[2, 1, 3, 2], [2, 2, 1, 2]],
      ], f32: { $0[0].kron($0[1]) }, f64: { $0[0].kron($0[1]) }, reference: { kronecker($0) }),
    OpCase(
      "Cross", inputs: [[[3], [3]], [[4, 3], [4, 3]], [[2, 1, 3], [4, 3]], [[0, 3], [3]]],
      bound: .ulps(4, floor: 18), f32: { $0[0].cross($0[1]) }, f64: { $0[0].cross($0[1], axis: -1) },
      reference: { cross($0, axis: max($0[0].shape.count, $0[1].shape.count) - 1) }),
    OpCase(
      "Cross", "first axis", inputs: [[[3, 5], [3, 1]], [[3, 2, 4], [3, 2, 4]]], bound: .ulps(4, floor: 18),
      f32: { $0[0].cross($0[1], axis: 0) }, f64: { $0[0].cross($0[1], axis: 0) },
      reference: { cross($0, axis: 0) }),
    OpCase(
      "Norm", "cdist of few", inputs: [[[3, 4], [5, 4]], [[2, 3, 2], [4, 2]], [[0, 4], [5, 4]]],
      bound: .ulps(16), f32: { $0[0].cdist($0[1]) }, f64: { $0[0].cdist($0[1]) },
      reference: { distances($0, euclidean) }),
    OpCase(
      "Norm", "cdist, p = 1", inputs: [[[3, 4], [5, 4]]], kinks: [0], bound: .ulps(8),
      f32: { $0[0].cdist($0[1], p: 1) }, f64: { $0[0].cdist($0[1], p: 1) },
      reference: { distances($0) { $0.reduce(0, +) } }),
    OpCase(
      "Norm", "cdist, largest", inputs: [[[3, 4], [30, 4]]], bound: .ulps(2),
      f32: { $0[0].cdist($0[1], p: .infinity) }, f64: { $0[0].cdist($0[1], p: .infinity) },
      reference: { distances($0) { $0.max()! } }),
    OpCase(
      "Norm", "pdist", inputs: [[[4, 3]], [[30, 4]]], bound: .ulps(4), f32: { $0[0].pdist() },
      f64: { $0[0].pdist() },
      reference: { x in
        let n = x[0].shape[0], all = distances([x[0], x[0]], euclidean)
        let pairs = (0..<n).flatMap { i in (i + 1..<n).map { all[i, $0] } }
        return Grid([pairs.count], values: pairs)
      }),
    OpCase(
      "Cdist", inputs: [[[27, 3], [2, 3]], [[2, 4], [30, 4]], [[2, 28, 2], [1, 3, 2]]],
      domains: [-1...1, 3...5], bound: .ulps(64, floor: 4), f32: { $0[0].cdist($0[1]) },
      f64: { $0[0].cdist($0[1]) }, reference: { distances($0, euclidean) }),
  ]

  @Test(arguments: contractions + others) func behaves(_ op: OpCase) { verify(op) }

  @Test func productsOfIntegers() {
    let a = Tensor<Int>([[1, 2], [3, 4]]), b = Tensor<Int>([[0, 1]])
    #expect(a.kron(b).scalars == [0, 1, 0, 2, 0, 3, 0, 4] && a.kron(b).shape == [2, 4])
    #expect(Tensor<Int>([1, 0, 0]).cross(Tensor<Int>([0, 1, 0])).scalars == [0, 0, 1])
    #expect(Tensor<Float>(2).inner(Tensor([1, 3])).scalars == [2, 6])
  }

  /// The derivative of a distance of 0 is 0, and no distance is NaN because of rounding.
  @Test func distancesOfEqualVectors() {
    let x = Tensor<Float>.uniform([40, 7], in: -1...1) + 1000
    #expect(x.cdist(x).scalars.allSatisfy { $0 >= 0 })
    let near = Tensor<Double>.ones([30, 2]), other = Tensor<Double>.ones([1, 2])
    near.requiresGrad = true
    let distances = near.cdist(other)
    #expect(distances.scalars.allSatisfy { $0 == 0 })
    #expect(distances.sum().gradient(of: near).scalars.allSatisfy { $0 == 0 })
    let few = Tensor<Double>([[1, 2], [3, 4]], requiresGrad: true)
    #expect(few.cdist(few).sum().gradient(of: few).scalars.allSatisfy { $0.isFinite })
    #expect(Tensor<Float>.ones([2, 0]).cdist(.ones([3, 0]), p: .infinity).scalars == [0, 0, 0, 0, 0, 0])
    #expect(Tensor<Float>.ones([30, 0]).cdist(.ones([1, 0])).scalars.allSatisfy { $0 == 0 })
  }

  /// The cheapest order of the example in Cormen, Leiserson, Rivest & Stein, "Introduction to Algorithms", §15.2.
  @Test func aChainIsMultipliedInTheCheapestOrder() {
    let sizes = [30, 35, 15, 5, 10, 20, 25], before = Counters.multiplyAdds
    _ = Tensor.chainMatmul(zip(sizes, sizes.dropFirst()).map { Tensor<Float>.ones([$0, $1]) })
    #expect(Counters.multiplyAdds - before == 15_125)
  }

  @Test func shortChains() {
    let a = Tensor<Double>([[1, 2], [3, 4]]), x = Tensor<Double>([1, -1])
    #expect(Tensor.chainMatmul([a]).scalars == [1, 2, 3, 4] && Tensor.chainMatmul([x]).scalars == [1, -1])
    #expect(Tensor.chainMatmul([x, x]).item == 2 && Tensor.chainMatmul([a, x]).scalars == [-1, -1])
  }
}
