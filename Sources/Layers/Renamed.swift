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
