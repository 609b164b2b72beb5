import Martlet

extension ModuleGold {
  static var simple: Table {
    [
      "nn.Linear(3, 5)": { ModuleGold(Linear<Element>(3, 5)) },
      "nn.Linear(3, 5, bias=False)": { ModuleGold(Linear<Element>(3, 5, bias: false)) },
      "nn.Embedding(5, 3)": { ModuleGold(Embedding<Element>(5, 3)) },
      "nn.Tanh()": { ModuleGold(Tanh<Element>()) },
      "nn.Sigmoid()": { ModuleGold(Sigmoid<Element>()) },
      "nn.ReLU()": { ModuleGold(ReLU<Element>()) },
      "nn.GELU()": { ModuleGold(GELU<Element>()) },
      "nn.GELU(approximate='tanh')": { ModuleGold(GELU<Element>(approximation: .tanh)) },
      "nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2, bias=False), nn.Sigmoid())": {
        ModuleGold(
          Sequential {
            Linear<Element>(3, 4)
            Tanh<Element>()
            Linear<Element>(4, 2, bias: false)
            Sigmoid<Element>()
          })
      },
      "nn.Dropout(0.5)": { ModuleGold(Dropout<Element>(0.5)) },
      "nn.Dropout(0.0)": { ModuleGold(Dropout<Element>(0)) },
      "nn.Dropout1d(0.5)": { ModuleGold(Dropout1d<Element>(0.5)) },
      "nn.Dropout2d(0.5)": { ModuleGold(Dropout2d<Element>(0.5)) },
      "nn.Dropout3d(0.5)": { ModuleGold(Dropout3d<Element>(0.5)) },
      "nn.AlphaDropout(0.5)": { ModuleGold(AlphaDropout<Element>(0.5)) },
      "nn.FeatureAlphaDropout(0.5)": { ModuleGold(FeatureAlphaDropout<Element>(0.5)) },
      "nn.Bilinear(3, 4, 5)": { ModuleGold(Bilinear<Element>(3, 4, 5)) { [$0($1[0], $1[1])] } },
      "nn.Bilinear(3, 4, 2, bias=False)": {
        ModuleGold(Bilinear<Element>(3, 4, 2, bias: false)) { [$0($1[0], $1[1])] }
      },
      "nn.Embedding(5, 3, padding_idx=1)": { ModuleGold(Embedding<Element>(5, 3, paddingIndex: 1)) },
      "nn.Embedding(5, 3, padding_idx=-1)": { ModuleGold(Embedding<Element>(5, 3, paddingIndex: -1)) },
      "nn.Embedding(5, 3, max_norm=1.0)": { ModuleGold(Embedding<Element>(5, 3, maxNorm: 1)) },
      "nn.Embedding(5, 3, max_norm=1.5, norm_type=1.0)": {
        ModuleGold(Embedding<Element>(5, 3, maxNorm: 1.5, normType: 1))
      },
      "nn.Embedding(5, 3, max_norm=1.5, norm_type=float('inf'))": {
        ModuleGold(Embedding<Element>(5, 3, maxNorm: 1.5, normType: .infinity))
      },
      "nn.Embedding(5, 3, padding_idx=2, max_norm=1.0, norm_type=3.0)": {
        ModuleGold(Embedding<Element>(5, 3, paddingIndex: 2, maxNorm: 1, normType: 3))
      },
      "nn.Identity()": { ModuleGold(Identity<Element>()) },
      "Residual(nn.Linear(3, 3), nn.Tanh())": {
        ModuleGold(
          Residual {
            Linear<Element>(3, 3)
            Tanh<Element>()
          })
      },
      "Residual(nn.Linear(3, 5), nn.Tanh(), shortcut=nn.Linear(3, 5, bias=False))": {
        ModuleGold(
          Residual(shortcut: Linear<Element>(3, 5, bias: false)) {
            Linear<Element>(3, 5)
            Tanh<Element>()
          })
      },
    ]
  }

  static var shaping: Table {
    [
      "nn.Flatten()": { ModuleGold(Flatten<Element>()) },
      "nn.Flatten(0)": { ModuleGold(Flatten<Element>(startAxis: 0)) },
      "nn.Flatten(-2)": { ModuleGold(Flatten<Element>(startAxis: -2)) },
      "nn.Flatten(1, 2)": { ModuleGold(Flatten<Element>(endAxis: 2)) },
      "nn.Unflatten(1, (2, 3))": { ModuleGold(Unflatten<Element>(axis: 1, 2, 3)) },
      "nn.Unflatten(-1, (2, 2, 1))": { ModuleGold(Unflatten<Element>(axis: -1, 2, 2, 1)) },
      "nn.Upsample(scale_factor=2)": { ModuleGold(Upsample<Element>(scale: 2)) },
      "nn.Upsample(scale_factor=2.5, mode='bilinear')": {
        ModuleGold(Upsample<Element>(scale: 2.5, mode: .linear))
      },
      "nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)": {
        ModuleGold(Upsample<Element>(scale: 2, mode: .linear, alignCorners: true))
      },
      "nn.Upsample(size=(3, 7), mode='bilinear')": {
        ModuleGold(Upsample<Element>(size: 3, 7, mode: .linear))
      },
      "nn.PixelShuffle(2)": { ModuleGold(PixelShuffle<Element>(2)) },
      "nn.PixelUnshuffle(2)": { ModuleGold(PixelUnshuffle<Element>(2)) },
      "nn.ZeroPad1d((1, 2))": { ModuleGold(ZeroPad<Element>((1, 2))) },
      "nn.ZeroPad2d((1, 2, 0, 3))": { ModuleGold(ZeroPad<Element>((0, 3), (1, 2))) },
      "nn.ConstantPad1d((1, 2), 3.5)": { ModuleGold(ConstantPad<Element>((1, 2), value: 3.5)) },
      "nn.ReflectionPad1d((1, 2))": { ModuleGold(ReflectionPad<Element>((1, 2))) },
      "nn.ReflectionPad2d((1, 2, 3, 0))": { ModuleGold(ReflectionPad<Element>((3, 0), (1, 2))) },
      "nn.ReplicationPad1d((1, 2))": { ModuleGold(ReplicationPad<Element>((1, 2))) },
      "nn.ReplicationPad2d((1, 2, 4, 0))": { ModuleGold(ReplicationPad<Element>((4, 0), (1, 2))) },
      "nn.CircularPad1d((1, 2))": { ModuleGold(CircularPad<Element>((1, 2))) },
      "nn.CircularPad2d((1, 2, 4, 0))": { ModuleGold(CircularPad<Element>((4, 0), (1, 2))) },
    ]
  }

  static var recurrent: Table {
    [
      "nn.RNNCell(4, 5)": { ModuleGold(RNNCell<Element>(inputs: 4, hidden: 5)) { [$0($1[0], $1[1]).next] } },
      "nn.RNNCell(4, 5, nonlinearity='relu')": {
        ModuleGold(RNNCell<Element>(inputs: 4, hidden: 5, activation: .relu)) { [$0($1[0], $1[1]).next] }
      },
      "OutputCell(4, 5, 2)": {
        ModuleGold(RNNCell<Element>(inputs: 4, hidden: 5, outputs: 2)) { cell, x in
          let (output, next) = cell(x[0], x[1])
          return [output, next]
        }
      },
    ]
  }
}
