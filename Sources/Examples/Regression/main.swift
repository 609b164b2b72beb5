// `regression` fits linear and ridge regressions. It computes least squares by `lstsq`, by the normal
// equations and along a path of penalties, and shows how the methods treat a feature without information.

import ExamplePrinting
import Martlet

/// Returns numbers in columns, side by side.
func columns(_ values: [Double]) -> String {
  values.map { column($0) }.joined()
}

/// Returns R², the share of the variance of y that a prediction explains.
func share(of y: Tensor<Double>, explainedBy prediction: Tensor<Double>) -> Double {
  let error = y - prediction, spread = y - y.mean()
  return 1 - (error * error).sum().item / (spread * spread).sum().item
}

// y = 4 + x · truth + noise. The last feature nearly repeats the first one, so the two are hard to separate.
let truth = Tensor<Double>([2, -1, 0.5, 1])
var random = RandomGenerator(seed: 3)
let features: Tensor<Double> = random.normal([200, 3])
let repeated = features[.ellipsis, ..<1] + random.normal([200, 1], deviation: 0.1)
let allX = Tensor<Double>.concatenated([features, repeated], axis: 1)
let allY = 4 + allX.matmul(truth) + random.normal([200])
let x = allX[..<20], y = allY[..<20], testX = allX[20...], testY = allY[20...]

do {
  // A column of ones gives the intercept. The solution is the shortest w that minimises ‖A w − y‖.
  let a = Tensor<Double>.concatenated([.ones([20, 1]), x], axis: 1)
  let fit = try a.lstsq(y)
  // The same w solves Aᵀ A w = Aᵀ y by a Cholesky factor. The condition number of Aᵀ A is the square of A's.
  let normal = try a.transposed().matmul(a).solve(a.transposed().matmul(y), assuming: .positiveDefinite)

  print("20 rows to fit, 180 to test; rank \(fit.rank.item), residual \(columns([fit.residuals.item]))")
  print("weights              4 +     x0       x1       x2       x3")
  print("truth           ", columns([4] + truth.scalars))
  print("lstsq           ", columns(fit.solution.scalars))
  print("normal equations", columns(normal.scalars))
  print("R² of the fit   ", columns([share(of: y, explainedBy: a.matmul(fit.solution))]))

  // Ridge regression solves (Xᵀ X + λ) w = Xᵀ y. The data is centred so that the intercept is not penalised.
  // The matrices of all λ form one batch [λ, 4, 4] and are solved together.
  let lambdas: [Double] = [0, 0.1, 0.3, 1, 3, 10]
  let meanX = x.mean(axis: 0), meanY = y.mean(), centred = x - meanX
  let penalties = Tensor(lambdas).reshaped([-1, 1, 1]) * Tensor.identity(4)
  let paths = try (centred.transposed().matmul(centred) + penalties)
    .solve(centred.transposed().matmul(y - meanY), assuming: .positiveDefinite)

  print("\nridge     λ      x0       x1       x2       x3   R² fit  R² test")
  for (lambda, w) in zip(lambdas, (0..<lambdas.count).map { paths[$0] }) {
    let quality = [(x, y), (testX, testY)].map { x, y in
      share(of: y, explainedBy: (x - meanX).matmul(w) + meanY)
    }
    print(column(lambda, 11, decimals: 1) + columns(w.scalars + quality))
  }

  // One feature is 0 in every row. The normal equations then have no unique solution, and the solver throws.
  // Least squares reports a rank that is one lower, and returns the shortest solution.
  let blind = Tensor<Double>.concatenated([a, .zeros([20, 1])], axis: 1)
  print("\nwith a feature that is always 0")
  do {
    _ = try blind.transposed().matmul(blind).solve(
      blind.transposed().matmul(y), assuming: .positiveDefinite)
  } catch {
    print(error)
  }
  let shortest = try blind.lstsq(y)
  print("lstsq, rank \(shortest.rank.item)  ", columns(shortest.solution.scalars))
} catch {
  // The data contains NaN or infinity.
  fatalError("\(error)")
}
