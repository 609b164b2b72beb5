// `gaussian-process` fits a function by a Gaussian process. The kernel's length scale, amplitude and noise
// are learned by gradients of the likelihood, which flow through a Cholesky factor and a triangular system.

import ExamplePrinting
import Martlet

/// A Gaussian process with the kernel `amplitude² exp(−(x − x')² / (2 length²))`.
struct GaussianProcess {
  /// The parameters log length, log amplitude and log noise. A logarithm may take any value.
  let logs: [Tensor<Double>] = [0, 0, 0].map { Tensor($0, requiresGrad: true) }

  func kernel(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Tensor<Double> {
    let distance = (a.expandedDims(axis: 1) - b) / logs[0].exp()
    return (logs[1] * 2 - distance * distance / 2).exp()
  }

  /// Returns L of `K + noise² = L Lᵀ`, and z of `L z = y`. The rest of the computation needs no more of the
  /// data.
  func factors(
    _ x: Tensor<Double>, _ y: Tensor<Double>
  ) throws(LinearAlgebraError) -> (l: Tensor<Double>, z: Tensor<Double>) {
    let l = try (kernel(x, x) + (logs[2] * 2).exp() * Tensor.identity(x.count)).cholesky()
    return (l, try l.solve(y, assuming: .lowerTriangular()))
  }

  /// Returns `log p(y | x) = −½ ‖z‖² − Σ log Lᵢᵢ − n/2 log 2π`.
  func logLikelihood(
    _ x: Tensor<Double>, _ y: Tensor<Double>
  ) throws(LinearAlgebraError) -> Tensor<Double> {
    let (l, z) = try factors(x, y)
    return -(z * z).sum() / 2 - l.diagonal().log().sum() - Tensor(2 * .pi).log() * x.count / 2
  }

  /// Returns the mean and the deviation of the function at new places, from `L v = K(x, places)`.
  func predict(
    _ places: Tensor<Double>, from x: Tensor<Double>, _ y: Tensor<Double>
  ) throws(LinearAlgebraError) -> (mean: Tensor<Double>, deviation: Tensor<Double>) {
    let (l, z) = try factors(x, y)
    let v = try l.solve(kernel(x, places), assuming: .lowerTriangular())
    return (z.matmul(v), ((logs[1] * 2).exp() - (v * v).sum(axis: 0)).sqrt())
  }
}

// Forty measurements of sin(x) + x / 3, with noise.
var random = RandomGenerator(seed: 3)
let x = random.uniform([40], in: -4.0...4)
let y = x.sin() + x / 3 + random.normal([40], deviation: 0.2)

do {
  let process = GaussianProcess()
  let optimizer = Adam(process.logs, learningRate: 0.05)
  print("step  log likelihood    length amplitude     noise")
  for step in 0...200 {
    let likelihood = try process.logLikelihood(x, y)
    if step % 40 == 0 {
      let values = process.logs.map { column($0.exp().item, 10) }.joined()
      print(padded("\(step)", 4) + column(likelihood.item, 16, decimals: 2) + values)
    }
    (-likelihood).backward()
    optimizer.step()
  }

  // Near the measurements the deviation is small. Far from them the prediction returns to 0 ± the amplitude.
  let places = Tensor<Double>([-6, -4, -2, 0, 1, 2, 4, 6])
  let (mean, deviation) = try noGrad { try process.predict(places, from: x, y) }
  print("\n    x    truth     mean  deviation")
  for (i, truth) in (places.sin() + places / 3).scalars.enumerated() {
    print(
      column(places[i].item, 5, decimals: 1) + column(truth) + column(mean[i].item)
        + column(deviation[i].item, 11))
  }
} catch {
  // The kernel matrix is not positive definite numerically: some points nearly coincide, and the noise is too
  // small.
  fatalError("\(error); a larger noise would make the matrix positive definite")
}
