import MartletCore
import TestSupport

// Products, linear algebra, convolutions, pools and resampling.

extension Parity {
  static var products: Table<Tensor<Element>> {
    [
      "__rmatmul__": { $0.y.matmul($0.x) },
      "bmm": { $0.x.matmul($0.y) },
      "cdist": { $0.x.cdist($0.y, p: $0.number("p")) },
      "corrcoef": { $0.x.correlation() },
      "cov": {
        $0.x.covariance(
          correction: $0.number("correction", or: 1),
          frequencies: $0.kind("fweights") == nil ? nil : Tensor($0.integers("fweights")),
          weights: $0.floats["aweights"])
      },
      "cross": { $0.x.cross($0.y, axis: $0.axis) },
      "dot": { $0.x.matmul($0.y) },
      "einsum": { .einsum($0.text("equation")!, $0.list) },
      "inner": { $0.x.inner($0.y) },
      "kron": { $0.x.kron($0.y) },
      "linalg.cross": { $0.x.cross($0.y, axis: $0.int("dim", or: -1)) },
      "linalg.multi_dot": { .chainMatmul($0.list) },
      "linalg.vecdot": { $0.x.vecdot($0.y, axis: $0.int("dim", or: -1)) },
      "matmul": { $0.x.matmul($0.y) },
      "mm": { $0.x.matmul($0.y) },
      "mv": { $0.x.matmul($0.y) },
      "nn.functional.linear": { $0.x.linear(weight: $0["weight"], bias: $0.floats["bias"]) },
      "nn.functional.pdist": { $0.x.pdist(p: $0.number("p", or: 2)) },
      "outer": { $0.x.outer($0.y) },
      "tensordot": {
        let pairs = $0.intLists("dims")
        return pairs.isEmpty
          ? $0.x.tensordot($0.y, axes: $0.int("dims")) : $0.x.tensordot($0.y, axes: (pairs[0], pairs[1]))
      },
      "trace": { $0.x.trace() },
      "vdot": { $0.x.dot($0.y) },
    ]
  }

  static var matrices: Table<Tensor<Element>> {
    [
      "cholesky": { try $0.x.cholesky(upper: $0.flag("upper")) },
      "linalg.cholesky": { try $0.x.cholesky(upper: $0.flag("upper")) },
      "linalg.cond": { try $0.x.cond() },
      "linalg.det": { try $0.x.determinant() },
      "linalg.inv": { try $0.x.inverse() },
      "linalg.matrix_norm": {
        let axes = $0.has("dim") ? $0.ints("dim") : [-2, -1]
        return try $0.x.norm($0.matrixNorm, axes: (axes[0], axes[1]), keepDims: $0.keeps)
      },
      "linalg.matrix_power": { try $0.x.matrixPower($0.int("n")) },
      "linalg.norm": { one in
        let axes = one.axes
        if !one.has("ord") || axes.count == 1 {
          return one.x.norm(p: one.number("ord", or: 2), axes: axes, keepDims: one.keeps)
        }
        return try one.x.norm(one.matrixNorm, axes: (axes[0], axes[1]), keepDims: one.keeps)
      },
      "linalg.pinv": { try $0.x.pinv(tolerance: $0.has("rtol") ? $0.number("rtol") : nil) },
      "linalg.solve": { try $0.x.solve($0.y) },
      "linalg.solve_triangular": {
        let hasUnits = $0.flag("unitriangular")
        let form: MatrixForm =
          $0.flag("upper")
          ? .upperTriangular(unitDiagonal: hasUnits) : .lowerTriangular(unitDiagonal: hasUnits)
        return try $0.x.solve($0.y, assuming: form)
      },
      "linalg.svdvals": { try $0.x.svdvals() },
      "linalg.vander": { $0.x.vander(columns: $0.has("N") ? $0.int("N") : nil) },
      "linalg.vector_norm": {
        $0.has("dim") || $0.keeps
          ? $0.x.norm(p: $0.number("ord", or: 2), axes: $0.axes, keepDims: $0.keeps)
          : $0.x.norm(p: $0.number("ord", or: 2))
      },
      "norm": { $0.x.norm(p: $0.number("ord"), axes: $0.axes, keepDims: $0.keeps) },
      "norm.fro": { $0.x.norm() },
      "norm.inf": { $0.x.norm(p: $0.number("ord")) },
      "norm.nuc": { try $0.x.norm(.nuclear) },
      "pinverse": { try $0.x.pinv() },
      "renorm": { $0.x.renorm(p: $0.number("p"), axis: $0.axis, maxNorm: $0.number("maxnorm")) },
    ]
  }

