import Testing

@testable import MartletCore
@testable import MartletKernels

/// Products with extents of 0 and 1, of vectors, of batches, and with sizes that are refused.
@Suite struct ProductShapeTests {
  @Test(arguments: 0..<27) func extentsOfZeroAndOne(_ number: Int) {
    let few = [0, 1, 3]
    let (m, k, n) = (few[number / 9], few[number / 3 % 3], few[number % 3])
    for products in [MatrixProducts.blas, .naive] {
      withMatrixProducts(products) {
        for (a, b) in operands(m, k, n) {
          let calls = Counters.now.blasCalls
          let product = a.matmul(b)
          #expect(product.shape == [m, n])
          #expect(product.scalars == Array(repeating: Double(2 * k), count: m * n))
          let isEmpty = m == 0 || n == 0 || k == 0
          #expect(Counters.now.blasCalls - calls == (isEmpty || products == .naive ? 0 : 1))
        }
      }
    }
  }

  private func operands(_ m: Int, _ k: Int, _ n: Int) -> [(Tensor<Double>, Tensor<Double>)] {
    let one = Tensor<Double>.ones([m, k]), two = Tensor<Double>.full([k, n], 2)
    return [
      (one, two), (Tensor.ones([k, m]).transposed(), Tensor.full([n, k], 2).transposed()),
      (one[.stride(by: -1)], two[0..., .stride(by: -1)]),
      (Tensor(1).broadcast(to: [m, k]), Tensor(2).broadcast(to: [k, n])),
      (Tensor.ones([m, k + 2])[0..., 1..<(k + 1)], Tensor.full([k + 2, n], 2)[1..<(k + 1)]),
    ]
  }

  /// BLAS counts extents in 32 bits, not elements. So 2³² elements are allowed, as in `matmul`.
  @Test func manyElements() {
    let large = Tensor<Float>.zeros([1, 1]).broadcast(to: [65536, 65536]),
      none = Tensor<Float>.zeros([0, 65536])
    #expect(none.linear(weight: large).shape == [0, 65536] && none.matmul(large).shape == [0, 65536])
    #expect(large.linear(weight: none).shape == [65536, 0])
    #expect(none.linear(weight: large, bias: .zeros([65536])).shape == [0, 65536])
  }

  typealias Shapes = (a: [Int], b: [Int], result: [Int])

  static let shapes: [Shapes] = [
    ([3], [3], []), ([0], [0], []), ([1], [1], []), ([3], [3, 2], [2]), ([2, 3], [3], [2]),
    ([3], [4, 3, 2], [4, 2]),
    ([4, 2, 3], [3], [4, 2]), ([4, 2, 3], [3, 5], [4, 2, 5]), ([2, 3], [4, 3, 5], [4, 2, 5]),
    ([4, 2, 3], [4, 3, 5], [4, 2, 5]),
    ([4, 2, 3], [1, 3, 5], [4, 2, 5]), ([1, 2, 3], [4, 3, 5], [4, 2, 5]),
    ([2, 1, 2, 3], [4, 3, 2], [2, 4, 2, 2]),
    ([3, 1, 2, 2], [1, 4, 2, 3], [3, 4, 2, 3]), ([2, 2, 2, 1, 2], [2, 1, 1, 2, 1], [2, 2, 2, 1, 1]),
    ([0, 2, 3], [3, 5], [0, 2, 5]), ([0, 2, 3], [0, 3, 5], [0, 2, 5]), ([4, 0, 3], [4, 3, 5], [4, 0, 5]),
    ([4, 2, 0], [0, 3], [4, 2, 3]),
    ([4, 2, 0], [4, 0, 3], [4, 2, 3]), ([4, 2, 3], [3, 0], [4, 2, 0]), ([0, 2, 3], [1, 3, 5], [0, 2, 5]),
    ([2, 0, 2, 3], [3], [2, 0, 2]),
    ([1, 1, 1, 1, 1, 2, 2, 3], [3, 2], [1, 1, 1, 1, 1, 2, 2, 2]),
    ([3], [1, 1, 1, 1, 1, 2, 3, 2], [1, 1, 1, 1, 1, 2, 2]),
    ([1, 1, 1, 1, 1, 2, 2, 3], [3], [1, 1, 1, 1, 1, 2, 2]),
  ]

