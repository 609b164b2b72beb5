public import MartletCore

/// A crop at a random place, for each image another one, after zeros were put around the image.
///
/// ```swift
/// let crop = RandomCrop(32, 32, padding: 4)
/// let images = crop(.uniform([8, 3, 32, 32]))
/// ```
public struct RandomCrop: ImageTransform {
  private let height: Int, width: Int, padding: Int

  /// Makes a crop of a height and a width, at least 1, with so many zeros on each side, at least 0; else it is an error.
  public init(_ height: Int, _ width: Int, padding: Int = 0, file: StaticString = #fileID, line: UInt = #line)
  {
    if height < 1 || width < 1 || padding < 0 {
      programError(
        "RandomCrop",
        "the size \(height) × \(width) must be at least 1 × 1 and the padding \(padding) at least 0",
        file, line)
    }
    (self.height, self.width, self.padding) = (max(height, 1), max(width, 1), max(padding, 0))
  }

  /// Returns the crops. Images that are smaller than the crop with their padding are an error.
  public func callAsFunction(_ images: Tensor<Float>) -> Tensor<Float> {
    images.cropped("RandomCrop", height, width, padding: padding) { count, down, right in
      let tops = Tensor<Int>.integers([count], in: 0..<down + 1).scalars
      let lefts = Tensor<Int>.integers([count], in: 0..<right + 1).scalars
      return zip(tops, lefts).map { ($0 - padding, $1 - padding) }
    }
  }
}

/// A crop of the middle of each image.
///
/// ```swift
/// let crop = CenterCrop(24, 24)
/// let images = crop(.uniform([8, 3, 32, 32]))  // [8, 3, 24, 24]
/// ```
public struct CenterCrop: ImageTransform {
  private let height: Int, width: Int

  /// Makes a crop of a height and a width, at least 1; else it is an error.
  public init(_ height: Int, _ width: Int, file: StaticString = #fileID, line: UInt = #line) {
    if height < 1 || width < 1 {
      programError("CenterCrop", "the size \(height) × \(width) must be at least 1 × 1", file, line)
    }
    (self.height, self.width) = (max(height, 1), max(width, 1))
  }

  /// Returns the crops. Images that are smaller than the crop are an error.
  public func callAsFunction(_ images: Tensor<Float>) -> Tensor<Float> {
    images.cropped("CenterCrop", height, width, padding: 0) { count, down, right in
      [(Int, Int)](repeating: (down / 2, right / 2), count: count)
    }
  }
}

/// A reflection of each image with some probability, from left to right unless another axis is given.
///
/// ```swift
/// let flip = RandomFlip(probability: 0.5)
/// let images = flip(.uniform([8, 3, 32, 32]))
/// ```
public struct RandomFlip: ImageTransform {
  private let probability: Float, axis: Int

  /// Makes a reflection along an axis of `[n, channels, height, width]`: −1 for left to right, −2 for upside down. A
  /// probability outside of 0...1 is an error.
  public init(probability: Float = 0.5, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) {
    if !(0...1 ~= probability) {
      programError("RandomFlip", "the probability must be in 0...1, not \(probability)", file, line)
    }
    (self.probability, self.axis) = (probability, axis)
  }

  /// Returns the images, some of them reflected.
  public func callAsFunction(_ images: Tensor<Float>) -> Tensor<Float> {
    let draws = Tensor<Float>.uniform([images.shape.first ?? 0, 1, 1, 1])
    return images.flipped(axis: axis).where(draws .< Tensor(probability), else: images)
  }
}

extension Tensor<Float> {
  /// Returns a part of each image, `[n, channels, height, width]`, with zeros outside of the image. `places` returns the
  /// row and column at which each part begins, for a number of images and the largest steps down and to the right.
  fileprivate func cropped(
    _ name: String, _ height: Int, _ width: Int, padding: Int,
    places: (_ count: Int, _ down: Int, _ right: Int) -> [(top: Int, left: Int)]
  ) -> Tensor {
    let border = padding.times(2)
    guard rank == 4, shape[2].plus(border) >= height, shape[3].plus(border) >= width else {
      if !isFailed {
        programError(
          name,
          "images of shape \(shape) do not fit; the shape must be [n, channels, height, width] with at least "
            + "\(height) rows and \(width) columns, counting a padding of \(padding)")
      }
      return self
    }
    let (count, channels, rows, columns) = (shape[0], shape[1], shape[2], shape[3])
    let places = places(count, rows.plus(border) - height, columns.plus(border) - width)
    let result: TensorShape = [count, channels, height, width]
    guard places.count == count else { return self }
    var crop: Tensor?
    withElementBytes { source in
      crop = Tensor.reading(result) { target in
        let source = source.bindMemory(to: Float.self), target = target.bindMemory(to: Float.self)
        target.initialize(repeating: 0)
        for row in 0..<count * channels * height {
          let plane = row / height, (top, left) = places[plane / channels]
          let from = top + row % height
          let end = Swift.min(columns, left.plus(width)), first = Swift.min(Swift.max(0, left), end)
          if !(0..<rows ~= from) || first == end { continue }
          (target.baseAddress! + row * width + first - left).update(
            from: source.baseAddress! + (plane * rows + from) * columns + first, count: end - first)
        }
      }
    }
    return crop ?? .full(result, .absent)  // There is no room: this reports it.
  }
}
