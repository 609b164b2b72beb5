import CRuntime

/// A scope of the calling thread in which every layer is in evaluation mode, whatever its own mode is. Scopes
/// may be nested.
package enum Evaluation {
  /// A Boolean value that tells whether the calling thread is in such a scope.
  package static var isOn: Bool { martlet_thread().pointee.evaluating != 0 }

  /// Begins a scope, which lasts until ``leave()``.
  package static func enter() { martlet_thread().pointee.evaluating += 1 }

  /// Ends the innermost scope.
  package static func leave() { martlet_thread().pointee.evaluating -= 1 }
}
