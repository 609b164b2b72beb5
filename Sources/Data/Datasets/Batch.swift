public import MartletCore

/// Inputs `[n, …]` and their targets: classes `[n]`, numbers `[n]` or `[n, …]`.
///
/// ```swift
/// let loader = DataLoader(try Digits().dataset, batchSize: 32)
/// let model = Linear<Float>(64, 10)
/// for batch in loader {
///   model(batch.inputs).crossEntropy(batch.labels).backward()
/// }
/// ```
public struct Batch<Input: TensorScalar, Target: TensorScalar> {
  /// The inputs, `[n, …]`.
  public let inputs: Tensor<Input>
  /// The targets, `[n, …]`.
  public let targets: Tensor<Target>

  /// Makes a batch of inputs and their targets.
  public init(inputs: Tensor<Input>, targets: Tensor<Target>) {
    self.inputs = inputs
    self.targets = targets
  }
}

extension Batch where Target == Int {
  /// The classes of the inputs, `[n]`.
  public var labels: Tensor<Int> { targets }
}
