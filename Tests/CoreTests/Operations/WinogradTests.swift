import TestSupport
import Testing

@testable import MartletCore
@testable import MartletKernels

/// Whole numbers are filtered exactly: minimal filtering has the results of one product with unfolded images.
@Suite(.serialized) struct WinogradTests {
  struct Images: CustomStringConvertible {
    let images: Int, inputs: Int, outputs: Int, size: [Int], padding: [Int]
    var description: String { "\(images) of \(inputs) × \(size) to \(outputs), padding \(padding)" }
  }

  static let images = [
    Images(images: 7, inputs: 40, outputs: 48, size: [7, 8], padding: [1, 1]),
    Images(images: 2, inputs: 64, outputs: 33, size: [15, 9], padding: [0, 2]),
    Images(images: 1, inputs: 37, outputs: 41, size: [24, 29], padding: [2, 0]),
    Images(images: 1, inputs: 32, outputs: 64, size: [3, 300], padding: [0, 1]),
    Images(images: 150, inputs: 48, outputs: 48, size: [3, 1], padding: [0, 1]),
    Images(images: 3, inputs: 48, outputs: 36, size: [13, 17], padding: [2, 2]),
  ]

  @Test(arguments: images, 1...3)
  func filtersAsTheProductDoes(_ images: Images, threads: Int) {
    Threads.limited(to: threads) {
      check(Float.self, images)
      check(Double.self, images)
    }
  }

  private func check<Element: DifferentiableScalar>(_: Element.Type, _ images: Images) {
    func numbers(_ shape: TensorShape, _ step: Int) -> Tensor<Element> {
      let count = shape.reduce(1, *)
      return Tensor((0..<count).map { Element($0 * step % 7 - 3) }, shape: shape, requiresGrad: true)
    }
    let (n, inputs, outputs) = (images.images, images.inputs, images.outputs)
    let x = numbers(TensorShape([n, inputs] + images.size), 5), bias = numbers([outputs], 1)
    let w = [3, 2].map { numbers([outputs, inputs, 3, 3], $0) }
    let calls = Counters.now.blasCalls
    let filtered = w.map { x.conv2d(weight: $0, bias: bias, padding: images.padding) }
    #expect(Counters.now.blasCalls == calls, "filters do not call BLAS")
    let columns = x.unfolded(kernelSize: 3, padding: images.padding)
    let expected = w.map { w in
      (w.reshaped([outputs, inputs * 9]).matmul(columns) + bias.reshaped([outputs, 1]))
        .reshaped(filtered[0].shape)
    }
    for (y, wanted) in zip(filtered, expected) { #expect(y.scalars == wanted.scalars, "\(images)") }
    // Two kernels see the same images, so the second gradient is added to the first.
    func gradients(_ y: [Tensor<Element>]) -> [Tensor<Element>] {
      (y[0] * numbers(y[0].shape, 2) + y[1] * numbers(y[1].shape, 3)).sum().gradients(of: [x] + w)
    }
    for (slope, wanted) in zip(gradients(filtered), gradients(expected)) {
      #expect(slope.scalars == wanted.scalars, "\(images)")
    }
  }

  @Test(arguments: images) func areFilteredForward(_ images: Images) {
    #expect(WinogradFilter(geometry(images), for: .output) != nil)
    #expect(WinogradFilter(geometry(images), for: .images) != nil)
  }

  @Test func someKernelsAreFiltered() {
    let count = Self.images.filter { WinogradFilter(geometry($0), for: .kernels) != nil }.count
    #expect(count >= 3, "\(count) of them")
  }

  private func geometry(_ images: Images) -> ConvolutionGeometry {
    ConvolutionGeometry(
      images: images.images, inputs: images.inputs, outputs: images.outputs, groups: 1,
      windows: SlidingWindows(
        size: images.size, kernel: [3, 3], stride: [1, 1], padding: images.padding, dilation: [1, 1])!)
  }

  @Test func aPlainProductIsTakenWhereItIsFaster() {
    Threads.limited(to: 1) {
      let x = Tensor<Float>.ones([1, 512, 7, 7]), w = Tensor<Float>.ones([512, 512, 3, 3])
      let before = Counters.now.blasCalls
      _ = x.conv2d(weight: w, padding: 1)
      #expect(Counters.now.blasCalls > before, "the kernels of one small image are not worth their change")
      let many = Tensor<Float>.ones([4, 512, 14, 14]), after = Counters.now.blasCalls
      _ = many.conv2d(weight: w, padding: 1)
      #expect(Counters.now.blasCalls == after)
    }
  }
}
