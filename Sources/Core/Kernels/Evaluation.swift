import CRuntime

/// A scope of the calling thread in which every layer is in evaluation, whatever mode it was set to. Scopes nest.
package enum Evaluation {
  /// Whether the calling thread is in such a scope.
  package static var isOn: Bool { martlet_thread().pointee.evaluating != 0 }

  /// Begins a scope, which lasts until ``leave()``.
  package static func enter() { martlet_thread().pointee.evaluating += 1 }

  /// Ends the scope that began last.
  package static func leave() { martlet_thread().pointee.evaluating -= 1 }
}
