/// A matrix that an operation of linear algebra has no result for: it comes from data, and is thrown.
///
/// `solve: the matrix at [3] is singular: pivot 2 is zero, condition number about inf`.
public struct LinearAlgebraError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong with it.
  public enum Reason: Sendable, Equatable {
    /// A pivot, counted from 0, is zero.
    case singular(pivot: Int)
    /// The leading minor of this order, counted from 0, is not positive.
    case notPositiveDefinite(pivot: Int)
    /// An iteration did not converge; LAPACK's count of what is left.
    case noConvergence(unconverged: Int)
    /// An element is NaN or infinite.
    case notFinite(row: Int, column: Int)
    /// An eigenvalue for which the function has no real value.
    case noRealValue(eigenvalue: Double)
    /// LAPACK's 32-bit integers do not count its elements or its workspace.
    case tooLarge
  }

  /// The operation that refused: `"solve"`.
  public let operation: String
  /// What is wrong with its matrix.
  public let reason: Reason
  /// The operand that the reason is about: `"matrix"`, `"right-hand side"`, `"matrix B"`.
  public let operand: String
  /// The indices of the matrix along the leading axes; empty for a single one.
  public let matrix: [Int]
  /// The condition number in the 1-norm, estimated; nil where it says nothing of the reason.
  public let condition: Double?

  init(
    operation: String, reason: Reason, operand: String = "matrix", matrix: [Int], condition: Double? = nil
  ) {
    (self.operation, self.reason, self.operand) = (operation, reason, operand)
    (self.matrix, self.condition) = (matrix, condition)
  }

  /// The message as it is printed.
  public var description: String {
    let which = matrix.isEmpty ? "the \(operand)" : "the \(operand) at \(matrix)"
    let what =
      switch reason {
      case .singular(let pivot): "is singular: pivot \(pivot) is zero"
      case .notPositiveDefinite(let pivot): "is not positive definite: pivot \(pivot) is not positive"
      case .noConvergence(let count): "did not converge: \(count) values are left"
      case .notFinite(let row, let column): "has an element that is NaN or infinite, at [\(row), \(column)]"
      case .noRealValue(let eigenvalue): "has the eigenvalue \(eigenvalue), and so no real result"
      case .tooLarge: "is too large for LAPACK's 32-bit integers"
      }
    return "\(operation): \(which) \(what)" + (condition.map { ", condition number about \($0)" } ?? "")
  }
}
