import Martlet

extension ModuleGold {
  static var further: Table {
    let tables = [bags, normed, small, resampled]
    return tables.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  private static var small: Table {
    [
      "nn.RReLU(0.1, 0.3)": { ModuleGold(RReLU<Element>(0.1...0.3)) },
      "nn.RReLU(0.25, 0.25)": { ModuleGold(RReLU<Element>(0.25...0.25)) },
      "nn.LocalResponseNorm(3)": { ModuleGold(LocalResponseNorm<Element>(3)) },
      "nn.LocalResponseNorm(9, alpha=1.0)": { ModuleGold(LocalResponseNorm<Element>(9, alpha: 1)) },
      "nn.LocalResponseNorm(2, alpha=0.5, beta=0.6, k=2.0)": {
        ModuleGold(LocalResponseNorm<Element>(2, alpha: 0.5, beta: 0.6, k: 2))
      },
      "nn.ChannelShuffle(2)": { ModuleGold(ChannelShuffle<Element>(groups: 2)) },
      "nn.ChannelShuffle(3)": { ModuleGold(ChannelShuffle<Element>(groups: 3)) },
      "nn.Upsample(scale_factor=2.5, mode='nearest-exact')": {
        ModuleGold(Upsample<Element>(scale: 2.5, mode: .nearestExact))
      },
      "nn.Upsample(size=(3, 7), mode='nearest-exact')": {
        ModuleGold(Upsample<Element>(size: 3, 7, mode: .nearestExact))
      },
      "nn.MultiLabelMarginLoss()": {
        ModuleGold(Identity<Element>()) { [MultiLabelMarginLoss()($1[0], $1.indices(1))] }
      },
      "nn.MultiLabelMarginLoss(reduction='none')": {
        ModuleGold(Identity<Element>()) { [MultiLabelMarginLoss(reduction: .none)($1[0], $1.indices(1))] }
      },
      "nn.MultiLabelMarginLoss(reduction='sum')": {
        ModuleGold(Identity<Element>()) { [MultiLabelMarginLoss(reduction: .sum)($1[0], $1.indices(1))] }
      },
    ]
  }

  private static var resampled: Table {
    [
      "nn.Upsample(scale_factor=2.5, mode='bicubic')": {
        ModuleGold(Upsample<Element>(scale: 2.5, mode: .cubic))
      },
      "nn.Upsample(size=(9, 2), mode='bicubic', align_corners=True)": {
        ModuleGold(Upsample<Element>(size: 9, 2, mode: .cubic, alignCorners: true))
      },
      "nn.Upsample(size=(3, 4), mode='bicubic')": { ModuleGold(Upsample<Element>(size: 3, 4, mode: .cubic)) },
      "Smooth((3, 7), 'bilinear', False)": {
        ModuleGold(Upsample<Element>(size: 3, 7, mode: .smoothLinear))
      },
      "Smooth((3, 7), 'bicubic', False)": { ModuleGold(Upsample<Element>(size: 3, 7, mode: .smoothCubic)) },
      "Smooth((2, 3), 'bicubic', True)": {
        ModuleGold(Upsample<Element>(size: 2, 3, mode: .smoothCubic, alignCorners: true))
      },
      "Smooth((1, 4), 'bilinear', True)": {
        ModuleGold(Upsample<Element>(size: 1, 4, mode: .smoothLinear, alignCorners: true))
      },
    ]
  }

  private static var bags: Table {
    [
      "nn.EmbeddingBag(5, 3)": { ModuleGold(EmbeddingBag<Element>(5, 3)) },
      "nn.EmbeddingBag(5, 3)  # m(a, b)": {
        ModuleGold(EmbeddingBag<Element>(5, 3)) { [$0($1.indices(0), offsets: $1.indices(1))] }
      },
      "nn.EmbeddingBag(5, 3, mode='sum')  # m(a, b)": {
        ModuleGold(EmbeddingBag<Element>(5, 3, mode: .sum)) { [$0($1.indices(0), offsets: $1.indices(1))] }
      },
      "nn.EmbeddingBag(5, 3, mode='max')  # m(a, b)": {
        ModuleGold(EmbeddingBag<Element>(5, 3, mode: .max)) { [$0($1.indices(0), offsets: $1.indices(1))] }
      },
      "nn.EmbeddingBag(5, 3, mode='sum')  # m(a, b, c)": {
        ModuleGold(EmbeddingBag<Element>(5, 3, mode: .sum)) {
          [$0($1.indices(0), offsets: $1.indices(1), weights: $1[2])]
        }
      },
      "nn.EmbeddingBag(5, 3, padding_idx=1)": { ModuleGold(EmbeddingBag<Element>(5, 3, paddingIndex: 1)) },
      "nn.EmbeddingBag(5, 3, mode='max', padding_idx=-1)": {
        ModuleGold(EmbeddingBag<Element>(5, 3, mode: .max, paddingIndex: -1))
      },
    ]
  }

  private static var normed: Table {
    [
      "weight_norm(nn.Linear(3, 5))": { ModuleGold(WeightNorm(Linear<Element>(3, 5))) },
      "weight_norm(nn.Conv2d(3, 4, 3, padding=1))": {
        ModuleGold(WeightNorm(Conv2d<Element>(3, 4, kernelSize: 3, padding: 1)))
      },
      "weight_norm(nn.ConvTranspose1d(3, 2, 3, bias=False))": {
        ModuleGold(WeightNorm(ConvTranspose1d<Element>(3, 2, kernelSize: 3, bias: false)))
      },
      "spectral_norm(nn.Linear(3, 5))": { ModuleGold(SpectralNorm(Linear<Element>(3, 5))) },
      "spectral_norm(nn.Conv2d(3, 4, 2), n_power_iterations=3)": {
        ModuleGold(SpectralNorm(Conv2d<Element>(3, 4, kernelSize: 2), iterations: 3))
      },
      "spectral_norm(nn.ConvTranspose1d(3, 2, 3))": {
        ModuleGold(SpectralNorm(ConvTranspose1d<Element>(3, 2, kernelSize: 3)))
      },
      "nn.MultiheadAttention(8, 2, batch_first=True)  # m(a, b, b)": {
        ModuleGold(MultiHeadAttention<Element>(8, heads: 2)) { attention, x in
          let (output, weights) = attention.withWeights(x[0], x[1])
          return [output, weights]
        }
      },
      "nn.MultiheadAttention(8, 2, batch_first=True)  # m(a, a, a, average_attn_weights=False, attn_mask=LATER)":
        {
          ModuleGold(MultiHeadAttention<Element>(8, heads: 2)) { attention, x in
            let (output, weights) = attention.withWeights(x[0], isCausal: true, averagesHeads: false)
            return [output, weights]
          }
        },
    ]
  }

  static var windows: Table {
    let tables = [powers, unpools, padded]
    return tables.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  private static var powers: Table {
    [
      "nn.LPPool1d(2.0, 3, stride=2)": { ModuleGold(LPPool1d<Element>(2, kernelSize: 3, stride: 2)) },
      "nn.LPPool1d(1.0, 2)": { ModuleGold(LPPool1d<Element>(1, kernelSize: 2)) },
      "nn.LPPool2d(2.0, 2)": { ModuleGold(LPPool2d<Element>(2, kernelSize: 2)) },
      "nn.LPPool2d(4.0, (3, 2), stride=(1, 2))": {
        ModuleGold(LPPool2d<Element>(4, kernelSize: [3, 2], stride: [1, 2]))
      },
      "nn.LPPool2d(2.0, 3, stride=2, ceil_mode=True)": {
        ModuleGold(LPPool2d<Element>(2, kernelSize: 3, stride: 2, ceilMode: true))
      },
      "nn.LPPool3d(2.0, 2)": { ModuleGold(LPPool3d<Element>(2, kernelSize: 2)) },
    ]
  }

  private static var unpools: Table {
    [
      "nn.MaxUnpool1d(3, stride=2, padding=1)  # m(a, b)": {
        ModuleGold(MaxUnpool1d<Element>(kernelSize: 3, stride: 2, padding: 1)) { [$0($1[0], $1.indices(1))] }
      },
      "nn.MaxUnpool2d(2)  # m(a, b)": {
        ModuleGold(MaxUnpool2d<Element>(kernelSize: 2)) { [$0($1[0], $1.indices(1))] }
      },
      "nn.MaxUnpool2d(2)  # m(a, b, output_size=(5, 5))": {
        ModuleGold(MaxUnpool2d<Element>(kernelSize: 2)) { [$0($1[0], $1.indices(1), outputSize: [5, 5])] }
      },
      "nn.MaxUnpool3d(2)  # m(a, b)": {
        ModuleGold(MaxUnpool3d<Element>(kernelSize: 2)) { [$0($1[0], $1.indices(1))] }
      },
    ]
  }

  private static var padded: Table {
    [
      "nn.Conv1d(3, 4, 3, padding=2, padding_mode='circular')": {
        ModuleGold(Conv1d<Element>(3, 4, kernelSize: 3, padding: 2, paddingMode: .circular))
      },
      "nn.Conv2d(3, 4, 3, padding=(1, 2), padding_mode='reflect')": {
        ModuleGold(Conv2d<Element>(3, 4, kernelSize: 3, padding: [1, 2], paddingMode: .reflect))
      },
      "nn.Conv2d(3, 4, 3, padding='same', dilation=2, padding_mode='replicate')": {
        ModuleGold(
          Conv2d<Element>(3, 4, kernelSize: 3, padding: .same, dilation: 2, paddingMode: .replicate))
      },
      "nn.Conv3d(2, 3, 2, padding=1, padding_mode='replicate')": {
        ModuleGold(Conv3d<Element>(2, 3, kernelSize: 2, padding: 1, paddingMode: .replicate))
      },
      "nn.Conv1d(3, 4, 4, padding='same', padding_mode='circular', bias=False)": {
        ModuleGold(
          Conv1d<Element>(3, 4, kernelSize: 4, padding: .same, bias: false, paddingMode: .circular))
      },
    ]
  }
}
