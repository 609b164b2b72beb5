public import MartletCore

extension Batch where Target == Int {
  /// Returns the batch with each class as a vector: 1 at the class and 0 elsewhere, `[n, classes]`. A class outside of
  /// `0 ..< classes` is an error.
  public func oneHot(classes: Int, file: StaticString = #fileID, line: UInt = #line) -> Batch<Input, Float> {
    Batch<Input, Float>(
      inputs: inputs, targets: targets.oneHot(classes: classes, as: Float.self, file: file, line: line))
  }
}

/// A blend of each sample of a batch with another one (H. Zhang et al. 2018, arXiv:1710.09412).
///
/// The inputs become `λ x + (1 − λ) x'`, where x' are the inputs in random order, and the one-hot targets likewise. λ is
/// drawn for each batch from a beta distribution of both parameters α.
///
/// ```swift
/// let mixUp = MixUp(alpha: 0.2, classes: 10)
/// let train = try Digits().dataset.map { mixUp($0) }
/// let model = Linear(64, 10)
/// for batch in DataLoader(train, batchSize: 64, shuffle: true, seed: 1) {
///   model(batch.inputs).crossEntropy(batch.targets).backward()
/// }
/// ```
public struct MixUp: Sendable {
  private let alpha: Float, classes: Int

  /// Makes a blend. An α that is not above 0, or no class, is an error.
  public init(alpha: Float = 0.2, classes: Int, file: StaticString = #fileID, line: UInt = #line) {
    if !(alpha > 0 && alpha.isFinite) || classes < 1 {
      programError(
        "MixUp", "alpha \(alpha) must be above 0 and the classes \(classes) at least 1", file, line)
    }
    (self.alpha, self.classes) = (alpha, classes)
  }

  /// Returns the blended samples.
  public func callAsFunction(_ batch: Batch<Float, Int>) -> Batch<Float, Float> {
    let share = Tensor<Float>.beta(Tensor(alpha), Tensor(alpha)).item
    let order = Tensor<Int>.permutation(batch.targets.count).scalars
    let batch = batch.oneHot(classes: classes), other = batch.selecting(order)
    return Batch<Float, Float>(
      inputs: batch.inputs * share + other.inputs * (1 - share),
      targets: batch.targets * share + other.targets * (1 - share))
  }
}