  /// Operations of linear algebra with several results, or with integers.
  static var several: Table<ParityOutputs<Element>> {
    [
      "linalg.matrix_rank": { ParityOutputs(integers: [try $0.x.matrixRank()]) },
      "linalg.slogdet": {
        let (sign, logMagnitude) = try $0.x.logDeterminant()
        return ParityOutputs(values: [sign, logMagnitude])
      },
      "nn.functional.max_pool1d": { $0.maxPooled(1) },
      "nn.functional.max_pool2d": { $0.maxPooled(2) },
      "nn.functional.max_pool3d": { $0.maxPooled(3) },
    ]
  }

  static var windows: Table<Tensor<Element>> {
    [
      "nn.functional.adaptive_avg_pool1d": {
        $0.x.adaptiveAveragePool(outputSize: $0.extents("size", 1, or: 1))
      },
      "nn.functional.adaptive_avg_pool2d": {
        $0.x.adaptiveAveragePool(outputSize: $0.extents("size", 2, or: 1))
      },
      "nn.functional.adaptive_avg_pool3d": {
        $0.x.adaptiveAveragePool(outputSize: $0.extents("size", 3, or: 1))
      },
      "nn.functional.adaptive_max_pool1d": { $0.x.adaptiveMaxPool(outputSize: $0.extents("size", 1, or: 1)) },
      "nn.functional.adaptive_max_pool2d": { $0.x.adaptiveMaxPool(outputSize: $0.extents("size", 2, or: 1)) },
      "nn.functional.adaptive_max_pool3d": { $0.x.adaptiveMaxPool(outputSize: $0.extents("size", 3, or: 1)) },
      "nn.functional.avg_pool1d": { $0.averaged(1) },
      "nn.functional.avg_pool2d": { $0.averaged(2) },
      "nn.functional.avg_pool3d": { $0.averaged(3) },
      "nn.functional.conv1d": { $0.convolved(1) },
      "nn.functional.conv2d": { $0.convolved(2) },
      "nn.functional.conv3d": { $0.convolved(3) },
      "nn.functional.conv_transpose1d": { $0.transposedConvolved(1) },
      "nn.functional.conv_transpose2d": { $0.transposedConvolved(2) },
      "nn.functional.conv_transpose3d": { $0.transposedConvolved(3) },
      "nn.functional.max_unpool1d": { $0.unpooled(1) },
      "nn.functional.max_unpool2d": { $0.unpooled(2) },
      "nn.functional.max_unpool3d": { $0.unpooled(3) },
      "nn.functional.unfold": {
        $0.x.unfolded(
          kernelSize: $0.extents("kernel", 2, or: 1), stride: $0.extents("stride", 2, or: 1),
          padding: $0.extents("padding", 2, or: 0), dilation: $0.extents("dilation", 2, or: 1))
      },
    ]
  }

  static var resampling: Table<Tensor<Element>> {
    [
      "grid_sampler_2d": {
        $0.x.gridSample(
          $0["grid"], mode: $0.gridMode, padding: $0.gridPadding, alignCorners: $0.flag("align_corners"))
      },
      "nn.functional.interpolate.area": { $0.x.adaptiveAveragePool(outputSize: $0.size) },
      "nn.functional.interpolate.bicubic": { $0.upsampled(.cubic) },
      "nn.functional.interpolate.bilinear": { $0.upsampled(.linear) },
      "nn.functional.interpolate.linear": { $0.upsampled(.linear) },
      "nn.functional.interpolate.nearest": { $0.upsampled(.nearest) },
      "nn.functional.interpolate.nearest-exact": { $0.upsampled(.nearestExact) },
      "nn.functional.interpolate.trilinear": { $0.upsampled(.linear) },
      "nn.functional.upsample_bilinear": { $0.x.upsampled(to: $0.size, mode: .linear, alignCorners: true) },
      "nn.functional.upsample_nearest": { $0.x.upsampled(to: $0.size) },
    ]
  }
}

