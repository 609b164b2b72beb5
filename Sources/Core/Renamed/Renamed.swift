// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

// The names of PyTorch and NumPy for which Martlet has another one. The compiler's error names it.
//
// No name is also that of an available member: that would add a candidate to every use of the member.

extension Tensor {
  /// The type of a member that has another name in Martlet.
  ///
  /// A call of such a member takes any arguments, so that the compiler's error is about the name.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 2])
  /// // x.cumsum(dim: 0): 'cumsum' has been renamed to 'cumulativeSum(axis:)'
  /// print(x.cumulativeSum(axis: 0))
  /// ```
  @dynamicCallable public struct Renamed {
    /// The type of the member's result. The call is never compiled.
    public func dynamicallyCall(withKeywordArguments arguments: KeyValuePairs<String, Any?>) -> Tensor {
      fatalError()
    }
  }
}

// Elements, shape and conversion.
extension Tensor {
  @available(*, unavailable, renamed: "count") public var numel: Renamed { .init() }
  @available(*, unavailable, renamed: "rank") public var ndim: Renamed { .init() }
  @available(*, unavailable, renamed: "rank") public var dim: Renamed { .init() }
  @available(*, unavailable, renamed: "shape") public var size: Renamed { .init() }
  @available(*, unavailable, message: "use x.count == 0") public var isEmpty: Renamed { .init() }
  @available(*, unavailable, renamed: "scalars") public var tolist: Renamed { .init() }
  @available(*, unavailable, renamed: "scalars") public var toArray: Renamed { .init() }
  @available(*, unavailable, renamed: "scalars") public var array: Renamed { .init() }
  @available(*, unavailable, renamed: "scalars") public var numpy: Renamed { .init() }
  @available(*, unavailable, message: "use x.unstacked()") public var rows: Renamed { .init() }
  @available(*, unavailable, message: "use maxWithIndices(axis:) or argmax(axis:)")
  public var values: Renamed { .init() }
  @available(*, unavailable, message: "use maxWithIndices(axis:) or argmax(axis:)")
  public var indices: Renamed { .init() }
  @available(*, unavailable, message: "use let (output, state) = lstm(x, state)")
  public var output: Renamed { .init() }
  @available(*, unavailable, message: "the element type is part of Tensor<Float>")
  public var dtype: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Int>(x)") public var astype: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Int>(x)") public var to: Renamed { .init() }
  @available(*, unavailable, message: "there is no device but the CPU") public var cuda: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Float>(x)") public var float: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Double>(x)") public var double: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Int>(x)") public var long: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Int>(x)") public var toInt: Renamed { .init() }
  @available(*, unavailable, renamed: "cloned()") public var clone: Renamed { .init() }
  @available(*, unavailable, renamed: "cloned()") public var copy: Renamed { .init() }
}

// Gradients.
extension Tensor {
  @available(*, unavailable, renamed: "detached()") public var detach: Renamed { .init() }
  @available(*, unavailable, renamed: "requiresGrad") public var requires_grad_: Renamed { .init() }
  @available(*, unavailable, renamed: "isLeaf") public var is_leaf: Renamed { .init() }
  @available(*, unavailable, renamed: "gradFunction") public var grad_fn: Renamed { .init() }
  @available(*, unavailable, renamed: "gradFunction") public var gradFn: Renamed { .init() }
  @available(*, unavailable, renamed: "zeroGrad()") public var zero_grad: Renamed { .init() }
  @available(*, unavailable, renamed: "onGradient(_:)") public var register_hook: Renamed { .init() }
  @available(*, unavailable, renamed: "onGradient(_:)") public var registerHook: Renamed { .init() }
  @available(*, unavailable, renamed: "onGradient(_:)") public var addHook: Renamed { .init() }
}

