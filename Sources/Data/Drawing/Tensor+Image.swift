public import MartletCore

extension Tensor where Element: DifferentiableScalar {
  /// Writes an image or a batch of images to a file that ends with `.png` or `.svg`, whole or not at all.
  ///
  /// The shape is `[height, width]`, `[channels, height, width]` or `[n, channels, height, width]`, with 1 or 3
  /// channels. The images of a batch stand in a square. Numbers outside of the range count as its bounds, NaN as
  /// the lower one.
  ///
  /// ```swift
  /// let images = Tensor<Float>.uniform([16, 1, 8, 8])
  /// try images.writeImage(to: "images.png", range: 0...1, scale: 4)
  /// ```
  ///
  /// - Parameters:
  ///   - range: The numbers of black and of white.
  ///   - scale: The width of one pixel of the image in pixels of the file.
  /// - Throws: ``DataError`` if the shape is another, the picture has a side of more than 20,000 pixels, or the
  ///   file cannot be written.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func writeImage(
    to path: String, range: ClosedRange<Element> = 0...1, scale: Int = 1
  ) throws(DataError) {
    if isFailed { throw DataError(path: path, message: "the image is a failed tensor") }
    let extents = Array(repeating: 1, count: Swift.max(0, 4 - rank)) + shape
    guard (2...4).contains(rank), [1, 3].contains(extents[1]), count > 0 else {
      throw DataError(
        path: path,
        message: "an image of shape \(shape) must be [height, width], [1 or 3, height, width] or"
          + " [n, 1 or 3, height, width]")
    }
    let (number, channels, height, width) = (extents[0], extents[1], extents[2], extents[3])
    var across = 1
    while across * across < number { across += 1 }
    let sides = [across.times(width + 1), ((number - 1) / across + 1).times(height + 1)].map {
      $0.times(scale)
    }
    guard scale > 0, sides.allSatisfy({ $0 <= 20_000 }) else {
      throw DataError(
        path: path, message: "a picture of \(sides[0]) × \(sides[1]) pixels must have sides of 1 to 20000")
    }
    let numbers = scalars, span = Double(range.upperBound) - Double(range.lowerBound)
    var drawing = Drawing(width: (across * (width + 1) - 1) * scale, height: sides[1] - scale)
    for image in 0..<number {
      var picture = Pixels(width: width, height: height, channels: channels, bytes: [])
      for place in 0..<height * width {
        for channel in 0..<channels {
          let value = Double(numbers[(image * channels + channel) * height * width + place])
          let grey = 255 * (value - Double(range.lowerBound)) / span
          picture.bytes.append(grey > 0 ? UInt8(Swift.min(grey, 255).rounded()) : 0)
        }
      }
      let corner = (image % across * (width + 1) * scale, image / across * (height + 1) * scale)
      drawing.picture(picture, at: (Double(corner.0), Double(corner.1)), scale: scale)
    }
    try drawing.write(to: path)
  }
}
