// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

public import MartletCore

// The names of PyTorch's schedules and of members of its optimizers for which Martlet has another one.

@available(*, unavailable, renamed: "StepSchedule")
public var StepLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "MultiStepSchedule")
public var MultiStepLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ExponentialSchedule")
public var ExponentialLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "ConstantSchedule")
public var ConstantLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "LinearSchedule")
public var LinearLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "PolynomialSchedule")
public var PolynomialLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "CosineSchedule")
public var CosineAnnealingLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "CosineRestartSchedule")
public var CosineAnnealingWarmRestarts: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "OneCycleSchedule")
public var OneCycleLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "CyclicSchedule")
public var CyclicLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "LambdaSchedule")
public var LambdaLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "MultiplicativeSchedule")
public var MultiplicativeLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "SequentialSchedule")
public var SequentialLR: Tensor<Float>.Renamed { fatalError() }
@available(*, unavailable, renamed: "PlateauSchedule")
public var ReduceLROnPlateau: Tensor<Float>.Renamed { fatalError() }

extension Optimizer {
  @available(*, unavailable, renamed: "learningRate")
  public var lr: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, renamed: "groups")
  public var param_groups: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, renamed: "zeroGrad()")
  public var zero_grad: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, renamed: "state")
  public var state_dict: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, renamed: "load(_:)")
  public var load_state_dict: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, message: "use optimizer.state, which holds tensors and numbers")
  public var save: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, message: "use Adam([ParameterGroup(a), ParameterGroup(b)])")
  public var addParameterGroup: Tensor<Float>.Renamed { fatalError() }
  @available(*, unavailable, message: "use Adam([ParameterGroup(a), ParameterGroup(b)])")
  public var add_param_group: Tensor<Float>.Renamed { fatalError() }
}
