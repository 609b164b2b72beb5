import Foundation
import MartletCore
import TestSupport
import Testing

/// Complex numbers and tensors where the shared checker does not look: zeros, infinities, printing, the tape's ends.
@Suite struct ComplexTensorTests {
  private typealias Number = Complex<Double>
  private let infinity = Double.infinity

  @Test func numbersCompute() {
    let a = Number(1, 2), b = Number(3, -1)
    #expect(a + b == Number(4, 1) && a - b == Number(-2, 3) && a * b == Number(5, 5))
    #expect((a / b - Number(0.1, 0.7)).magnitude < 1e-15 && b / .i == Number(-1, -3) && -a == Number(-1, -2))
    #expect(a.conjugate == Number(1, -2) && Number(3, 4).magnitude == 5 && 2 * a + 0.5 == Number(2.5, 4))
    #expect(Number(1e300, 1e300) / Number(1e300, 1e300) == 1)
    #expect(abs(Number(3e200, -4e200).magnitude / 5e200 - 1) < 1e-15)
    #expect(Number(.nan) != Number(.nan) && Number(-infinity, .nan).magnitude == infinity)
    #expect(Set([Number(1), 1, Number(0, -0.0), 0]).count == 2 && Number(exactly: 7) == 7)
  }

  @Test func layoutIsThatOfC() {
    #expect(MemoryLayout<Complex<Float>>.size == 8 && MemoryLayout<Number>.stride == 16)
    let z = Tensor([Number(1, 2), Number(3, 4)])
    #expect(z.viewAsReal().scalars == [1, 2, 3, 4] && z.scalars == [Number(1, 2), Number(3, 4)])
    #expect(Tensor<Double>([[1, 2], [3, 4]]).viewAsComplex().scalars == z.scalars)
  }

  @Test func viewsShareMemory() {
    let z = Tensor<Number>.zeros([2, 3])
    z.real().fill(1)
    z.imaginary()[1].fill(2)
    z.viewAsReal()[0, 0, 1] = 5
    #expect(z.scalars == [Number(1, 5), 1, 1, Number(1, 2), Number(1, 2), Number(1, 2)])
    #expect(z[1, .stride(by: 2)].imaginary().scalars == [2, 2] && z.transposed().real().shape == [3, 2])
  }

  /// The values are NumPy's.
  @Test func printsAsNumPy() {
    #expect("\(Tensor([Number(1, 2), Number(3, -1)]))" == "[1.+2.j 3.-1.j]")
    #expect("\(Tensor([Number(1.5, 2), Number(-30.25, -1)]))" == "[  1.5 +2.j -30.25-1.j]")
    #expect("\(Tensor([Number(1, 100), Number(2, 0.5)]))" == "[1.+100.j  2.  +0.5j]")
    #expect("\(Tensor([Number(.nan, 1), Number(.nan, -infinity)]))" == "[nan +1.j nan-infj]")
    #expect("\(Tensor([Number(0, -0.0), Number(1, .nan)]))" == "[0. -0.j 1.+nanj]")
    #expect("\(Number(1.5, -0.25)) \(Number(0, 2)) \(Number(0, -2))" == "(1.5-0.25j) 2j -2j")
    #expect("\(Number(-0.0, 2)) \(Number(1e20, 1e-7)) \(Number(0))" == "(-0+2j) (1e+20+1e-07j) 0j")
    #expect("\(Tensor(Number(1, .infinity)))" == "(1+infj)")
  }

  @Test func quotientsByZero() {
    let z = (Tensor([Number(1, 1), Number(0), Number(-1, 0)]) / 0).scalars
    #expect(z[0] == Number(infinity, infinity) && z[1].real.isNaN && z[1].imaginary.isNaN)
    #expect(z[2].real == -infinity && z[2].imaginary.isNaN)
    let large = Tensor([Complex<Float>(1e30, 1e30)])
    #expect((large / large).item == 1 && large.abs().item.isFinite)
  }

  @Test func comparisonsAndSelections() {
    let z = Tensor([Number(1, 2), Number(1, 3), Number(.nan, 0)])
    #expect((z .== Number(1, 2)).scalars == [true, false, false])
    #expect((z .!= z).scalars == [false, false, true])
    #expect(z.where(z .== z, else: 0).scalars == [Number(1, 2), Number(1, 3), 0])
    #expect(Tensor<Bool>(Tensor([Number(0, 1), 0])).scalars == [true, false])
  }

  /// The transposition of 16-byte elements, in tiles and at their edges.
  @Test func largeCopiesTranspose() {
    let x = Tensor(Array(0..<100 * 70).map(Double.init), shape: [100, 70])
    let z = Tensor.complex(x, x * -1)
    let turned = z.transposed().cloned()
    #expect(turned.real().scalars == x.transposed().scalars)
    #expect(turned.imaginary().scalars == (x * -1).transposed().scalars)
    #expect(Tensor.concatenated([z, z], axis: 1)[[3, 1]].shape == [2, 140])
  }