// Shape and movement.
extension Tensor {
  @available(*, unavailable, renamed: "transposed()") public var T: Renamed { .init() }
  @available(*, unavailable, renamed: "transposed()") public var t: Renamed { .init() }
  @available(*, unavailable, message: "use x.transposed(-2, -1)") public var mT: Renamed { .init() }
  @available(*, unavailable, renamed: "transposed(_:_:)") public var transpose: Renamed { .init() }
  @available(*, unavailable, renamed: "transposed(_:_:)") public var swapaxes: Renamed { .init() }
  @available(*, unavailable, renamed: "permuted(_:)") public var permute: Renamed { .init() }
  @available(*, unavailable, renamed: "movedAxis(from:to:)") public var movedim: Renamed { .init() }
  @available(*, unavailable, renamed: "movedAxis(from:to:)") public var moveaxis: Renamed { .init() }
  @available(*, unavailable, renamed: "reshaped(_:)") public var reshape: Renamed { .init() }
  @available(*, unavailable, renamed: "reshaped(_:)") public var view: Renamed { .init() }
  @available(*, unavailable, renamed: "flattened()") public var flatten: Renamed { .init() }
  @available(*, unavailable, renamed: "flattened()") public var ravel: Renamed { .init() }
  @available(*, unavailable, renamed: "squeezed(axis:)") public var squeeze: Renamed { .init() }
  @available(*, unavailable, renamed: "expandedDims(axis:)") public var unsqueeze: Renamed { .init() }
  @available(*, unavailable, renamed: "expandedDims(axis:)") public var expand_dims: Renamed { .init() }
  @available(*, unavailable, renamed: "expandedDims(axis:)") public var expandDims: Renamed { .init() }
  @available(*, unavailable, renamed: "broadcast(to:)") public var expand: Renamed { .init() }
  @available(*, unavailable, renamed: "broadcast(to:)") public var expanded: Renamed { .init() }
  @available(*, unavailable, renamed: "broadcast(to:)") public var expand_as: Renamed { .init() }
  @available(*, unavailable, renamed: "broadcast(to:)") public var broadcast_to: Renamed { .init() }
  @available(*, unavailable, renamed: "flipped(axis:)") public var flip: Renamed { .init() }
  @available(*, unavailable, renamed: "rolled(by:axis:)") public var roll: Renamed { .init() }
  @available(*, unavailable, renamed: "rotated90()") public var rot90: Renamed { .init() }
  @available(*, unavailable, renamed: "repeated(_:)") public var tile: Renamed { .init() }
  @available(*, unavailable, renamed: "repeated(_:)") public var `repeat`: Renamed { .init() }
  @available(*, unavailable, renamed: "repeatInterleaved") public var repeat_interleave: Renamed { .init() }
  @available(*, unavailable, renamed: "repeatInterleaved") public var repeatInterleave: Renamed { .init() }
  @available(*, unavailable, renamed: "split(into:)") public var chunk: Renamed { .init() }
  @available(*, unavailable, renamed: "unstacked(axis:)") public var unbind: Renamed { .init() }
  @available(*, unavailable, renamed: "unstacked(axis:)") public var unstack: Renamed { .init() }
  @available(*, unavailable, message: "use x[2..<5], or x[.all, 2..<5]")
  public var narrow: Renamed { .init() }
  @available(*, unavailable, message: "use x[i], or x[.all, i]") public var select: Renamed { .init() }
  @available(*, unavailable, renamed: "asStrided(_:strides:)") public var as_strided: Renamed { .init() }
  @available(*, unavailable, message: "use windows(of:) along an axis, unfolded(kernelSize:) of images")
  public var unfold: Renamed { .init() }
  @available(*, unavailable, renamed: "padded(_:)") public var pad: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor.concatenated([x, y])")
  public var concat: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor.concatenated([x, y])")
  public var append: Renamed { .init() }
}

// Elements by index and mask.
extension Tensor {
  @available(*, unavailable, renamed: "gathered(_:axis:)") public var gather: Renamed { .init() }
  @available(*, unavailable, renamed: "gathered(_:axis:)") public var take_along_dim: Renamed { .init() }
  @available(*, unavailable, renamed: "gathered(_:axis:)") public var take_along_axis: Renamed { .init() }
  @available(*, unavailable, renamed: "scattered(_:_:axis:)") public var scatter: Renamed { .init() }
  @available(*, unavailable, renamed: "scatterAdded(_:_:axis:)") public var scatter_add: Renamed { .init() }
  @available(*, unavailable, renamed: "scatterAdded(_:_:axis:)") public var scatterAdd: Renamed { .init() }
  @available(*, unavailable, message: "use scattered(_:_:axis:reduction:)")
  public var scatter_reduce: Renamed { .init() }
  @available(*, unavailable, message: "use x[indices], or x[.all, indices]")
  public var index_select: Renamed { .init() }
  @available(*, unavailable, message: "use x[indices], or x[.all, indices]")
  public var indexSelect: Renamed { .init() }
  @available(*, unavailable, renamed: "indexAdded(_:_:)") public var index_add: Renamed { .init() }
  @available(*, unavailable, renamed: "indexAdded(_:_:)") public var indexAdd: Renamed { .init() }
  @available(*, unavailable, renamed: "indexCopied(_:_:)") public var index_copy: Renamed { .init() }
  @available(*, unavailable, renamed: "indexFilled(_:with:)") public var index_fill: Renamed { .init() }
  @available(*, unavailable, renamed: "maskedFilled(_:with:)") public var masked_fill: Renamed { .init() }
  @available(*, unavailable, renamed: "maskedFilled(_:with:)") public var maskedFill: Renamed { .init() }
  @available(*, unavailable, renamed: "maskedFilled(_:with:)") public var masked: Renamed { .init() }
  @available(*, unavailable, message: "use x[mask]") public var masked_select: Renamed { .init() }
  @available(*, unavailable, message: "use x[mask]") public var maskedSelect: Renamed { .init() }
  @available(*, unavailable, renamed: "taken(_:)") public var take: Renamed { .init() }
  @available(*, unavailable, renamed: "put(_:_:)") public var put_: Renamed { .init() }
  @available(*, unavailable, renamed: "nonzero()") public var nonZero: Renamed { .init() }
  @available(*, unavailable, renamed: "nonzero()") public var argwhere: Renamed { .init() }
  @available(*, unavailable, renamed: "oneHot(classes:)") public var one_hot: Renamed { .init() }
}

