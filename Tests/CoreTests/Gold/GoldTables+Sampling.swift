import MartletCore

// Sampling at grids, and fractional pools.

extension Gold {
  static var gridSampling: Table {
    let modes: [(String, GridSamplingMode)] = [
      ("bilinear", .linear), ("nearest", .nearest), ("bicubic", .cubic),
    ]
    let paddings: [(String, GridPadding)] = [
      ("zeros", .zeros), ("border", .border), ("reflection", .reflection),
    ]
    var table: Table = [
      "F.affine_grid(a, (2, 3, 2, 4), align_corners=False)": { $0.a.affineGrid(size: [2, 4]) },
      "F.affine_grid(a, (1, 1, 3, 1), align_corners=True)": {
        $0.a.affineGrid(size: [3, 1], alignCorners: true)
      },
      "F.affine_grid(a, (1, 2, 2, 3, 1), align_corners=False)": { $0.a.affineGrid(size: [2, 3, 1]) },
      "F.affine_grid(a, (1, 2, 2, 3, 1), align_corners=True)": {
        $0.a.affineGrid(size: [2, 3, 1], alignCorners: true)
      },
    ]
    for (theirMode, mode) in modes {
      for (theirPadding, padding) in paddings {
        for aligned in [false, true] {
          let options =
            "mode='\(theirMode)', padding_mode='\(theirPadding)', align_corners=\(aligned ? "True" : "False")"
          table["F.grid_sample(a, b, \(options))"] = {
            $0.a.gridSample($0.b, mode: mode, padding: padding, alignCorners: aligned)
          }
        }
      }
    }
    return table
  }

  static var fractionalPools: Table {
    [
      "F.fractional_max_pool2d(a, 2, output_size=(3, 4), _random_samples=i.to(a) / 16)": {
        $0.a.fractionalMaxPool(kernelSize: 2, outputSize: [3, 4], samples: Tensor<Element>($0.i) / 16)
      },
      "F.fractional_max_pool2d(a, (1, 3), output_size=(5, 1), _random_samples=i.to(a) / 16)": {
        $0.a.fractionalMaxPool(kernelSize: [1, 3], outputSize: [5, 1], samples: Tensor<Element>($0.i) / 16)
      },
      "F.fractional_max_pool3d(a, 2, output_size=(2, 3, 4), _random_samples=i.to(a) / 16)": {
        $0.a.fractionalMaxPool(kernelSize: 2, outputSize: [2, 3, 4], samples: Tensor<Element>($0.i) / 16)
      },
    ]
  }
}
