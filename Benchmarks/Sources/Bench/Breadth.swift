import Martlet

extension OperationWorkload {
  /// Operations that the bench of the other frameworks (`make bench-peers`) measures beside PyTorch alone.
  static let breadth: [OperationWorkload] =
    elementwise + alongAxes + movement + sorting + fourier + contractions

  private static let elementwise = [
    OperationWorkload(name: "floor") { $0.x.floor() },
    OperationWorkload(name: "round") { $0.x.rounded() },
    OperationWorkload(name: "square") { $0.x.square() },
    OperationWorkload(name: "reciprocal") { $0.x.reciprocal() },
    OperationWorkload(name: "rsqrt") { $0.x.rsqrt() },
    OperationWorkload(name: "exp2") { $0.x.exp2() },
    OperationWorkload(name: "expm1") { $0.x.expm1() },
    OperationWorkload(name: "log2") { $0.x.log2() },
    OperationWorkload(name: "log10") { $0.x.log10() },
    OperationWorkload(name: "log1p") { $0.x.log1p() },
    OperationWorkload(name: "tan") { $0.x.tan() },
    OperationWorkload(name: "atan") { $0.x.atan() },
    OperationWorkload(name: "sinh") { $0.x.sinh() },
    OperationWorkload(name: "cosh") { $0.x.cosh() },
    OperationWorkload(name: "asinh") { $0.x.asinh() },
    OperationWorkload(name: "erfc") { $0.x.erfc() },
    OperationWorkload(name: "sinc") { $0.x.sinc() },
    OperationWorkload(name: "hypot") { $0.x.hypot($0.y) },
    OperationWorkload(name: "atan2") { $0.x.atan2($0.y) },
    OperationWorkload(name: "remainder") { $0.x.remainder($0.y) },
    OperationWorkload(name: "logaddexp") { $0.x.logAddExp($0.y) },
  ]

  private static let alongAxes = [
    OperationWorkload(name: "product axis 1") { $0.x.product(axis: 1) },
    OperationWorkload(name: "standard deviation axis 1") { $0.x.standardDeviation(axis: 1) },
    OperationWorkload(name: "log-sum-exp axis 1") { $0.x.logSumExp(axis: 1) },
    OperationWorkload(name: "cumulative sum axis 0") { $0.x.cumulativeSum(axis: 0) },
    OperationWorkload(name: "cumulative sum axis 1") { $0.x.cumulativeSum(axis: 1) },
    OperationWorkload(name: "cumulative product axis 1") { $0.x.cumulativeProduct(axis: 1) },
    OperationWorkload(name: "max with indices axis 1") { $0.x.maxWithIndices(axis: 1).values },
  ]

  private static let movement = [
    OperationWorkload(name: "roll axis 1") { $0.x.rolled(by: 1, axis: 1) },
    OperationWorkload(name: "flip axis 1") { $0.x.flipped(axis: 1).cloned() },
    OperationWorkload(name: "lower triangle") { $0.x.tril() },
    OperationWorkload(name: "gather axis 1") { $0.x.gathered($0.places, axis: 1) },
    OperationWorkload(name: "scatter-add axis 1") { $0.x.scatterAdded($0.places, $0.y, axis: 1) },
    OperationWorkload(name: "index-add") { $0.x.indexAdded($0.rows, $0.y) },
  ]

  private static let sorting = [
    OperationWorkload(name: "sort axis 1") { $0.x.sorted(axis: 1).values },
    OperationWorkload(name: "argsort axis 1") { Tensor<Float>($0.x.argsort(axis: 1)) },
    OperationWorkload(name: "top 4 axis 1") { $0.x.topK(4, axis: 1).values },
    OperationWorkload(name: "unique") { $0.x.unique().values },
    OperationWorkload(name: "histogram") { Tensor<Float>($0.x.histogram(bins: 100, in: -3...3).counts) },
  ]

  private static let fourier = [
    OperationWorkload(name: "fft axis 1") { $0.complex.fft(axis: 1).viewAsReal() },
    OperationWorkload(name: "rfft axis 1") { $0.x.rfft(axis: 1).viewAsReal() },
  ]

  private static let contractions = [
    OperationWorkload(name: "einsum ij,ij->i") { .einsum("ij,ij->i", $0.x, $0.y) },
    OperationWorkload(name: "einsum ij,kj->ik") { .einsum("ij,kj->ik", $0.x, $0.y) },
    OperationWorkload(name: "einsum ij,kj,kl->il") { .einsum("ij,kj,kl->il", $0.x, $0.y, $0.x) },
  ]
}
