import MartletCore
import Testing

/// Runs every program that must fail in a scope that catches errors, and checks the message.
func verifyMisuse(_ op: OpCase) {
  for misuse in op.misuse {
    do {
      try catchingTensorErrors { misuse.body() }
      Issue.record("\(op.testDescription), \(misuse.what): no error", sourceLocation: op.location)
    } catch {
      if "\(error)".contains(misuse.message) { continue }
      Issue.record(
        "\(op.testDescription), \(misuse.what): “\(error)”, expected “\(misuse.message)”",
        sourceLocation: op.location)
    }
  }
}
