import Testing

@testable import MartletCore

/// Matrices without elements, and batches without matrices, have gradients of their shape.
@Suite struct EmptyMatrixTests {
  private typealias Operation = (String, @Sendable (Tensor<Double>) throws -> Tensor<Double>)

  private static let ofSquares: [Operation] = [
    ("solve", { try $0.solve($0) }), ("inverse", { try $0.inverse() }), ("cholesky", { try $0.cholesky() }),
    ("triangle", { try $0.solve($0, assuming: .lowerTriangular()) }),
    ("positive definite", { try $0.solve($0, assuming: .positiveDefinite) }),
    ("eigh", { try $0.eigh().values.exp() }), ("eigh vectors", { try $0.eigh().vectors }),
    ("eigvalsh", { try $0.eigvalsh() }), ("eig", { try $0.eig().values.real }),
    ("eig vectors", { try $0.eig().vectors.imaginary }), ("eigvals", { try $0.eigvals().imaginary }),
    ("determinant", { try $0.determinant() }), ("logDeterminant", { try $0.logDeterminant().logMagnitude }),
    ("matrixExp", { try $0.matrixExp() }), ("matrixLog", { try $0.matrixLog() }),
    ("matrixSquareRoot", { try $0.matrixSquareRoot() }), ("sylvester", { try $0.sylvester($0, $0) }),
    ("lyapunov", { try $0.lyapunov($0) }), ("matrixPower", { try $0.matrixPower(3) }),
    ("negative matrixPower", { try $0.matrixPower(-2) }), ("cond", { try $0.cond(.one) }),
  ]
  private static let ofAll: [Operation] = [
    ("pinv", { try $0.pinv() }), ("lstsq", { try $0.lstsq($0).solution }),
    ("residuals", { try $0.lstsq($0).residuals }), ("lu", { try $0.lu().l }), ("U of lu", { try $0.lu().u }),
    ("q", { try $0.qr().q }), ("r", { try $0.qr().r }), ("svd u", { try $0.svd().u }),
    ("svd vt", { try $0.svd().vt }), ("svd", { try $0.svd().s }), ("svdvals", { try $0.svdvals() }),
    ("norm", { $0.norm() }), ("frobenius", { try $0.norm(.frobenius) }),
    ("nuclear", { try $0.norm(.nuclear) }),
    ("two", { try $0.norm(.two) }), ("one", { try $0.norm(.one) }), ("infinity", { try $0.norm(.infinity) }),
    ("cond", { try $0.cond() }), ("tril", { $0.tril() }), ("triu", { $0.triu() }),
    ("diagonal", { $0.diagonal() }), ("trace", { $0.trace() }), ("matmul", { $0.matmul($0.transposed()) }),
  ]

  private func check(_ operations: [Operation], _ shape: [Int]) throws {
    for (name, operation) in operations {
      for isSecond in [false, true] {
        let a = Tensor<Double>.zeros(TensorShape(shape))
        a.requiresGrad = true
        let text: String
        do {
          text = try catchingTensorErrors {
            "\(try operation(a).sum().gradient(of: a, createGraph: isSecond).shape)"
          }
        } catch {
          text = "\(error)"
        }
        #expect(text == "\(shape)", "\(name) of \(shape)")
      }
    }
  }

  @Test(arguments: [[0, 0], [2, 0, 0], [0, 3, 3], [0, 0, 0], [2, 0, 1, 1]]) func squares(_ shape: [Int])
    throws
  {
    try check(Self.ofSquares + Self.ofAll, shape)
  }

  @Test(arguments: [[0, 3], [3, 0], [2, 0, 3], [2, 3, 0], [0, 2, 3]]) func others(_ shape: [Int]) throws {
    try check(Self.ofAll, shape)
  }
}
