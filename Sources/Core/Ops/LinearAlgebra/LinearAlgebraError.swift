/// An error that an operation of linear algebra throws for a matrix without a result, such as a singular one.
///
/// Such a matrix comes from data and is not a mistake in the program, so the error is thrown. A message:
/// `solve: the matrix at [3] is singular: pivot 2 is zero, condition number about inf`.
///
/// ```swift
/// do {
///   print(try Tensor<Double>([[1, 2], [2, 4]]).inverse())
/// } catch {
///   print(error.operation, error.reason)
/// }
/// ```
public struct LinearAlgebraError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The property of the matrix that makes the operation fail.
  ///
  /// ```swift
  /// do {
  ///   _ = try Tensor<Double>.zeros([2, 2]).solve(.ones([2]))
  /// } catch {
  ///   if case .singular(let pivot) = error.reason { print("pivot \(pivot) is zero") }
  /// }
  /// ```
  public enum Reason: Sendable, Equatable {
    /// The pivot with this number, counted from 0, is zero.
    case singular(pivot: Int)
    /// The leading minor of order `pivot + 1` is not positive.
    case notPositiveDefinite(pivot: Int)
    /// An iteration did not converge. `unconverged` is LAPACK's count of the values that are left.
    case noConvergence(unconverged: Int)
    /// An element is NaN or infinite.
    case notFinite(row: Int, column: Int)
    /// The function has no real value for this eigenvalue.
    case noRealValue(eigenvalue: Double)
    /// The matrix or its workspace has more elements than LAPACK's 32-bit integers can count.
    case tooLarge
  }

  /// The operation that failed: `"solve"`.
  public let operation: String
  /// The property of the matrix that made the operation fail.
  public let reason: Reason
  /// The operand that has the reason: `"matrix"`, `"right-hand side"`, `"matrix B"`.
  public let operand: String
  /// The indices of the matrix along the leading axes; empty for a single matrix.
  public let matrix: [Int]
  /// An estimate of the condition number in the 1-norm; nil if it does not help to explain the reason.
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
      case .noRealValue(let eigenvalue): "has the eigenvalue \(eigenvalue), so there is no real result"
      case .tooLarge: "is too large for LAPACK's 32-bit integers"
      }
    return "\(operation): \(which) \(what)" + (condition.map { ", condition number about \($0)" } ?? "")
  }
}
