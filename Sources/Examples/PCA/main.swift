// `pca` computes the principal components of the embedded handwritten digits, from the singular values of the
// centred data. scikit-learn's `PCA(n_components=10).fit(load_digits().data)` computes the same.

import ExamplePrinting
import Martlet

/// Draws two images of 8 × 8 grey values from 0 to 16, side by side.
func draw(_ left: Tensor<Double>, _ right: Tensor<Double>) {
  let shades = Array(" .:-=+*#%@")
  for row in 0..<8 {
    let lines = [left, right].map { image in
      image.reshaped([8, 8])[row].scalars.map { ink in
        String(repeating: shades[min(max(Int(ink * 10 / 16.5), 0), 9)], count: 2)
      }.joined()
    }
    print("|\(lines[0])|   |\(lines[1])|")
  }
}

do {
  // [1797, 64], whole numbers from 0 to 16, as in scikit-learn.
  let images = Tensor<Double>(try Digits().dataset.all.inputs) * 16
  let mean = images.mean(axis: 0), centred = images - mean

  // centred = U diag(s) Vᵀ: the rows of Vᵀ are the components, and s² / (n − 1) are the variances along them.
  let (_, s, components) = try centred.svd()
  let variances = s * s / (images.shape[0] - 1)
  let ratios = (variances / variances.sum()).scalars

  print("1797 digits of 8 x 8 pixels: variance along the first principal components")
  print("component  variance     share  together")
  var together = 0.0
  for i in 0..<10 {
    together += ratios[i]
    print(
      padded("\(i + 1)") + column(variances[i].item, 10, decimals: 1) + column(ratios[i], 10, decimals: 4)
        + column(together, 10, decimals: 4))
  }

  // An image is reduced to k numbers instead of 64, its coordinates along the first k components, and rebuilt
  // from them.
  print("\nroot mean square error of a pixel, rebuilt from k components")
  var rebuilt = images
  for k in [1, 2, 5, 10, 20, 40, 64] {
    let basis = components[..<k], codes = centred.matmul(basis.transposed())
    let guess = codes.matmul(basis) + mean, error = guess - images
    if k == 10 { rebuilt = guess }
    print(padded("\(k)") + column((error * error).mean().sqrt().item, 10))
  }

  print("\na zero and what ten components keep of it")
  draw(images[0], rebuilt[0])
} catch {
  // The singular values do not converge, or the embedded digits are damaged.
  fatalError("\(error)")
}
