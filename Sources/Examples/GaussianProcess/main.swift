// Regression by a Gaussian process: `gaussian-process`. Its kernel's length scale, amplitude and noise are learnt by
// gradients of the likelihood, which flow through Cholesky's factor and a triangular system.

import ExamplePrinting
import Martlet

/// What a process is: functions that are alike at x and x' by `amplitude² exp(−(x − x')² / (2 length²))`.
struct GaussianProcess {
  /// log length, log amplitude, log noise: as logarithms they may take any value.
  let logs: [Tensor<Double>] = [0, 0, 0].map { Tensor($0, requiresGrad: true) }

  func kernel(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Tensor<Double> {
    let distance = (a.expandedDims(axis: 1) - b) / logs[0].exp()
    return (logs[1] * 2 - distance * distance / 2).exp()
  }

  /// L of `K + noise² = L Lᵀ`, and z of `L z = y`: all that the rest needs of the data.
  func factors(
    _ x: Tensor<Double>, _ y: Tensor<Double>
  ) throws(LinearAlgebraError) -> (l: Tensor<Double>, z: Tensor<Double>) {
    let l = try (kernel(x, x) + (logs[2] * 2).exp() * Tensor.identity(x.count)).cholesky()
    return (l, try l.solve(y, assuming: .lowerTriangular()))
  }

  /// `log p(y | x) = −½ ‖z‖² − Σ log Lᵢᵢ − n/2 log 2π`.
  func logLikelihood(
    _ x: Tensor<Double>, _ y: Tensor<Double>
  ) throws(LinearAlgebraError) -> Tensor<Double> {
    let (l, z) = try factors(x, y)
    return -(z * z).sum() / 2 - l.diagonal().log().sum() - Tensor(2 * .pi).log() * x.count / 2
  }

  /// Mean and deviation of the function at new places, by `L v = K(x, places)`.
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

  // Near the measurements the process is sure of the function; away from them it falls back to 0 ± its amplitude.
  let places = Tensor<Double>([-6, -4, -2, 0, 1, 2, 4, 6])
  let (mean, deviation) = try noGrad { try process.predict(places, from: x, y) }
  print("\n    x    truth     mean  deviation")
  for (i, truth) in (places.sin() + places / 3).scalars.enumerated() {
    print(
      column(places[i].item, 5, decimals: 1) + column(truth) + column(mean[i].item)
        + column(deviation[i].item, 11))
  }
} catch {
  // A kernel that is not positive definite to the last digits: points that nearly coincide, and too little noise.
  fatalError("\(error); a larger noise would make the matrix positive definite")
}
