import Martlet

extension ModuleGold {
  static var normalization: Table {
    [
      "nn.LayerNorm(5)": { ModuleGold(LayerNorm<Element>(5)) },
      "nn.LayerNorm([3, 4], eps=1e-3)": { ModuleGold(LayerNorm<Element>(3, 4, epsilon: 1e-3)) },
      "nn.LayerNorm(5, bias=False)": { ModuleGold(LayerNorm<Element>(5, bias: false)) },
      "nn.LayerNorm(5, elementwise_affine=False)": { ModuleGold(LayerNorm<Element>(5, affine: false)) },
      "nn.BatchNorm1d(3)": { ModuleGold(BatchNorm<Element>(3)) },
      "nn.BatchNorm1d(70)": { ModuleGold(BatchNorm<Element>(70)) },
      "nn.BatchNorm2d(3)": { ModuleGold(BatchNorm<Element>(3)) },
      "nn.BatchNorm3d(3)": { ModuleGold(BatchNorm<Element>(3)) },
      "nn.BatchNorm2d(3, eps=1e-2, momentum=0.7)": {
        ModuleGold(BatchNorm<Element>(3, epsilon: 1e-2, momentum: 0.7))
      },
      "nn.BatchNorm2d(3, momentum=None)": { ModuleGold(BatchNorm<Element>(3, momentum: nil)) },
      "nn.BatchNorm2d(3, affine=False)": { ModuleGold(BatchNorm<Element>(3, affine: false)) },
      "nn.BatchNorm2d(3, track_running_stats=False)": {
        ModuleGold(BatchNorm<Element>(3, trackRunningStatistics: false))
      },
      "nn.GroupNorm(2, 4)": { ModuleGold(GroupNorm<Element>(2, 4)) },
      "nn.GroupNorm(1, 3)": { ModuleGold(GroupNorm<Element>(1, 3)) },
      "nn.GroupNorm(3, 6)": { ModuleGold(GroupNorm<Element>(3, 6)) },
      "nn.GroupNorm(2, 4, eps=0.1, affine=False)": {
        ModuleGold(GroupNorm<Element>(2, 4, epsilon: 0.1, affine: false))
      },
      "nn.InstanceNorm1d(3)": { ModuleGold(InstanceNorm<Element>(3)) },
      "nn.InstanceNorm2d(3, affine=True)": { ModuleGold(InstanceNorm<Element>(3, affine: true)) },
      "nn.InstanceNorm3d(2, eps=0.1)": { ModuleGold(InstanceNorm<Element>(2, epsilon: 0.1)) },
      "nn.InstanceNorm2d(3, momentum=0.3, affine=True, track_running_stats=True)": {
        ModuleGold(InstanceNorm<Element>(3, momentum: 0.3, affine: true, trackRunningStatistics: true))
      },
      "nn.RMSNorm(5)": { ModuleGold(RMSNorm<Element>(5)) },
      "nn.RMSNorm([3, 4], eps=1e-3)": { ModuleGold(RMSNorm<Element>(3, 4, epsilon: 1e-3)) },
      "nn.RMSNorm(5, elementwise_affine=False)": { ModuleGold(RMSNorm<Element>(5, affine: false)) },
      "nn.Sequential(nn.Linear(3, 4, bias=False), nn.BatchNorm1d(4), nn.ReLU(), nn.BatchNorm1d(4))": {
        ModuleGold(
          Sequential {
            Linear<Element>(3, 4, bias: false)
            BatchNorm<Element>(4)
            ReLU<Element>()
            BatchNorm<Element>(4)
          })
      },
    ]
  }
}
