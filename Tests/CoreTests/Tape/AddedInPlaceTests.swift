import TestSupport
import Testing

@testable import MartletCore

/// Gradients that are added in place: by the product itself, or because nothing else refers to the sum. Small
/// integers have exact sums.
@Suite struct AddedInPlaceTests {
  private let x = Tensor<Float>([[1, 2], [3, 4], [5, 6]])
  private let seed = Tensor<Float>([[1, 0], [2, 1], [0, 3]])
  /// xᵀ · seed.
  private let slope: [Float] = [7, 18, 10, 22]

  private func weight() -> Tensor<Float> { Tensor([[1, -1], [2, 3]], requiresGrad: true) }

  // MARK: Added by the product

  @Test(arguments: MatrixProducts.all) func aSecondPassAddsInTheProduct(_ products: MatrixProducts) {
    withMatrixProducts(products) {
      let w = weight()
      x.matmul(w).backward(seed)
      #expect(w.grad?.scalars == slope)
      let kept = w.grad!, memory = kept.storage.pointer
      let y = x.matmul(w), before = Counters.now
      y.backward(seed)
      #expect(Counters.now.blasCalls - before.blasCalls == (products == .blas ? 1 : 0))
      #expect(w.grad === kept && kept.storage.pointer == memory)
      #expect(kept.scalars == slope.map { 2 * $0 })
    }
  }

  @Test func soDoesALinearMap() {
    let w = weight(), bias = Tensor<Float>([1, 1], requiresGrad: true)
    for pass in 1...3 {
      x.linear(weight: w, bias: bias).backward(seed)
      #expect(w.grad?.scalars == [7, 10, 18, 22].map { Float(pass) * $0 }, "seedᵀ · x")
      #expect(bias.grad?.scalars == [Float(3 * pass), Float(4 * pass)])
    }
  }

