// Programs need only `import Martlet`: it exports the six modules.
@_exported import MartletCore
@_exported import MartletData
@_exported import MartletKernels
@_exported import MartletLayers
@_exported import MartletOptimizers
@_exported import MartletTraining
