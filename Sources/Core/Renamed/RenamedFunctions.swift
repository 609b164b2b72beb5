// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

// More names of PyTorch and NumPy for which Martlet has another one: functions of tensors.

// Reductions and sorting.
extension Tensor {
  @available(*, unavailable, renamed: "product(axis:)") public var prod: Renamed { .init() }
  @available(*, unavailable, renamed: "standardDeviation(axis:)") public var std: Renamed { .init() }
  @available(*, unavailable, renamed: "variance(axis:)") public var `var`: Renamed { .init() }
  @available(*, unavailable, renamed: "max(axes:)") public var amax: Renamed { .init() }
  @available(*, unavailable, renamed: "min(axes:)") public var amin: Renamed { .init() }
  @available(*, unavailable, renamed: "minMax()") public var aminmax: Renamed { .init() }
  @available(*, unavailable, renamed: "cumulativeSum(axis:)") public var cumsum: Renamed { .init() }
  @available(*, unavailable, renamed: "cumulativeProduct(axis:)") public var cumprod: Renamed { .init() }
  @available(*, unavailable, renamed: "cumulativeMax(axis:)") public var cummax: Renamed { .init() }
  @available(*, unavailable, renamed: "cumulativeMin(axis:)") public var cummin: Renamed { .init() }
  @available(*, unavailable, renamed: "cumulativeLogSumExp") public var logcumsumexp: Renamed { .init() }
  @available(*, unavailable, renamed: "logSumExp(axis:)") public var logsumexp: Renamed { .init() }
  @available(*, unavailable, renamed: "logSoftmax(axis:)") public var log_softmax: Renamed { .init() }
  @available(*, unavailable, renamed: "countNonzero()") public var count_nonzero: Renamed { .init() }
  @available(*, unavailable, renamed: "nanSum(axis:)") public var nansum: Renamed { .init() }
  @available(*, unavailable, renamed: "nanMean(axis:)") public var nanmean: Renamed { .init() }
  @available(*, unavailable, renamed: "nanMedian(axis:)") public var nanmedian: Renamed { .init() }
  @available(*, unavailable, renamed: "nanQuantile(_:axis:)") public var nanquantile: Renamed { .init() }
  @available(*, unavailable, renamed: "trapezoid(at:)") public var trapz: Renamed { .init() }
  @available(*, unavailable, renamed: "sorted(axis:)") public var sort: Renamed { .init() }
  @available(*, unavailable, renamed: "topK(_:axis:)") public var topk: Renamed { .init() }
  @available(*, unavailable, renamed: "kthValue(_:axis:)") public var kthvalue: Renamed { .init() }
  @available(*, unavailable, renamed: "histogram(bins:in:)") public var histc: Renamed { .init() }
  @available(*, unavailable, renamed: "searchSorted(_:)") public var searchsorted: Renamed { .init() }
  @available(*, unavailable, renamed: "bucketized(_:)") public var bucketize: Renamed { .init() }
  @available(*, unavailable, renamed: "bucketized(_:)") public var digitize: Renamed { .init() }
  @available(*, unavailable, renamed: "uniqueConsecutive") public var unique_consecutive: Renamed { .init() }
  @available(*, unavailable, renamed: "isIn(_:)") public var isin: Renamed { .init() }
}