  @Test func aSecondPassTakesNoMemoryForTheProduct() async {
    await #expect(processExitsWith: .success) {
      let w = Tensor<Float>.ones([1024, 1024], requiresGrad: true), x = Tensor<Float>.ones([2, 1024])
      let seed = Tensor<Float>.ones([2, 1024])
      func pass() { x.matmul(w).backward(seed) }
      pass()
      let used = StoragePool.bytesInUse
      StoragePool.resetPeak()
      pass()
      #expect(StoragePool.bytesInUse == used)
      #expect(StoragePool.peakBytes - used < 1 << 20, "4 MiB for the product otherwise")
      #expect(w.grad?.scalars.allSatisfy { $0 == 4 } == true)
    }
  }

  @Test func aWeightUsedTwiceIsAddedToWithinAPass() {
    let w = weight(), y = x.matmul(w) + (x * 2).matmul(w)
    let before = Counters.now
    y.backward(seed)
    #expect(w.grad?.scalars == slope.map { 3 * $0 })
    #expect(Counters.now.blasCalls - before.blasCalls == 2 && Counters.now.copies == before.copies)
  }

  /// The gradient that a leaf keeps is itself an operand of the product whose derivative is added to it: G +
  /// Gᵀ · seed.
  @Test(arguments: MatrixProducts.all) func aGradientThatIsAnOperand(_ products: MatrixProducts) {
    withMatrixProducts(products) {
      let w = weight(), seed = Tensor<Float>([[1, 0], [2, 1]])
      x.matmul(w).backward(self.seed)
      w.grad!.matmul(w).backward(seed)
      #expect(w.grad?.scalars == [34, 28, 72, 44])
      let v = weight()
      x.matmul(v).backward(self.seed)
      v.grad!.transposed().detached().matmul(v).backward(seed)
      // G + G · seed.
      #expect(v.grad?.scalars == [50, 36, 64, 44])
      let n = 70, large = Tensor<Float>.zeros([n, n], requiresGrad: true)
      let rows = Tensor<Float>((0..<n * n).map { Float($0 % 3) }, shape: [n, n])
      Tensor<Float>.identity(n).matmul(large).backward(rows)
      large.grad!.linear(weight: large).backward(rows)
      // The derivative of a weight that is used as its transpose is seedᵀ · x; both are G here.
      var exact = rows.scalars
      for i in 0..<n {
        for j in 0..<n { for k in 0..<n { exact[i * n + j] += Float((k * n + i) % 3 * ((k * n + j) % 3)) } }
      }
      #expect(large.grad?.scalars == exact)
    }
  }

  @Test func aWeightUsedInAChainOfItself() {
    let w = weight(), h = x.matmul(w)
    h.matmul(w).backward(seed)
    // hᵀ · seed = [[27, 62], [23, 48]] with h = [[5, 5], [11, 9], [17, 13]], and xᵀ · (seed · wᵀ).
    #expect(w.grad?.scalars == [16, 130, 11, 134])
  }

  @Test func transposedOperands() {
    let w = weight()
    for pass in 1...2 {
      x.matmul(w.transposed()).backward(seed)
      x.matmul(w).backward(seed)
      #expect(w.grad?.scalars == [14, 28, 28, 44].map { Float(pass) * $0 }, "slopeᵀ + slope")
    }
    let turned = weight().transposed().cloned().detached().transposed()
    turned.requiresGrad = true
    for pass in 1...2 {
      (x.matmul(turned) + x.matmul(turned)).backward(seed)
      #expect(turned.grad?.scalars == slope.map { Float(2 * pass) * $0 })
    }
  }

  @Test func batchesAndBroadcastOperands() {
    let w = weight(), batch = Tensor.stacked([x, x * 2])
    for pass in 1...2 {
      batch.matmul(w).backward(Tensor.stacked([seed, seed]))
      #expect(w.grad?.scalars == slope.map { Float(3 * pass) * $0 }, "one product for the batch")
    }
    let stack = Tensor.stacked([weight().detached(), weight().detached()])
    stack.requiresGrad = true
    for pass in 1...2 {
      batch.matmul(stack).backward(Tensor.stacked([seed, seed]))
      #expect(stack.grad?.scalars == (slope + slope.map { 2 * $0 }).map { Float(pass) * $0 })
    }
    let one = weight()
    for pass in 1...2 {
      batch.matmul(one.expandedDims(axis: 0)).backward(Tensor.stacked([seed, seed]))
      #expect(one.grad?.scalars == slope.map { Float(3 * pass) * $0 }, "broadcast over the batch")
    }
  }

  @Test func nothingToMultiplyAddsNothing() {
    let w = weight()
    x.matmul(w).backward(seed)
    Tensor<Float>.zeros([0, 2]).matmul(w).backward(.zeros([0, 2]))
    #expect(w.grad?.scalars == slope)
  }

  // MARK: Gradients that may not be changed

  @Test func aGradientThatASecondRuleStillReads() {
    let w = weight(), h = x * 1
    h.requiresGrad = true
    (h + h.matmul(w)).backward(seed)
    // seed + seed · wᵀ; the product's other rule reads the seed's gradient after that.
    #expect(h.grad?.scalars == [2, 2, 3, 8, -3, 12])
    #expect(w.grad?.scalars == slope)
  }

  @Test func theSeedStaysAsItIs() {
    let h = x * 1, given = seed * 1
    h.requiresGrad = true
    let w = weight()
    (h + h.matmul(w) + h).backward(given)
    #expect(given.scalars == seed.scalars)
    #expect(h.grad?.scalars == [3, 2, 5, 9, -3, 15])
    h.backward(given)
    h.backward(given)
    #expect(given.scalars == seed.scalars && h.grad?.scalars == [5, 2, 9, 11, -3, 21])
  }

  @Test func aGradientThatWasHandedOut() {
    let w = weight(), u = x * 1
    u.requiresGrad = true
    let h = u * 2
    let gradients = (h + h.matmul(w)).gradients(of: [h, u], seed: seed)
    #expect(gradients[0].scalars == [2, 2, 3, 8, -3, 12] && gradients[1].scalars == [4, 4, 6, 16, -6, 24])
  }

  @Test func theGradOfALeafThatIsAskedFor() {
    let w = weight()
    x.matmul(w).backward(seed)
    #expect(x.matmul(w).gradient(of: w, seed: seed).scalars == slope)
    #expect(w.grad?.scalars == slope)
  }

  @Test func theGradThatTheProductReads() {
    let w = weight(), square = Tensor<Float>([[1, 2], [3, 4]])
    square.matmul(w).backward(.ones([2, 2]))
    #expect(w.grad?.scalars == [4, 4, 6, 6])
    square.matmul(w).backward(w.grad!)
    #expect(w.grad?.scalars == [26, 26, 38, 38], "G + squareᵀ · G")
    let other = weight()
    square.matmul(other).backward(.ones([2, 2]))
    other.grad!.matmul(other).backward(square)
    #expect(other.grad?.scalars == [26, 36, 28, 38], "G + Gᵀ · square")
  }

  // MARK: Recorded passes

  @Test func aRecordedPassMakesNewTensors() {
    let w = weight()
    x.matmul(w).backward(seed)
    let kept = w.grad!
    x.matmul(w).backward(seed, createGraph: true)
    #expect(w.grad !== kept && kept.scalars == slope)
    #expect(w.grad?.scalars == slope.map { 2 * $0 })
  }

  @Test func secondOrderThroughAWeightUsedTwice() {
    let w = Tensor<Double>([[1, -1], [2, 3]], requiresGrad: true), x = Tensor<Double>([[1, 2]])
    // f = |x·w·w|²: the tape's second derivative against differences of its first.
    func slope(_ w: Tensor<Double>, createGraph: Bool = false) -> Tensor<Double> {
      let y = x.matmul(w).matmul(w)
      return (y * y).sum().gradient(of: w, createGraph: createGraph)
    }
    let along = Tensor<Double>([[0.5, -1], [1, 2]])
    let second = (slope(w, createGraph: true) * along).sum().gradient(of: w)
    let h = 1e-6
    func moved(_ step: Double) -> Tensor<Double> {
      let moved = (w.detached() + along * step)
      moved.requiresGrad = true
      return slope(moved)
    }
    let difference = (moved(h) - moved(-h)) / (2 * h)
    for (tape, expected) in zip(second.scalars, difference.scalars) {
      #expect(abs(tape - expected) < 1e-6 * max(1, abs(expected)))
    }
  }
}

extension MatrixProducts {
  fileprivate static let all: [MatrixProducts] = [.blas, .naive]
}