extension ParityInputs {
  fileprivate var matrixNorm: MatrixNorm {
    switch (text("ord"), int("ord")) {
    case ("nuc", _): .nuclear
    case ("inf", _): .infinity
    case (_, 1): .one
    case (_, 2): .two
    case ("-inf", _): .negativeInfinity
    case (_, -1): .negativeOne
    case (_, -2): .negativeTwo
    default: .frobenius
    }
  }

  fileprivate func convolved(_ axes: Int) -> Tensor<Element> {
    let weight = self["weight"], bias = floats["bias"], groups = int("groups", or: 1)
    let stride = extents("stride", axes, or: 1), dilation = extents("dilation", axes, or: 1)
    let padding: any SpatialPadding =
      text("padding") == "same" ? SamePadding.same : extents("padding", axes, or: 0)
    func convolved(_ padding: some SpatialPadding) -> Tensor<Element> {
      switch axes {
      case 1:
        x.conv1d(
          weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
      case 2:
        x.conv2d(
          weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
      default:
        x.conv3d(
          weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
      }
    }
    return convolved(padding)
  }

  fileprivate func transposedConvolved(_ axes: Int) -> Tensor<Element> {
    let weight = self["weight"], bias = floats["bias"], groups = int("groups", or: 1)
    let stride = extents("stride", axes, or: 1), padding = extents("padding", axes, or: 0)
    let after = extents("output_padding", axes, or: 0), dilation = extents("dilation", axes, or: 1)
    return switch axes {
    case 1:
      x.convTranspose1d(
        weight: weight, bias: bias, stride: stride, padding: padding, outputPadding: after,
        dilation: dilation, groups: groups)
    case 2:
      x.convTranspose2d(
        weight: weight, bias: bias, stride: stride, padding: padding, outputPadding: after,
        dilation: dilation, groups: groups)
    default:
      x.convTranspose3d(
        weight: weight, bias: bias, stride: stride, padding: padding, outputPadding: after,
        dilation: dilation, groups: groups)
    }
  }

  /// The stride of a pool, which is the kernel if it is not given.
  private func poolStride(_ kernel: [Int]) -> [Int] {
    ints("stride").isEmpty ? kernel : extents("stride", kernel.count, or: 1)
  }

  fileprivate func maxPooled(_ axes: Int) -> ParityOutputs<Element> {
    let kernel = extents("kernel_size", axes, or: 1), padding = extents("padding", axes, or: 0)
    let (values, indices) = x.maxPoolWithIndices(
      kernelSize: kernel, stride: poolStride(kernel), padding: padding,
      dilation: extents("dilation", axes, or: 1), ceilMode: flag("ceil_mode"))
    return ParityOutputs(values: [values], integers: [indices])
  }

  fileprivate func averaged(_ axes: Int) -> Tensor<Element> {
    let kernel = extents("kernel", axes, or: 1), name = has("divisor") ? "divisor" : "divisor_override"
    return x.averagePool(
      kernelSize: kernel, stride: poolStride(kernel), padding: extents("padding", axes, or: 0),
      ceilMode: flag("ceil_mode"), countsPadding: flag("count_include_pad", or: true),
      divisor: has(name) ? int(name) : nil)
  }

  fileprivate func unpooled(_ axes: Int) -> Tensor<Element> {
    x.maxUnpool(integers("index"), outputSize: ints("output_size").suffix(axes))
  }

  /// The mode of sampling, which has a number in grid_sampler and a name in grid_sample.
  fileprivate var gridMode: GridSamplingMode {
    switch (text("mode"), int("interpolation_mode")) {
    case ("nearest", _), (_, 1): .nearest
    case ("bicubic", _), (_, 2): .cubic
    default: .linear
    }
  }

  fileprivate var gridPadding: GridPadding {
    switch (text("padding_mode"), int("padding_mode")) {
    case ("border", _), (_, 1): .border
    case ("reflection", _), (_, 2): .reflection
    default: .zeros
    }
  }

  fileprivate var size: [Int] { extents("size", x.rank - 2, or: 1) }

  fileprivate func upsampled(_ mode: UpsamplingMode) -> Tensor<Element> {
    x.upsampled(to: size, mode: mode, alignCorners: flag("align_corners"))
  }
}
