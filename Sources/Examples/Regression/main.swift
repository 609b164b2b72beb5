// Linear and ridge regression: `regression`. Least squares three ways, by `lstsq`, by the normal equations and along a
// path of penalties, and what each makes of a feature that the data say nothing about.

import ExamplePrinting
import Martlet

/// Numbers side by side.
func columns(_ values: [Double]) -> String {
  values.map { column($0) }.joined()
}

/// R², the share of the variance of y that a prediction explains.
func share(of y: Tensor<Double>, explainedBy prediction: Tensor<Double>) -> Double {
  let error = y - prediction, spread = y - y.mean()
  return 1 - (error * error).sum().item / (spread * spread).sum().item
}

// y = 4 + x · truth + noise. The last feature nearly repeats the first, which makes the two hard to tell apart.
let truth = Tensor<Double>([2, -1, 0.5, 1])
var random = RandomGenerator(seed: 3)
let features: Tensor<Double> = random.normal([200, 3])
let repeated = features[.ellipsis, ..<1] + random.normal([200, 1], deviation: 0.1)
let allX = Tensor<Double>.concatenated([features, repeated], axis: 1)
let allY = 4 + allX.matmul(truth) + random.normal([200])
let x = allX[..<20], y = allY[..<20], testX = allX[20...], testY = allY[20...]

do {
  // A column of ones for the intercept, then the shortest w with the least ‖A w − y‖.
  let a = Tensor<Double>.concatenated([.ones([20, 1]), x], axis: 1)
  let fit = try a.lstsq(y)
  // The same w solves Aᵀ A w = Aᵀ y, by Cholesky's factor; that squares the condition number of A.
  let normal = try a.transposed().matmul(a).solve(a.transposed().matmul(y), assuming: .positiveDefinite)

  print("20 rows to fit, 180 to test; rank \(fit.rank.item), residual \(columns([fit.residuals.item]))")
  print("weights              4 +     x0       x1       x2       x3")
  print("truth           ", columns([4] + truth.scalars))
  print("lstsq           ", columns(fit.solution.scalars))
  print("normal equations", columns(normal.scalars))
  print("R² of the fit   ", columns([share(of: y, explainedBy: a.matmul(fit.solution))]))

  // Ridge: (Xᵀ X + λ) w = Xᵀ y of centred data, so that the intercept is not penalised. The matrices of all λ are one
  // batch [λ, 4, 4] and solved together.
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

  // A feature that is 0 in every row: the normal equations have no single answer and refuse, which is thrown; least
  // squares says that the rank is one short and takes the shortest answer.
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
  // What is left is data with NaN or infinity.
  fatalError("\(error)")
}