// Elementwise functions.
extension Tensor {
  @available(*, unavailable, renamed: "clamped(_:)") public var clamp: Renamed { .init() }
  @available(*, unavailable, renamed: "clamped(_:)") public var clip: Renamed { .init() }
  @available(*, unavailable, renamed: "rounded()") public var round: Renamed { .init() }
  @available(*, unavailable, renamed: "pow(_:)") public var power: Renamed { .init() }
  @available(*, unavailable, renamed: "abs()") public var fabs: Renamed { .init() }
  @available(*, unavailable, renamed: "sign()") public var sgn: Renamed { .init() }
  @available(*, unavailable, message: "use -x") public var negative: Renamed { .init() }
  @available(*, unavailable, renamed: "asin()") public var arcsin: Renamed { .init() }
  @available(*, unavailable, renamed: "acos()") public var arccos: Renamed { .init() }
  @available(*, unavailable, renamed: "atan()") public var arctan: Renamed { .init() }
  @available(*, unavailable, renamed: "atan2(_:)") public var arctan2: Renamed { .init() }
  @available(*, unavailable, renamed: "asinh()") public var arcsinh: Renamed { .init() }
  @available(*, unavailable, renamed: "acosh()") public var arccosh: Renamed { .init() }
  @available(*, unavailable, renamed: "atanh()") public var arctanh: Renamed { .init() }
  @available(*, unavailable, renamed: "sqrt()") public var squareRoot: Renamed { .init() }
  @available(*, unavailable, renamed: "floorDivided(by:)") public var floor_divide: Renamed { .init() }
  @available(*, unavailable, renamed: "floorDivided(by:)") public var floorDivide: Renamed { .init() }
  @available(*, unavailable, renamed: "remainder(_:)") public var mod: Renamed { .init() }
  @available(*, unavailable, renamed: "logAddExp(_:)") public var logaddexp: Renamed { .init() }
  @available(*, unavailable, renamed: "copySign(_:)") public var copysign: Renamed { .init() }
  @available(*, unavailable, renamed: "nextAfter(_:)") public var nextafter: Renamed { .init() }
  @available(*, unavailable, renamed: "isNaN") public var isnan: Renamed { .init() }
  @available(*, unavailable, renamed: "isInfinite") public var isinf: Renamed { .init() }
  @available(*, unavailable, renamed: "isFinite") public var isfinite: Renamed { .init() }
  @available(*, unavailable, renamed: "signBit") public var signbit: Renamed { .init() }
  @available(*, unavailable, renamed: "nanToNum()") public var nan_to_num: Renamed { .init() }
  @available(*, unavailable, renamed: "allClose(_:)") public var allclose: Renamed { .init() }
  @available(*, unavailable, renamed: "isClose(_:)") public var isclose: Renamed { .init() }
  @available(*, unavailable, message: "use (x .== y).all()") public var equal: Renamed { .init() }
  @available(*, unavailable, message: "use x .== y") public var eq: Renamed { .init() }
  @available(*, unavailable, message: "use x .!= y") public var ne: Renamed { .init() }
  @available(*, unavailable, message: "use x .< y") public var lt: Renamed { .init() }
  @available(*, unavailable, message: "use x .<= y") public var le: Renamed { .init() }
  @available(*, unavailable, message: "use x .> y") public var gt: Renamed { .init() }
  @available(*, unavailable, message: "use x .>= y") public var ge: Renamed { .init() }
  @available(*, unavailable, message: "use m & n of masks") public var logical_and: Renamed { .init() }
  @available(*, unavailable, message: "use m | n of masks") public var logical_or: Renamed { .init() }
  @available(*, unavailable, message: "use !m of a mask") public var logical_not: Renamed { .init() }
  @available(*, unavailable, renamed: "leakyRelu") public var leaky_relu: Renamed { .init() }
  @available(*, unavailable, renamed: "logSigmoid()") public var log_sigmoid: Renamed { .init() }
  @available(*, unavailable, message: "use the layer Dropout(0.5)") public var dropout: Renamed { .init() }
}

// Products and linear algebra.
extension Tensor {
  @available(*, unavailable, renamed: "matmul(_:)") public var mm: Renamed { .init() }
  @available(*, unavailable, renamed: "matmul(_:)") public var bmm: Renamed { .init() }
  @available(*, unavailable, renamed: "matmul(_:)") public var mv: Renamed { .init() }
  @available(*, unavailable, message: "use c + a.matmul(b)") public var addmm: Renamed { .init() }
  @available(*, unavailable, renamed: "outer(_:)") public var ger: Renamed { .init() }
  @available(*, unavailable, message: "use diagonal() of a matrix, diagonalMatrix() of a vector")
  public var diag: Renamed { .init() }
  @available(*, unavailable, renamed: "diagonalMatrix()") public var diag_embed: Renamed { .init() }
  @available(*, unavailable, renamed: "inverse()") public var inv: Renamed { .init() }
  @available(*, unavailable, renamed: "determinant()") public var det: Renamed { .init() }
  @available(*, unavailable, renamed: "logDeterminant()") public var slogdet: Renamed { .init() }
  @available(*, unavailable, renamed: "logDeterminant()") public var logdet: Renamed { .init() }
  @available(*, unavailable, renamed: "matrixRank()") public var matrix_rank: Renamed { .init() }
  @available(*, unavailable, renamed: "matrixPower(_:)") public var matrix_power: Renamed { .init() }
  @available(*, unavailable, renamed: "matrixExp()") public var matrix_exp: Renamed { .init() }
  @available(*, unavailable, message: "use a.solve(b, assuming: .lowerTriangular())")
  public var solve_triangular: Renamed { .init() }
}