  @Test(arguments: shapes.indices) func vectorsAndBatches(_ number: Int) {
    let (left, right, expected) = Self.shapes[number]
    for lay in [{ $0 }, { $0.reversedMemory() }, { $0.columnMajor() }] as [(Tensor<Float>) -> Tensor<Float>] {
      let a = lay(filled(left, 3)), b = lay(filled(right, 5))
      let result = a.matmul(b)
      #expect(Array(result.shape) == expected)
      #expect(result.scalars == naive(a, b))
      #expect(withMatrixProducts(.naive) { a.matmul(b) }.scalars == result.scalars)
    }
  }

  private func filled(_ shape: [Int], _ seed: Int) -> Tensor<Float> {
    Tensor((0..<shape.reduce(1, *)).map { Float(($0 * seed + 1) % 7 - 3) }, shape: TensorShape(shape))
  }

  /// The product by its definition, on shapes widened to matrices, element by element through subscripts.
  private func naive(_ a: Tensor<Float>, _ b: Tensor<Float>) -> [Float] {
    let x = a.rank == 1 ? a.expandedDims(axis: 0) : a, y = b.rank == 1 ? b.expandedDims(axis: 1) : b
    let left = x.shape.dropLast(2), right = y.shape.dropLast(2)
    let count = max(left.count, right.count)
    func widened(_ extents: [Int]) -> [Int] { Array(repeating: 1, count: count - extents.count) + extents }
    let batch = zip(widened(Array(left)), widened(Array(right))).map { $0 == 1 ? $1 : $0 }
    let p = x.broadcast(to: TensorShape(batch + x.shape.suffix(2))),
      q = y.broadcast(to: TensorShape(batch + y.shape.suffix(2)))
    let m = p.shape[-2], k = p.shape[-1], n = q.shape[-1], batches = batch.reduce(1, *)
    let u = p.scalars, v = q.scalars
    return (0..<batches * m * n).map { at in
      let (matrix, i, j) = (at / (m * n), at / n % m, at % n)
      return (0..<k).reduce(Float(0)) { $0 + u[(matrix * m + i) * k + $1] * v[(matrix * k + $1) * n + j] }
    }
  }

  @Test func aBatchTimesAMatrixIsOneCallAndABatchMakesOneEach() {
    let x = Tensor<Float>.ones([4, 2, 3]), w = Tensor<Float>.ones([3, 5]),
      batch = Tensor<Float>.ones([4, 3, 5])
    func calls(_ body: () -> Tensor<Float>) -> Counters {
      let before = Counters.now
      #expect(body().scalars.allSatisfy { $0 == 3 })
      return Counters(
        blasCalls: Counters.now.blasCalls - before.blasCalls, copies: Counters.now.copies - before.copies)
    }
    #expect(calls { x.matmul(w) } == Counters(blasCalls: 1, copies: 0))
    #expect(calls { x.matmul(Tensor.ones([5, 3]).transposed()) } == Counters(blasCalls: 1, copies: 0))
    #expect(calls { x.matmul(batch) } == Counters(blasCalls: 4, copies: 0))
    #expect(calls { x[0].matmul(batch) } == Counters(blasCalls: 4, copies: 0))
    #expect(calls { x.matmul(Tensor.ones([4, 5, 3]).transposed()) } == Counters(blasCalls: 4, copies: 0))
    #expect(calls { x[0..., .stride(by: -1)].matmul(batch) } == Counters(blasCalls: 4, copies: 1))
    #expect(calls { x.matmul(Tensor([1, 1, 1])) } == Counters(blasCalls: 1, copies: 0))
  }

