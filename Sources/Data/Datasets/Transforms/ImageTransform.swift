public import MartletCore

/// A change of a batch of images `[n, channels, height, width]`, such as a crop. A random one draws from the default
/// generator, for each image anew.
///
/// ```swift
/// let train = try CIFAR10(folder: "cifar-10-batches-bin").train.scaled().transformingInputs(
///   RandomCrop(32, 32, padding: 4), RandomFlip(), Normalize(mean: [0.49, 0.48, 0.45], deviation: [0.25, 0.24, 0.26]))
/// let loader = DataLoader(train, batchSize: 128, shuffle: true, seed: 1, workers: 2)
/// ```
public protocol ImageTransform: Sendable {
  /// Returns the changed images.
  func callAsFunction(_ images: Tensor<Float>) -> Tensor<Float>
}

extension Dataset {
  /// Returns a dataset whose inputs are changed by transforms, one after the other, when a batch is made.
  ///
  /// In a ``DataLoader`` the random numbers of the transforms depend only on the seed, the epoch and the number of the
  /// batch.
  public func transformingInputs<Target>(
    _ transforms: any ImageTransform...
  ) -> MappedDataset<Self, Batch, Failure> where Batch == MartletData.Batch<Float, Target> {
    map { batch in
      MartletData.Batch(inputs: transforms.reduce(batch.inputs) { $1($0) }, targets: batch.targets)
    }
  }
}

/// A normalisation: subtracts each channel's mean, and divides by its standard deviation.
///
/// ```swift
/// let normalize = Normalize(mean: [0.1307], deviation: [0.3081])
/// let images = normalize(.zeros([2, 1, 28, 28]))
/// ```
public struct Normalize: ImageTransform {
  private let mean: [Float], deviation: [Float]

  /// Makes a normalisation by a mean and a standard deviation for each channel. Different numbers of them are an error,
  /// and so is a deviation that is not above 0.
  public init(mean: [Float], deviation: [Float], file: StaticString = #fileID, line: UInt = #line) {
    if mean.count != deviation.count || !deviation.allSatisfy({ $0 > 0 }) {
      programError(
        "Normalize", "each of the \(mean.count) channels needs a deviation above 0, not \(deviation)", file,
        line)
    }
    self.mean = mean
    self.deviation = deviation
  }

  /// Returns the normalised images.
  public func callAsFunction(_ images: Tensor<Float>) -> Tensor<Float> {
    let shape: TensorShape = [mean.count, 1, 1]
    return (images - Tensor(mean, shape: shape)) / Tensor(deviation, shape: shape)
  }
}

/// A random change of brightness, contrast and saturation, as photographs differ in them.
///
/// For each image and each of the three a factor is drawn uniformly from 1 − strength to 1 + strength. The brightness
/// scales the values, the contrast their distance from the image's mean, and the saturation their distance from the
/// grey of the pixel. Values stay in 0…1.
///
/// ```swift
/// let jitter = ColorJitter(brightness: 0.2, contrast: 0.2, saturation: 0.2)
/// let images = jitter(.uniform([8, 3, 32, 32]))
/// ```
public struct ColorJitter: ImageTransform {
  private let brightness: Float, contrast: Float, saturation: Float

  /// Makes a change of these strengths, each in 0...1; else it is an error.
  public init(
    brightness: Float = 0, contrast: Float = 0, saturation: Float = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let strengths = [brightness, contrast, saturation]
    if !strengths.allSatisfy({ 0...1 ~= $0 }) {
      programError("ColorJitter", "the strengths \(strengths) must be in 0...1", file, line)
    }
    (self.brightness, self.contrast, self.saturation) = (brightness, contrast, saturation)
  }

  /// Returns the changed images.
  public func callAsFunction(_ images: Tensor<Float>) -> Tensor<Float> {
    var images = images
    if brightness > 0 { images = images * factor(brightness, images) }
    if contrast > 0 {
      images = blended(images, with: images.mean(axes: [1, 2, 3], keepDims: true), contrast)
    }
    if saturation > 0 { images = blended(images, with: images.mean(axis: 1, keepDims: true), saturation) }
    return images.clamped(0...1)
  }

  private func blended(_ images: Tensor<Float>, with grey: Tensor<Float>, _ strength: Float) -> Tensor<Float>
  {
    grey + (images - grey) * factor(strength, images)
  }

  /// Draws a factor for each image, `[n, 1, 1, 1]`.
  private func factor(_ strength: Float, _ images: Tensor<Float>) -> Tensor<Float> {
    .uniform([images.shape.first ?? 0, 1, 1, 1], in: 1 - strength...1 + strength)
  }
}
