import Martlet

extension ModuleGold {
  static var normalization: Table {
    [
      "nn.LayerNorm(5)": { ModuleGold(LayerNorm<Element>(5)) },
      "nn.LayerNorm([3, 4], eps=1e-3)": { ModuleGold(LayerNorm<Element>(3, 4, epsilon: 1e-3)) },
      "nn.LayerNorm(5, bias=False)": { ModuleGold(LayerNorm<Element>(5, bias: false)) },
      "nn.LayerNorm(5, elementwise_affine=False)": { ModuleGold(LayerNorm<Element>(5, affine: false)) },
    ]
  }
}