  @Test func affineMapsAreTheProductAndTheBias() {
    let x = filled([2, 3, 4], 3), w = filled([5, 4], 5), b = filled([5], 2)
    for products in [MatrixProducts.blas, .naive] {
      withMatrixProducts(products) {
        #expect(x.linear(weight: w, bias: b).scalars == (x.matmul(w.transposed()) + b).scalars)
        #expect(x[0, 1].linear(weight: w).shape == [5] && x.linear(weight: w).shape == [2, 3, 5])
        #expect(x[0..., 0..<0].linear(weight: w, bias: b).shape == [2, 0, 5])
        let none = Tensor<Float>.zeros([2, 0])
        #expect(
          none.linear(weight: Tensor.zeros([3, 0]), bias: Tensor([1, 2, 3])).scalars == [1, 2, 3, 1, 2, 3])
        let deep = Tensor<Float>.zeros([2, 3, 0]).linear(weight: Tensor.zeros([2, 0]), bias: Tensor([1, 2]))
        #expect(deep.shape == [2, 3, 2])
        #expect(deep.scalars == [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2], "an element for every row")
      }
    }
  }

  typealias Misfit = @Sendable () -> Any

  static let misfits: [Misfit] = [
    { Tensor<Float>.ones([2, 3]).matmul(Tensor.ones([4, 5])) },
    { Tensor<Float>.ones([3]).matmul(Tensor.ones([4])) },
    { Tensor<Float>.ones([3]).matmul(Tensor.ones([2, 3])) },
    { Tensor<Float>.ones([2, 3]).matmul(Tensor.ones([2])) },
    { Tensor<Float>.ones([2, 2, 3]).matmul(Tensor.ones([3, 3, 2])) },
    { Tensor<Float>.ones([2, 2, 3]).matmul(Tensor.ones([2, 2])) },
    { Tensor<Float>(1).matmul(Tensor.ones([1])) }, { Tensor<Float>.ones([1]).matmul(Tensor(1)) },
    { Tensor<Float>.ones([0]).matmul(Tensor.ones([1])) },
    { Tensor<Float>.ones([2, 3]).linear(weight: Tensor.ones([3, 4])) },
    { Tensor<Float>(1).linear(weight: Tensor.ones([1, 1])) },
    { Tensor<Float>.ones([2, 3]).linear(weight: Tensor.ones([4, 3]), bias: Tensor.ones([3])) },
  ]

  @Test(arguments: misfits.indices) func whatDoesNotFitIsRefused(_ number: Int) {
    let error = #expect(throws: TensorError.self) { try catchingTensorErrors { _ = Self.misfits[number]() } }
    #expect(error?.operation == "matmul" || error?.operation == "linear")
    #expect(error?.location?.hasPrefix("ProductShapeTests.swift:") == true)
  }

  static let tooLarge = 1 << 31
  static let giants: [Misfit] = [
    { giant([tooLarge, 1]).matmul(Tensor.ones([1, 1])) },
    { Tensor<Float>.ones([1, 1]).matmul(giant([1, tooLarge])) },
    { giant([1, tooLarge]).matmul(giant([tooLarge, 1])) }, { giant([tooLarge]).matmul(giant([tooLarge])) },
    { giant([2, tooLarge]).matmul(giant([tooLarge])) },
    { giant([tooLarge, 0]).matmul(Tensor.ones([0, 0])) },
    { giant([2, 1, tooLarge]).matmul(giant([2, tooLarge, 1])) },
    { giant([tooLarge, 1]).linear(weight: Tensor.ones([1, 1])) },
    // These extents fit BLAS's integers, but a copy of an operand or the result exceeds any machine's memory.
    { giant([1 << 30, 1 << 20]).matmul(giant([1 << 20, 1])) },
    { giant([1 << 30, 2]).matmul(giant([2, 1 << 30])) },
    { Tensor<Float>.ones([1, 1 << 20]).matmul(giant([1 << 20, 1 << 22])[.stride(by: -1)]) },
    { giant([1 << 30, 1 << 30, 1, 1]).matmul(giant([1 << 30, 1, 1, 1])) },
  ]

  /// A tensor of a huge shape that takes no memory.
  private static func giant(_ shape: TensorShape) -> Tensor<Float> { Tensor(1).broadcast(to: shape) }

  @Test(arguments: giants.indices) func whatIsTooLargeIsRefused(_ number: Int) {
    let error = #expect(throws: TensorError.self) {
      try catchingTensorErrors { _ = Self.giants[number]() }
    }
    if number < 8 { #expect(["matmul", "linear"].contains(error?.operation), "\(error?.description ?? "")") }
  }
}

extension Tensor {
  /// The same elements as a view with negative strides along every axis.
  fileprivate func reversedMemory() -> Tensor {
    var strides = Dimensions()
    for axis in 0..<rank { strides[axis] = -layout.strides[axis] }
    let backwards = Layout(shape, strides: strides, offset: Swift.max(count - 1, 0))
    let copy = cloned().viewed(backwards)
    copy.assign(self)
    return copy
  }

  /// The same elements with the two innermost axes exchanged in memory.
  fileprivate func columnMajor() -> Tensor { rank < 2 ? self : transposed().cloned().transposed() }
}
