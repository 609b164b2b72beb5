import Testing

@testable import MartletCore

/// Errors name the operand at fault, and only check elements that are read.
@Suite struct OperandTests {
  private func refusal(_ body: () throws -> Void) -> LinearAlgebraError? {
    do {
      try body()
      return nil
    } catch {
      return error as? LinearAlgebraError
    }
  }

  @Test func operandAtFault() {
    let unit = Tensor<Double>.identity(2), bad = Tensor<Double>([[1, 2], [.nan, 4]])
    let text = "the right-hand side has an element that is NaN or infinite, at [1, 0]"
    #expect(refusal { _ = try unit.solve(bad) }?.description == "solve: \(text)")
    #expect(refusal { _ = try unit.solve(Tensor([1, .infinity])) }?.description == "solve: \(text)")
    #expect(refusal { _ = try unit.lstsq(bad) }?.description == "lstsq: \(text)")
    #expect(refusal { _ = try unit.sylvester(unit, bad) }?.description == "sylvester: \(text)")
    #expect(refusal { _ = try unit.lyapunov(bad) }?.description == "lyapunov: \(text)")
    for form in [MatrixForm.positiveDefinite, .lowerTriangular(), .upperTriangular(unitDiagonal: true)] {
      #expect(refusal { _ = try unit.solve(bad, assuming: form) }?.operand == "right-hand side")
    }
    #expect(refusal { _ = try bad.solve(unit) }?.operand == "matrix")
    #expect(refusal { _ = try bad.sylvester(unit, unit) }?.operand == "matrix A")
    #expect(
      refusal { _ = try unit.sylvester(bad, unit) }?.description
        == "sylvester: the matrix B has an element that is NaN or infinite, at [1, 0]")
    let batch = Tensor<Double>.identity(2).broadcast(to: [3, 2, 2])
    let sides = Tensor<Double>([[1, 2], [3, 4], [5, .nan]])
    #expect(
      refusal { _ = try batch.solve(sides) }?.description
        == "solve: the right-hand side at [2] has an element that is NaN or infinite, at [1, 0]")
  }

  /// The triangle that is not read may hold anything: the results are those of the other triangle, as in
  /// NumPy and PyTorch.
  private func unreadTriangle<Element: DifferentiableScalar>(_ n: Int, _: Element.Type) throws {
    let lower = Tensor<Element>.identity(n) * 4 + Tensor<Element>.ones([n, n]).tril(diagonal: -1) * 0.125
    let whole = lower + lower.tril(diagonal: -1).transposed()
    for strange in [Element.nan, .infinity] {
      let noise = Tensor<Element>.full([n, n], strange)
      let isLower = Tensor<Element>.ones([n, n]).tril() .> 0, isOn = Tensor<Element>.identity(n) .> 0
      let a = whole.where(isLower, else: noise), b = a.transposed(),
        side = Tensor<Element>.arange(1, Element(n + 1))
      a.requiresGrad = true
      #expect(
        try same(a.cholesky(), whole.cholesky()) && same(b.cholesky(upper: true), whole.cholesky(upper: true))
      )
      #expect(try same(a.eigvalsh(), whole.eigvalsh()) && same(a.eigh().vectors, whole.eigh().vectors))
      #expect(
        try same(a.solve(side, assuming: .positiveDefinite), whole.solve(side, assuming: .positiveDefinite)))
      #expect(try same(a.solve(side, assuming: .lowerTriangular()), lower.solve(side)))
      #expect(try same(b.solve(side, assuming: .upperTriangular()), lower.transposed().solve(side)))
      let unit = a.where(.!isOn, else: noise), ones = lower.where(.!isOn, else: 1)
      #expect(try same(unit.solve(side, assuming: .lowerTriangular(unitDiagonal: true)), ones.solve(side)))
      let gradient = try a.solve(side, assuming: .lowerTriangular()).sum().gradient(of: a)
      #expect(gradient.scalars.allSatisfy { $0.isFinite })
      #expect(try a.cholesky().sum().gradient(of: a).scalars.allSatisfy { $0.isFinite })
      // A NaN in the triangle that is read is found.
      #expect(refusal { _ = try b.eigh() }?.reason == .notFinite(row: 1, column: 0))
      #expect(refusal { _ = try b.cholesky() }?.reason == .notFinite(row: 1, column: 0))
      #expect(refusal { _ = try a.cholesky(upper: true) }?.reason == .notFinite(row: 0, column: 1))
      #expect(
        refusal { _ = try unit.solve(side, assuming: .lowerTriangular()) }?.reason
          == .notFinite(row: 0, column: 0))
      #expect(refusal { _ = try a.solve(side) }?.reason == .notFinite(row: 0, column: 1))
    }
  }

  private func same<Element: DifferentiableScalar>(_ a: Tensor<Element>, _ b: Tensor<Element>) -> Bool {
    a.shape == b.shape
      && zip(a.scalars, b.scalars).allSatisfy {
        abs($0 - $1) <= 100 * Element.ulpOfOne * Swift.max(1, abs($1))
      }
  }

  @Test(arguments: [2, 8, 40]) func unreadTriangles(_ n: Int) throws {
    try unreadTriangle(n, Double.self)
    try unreadTriangle(n, Float.self)
  }

  /// The condition number is the symmetric matrix's: for [[1, 2], [2, 1]] it is 3 in the 1-norm.
  @Test func conditionOfTheTriangle() {
    let a = Tensor<Double>([[1, .nan], [2, 1]])
    #expect(abs((refusal { _ = try a.cholesky() }?.condition ?? 0) - 3) < 1e-12)
    let b = Tensor<Double>([[1, 2], [100, 1]])
    #expect(abs((refusal { _ = try b.cholesky(upper: true) }?.condition ?? 0) - 3) < 1e-12)
  }
}
