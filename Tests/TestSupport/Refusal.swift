public import MartletCore

/// The mistake that `body` makes, caught; nil when it makes none.
public func refusal(_ body: () throws -> Void) -> TensorError? {
  do {
    try catchingTensorErrors(body)
    return nil
  } catch {
    return error as? TensorError
  }
}
