import MartletCore
import TestSupport
import Testing

/// The largest element of a window is the first of equals, and a NaN wins, in every loop. Values and places
/// are compared with a plain search, on images with few distinct numbers.
struct PoolPlaceTests {
  struct Windows: Sendable {
    let kernel: Int, stride: Int, padding: Int, dilation: Int

    init(_ kernel: Int, stride: Int, padding: Int = 0, dilation: Int = 1) {
      (self.kernel, self.stride, self.padding, self.dilation) = (kernel, stride, padding, dilation)
    }

    func pixels(of extent: Int) -> [[Int]] {
      let count = (extent + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
      return (0..<count).map { o in
        (0..<kernel).map { o * stride + $0 * dilation - padding }.filter { (0..<extent).contains($0) }
      }
    }
  }

  @Test(
    arguments: [
      Windows(2, stride: 2), Windows(3, stride: 2, padding: 1), Windows(3, stride: 1, padding: 1),
      Windows(3, stride: 3), Windows(2, stride: 1, dilation: 3), Windows(5, stride: 2, padding: 2),
      Windows(3, stride: 2, padding: 1, dilation: 2),
    ], [[7, 9], [6, 70], [31, 18], [5, 5]])
  func areFound(_ windows: Windows, size: [Int]) {
    let rows = windows.pixels(of: size[0]), columns = windows.pixels(of: size[1])
    check(Float.self, size, rows, columns) {
      $0.maxPool(
        kernelSize: windows.kernel, stride: windows.stride, padding: windows.padding,
        dilation: windows.dilation)
    }
    check(Double.self, size, rows, columns) {
      $0.maxPool(
        kernelSize: windows.kernel, stride: windows.stride, padding: windows.padding,
        dilation: windows.dilation)
    }
  }

  @Test(arguments: [[1, 1], [3, 5], [4, 40], [7, 61]])
  func areFoundWhereWindowsDiffer(_ out: [Int]) {
    func pixels(_ extent: Int, _ count: Int) -> [[Int]] {
      (0..<count).map { Array($0 * extent / count..<(($0 + 1) * extent + count - 1) / count) }
    }
    check(Float.self, [9, 83], pixels(9, out[0]), pixels(83, out[1])) { $0.adaptiveMaxPool(outputSize: out) }
  }

  private func check<Element: DifferentiableScalar>(
    _: Element.Type, _ size: [Int], _ rows: [[Int]], _ columns: [[Int]],
    _ pool: (Tensor<Element>) -> Tensor<Element>
  ) {
    let pixels = size[0] * size[1], images = 3
    let numbers = (0..<images * pixels).map { (i: Int) -> Element in
      if i % 29 == 3 { return Element.nan }
      return i % 17 == 5 ? -Element.infinity : Element(i * 7919 % 5)
    }
    let x = Tensor(numbers, shape: TensorShape([images, 1] + size), requiresGrad: true), y = pool(x)
    var values = [Element](), slopes = [Element](repeating: 0, count: numbers.count)
    for image in 0..<images {
      for row in rows {
        for column in columns {
          let first = image * pixels
          let seen: [Int] = row.flatMap { y in column.map { x in first + y * size[1] + x } }
          let best = seen.first { numbers[$0].isNaN } ?? seen.max { numbers[$0] < numbers[$1] }!
          // Finds the first of equals, because `max` returns the last.
          let place = numbers[best].isNaN ? best : seen.first { numbers[$0] == numbers[best] }!
          slopes[place] += Element(values.count % 7)
          values.append(numbers[place])
        }
      }
    }
    let seed = Tensor(values.indices.map { Element($0 % 7) }, shape: y.shape)
    #expect(y.scalars.elementsEqual(values) { $0 == $1 || ($0.isNaN && $1.isNaN) })
    #expect(y.gradient(of: x, seed: seed).scalars == slopes)
  }

  /// A window whose taps all lie outside the image has the value −∞, as in PyTorch, and passes no gradient
  /// on. Along each axis with one pixel, the only window has its taps on both sides of that pixel.
  @Test(arguments: [
    [1], [1, 3], [3, 1], [1, 40], [40, 1], [1, 3, 4], [4, 1, 3], [3, 4, 1], [1, 1, 2],
  ])
  func windowsWithoutPixels(_ size: [Int]) {
    let kernel = size.map { $0 == 1 ? 2 : 1 }, shape = TensorShape([2, 3] + size)
    let numbers = (0..<shape.reduce(1, *)).map { Double($0) - 7 }
    let x = Tensor(numbers, shape: shape, requiresGrad: true)
    let (y, places) = x.maxPoolWithIndices(
      kernelSize: kernel, stride: 1, padding: kernel.map { $0 - 1 }, dilation: kernel)
    #expect(y.shape == shape)
    #expect(y.scalars.allSatisfy { $0 == -.infinity })
    #expect(places.scalars.allSatisfy { $0 == -1 })
    let seed = Tensor<Double>.ones(shape, requiresGrad: true), zeros = numbers.map { _ in 0.0 }
    let slope = y.gradient(of: x, seed: seed, createGraph: true)
    #expect(slope.scalars == zeros)
    #expect(slope.gradient(of: seed, seed: .ones(shape)).scalars == zeros)
  }

  /// A tap distance larger than the image, and axes at the smallest size that is still seen.
  @Test func tapsFartherApart() {
    let x = Tensor<Float>([5, 6, 7, 8], shape: [1, 1, 2, 2], requiresGrad: true)
    // The rows −1 and 2 of two rows.
    let rows = x.maxPool(kernelSize: [2, 1], stride: 1, padding: [1, 0], dilation: [3, 1])
    #expect(rows.shape == [1, 1, 1, 2])
    #expect(rows.scalars == [-.infinity, -.infinity])
    #expect(rows.gradient(of: x, seed: .ones([1, 1, 1, 2])).scalars == [0, 0, 0, 0])
    // The columns −1 and 1, then 0 and 2.
    let columns = x.maxPool(kernelSize: [1, 2], stride: 1, padding: [0, 1], dilation: [1, 2])
    #expect(columns.scalars == [6, 5, 8, 7])
  }

  /// Values by PyTorch's rule: the last window must begin within the image, and the image may be smaller than
  /// the window.
  @Test func imagesSmallerThanTheWindow() {
    let x = Tensor<Double>([4, 2], shape: [1, 1, 2])
    #expect(x.maxPool(kernelSize: 3, ceilMode: true).scalars == [4])
    #expect(x.averagePool(kernelSize: 3, ceilMode: true).scalars == [3])
    #expect(x.averagePool(kernelSize: 4, stride: 3, ceilMode: true, countsPadding: false).scalars == [3])
    let image = Tensor<Double>([1, 2, 3, 4, 5, 6], shape: [1, 1, 2, 3])
    #expect(image.maxPool(kernelSize: 3, stride: 2, ceilMode: true).shape == [1, 1, 1, 1])
    #expect(image.averagePool(kernelSize: 3, stride: 2, ceilMode: true).scalars == [3.5])
  }

  /// A padded window over an image without pixels: the maximum is −∞, and the mean of the zeros is 0.
  @Test func imagesWithoutPixels() {
    let x = Tensor<Float>.zeros([2, 1, 0])
    #expect(x.maxPool(kernelSize: 2, padding: 1).scalars == [-.infinity, -.infinity])
    #expect(x.averagePool(kernelSize: 2, padding: 1).scalars == [0, 0])
  }
}
