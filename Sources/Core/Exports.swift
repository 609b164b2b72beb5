// Shapes, the pool and the instruction set are part of what Core offers.
@_exported public import MartletKernels
