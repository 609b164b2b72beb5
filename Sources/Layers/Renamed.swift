// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

public import MartletCore

// The names of PyTorch's modules and of their members for which Martlet has another one.

@available(*, unavailable, renamed: "BatchNorm")
public var BatchNorm1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "BatchNorm")
public var BatchNorm2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "BatchNorm")
public var BatchNorm3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "InstanceNorm")
public var InstanceNorm1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "InstanceNorm")
public var InstanceNorm2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "InstanceNorm")
public var InstanceNorm3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "MultiHeadAttention")
public var MultiheadAttention: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "NLLLoss")
public var NLLLoss2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ReflectionPad")
public var ReflectionPad2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ReplicationPad")
public var ReplicationPad2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ZeroPad")
public var ZeroPad2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ConstantPad")
public var ConstantPad2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ReflectionPad")
public var ReflectionPad1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ReflectionPad")
public var ReflectionPad3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ReplicationPad")
public var ReplicationPad1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ReplicationPad")
public var ReplicationPad3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ZeroPad")
public var ZeroPad1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ZeroPad")
public var ZeroPad3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ConstantPad")
public var ConstantPad1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ConstantPad")
public var ConstantPad3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "CircularPad")
public var CircularPad1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "CircularPad")
public var CircularPad2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "CircularPad")
public var CircularPad3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "RecurrentLayer")
public var RNNBase: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "GatedCell")
public var RNNCellBase: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "LocalResponseNorm")
public var CrossMapLRN2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { Linear($0, 10) }, or with axis: -1")
public var LazyLinear: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { Conv1d($0, 8, kernelSize: 3) }")
public var LazyConv1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { ConvTranspose1d($0, 8, kernelSize: 3) }")
public var LazyConvTranspose1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { BatchNorm($0) }")
public var LazyBatchNorm1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { InstanceNorm($0) }")
public var LazyInstanceNorm1d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { Conv2d($0, 8, kernelSize: 3) }")
public var LazyConv2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { ConvTranspose2d($0, 8, kernelSize: 3) }")
public var LazyConvTranspose2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { BatchNorm($0) }")
public var LazyBatchNorm2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { InstanceNorm($0) }")
public var LazyInstanceNorm2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { Conv3d($0, 8, kernelSize: 3) }")
public var LazyConv3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { ConvTranspose3d($0, 8, kernelSize: 3) }")
public var LazyConvTranspose3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { BatchNorm($0) }")
public var LazyBatchNorm3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Lazy { InstanceNorm($0) }")
public var LazyInstanceNorm3d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Softmax(axis: -3)")
public var Softmax2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Upsample(scale: 2)")
public var UpsamplingNearest2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use Upsample(scale: 2, mode: .linear, alignCorners: true)")
public var UpsamplingBilinear2d: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use a.cosineSimilarity(b)")
public var CosineSimilarity: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use a.pairwiseDistance(b)")
public var PairwiseDistance: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use layer(x).crossEntropy(labels)")
public var LinearCrossEntropyLoss: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "store an array of modules")
public var ModuleList: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "store a dictionary of modules")
public var ModuleDict: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "store an array of tensors")
public var ParameterList: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "store a dictionary of tensors")
public var ParameterDict: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "use a TransformerEncoder and a TransformerDecoder")
public var Transformer: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "there is no device but the CPU; use BatchNorm")
public var SyncBatchNorm: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, message: "there is no device but the CPU, and operations use all of its cores")
public var DataParallel: Tensor<Float>.Renamed { fatalError() }

extension Module {
  @available(*, unavailable, renamed: "namedState")
  public var state_dict: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, renamed: "namedState")
  public var stateDict: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, renamed: "load(from:strict:)")
  public var load_state_dict: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, renamed: "namedParameters")
  public var named_parameters: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, renamed: "copied(into:)")
  public var copy: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, renamed: "copied(into:)")
  public var cloned: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, renamed: "copied(into:)")
  public var clone: Tensor<Float>.Renamed { fatalError() }
  @available(
    *, unavailable, message: "there is no device but the CPU; Linear<Double>(2, 3) has the type Double"
  )
  public var to: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, message: "there is no device but the CPU")
  public var cuda: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, message: "use optimizer.zeroGrad()")
  public var zeroGrad: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, message: "use optimizer.zeroGrad()")
  public var zero_grad: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, message: "use freeze() and unfreeze()")
  public var requiresGrad: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, message: "use freeze() and unfreeze()")
  public var requires_grad_: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, message: "there are no hooks; write a layer around the layer")
  public func registerForwardHook(_ hook: (Any) -> Void) {}
  @available(*, unavailable, message: "use model(x), or model.predictions(on: dataset)")
  public var predict: Tensor<Float>.Renamed { fatalError() }
}