  /// The values are PyTorch's.
  @Test func gradientsAtZero() {
    func gradient(_ f: (Tensor<Number>) -> Tensor<Double>) -> [Number] {
      let z = Tensor([0, Number(1, 1), -2, Number(0, 3)], requiresGrad: true)
      f(z).sum().backward()
      return z.grad!.scalars
    }
    func expectNear(_ a: [Number], _ b: [Number]) {
      for (a, b) in zip(a, b) { #expect((a - b).magnitude < 1e-15) }
    }
    let half = 0.5.squareRoot()
    expectNear(gradient { $0.abs() }, [0, Number(half, half), -1, .i])
    expectNear(gradient { $0.angle() }, [0, Number(-0.5, 0.5), Number(0, -0.5), Number(-1.0 / 3)])
    expectNear(gradient { $0.sign().viewAsReal() }, [0, 0, Number(0, 0.5), Number(1.0 / 3)])
  }

  /// The values are PyTorch's.
  @Test func gradientsHaveConjugates() {
    let a = Tensor([Number(1, 2), Number(3, -1)], requiresGrad: true)
    let b = Tensor([Number(2, -1), .i], requiresGrad: true)
    (a * b / (a + b)).abs().sum().backward()
    let expected = [
      Number(-0.158113883008419, 0.4743416490252568), Number(-0.03513641844631532, -0.10540925533894596),
      Number(0.1581138830084189, -0.4743416490252569), Number(-0.3513641844631532, 1.0540925533894596),
    ]
    for (given, wanted) in zip(a.grad!.scalars + b.grad!.scalars, expected) {
      #expect((given - wanted).magnitude < 1e-15)
    }
  }

  /// Gradients of leaves accumulate, and a complex tensor takes a seed.
  @Test func leavesAndSeeds() {
    let z = Tensor([Number(1, 2), Number(0, 1)], requiresGrad: true)
    (z * Number(0, 1)).backward(Tensor([1, .i]))
    #expect(z.grad!.scalars == [Number(0, -1), 1])
    (z * z).backward(Tensor([1, 1]))
    #expect(z.grad!.scalars == [Number(2, -5), Number(1, -2)])
    z.zeroGrad()
    let x = Tensor<Double>([2], requiresGrad: true)
    (Tensor<Number>(x) * .i * z[0]).imaginary().sum().backward()
    #expect(x.grad!.scalars == [1] && z.grad!.scalars == [2, 0])
  }

  /// A change through a view of another element type would be in one history only.
  @Test func changesThroughOtherTypesAreRefused() {
    let leaf = Tensor([Number(1, 2), 3], requiresGrad: true), z = leaf * 1, x = Tensor<Double>([1, 2, 3, 4])
    for view in [leaf.real(), z.imaginary(), z.real()[0...], z.viewAsReal()] {
      #expect(refusal { view.fill(0) }?.reason.contains("a view of elements of another type") == true)
      #expect(refusal { noGrad { view.fill(0) } } == nil)
    }
    let seen = x.reshaped([2, 2]).viewAsComplex()
    #expect(refusal { seen.assign(leaf) }?.reason.contains("a view of elements of another type") == true)
    let made = Tensor.complex(z.detached().real(), leaf.imaginary())
    made[0] = 0
    made.imaginary().sum().backward()
    #expect(leaf.grad!.scalars == [0, .i])
  }

  @Test func gradientsOfRealTensors() {
    let z = Tensor([Number(3, 4), 0], requiresGrad: true)
    let slope = z.abs().sum().gradient(of: z, createGraph: true)
    #expect(slope.scalars == [Number(0.6, 0.8), 0])
    // The gradient of (z / |z|) i is orthogonal to z.
    let second = slope.imaginary().sum().gradient(of: z).scalars
    #expect((second[0] - Number(-0.096, 0.072)).magnitude < 1e-15 && second[1] == 0)
  }

  @Test func aChangedTensorIsRefused() {
    let z = Tensor([Number(1, 2)], requiresGrad: true)
    let length = z.abs()
    noGrad { z.fill(0) }
    let error = refusal { length.sum().backward() }
    #expect(error?.reason.contains("ComplexAbsBackward had saved was changed in place") == true)
  }

  /// A chain of conversions as long as the tape allows is released without recursion.
  @Test func longChainsAreReleased() {
    let x = Tensor<Double>([1], requiresGrad: true)
    var y = x
    for _ in 0..<20_000 { y = Tensor<Number>(y).abs() }
    y.sum().backward()
    #expect(x.grad!.scalars == [1])
  }

  @Test func eigenvaluesAreComplex() throws {
    let a = Tensor<Double>([[0, -1], [1, 0]]), (values, vectors) = try a.eig()
    #expect(values.complex.shape == [2] && values.complex.abs().scalars == [1, 1])
    let products = Tensor<Number>(a).matmul(vectors.complex) - vectors.complex * values.complex
    #expect(products.abs().max().item < 1e-15)
  }

  @Test func plainLoopsMultiplyMatrices() {
    let a = Tensor.complex(Tensor<Double>([[1, 2], [3, 4]]), Tensor<Double>([[0, 1], [-1, 0]]))
    let b = Tensor.complex(Tensor<Double>([[2, 0], [1, 1]]), Tensor<Double>([[1, 0], [0, 3]]))
    let expected = [Number(4, 2), Number(-1, 7), Number(11, 1), Number(4, 12)]
    #expect(a.matmul(b).scalars == expected && withMatrixProducts(.naive) { a.matmul(b) }.scalars == expected)
    #expect(a.matmul(b.transposed().cloned().transposed()).scalars == expected)
  }
}
