public import Martlet

/// A residual network (He et al. 2015, arXiv:1512.03385) on images `[n, 3, h, w]`. Names and layouts are
/// torchvision's, so that its files load strictly.
public final class ResNet<Element: DifferentiableScalar>: Layer {
  /// The number and the kind of the blocks in each of the four stages.
  public enum Depth: Sendable {
    /// Blocks of two convolutions.
    case resNet18, resNet34
    /// Blocks of three convolutions: a narrow one between two of kernel size 1.
    case resNet50

    var blocks: [Int] { self == .resNet18 ? [2, 2, 2, 2] : [3, 4, 6, 3] }
    var isBottleneck: Bool { self == .resNet50 }
  }

  let conv1: Conv2d<Element>, bn1: BatchNorm<Element>
  let layer1: [ResidualBlock<Element>], layer2: [ResidualBlock<Element>], layer3: [ResidualBlock<Element>]
  let layer4: [ResidualBlock<Element>]
  let fc: Linear<Element>
  private let pool = MaxPool2d<Element>(kernelSize: 3, stride: 2, padding: 1)

  /// Makes a network for so many classes, with random parameters.
  public init(_ depth: Depth, classes: Int = 1000) {
    conv1 = Conv2d(3, 64, kernelSize: 7, stride: 2, padding: 3, bias: false)
    bn1 = BatchNorm(64)
    var inputs = 64
    func stage(_ width: Int, _ blocks: Int, stride: Int) -> [ResidualBlock<Element>] {
      (0..<blocks).map { i in
        let block = ResidualBlock<Element>(
          inputs, width, stride: i == 0 ? stride : 1, isBottleneck: depth.isBottleneck)
        inputs = block.outputs
        return block
      }
    }
    layer1 = stage(64, depth.blocks[0], stride: 1)
    layer2 = stage(128, depth.blocks[1], stride: 2)
    layer3 = stage(256, depth.blocks[2], stride: 2)
    layer4 = stage(512, depth.blocks[3], stride: 2)
    fc = Linear(inputs, classes)
  }

  /// Returns the logits `[n, classes]`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    let stem = pool(bn1(conv1(x)).relu())
    let features = (layer1 + layer2 + layer3 + layer4).reduce(stem) { $1($0) }
    return fc(features.mean(axes: [2, 3]))
  }
}

/// Convolutions beside a shortcut. The shortcut is the input or, if the shape changes, a convolution of
/// kernel size 1.
final class ResidualBlock<Element: DifferentiableScalar>: Layer {
  let conv1: Conv2d<Element>, bn1: BatchNorm<Element>
  let conv2: Conv2d<Element>, bn2: BatchNorm<Element>
  let conv3: Conv2d<Element>?, bn3: BatchNorm<Element>?
  let downsample: Sequential<Tensor<Element>, Tensor<Element>>?

  init(_ inputs: Int, _ width: Int, stride: Int, isBottleneck: Bool) {
    let outputs = isBottleneck ? 4 * width : width
    func convolution(_ inputs: Int, _ outputs: Int, _ size: Int, _ stride: Int = 1) -> Conv2d<Element> {
      Conv2d(inputs, outputs, kernelSize: size, stride: stride, padding: size / 2, bias: false)
    }
    conv1 = isBottleneck ? convolution(inputs, width, 1) : convolution(inputs, width, 3, stride)
    bn1 = BatchNorm(width)
    conv2 = convolution(width, width, 3, isBottleneck ? stride : 1)
    bn2 = BatchNorm(width)
    conv3 = isBottleneck ? convolution(width, outputs, 1) : nil
    bn3 = isBottleneck ? BatchNorm(outputs) : nil
    downsample =
      stride == 1 && inputs == outputs
      ? nil
      : Sequential {
        Conv2d<Element>(inputs, outputs, kernelSize: 1, stride: stride, bias: false)
        BatchNorm<Element>(outputs)
      }
  }

  var outputs: Int { (conv3 ?? conv2).weight.shape[0] }

  func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    var y = bn2(conv2(bn1(conv1(x)).relu()))
    if let conv3, let bn3 { y = bn3(conv3(y.relu())) }
    return (y + (downsample.map { $0(x) } ?? x)).relu()
  }
}
