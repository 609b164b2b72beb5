import Martlet

extension ModuleGold {
  /// Modules that unfold windows and fold them back.
  static var unfolding: Table {
    [
      "nn.Unfold(2)": { ModuleGold(Unfold<Element>(kernelSize: 2)) },
      "nn.Unfold(3, padding=1)": { ModuleGold(Unfold<Element>(kernelSize: 3, padding: .same)) },
      "nn.Unfold((3, 2), stride=2)": { ModuleGold(Unfold<Element>(kernelSize: [3, 2], stride: 2)) },
      "nn.Unfold(2, dilation=2, padding=1, stride=(2, 1))": {
        ModuleGold(Unfold<Element>(kernelSize: 2, stride: [2, 1], padding: 1, dilation: 2))
      },
      "nn.Fold((6, 7), 2)": { ModuleGold(Fold<Element>(outputSize: [6, 7], kernelSize: 2)) },
      "nn.Fold((6, 7), 3, padding=1)": {
        ModuleGold(Fold<Element>(outputSize: [6, 7], kernelSize: 3, padding: .same))
      },
      "nn.Fold((6, 7), (3, 2), stride=2)": {
        ModuleGold(Fold<Element>(outputSize: [6, 7], kernelSize: [3, 2], stride: 2))
      },
      "nn.Fold(6, 2, dilation=2, padding=1, stride=(2, 1))": {
        ModuleGold(Fold<Element>(outputSize: 6, kernelSize: 2, stride: [2, 1], padding: 1, dilation: 2))
      },
      "nn.Fold((4, 4), 2, stride=2)": { ModuleGold(Fold<Element>(outputSize: 4, kernelSize: 2, stride: 2)) },
    ]
  }
}
