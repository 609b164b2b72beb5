import CKernels

/// The instruction set of the loops over elements: `"v2"`, `"v3"` or `"v4"` on x86-64, `"plain"` elsewhere.
/// Martlet chooses the best that the CPU supports, unless the environment variable `MARTLET_ISA` names
/// another.
public var instructionSet: String { String(cString: martlet_instruction_set()) }
