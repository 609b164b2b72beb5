import Martlet

extension ModuleGold {
  static var pooling: Table { maxPools.merging(meanPools) { first, _ in first } }

  private static var maxPools: Table {
    [
      "nn.MaxPool1d(2)": { ModuleGold(MaxPool1d<Element>(kernelSize: 2)) },
      "nn.MaxPool1d(3, stride=2, padding=1)": {
        ModuleGold(MaxPool1d<Element>(kernelSize: 3, stride: 2, padding: 1))
      },
      "nn.MaxPool1d(3, dilation=2)": { ModuleGold(MaxPool1d<Element>(kernelSize: 3, dilation: 2)) },
      "nn.MaxPool1d(2, ceil_mode=True)": { ModuleGold(MaxPool1d<Element>(kernelSize: 2, ceilMode: true)) },
      "nn.MaxPool2d(2)": { ModuleGold(MaxPool2d<Element>(kernelSize: 2)) },
      "nn.MaxPool2d(3, stride=2, padding=1)": {
        ModuleGold(MaxPool2d<Element>(kernelSize: 3, stride: 2, padding: 1))
      },
      "nn.MaxPool2d((3, 2), stride=(1, 2), padding=(1, 0))": {
        ModuleGold(MaxPool2d<Element>(kernelSize: [3, 2], stride: [1, 2], padding: [1, 0]))
      },
      "nn.MaxPool2d(2, dilation=2)": { ModuleGold(MaxPool2d<Element>(kernelSize: 2, dilation: 2)) },
      "nn.MaxPool2d(3, stride=2, padding=1, dilation=2)": {
        ModuleGold(MaxPool2d<Element>(kernelSize: 3, stride: 2, padding: 1, dilation: 2))
      },
      "nn.MaxPool2d(2, ceil_mode=True)": { ModuleGold(MaxPool2d<Element>(kernelSize: 2, ceilMode: true)) },
      "nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True)": {
        ModuleGold(MaxPool2d<Element>(kernelSize: 3, stride: 2, padding: 1, ceilMode: true))
      },
      "nn.MaxPool3d(2)": { ModuleGold(MaxPool3d<Element>(kernelSize: 2)) },
      "nn.MaxPool3d(3, stride=2, padding=1)": {
        ModuleGold(MaxPool3d<Element>(kernelSize: 3, stride: 2, padding: 1))
      },
      "nn.MaxPool3d((1, 2, 2))": { ModuleGold(MaxPool3d<Element>(kernelSize: [1, 2, 2])) },
      "nn.MaxPool2d(2, return_indices=True)  # m(a)": {
        .withIndices { $0.maxPoolWithIndices(kernelSize: 2) }
      },
      "nn.MaxPool2d(3, stride=2, padding=1, return_indices=True)  # m(a)": {
        .withIndices { $0.maxPoolWithIndices(kernelSize: 3, stride: 2, padding: 1) }
      },
      "nn.AdaptiveMaxPool1d(4)": { ModuleGold(AdaptiveMaxPool1d<Element>(4)) },
      "nn.AdaptiveMaxPool2d(1)": { ModuleGold(AdaptiveMaxPool2d<Element>(1)) },
      "nn.AdaptiveMaxPool2d((3, 5))": { ModuleGold(AdaptiveMaxPool2d<Element>([3, 5])) },
      "nn.AdaptiveMaxPool2d(4)": { ModuleGold(AdaptiveMaxPool2d<Element>(4)) },
      "nn.AdaptiveMaxPool3d((2, 3, 1))": { ModuleGold(AdaptiveMaxPool3d<Element>([2, 3, 1])) },
    ]
  }

  private static var meanPools: Table {
    [
      "nn.AvgPool1d(2)": { ModuleGold(AvgPool1d<Element>(kernelSize: 2)) },
      "nn.AvgPool1d(3, stride=2, padding=1)": {
        ModuleGold(AvgPool1d<Element>(kernelSize: 3, stride: 2, padding: 1))
      },
      "nn.AvgPool1d(2, ceil_mode=True)": { ModuleGold(AvgPool1d<Element>(kernelSize: 2, ceilMode: true)) },
      "nn.AvgPool1d(3, padding=1, count_include_pad=False)": {
        ModuleGold(AvgPool1d<Element>(kernelSize: 3, padding: 1, countsPadding: false))
      },
      "nn.AvgPool2d(2)": { ModuleGold(AvgPool2d<Element>(kernelSize: 2)) },
      "nn.AvgPool2d(3, stride=2, padding=1)": {
        ModuleGold(AvgPool2d<Element>(kernelSize: 3, stride: 2, padding: 1))
      },
      "nn.AvgPool2d((3, 2), stride=(1, 2), padding=(1, 0))": {
        ModuleGold(AvgPool2d<Element>(kernelSize: [3, 2], stride: [1, 2], padding: [1, 0]))
      },
      "nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False)": {
        ModuleGold(AvgPool2d<Element>(kernelSize: 3, stride: 2, padding: 1, countsPadding: false))
      },
      "nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True)": {
        ModuleGold(AvgPool2d<Element>(kernelSize: 3, stride: 2, padding: 1, ceilMode: true))
      },
      "nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)": {
        ModuleGold(
          AvgPool2d<Element>(kernelSize: 3, stride: 2, padding: 1, ceilMode: true, countsPadding: false))
      },
      "nn.AvgPool2d(2, divisor_override=3)": { ModuleGold(AvgPool2d<Element>(kernelSize: 2, divisor: 3)) },
      "nn.AvgPool3d(2)": { ModuleGold(AvgPool3d<Element>(kernelSize: 2)) },
      "nn.AvgPool3d(3, stride=2, padding=1)": {
        ModuleGold(AvgPool3d<Element>(kernelSize: 3, stride: 2, padding: 1))
      },
      "nn.AdaptiveAvgPool1d(4)": { ModuleGold(AdaptiveAvgPool1d<Element>(4)) },
      "nn.AdaptiveAvgPool1d(1)": { ModuleGold(AdaptiveAvgPool1d<Element>(1)) },
      "nn.AdaptiveAvgPool2d(1)": { ModuleGold(AdaptiveAvgPool2d<Element>(1)) },
      "nn.AdaptiveAvgPool2d((3, 5))": { ModuleGold(AdaptiveAvgPool2d<Element>([3, 5])) },
      "nn.AdaptiveAvgPool2d(4)": { ModuleGold(AdaptiveAvgPool2d<Element>(4)) },
      "nn.AdaptiveAvgPool2d(8)": { ModuleGold(AdaptiveAvgPool2d<Element>(8)) },
      "nn.AdaptiveAvgPool3d((2, 3, 1))": { ModuleGold(AdaptiveAvgPool3d<Element>([2, 3, 1])) },
    ]
  }

  private static func withIndices(
    _ pool: @escaping (Tensor<Element>) -> (values: Tensor<Element>, indices: Tensor<Int>)
  ) -> ModuleGold {
    ModuleGold(Identity<Element>()) { _, x in
      let (values, indices) = pool(x[0])
      return [values, Tensor<Element>(indices)]
    }
  }
}
