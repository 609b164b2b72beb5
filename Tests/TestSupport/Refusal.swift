public import MartletCore

/// Runs `body` and returns the mistake that it makes, or nil if it makes none.
public func refusal(_ body: () throws -> Void) -> TensorError? {
  do {
    try catchingTensorErrors(body)
    return nil
  } catch {
    return error as? TensorError
  }
}