// In place.
extension Tensor {
  @available(*, unavailable, renamed: "add(_:)") public var add_: Renamed { .init() }
  @available(*, unavailable, renamed: "subtract(_:)") public var sub_: Renamed { .init() }
  @available(*, unavailable, renamed: "multiply(by:)") public var mul_: Renamed { .init() }
  @available(*, unavailable, renamed: "divide(by:)") public var div_: Renamed { .init() }
  @available(*, unavailable, renamed: "fill(_:)") public var fill_: Renamed { .init() }
  @available(*, unavailable, renamed: "assign(_:)") public var copy_: Renamed { .init() }
}

// Creation.
extension Tensor {
  @available(*, unavailable, message: "use Tensor<Float>.zeros(x.shape)")
  public var zerosLike: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Float>.ones(x.shape)")
  public var onesLike: Renamed { .init() }
  @available(*, unavailable, renamed: "normal(_:)") public static var randn: Renamed { .init() }
  @available(*, unavailable, renamed: "uniform(_:)") public static var rand: Renamed { .init() }
  @available(*, unavailable, renamed: "integers(_:in:)") public static var randint: Renamed { .init() }
  @available(*, unavailable, renamed: "permutation(_:)") public static var randperm: Renamed { .init() }
  @available(*, unavailable, renamed: "identity(_:)") public static var eye: Renamed { .init() }
  @available(*, unavailable, renamed: "zeros(_:)") public static var empty: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Float>([1, 2])")
  public static var from_numpy: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Float>.zeros(x.shape)")
  public static var zeros_like: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Float>.ones(x.shape)")
  public static var ones_like: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Float>.full(x.shape, 7)")
  public static var full_like: Renamed { .init() }
  @available(*, unavailable, message: "use Tensor<Float>.normal(x.shape)")
  public static var randn_like: Renamed { .init() }
  @available(*, unavailable, renamed: "cartesianProduct")
  public static var cartesian_prod: Renamed { .init() }
  @available(*, unavailable, message: "use seedRandom(7)") public static var manual_seed: Renamed { .init() }
  @available(*, unavailable, message: "use namedTensors(of: path)") public static var load: Renamed {
    .init()
  }
}

// Joints. The type of their elements comes from the arguments.
extension Tensor {
  @available(*, unavailable, renamed: "concatenated(_:axis:)")
  public static func cat(_ tensors: [Tensor], dim: Int = 0) -> Tensor { fatalError() }
  @available(*, unavailable, renamed: "concatenated(_:axis:)")
  public static func cat(_ tensors: [Tensor], axis: Int) -> Tensor { fatalError() }
  @available(*, unavailable, renamed: "stacked(_:axis:)")
  public static func stack(_ tensors: [Tensor], dim: Int = 0) -> Tensor { fatalError() }
  @available(*, unavailable, renamed: "stacked(_:axis:)")
  public static func stack(_ tensors: [Tensor], axis: Int) -> Tensor { fatalError() }
  @available(*, unavailable, renamed: "hstacked(_:)")
  public static func hstack(_ tensors: [Tensor]) -> Tensor { fatalError() }
  @available(*, unavailable, renamed: "vstacked(_:)")
  public static func vstack(_ tensors: [Tensor]) -> Tensor { fatalError() }
}

// Functions, which are members in Martlet or have another name.

@available(*, unavailable, message: "use x.sum()")
public var sum: Tensor<Float>.Renamed { .init() }
@available(*, unavailable, message: "use Tensor.concatenated([x, y])")
public var cat: Tensor<Float>.Renamed { .init() }
@available(*, unavailable, message: "use Tensor.stacked([x, y])")
public var stack: Tensor<Float>.Renamed { .init() }
@available(*, unavailable, renamed: "checkpointed(_:)")
public var checkpoint: Tensor<Float>.Renamed { .init() }
@available(*, unavailable, renamed: "noGrad(_:)")
public var withNoGrad: Tensor<Float>.Renamed { .init() }
@available(*, unavailable, renamed: "noGrad(_:)")
public var no_grad: Tensor<Float>.Renamed { .init() }
@available(*, unavailable, renamed: "seedRandom(_:)")
public var seed: Tensor<Float>.Renamed { .init() }
@available(*, unavailable, renamed: "seedRandom(_:)")
public var manual_seed: Tensor<Float>.Renamed { .init() }

// A closure's type is inferred only from a parameter, so that these have some.

@available(*, unavailable, message: "use valueAndGradient(at: x) { … }")
public func gradient(at x: Tensor<Float>, _ body: (Tensor<Float>) -> Tensor<Float>) -> Tensor<Float> { x }
@available(*, unavailable, message: "use perSampleGradients, or Tensor.stacked(x.unstacked().map(f))")
public func vmap(_ body: (Tensor<Float>) -> Tensor<Float>) -> (Tensor<Float>) -> Tensor<Float> { \.self }

extension Reduction {
  @available(*, unavailable, message: "use .sum, and divide by the batch size")
  public static var batchMean: Reduction { .sum }
}
