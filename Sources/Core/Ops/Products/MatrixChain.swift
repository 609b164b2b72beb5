extension Tensor where Element: DifferentiableScalar {
  /// The product of several matrices, `[a, b] × [b, c] × … → [a, z]`, multiplied in the order with the fewest
  /// multiplications. PyTorch and NumPy name it `multi_dot`.
  ///
  /// The first may be a vector, a row, and the last one, a column; the result lacks this axis. Inner extents
  /// that differ are an error, and so are other shapes and an empty list. Derivatives: those of the products.
  ///
  /// The order is found by dynamic programming (Godbole 1973, DOI 10.1109/TC.1973.5009182).
  ///
  /// ```swift
  /// let a = Tensor<Float>.ones([10, 100]), b = Tensor<Float>.ones([100, 5]), c = Tensor<Float>.ones([5, 50])
  /// let product = Tensor.chainMatmul([a, b, c])  // (a · b) · c, a tenth of the work of a · (b · c)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func chainMatmul(
    _ matrices: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    for matrix in matrices {
      if let failure = matrix.failure { return .failed(by: failure) }
    }
    let last = matrices.count - 1
    let isChain = matrices.indices.allSatisfy { i in
      let rank = matrices[i].rank, isEnd = i == 0 || i == last
      return (rank == 2 || rank == 1 && isEnd)
        && (i == 0 || matrices[i - 1].shape[-1] == matrices[i].shape[0])
    }
    guard isChain, last >= 0 else {
      return .failed(
        "chainMatmul",
        "shapes \(matrices.map(\.shape)) are no chain; they must be matrices [a, b], [b, c], …, with vectors at the ends",
        file, line)
    }
    let cuts = cheapestCuts(of: matrices)
    func product(_ first: Int, _ last: Int) -> Tensor {
      if first == last { return matrices[first] }
      let cut = cuts[first][last]
      return product(first, cut).matmul(product(cut + 1, last), file: file, line: line)
    }
    return product(0, last)
  }

  /// Returns, for each part of a chain from i to j, the matrix after which it is cut in two products.
  private static func cheapestCuts(of matrices: [Tensor]) -> [[Int]] {
    let count = matrices.count
    let first = matrices[0].rank == 1 ? 1 : matrices[0].shape[0]
    let sizes = [first] + matrices.map { $0.shape[-1] }
    var extents = sizes.map(Double.init)
    if matrices[count - 1].rank == 1, count > 1 { extents[count] = 1 }
    var costs = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    var cuts = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
    for length in 1..<Swift.max(count, 1) {
      for i in 0..<count - length {
        let j = i + length
        func cost(_ cut: Int) -> Double {
          costs[i][cut] + costs[cut + 1][j] + extents[i] * extents[cut + 1] * extents[j + 1]
        }
        cuts[i][j] = (i..<j).min { cost($0) < cost($1) }!
        costs[i][j] = cost(cuts[i][j])
      }
    }
    return cuts
  }
}
