import MartletCore

// Padding and resampling. PyTorch lists the last axis first; Martlet lists the axes in order.

extension Gold {
  static var padding: Table {
    [
      "F.pad(a, (1, 2))": { $0.a.padded([(1, 2)]) },
      "F.pad(a, (0, 1, 2, 0))": { $0.a.padded([(2, 0), (0, 1)]) },
      "F.pad(a, (1, 1, 0, 2), value=-1.5)": { $0.a.padded([(0, 2), (1, 1)], value: -1.5) },
      "F.pad(a, (1, 1))": { $0.a.padded([(1, 1)]) },
      "F.pad(a.mT, (1, 2))": { $0.a.transposed().padded([(1, 2)]) },
      "F.pad(a, (2, 1), mode='reflect')": { $0.a.padded([(2, 1)], mode: .reflect) },
      "F.pad(a, (2, 3, 1, 2), mode='reflect')": { $0.a.padded([(1, 2), (2, 3)], mode: .reflect) },
      "F.pad(a, (2, 1), mode='replicate')": { $0.a.padded([(2, 1)], mode: .replicate) },
      "F.pad(a, (0, 3, 4, 2), mode='replicate')": { $0.a.padded([(4, 2), (0, 3)], mode: .replicate) },
      "F.pad(a, (2, 1), mode='circular')": { $0.a.padded([(2, 1)], mode: .circular) },
      "F.pad(a, (4, 3, 0, 2), mode='circular')": { $0.a.padded([(0, 2), (4, 3)], mode: .circular) },
      "F.pad(a, (1, 0, 0, 1, 1, 1), mode='reflect')": {
        $0.a.padded([(1, 1), (0, 1), (1, 0)], mode: .reflect)
      },
    ]
  }

  static var resampling: Table {
    [
      "F.interpolate(a, scale_factor=2)": { $0.a.upsampled(by: 2) },
      "F.interpolate(a, scale_factor=1.5)": { $0.a.upsampled(by: 1.5) },
      "F.interpolate(a, scale_factor=0.5)": { $0.a.upsampled(by: 0.5) },
      "F.interpolate(a, size=(2, 7))": { $0.a.upsampled(to: [2, 7]) },
      "F.interpolate(a, scale_factor=2, mode='linear')": { $0.a.upsampled(by: 2, mode: .linear) },
      "F.interpolate(a, scale_factor=2, mode='bilinear')": { $0.a.upsampled(by: 2, mode: .linear) },
      "F.interpolate(a, scale_factor=2.5, mode='bilinear')": { $0.a.upsampled(by: 2.5, mode: .linear) },
      "F.interpolate(a, scale_factor=2, mode='bilinear', align_corners=True)": {
        $0.a.upsampled(by: 2, mode: .linear, alignCorners: true)
      },
      "F.interpolate(a, size=(5, 2), mode='bilinear')": { $0.a.upsampled(to: [5, 2], mode: .linear) },
      "F.interpolate(a, size=(1, 6), mode='bilinear', align_corners=True)": {
        $0.a.upsampled(to: [1, 6], mode: .linear, alignCorners: true)
      },
      "F.interpolate(a, scale_factor=2, mode='trilinear')": { $0.a.upsampled(by: 2, mode: .linear) },
      "F.interpolate(a.mT, scale_factor=2, mode='bilinear')": {
        $0.a.transposed().upsampled(by: 2, mode: .linear)
      },
      "F.pixel_shuffle(a, 2)": { $0.a.pixelShuffled(2) },
      "F.pixel_shuffle(a, 3)": { $0.a.pixelShuffled(3) },
      "F.pixel_unshuffle(a, 2)": { $0.a.pixelUnshuffled(2) },
      "F.pixel_unshuffle(a, 1)": { $0.a.pixelUnshuffled(1) },
    ]
  }
}
