import MartletCore
import TestSupport

// Entries that are a short expression in Martlet.

extension Parity {
  static var composed: Table<Tensor<Element>> {
    [
      "addbmm": { $0.scaledSum($0["a"].matmul($0["b"]).sum(axis: 0)) },
      "addcdiv": { $0.x + $0["a"] / $0["b"] * $0.number("value", or: 1) },
      "addcmul": { $0.x + $0["a"] * $0["b"] * $0.number("value", or: 1) },
      "addmm": { $0.scaledSum($0["a"].matmul($0["b"])) },
      "addmv": { $0.scaledSum($0["a"].matmul($0["b"])) },
      "addr": { $0.scaledSum($0["a"].outer($0["b"])) },
      "atleast_2d": { $0.x.rank < 2 ? $0.x.reshaped([1, $0.x.count]) : $0.x },
      "atleast_3d": {
        $0.x.rank == 2
          ? $0.x.expandedDims(axis: 2) : $0.x.rank < 2 ? $0.x.reshaped([1, $0.x.count, 1]) : $0.x
      },
      "baddbmm": { $0.scaledSum($0["a"].matmul($0["b"])) },
      "dist": { ($0.x - $0.y).norm(p: $0.number("p", or: 2)) },
      "float_power": { Tensor(Tensor<Double>($0.x).pow(Tensor<Double>($0.y))) },
      "nn.functional.bilinear": {
        let products = Tensor.einsum("ni,oij,nj->no", $0.x, $0["weight"], $0.y)
        return $0.floats["bias"].map { products + $0 } ?? products
      },
      "nn.functional.softmin": { (-$0.x).softmax(axis: $0.axis) },
      "sum_to_size": { one in
        let shape = one.ints("shape")
        return one.x.sum(axes: shape.indices.filter { shape[$0] != one.x.shape[$0] }, keepDims: true)
      },
    ]
  }

  /// Copies with another part.
  static var changed: Table<Tensor<Element>> {
    [
      "diagonal_scatter": { one in
        one.changed {
          $0.diagonal(offset: one.int("offset"), axes: (one.int("dim1"), one.int("dim2", or: 1)))
        }
      },
      "index_put": {
        let copy = $0.x.cloned()
        copy[$0.integers("index.0")] = $0["source"]
        return copy
      },
      "masked_scatter": {
        let copy = $0.x.cloned(), mask = $0.mask("mask")
        copy[mask] = $0["source"].flattened()[0..<mask.countNonzero().item]
        return copy
      },
      "select_scatter": { one in one.changed { $0.movedAxis(from: one.axis, to: 0)[one.int("index")] } },
      "slice_scatter": { one in
        let part = AxisSelection.stride(
          from: one.int("start"), to: one.int("end"), by: one.int("step", or: 1))
        let copy = one.x.cloned()
        copy.movedAxis(from: one.axis, to: 0)[part].assign(one["source"].movedAxis(from: one.axis, to: 0))
        return copy
      },
    ]
  }

  static var solutions: Table<Tensor<Element>> {
    [
      "cholesky_inverse": { try $0.gram($0.x).inverse() },
      "cholesky_solve": { try $0.gram($0.y).solve($0.x, assuming: .positiveDefinite) },
      "linalg.pinv.singular": { try $0.x.matmul($0.y.transposed()).pinv() },
      "linalg.tensorinv": {
        let shape = Array($0.x.shape), split = $0.int("ind", or: 2), n = shape[..<split].reduce(1, *)
        return try $0.x.reshaped([n, n]).inverse().reshaped(TensorShape(shape[split...] + shape[..<split]))
      },
      "linalg.tensorsolve": {
        let solution = try $0.x.reshaped([$0.y.count, $0.y.count]).solve($0.y.flattened())
        return solution.reshaped(TensorShape(Array($0.x.shape)[$0.y.rank...]))
      },
      "logdet": {
        let (sign, logMagnitude) = try $0.x.logDeterminant()
        return logMagnitude.where(sign .>= 0, else: .nan)
      },
    ]
  }

  /// Solutions with PyTorch's report, which is 0 where Martlet throws no error, or with the matrix.
  static var reported: Table<ParityOutputs<Element>> {
    [
      "linalg.cholesky_ex": { $0.reported(try $0.x.cholesky(upper: $0.flag("upper"))) },
      "linalg.inv_ex": { $0.reported(try $0.x.inverse()) },
      "linalg.solve_ex": { $0.reported(try $0.x.solve($0.y)) },
      "triangular_solve": {
        let isUpper = $0.flag("upper", or: true) != $0.flag("transpose")
        let hasUnits = $0.flag("unitriangular"), matrix = $0.flag("transpose") ? $0.y.transposed() : $0.y
        let solution = try matrix.solve(
          $0.x,
          assuming: isUpper
            ? .upperTriangular(unitDiagonal: hasUnits) : .lowerTriangular(unitDiagonal: hasUnits))
        return ParityOutputs(values: [solution, $0.y])
      },
    ]
  }

