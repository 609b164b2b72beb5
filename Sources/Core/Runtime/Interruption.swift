import CRuntime

/// The request to end a run: Ctrl-C, or the signal SIGTERM that `kill` and schedulers of jobs send.
///
/// From its creation until the program ends, the first signal is only noted, so that the loop can save and end.
/// A second one of the same kind ends the program at once.
///
/// ```swift
/// let model = Linear<Float>(4, 3), checkpoint = Checkpoint(model: model)
/// let interruption = Interruption()
/// for epoch in 1...20 {
///   // … the steps of the epoch …
///   try checkpoint.save(to: "last.safetensors", epoch: epoch)
///   if interruption.isRequested { break }
/// }
/// ```
public struct Interruption: Sendable {
  /// Starts to watch. An earlier request is forgotten.
  public init() { martlet_catch_interruptions() }

  /// A Boolean value that tells whether a signal arrived since the watch began.
  public var isRequested: Bool { martlet_interruption() != 0 }
}

/// Returns the width of a terminal at this moment, 80 if the terminal does not tell, or nil if the file is no
/// terminal.
package func terminalColumns(_ file: Int32) -> Int? {
  let columns = Int(martlet_terminal_columns(file))
  return columns < 0 ? nil : columns == 0 ? 80 : columns
}