// Normalization and losses.
extension Tensor {
  @available(*, unavailable, renamed: "normalized()") public var normalize: Renamed { .init() }
  @available(*, unavailable, renamed: "layerNorm()") public var layer_norm: Renamed { .init() }
  @available(*, unavailable, renamed: "crossEntropy(_:)") public var cross_entropy: Renamed { .init() }
  @available(*, unavailable, renamed: "squaredError(_:)") public var mseLoss: Renamed { .init() }
  @available(*, unavailable, renamed: "squaredError(_:)") public var mse_loss: Renamed { .init() }
  @available(*, unavailable, renamed: "absoluteError(_:)") public var l1Loss: Renamed { .init() }
  @available(*, unavailable, renamed: "absoluteError(_:)") public var l1_loss: Renamed { .init() }
  @available(*, unavailable, renamed: "negativeLogLikelihood(_:)") public var nllLoss: Renamed { .init() }
  @available(*, unavailable, renamed: "negativeLogLikelihood(_:)") public var nll_loss: Renamed { .init() }
  @available(*, unavailable, renamed: "binaryCrossEntropy(_:)") public var bceLoss: Renamed { .init() }
  @available(*, unavailable, renamed: "binaryCrossEntropyWithLogits")
  public var bceWithLogits: Renamed { .init() }
  @available(*, unavailable, renamed: "binaryCrossEntropyWithLogits")
  public var bce_with_logits: Renamed { .init() }
  @available(*, unavailable, renamed: "klDivergence(_:)") public var kl_div: Renamed { .init() }
  @available(*, unavailable, renamed: "ctcLoss") public var ctc_loss: Renamed { .init() }
  @available(*, unavailable, renamed: "smoothL1Loss(_:)") public var smooth_l1_loss: Renamed { .init() }
  @available(*, unavailable, renamed: "huberLoss(_:)") public var huber_loss: Renamed { .init() }
}

// Special functions, complex numbers and signals.
extension Tensor {
  @available(*, unavailable, renamed: "logGamma()") public var lgamma: Renamed { .init() }
  @available(*, unavailable, renamed: "logGamma()") public var gammaln: Renamed { .init() }
  @available(*, unavailable, renamed: "multivariateLogGamma") public var mvlgamma: Renamed { .init() }
  @available(*, unavailable, renamed: "regularizedGammaP(_:)") public var gammainc: Renamed { .init() }
  @available(*, unavailable, renamed: "sigmoid()") public var expit: Renamed { .init() }
  @available(*, unavailable, renamed: "normalCDF()") public var ndtr: Renamed { .init() }
  @available(*, unavailable, renamed: "besselI0()") public var i0: Renamed { .init() }
  @available(*, unavailable, renamed: "conjugate()") public var conj: Renamed { .init() }
  @available(*, unavailable, renamed: "imaginary()") public var imag: Renamed { .init() }
  @available(*, unavailable, renamed: "fftShifted()") public var fftshift: Renamed { .init() }
  @available(*, unavailable, renamed: "covariance()") public var cov: Renamed { .init() }
  @available(*, unavailable, renamed: "correlation()") public var corrcoef: Renamed { .init() }
  @available(*, unavailable, renamed: "dot(_:)") public var vdot: Renamed { .init() }
  @available(*, unavailable, renamed: "convolved(_:)") public var convolve: Renamed { .init() }
  @available(*, unavailable, renamed: "correlated(_:)") public var correlate: Renamed { .init() }
  @available(*, unavailable, renamed: "interpolated") public var interp: Renamed { .init() }
  @available(*, unavailable, renamed: "polynomial(_:)") public var polyval: Renamed { .init() }
  @available(*, unavailable, renamed: "chainMatmul(_:)") public static var multi_dot: Renamed { .init() }
  @available(*, unavailable, renamed: "fftFrequencies(_:)") public static var fftfreq: Renamed { .init() }
  @available(*, unavailable, renamed: "hannWindow(_:)") public static var hann_window: Renamed { .init() }
}
