/// Sizes that were found by measuring. They decide how work is cut, never a result beyond its rounding.
@usableFromInline
package enum Tuning {}

// Elementwise loops and the split over threads.
extension Tuning {
  /// The least size in bytes of a result that is written past the caches: it would not stay in a cache until
  /// it is read.
  static var streamedBytes: Int { 1 << 24 }
  /// The number of elements below which a loop is not split: a second thread would gain less than the
  /// synchronisation costs.
  @inlinable
  package static var leastElements: Int { 1 << 15 }
  /// The number of multiplications below which a product is not split.
  static var leastMultiplications: Int { 1 << 20 }
}

// Matrix products.
extension Tuning {
  /// The number of rows or columns that a BLAS kernel computes at once. Pieces of a product start at a
  /// multiple of it.
  static var productTile: Int { 16 }
}

// Layer norm and RMS norm.
extension Tuning {
  /// The number of rows in a block. The gradients of weight and bias are summed over each block, then over
  /// the blocks. This number decides the order of the sum, and therefore its rounding.
  static var normalizedRows: Int { 64 }
}

// Attention. A tile of scores stays in the cache; the backward pass uses two.
extension Tuning {
  /// The largest number of queries of a tile.
  static var attentionQueries: Int { 128 }
  /// The largest number of keys of a tile.
  static var attentionKeys: Int { 256 }
}

// Random numbers.
extension Tuning {
  /// The number of random numbers below which a fill is not split. A random number costs more than an element
  /// of a simple loop.
  static var leastRandomNumbers: Int { leastElements / 4 }
}

// Connectionist temporal classification.
extension Tuning {
  /// The cost of a score of a sequence, as a number of elements of a loop.
  static var temporalCost: Int { 64 }
}

// Reductions.
extension Tuning {
  /// The number of columns below which a tall matrix is reduced in blocks of rows: its columns alone are too
  /// few to be split over threads.
  static var columnsOfTallReduction: Int { 256 }
  /// The least number of columns that a thread reduces.
  static var columnsOfStrip: Int { 64 }
}

// Linear algebra.
extension Tuning {
  /// The number of multiplications below which a batch of matrices is not split over threads.
  static var leastFactorWork: Int { leastMultiplications / 4 }
  /// The number of multiplications that take about as long as a call of LAPACK.
  static var callWork: Int { 2000 }
  /// The least number of right-hand sides that a thread solves.
  static var leastRightHandSides: Int { 16 }
}

// Sorting and searching.
extension Tuning {
  /// The number of elements below which a sort or a selection is not split over threads.
  static var leastSortedElements: Int { leastElements / 8 }
  /// The number of binary searches below which they are not split.
  static var leastSearches: Int { leastElements / 8 }
}

// Recurrences.
extension Tuning {
  /// The number of steps below which the matrix of the states is multiplied without packing.
  static var leastPackedSteps: Int { 8 }
  /// The number of rows for each thread from which a thread computes all steps of its rows alone.
  static var leastRecurrentRows: Int { 8 }
  /// The cost of an element of a step's product in the loop after the product, as a number of elements of a
  /// loop.
  static var recurrentCost: Int { 4 }
}

// Updates of parameters.
extension Tuning {
  /// The numbers of elements below which an update is not split. An update costs more than an element of a
  /// simple loop, and least with SGD.
  static var leastElementsOfSGD: Int { leastElements / 2 }
  static var leastElementsOfRules: Int { leastElements / 4 }
  /// The number of elements whose powers are summed before they are added to the sum of all.
  static var powerSumBlock: Int { 1 << 13 }
}

// Convolutions and pools.
extension Tuning {
  /// The number of elements of the columns that are unfolded at once. They fit the second-level cache.
  static var columnElements: Int { 1 << 17 }
  /// The number of tiles that Winograd's filters transform at once. Their transforms fit the second-level
  /// cache.
  static var winogradTiles: Int { 64 }
  /// The number of tiles that are transformed at once for the gradient of the kernels, at most
  /// `MT_WINOGRAD_TILES`.
  static var winogradGradientTiles: Int { 128 }
  /// The costs of the transforms of Winograd's filters, as numbers of multiplications: of a tile in an input
  /// channel, of a tile in an output channel, and of a kernel. They were measured with AVX-512; with other
  /// instruction sets the multiplications take longer.
  static var winogradCosts: (input: Int, output: Int, kernel: Int) { (160, 80, 300) }
  /// The same costs for the gradient of the kernels.
  static var winogradGradientCosts: (input: Int, output: Int, kernel: Int) { (160, 300, 600) }
  /// The cost of a pixel of a pool, as a number of elements of a loop.
  static var poolingCost: Int { 4 }
}

// Fourier transforms.
extension Tuning {
  /// The number of elements below which transforms are not split over threads.
  static var leastFourierElements: Int { 1 << 13 }
  /// The length from which a transform is computed in two steps, which the caches and several threads share better.
  static var fourierSteps: Int { 1 << 17 }
  /// The length up to which strided lines are transformed in place of a copy that makes them adjacent.
  static var fourierColumns: Int { 1 << 12 }
  /// The number of plans that are kept, and of their bytes.
  static var fourierPlans: Int { 32 }
  static var fourierBytes: Int { 1 << 26 }
}