  static var counts: Table<Tensor<Int>> {
    [
      "linalg.matrix_rank.hermitian": {
        // PyTorch reads the lower triangle.
        try ($0.x.tril() + $0.x.tril(diagonal: -1).transposed()).matrixRank()
      },
      "nonzero_static": {
        let places = $0.x.nonzero()
        return places.padded([(0, $0.int("size") - places.shape[0]), (0, 0)], value: -1)
      },
    ]
  }

  /// PyTorch's reductions with a mask. The other elements are replaced by the neutral one.
  static var masked: Table<Tensor<Element>> {
    [
      "masked.amax": { $0.masked(-.infinity).max(axes: $0.axes, keepDims: $0.keeps) },
      "masked.amin": { $0.masked(.infinity).min(axes: $0.axes, keepDims: $0.keeps) },
      "masked.cumprod": { $0.masked(1).cumulativeProduct(axis: $0.axis) },
      "masked.cumsum": { $0.masked(0).cumulativeSum(axis: $0.axis) },
      "masked.log_softmax": { $0.masked(-.infinity).logSoftmax(axis: $0.axis) },
      "masked.logaddexp": {
        $0.masked(-.infinity, by: "input_mask").logAddExp(
          $0.masked(-.infinity, of: "other", by: "other_mask"))
      },
      "masked.logsumexp": { $0.masked(-.infinity).logSumExp(axes: $0.axes, keepDims: $0.keeps) },
      "masked.mean": { $0.masked(.nan).nanMean(axes: $0.axes, keepDims: $0.keeps) },
      "masked.median": { $0.masked(.nan).nanMedian(axis: $0.axis, keepDims: $0.keeps).values },
      "masked.norm": { $0.masked(0).norm(p: $0.number("ord"), axes: $0.axes, keepDims: $0.keeps) },
      "masked.normalize": {
        $0.masked(0).normalized(p: $0.number("ord"), axis: $0.axis, epsilon: $0.number("eps", or: 1e-12))
      },
      "masked.prod": { $0.masked(1).product(axes: $0.axes, keepDims: $0.keeps) },
      "masked.softmax": { $0.masked(-.infinity).softmax(axis: $0.axis) },
      "masked.softmin": { (-$0.masked(.infinity)).softmax(axis: $0.axis) },
      "masked.std": { $0.maskedVariance.sqrt() },
      // PyTorch's places are Floats.
      "masked.argmax": {
        let x = $0.masked(-.infinity)
        return Tensor<Element>($0.has("dim") ? x.argmax(axis: $0.axis, keepDims: $0.keeps) : x.argmax())
      },
      "masked.argmin": {
        let x = $0.masked(.infinity)
        return Tensor<Element>($0.has("dim") ? x.argmin(axis: $0.axis, keepDims: $0.keeps) : x.argmin())
      },
      "masked.sum": { $0.masked(0).sum(axes: $0.axes, keepDims: $0.keeps) },
      "masked.var": { $0.maskedVariance },
    ]
  }
}

extension ParityInputs {
  /// β x + α product.
  fileprivate func scaledSum(_ product: Tensor<Element>) -> Tensor<Element> {
    x * number("beta", or: 1) + product * number("alpha", or: 1)
  }

  /// A copy of the input in which a part is the source.
  fileprivate func changed(_ part: (Tensor<Element>) -> Tensor<Element>) -> Tensor<Element> {
    let copy = x.cloned()
    part(copy).assign(self["source"])
    return copy
  }

  /// The matrix of a Cholesky factor.
  fileprivate func gram(_ factor: Tensor<Element>) -> Tensor<Element> {
    flag("upper") ? factor.transposed().matmul(factor) : factor.matmul(factor.transposed())
  }

  fileprivate func reported(_ result: Tensor<Element>) -> ParityOutputs<Element> {
    ParityOutputs(values: [result], integers: [.zeros(TensorShape(Array(x.shape.dropLast(2))))])
  }

  /// An input with a value where the mask is false, or the input itself if there is no mask.
  fileprivate func masked(
    _ value: Element, of name: String = "input", by mask: String = "mask"
  ) -> Tensor<Element> {
    kind(mask) == nil ? self[name] : self[name].where(self.mask(mask), else: value)
  }

  /// The squared deviations from the mean, where the mask is true, over their number less the correction.
  fileprivate var maskedVariance: Tensor<Element> {
    let mean = masked(.nan).nanMean(axes: axes, keepDims: true)
    let isCounted = kind("mask") == nil ? .full(x.shape, true) : mask("mask").broadcast(to: x.shape)
    let squares = (x - mean).square().where(isCounted, else: 0).sum(axes: axes, keepDims: keeps)
    return squares / (Tensor(isCounted.countNonzero(axes: axes, keepDims: keeps)) - correction)
  }
}
