import Martlet

extension ModuleGold {
  static var convolutions: Table {
    [
      "nn.Conv1d(3, 4, 3)": { ModuleGold(Conv1d<Element>(3, 4, kernelSize: 3)) },
      "nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2)": {
        ModuleGold(Conv1d<Element>(4, 6, kernelSize: 3, stride: 2, padding: 1, groups: 2))
      },
      "nn.Conv1d(2, 3, 5, padding='same', dilation=2)": {
        ModuleGold(Conv1d<Element>(2, 3, kernelSize: 5, padding: .same, dilation: 2))
      },
      "nn.Conv2d(3, 4, 3)": { ModuleGold(Conv2d<Element>(3, 4, kernelSize: 3)) },
      "nn.Conv2d(3, 4, (3, 2), stride=(2, 1), padding=(1, 0))": {
        ModuleGold(Conv2d<Element>(3, 4, kernelSize: [3, 2], stride: [2, 1], padding: [1, 0]))
      },
      "nn.Conv2d(3, 6, 3, padding=1, groups=3, bias=False)": {
        ModuleGold(Conv2d<Element>(3, 6, kernelSize: 3, padding: 1, groups: 3, bias: false))
      },
      "nn.Conv2d(3, 4, 1, stride=2)": { ModuleGold(Conv2d<Element>(3, 4, kernelSize: 1, stride: 2)) },
      "nn.Conv3d(2, 3, 2, padding=1)": { ModuleGold(Conv3d<Element>(2, 3, kernelSize: 2, padding: 1)) },
      "nn.ConvTranspose1d(3, 2, 3, stride=2, output_padding=1)": {
        ModuleGold(ConvTranspose1d<Element>(3, 2, kernelSize: 3, stride: 2, outputPadding: 1))
      },
      "nn.ConvTranspose2d(3, 4, 3)": { ModuleGold(ConvTranspose2d<Element>(3, 4, kernelSize: 3)) },
      "nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2, bias=False)": {
        ModuleGold(ConvTranspose2d<Element>(4, 6, kernelSize: 2, stride: 2, groups: 2, bias: false))
      },
      "nn.ConvTranspose3d(2, 2, 2, dilation=2)": {
        ModuleGold(ConvTranspose3d<Element>(2, 2, kernelSize: 2, dilation: 2))
      },
      "nn.Sequential(nn.Conv2d(1, 3, 3, padding=1, bias=False), nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, 2, 3))":
        {
          ModuleGold(
            Sequential {
              Conv2d<Element>(1, 3, kernelSize: 3, padding: 1, bias: false)
              BatchNorm<Element>(3)
              ReLU<Element>()
              Conv2d<Element>(3, 2, kernelSize: 3)
            })
        },
    ]
  }
}
