import Martlet

// Mistakes of MistakeTests: random distributions. Each closure stands on the line after its message.

extension MistakeTests {
  static let distributions = [
    Mistake(
      "exponential", "the shape [2] must be valid and the rate 0.0 must be above 0", line: #line + 2
    ) {
      Tensor<Float>.exponential([2], rate: 0)
    },
    Mistake(
      "logNormal", "the shape [2] must be valid and the deviation -1.0 must be at least 0", line: #line + 2
    ) {
      Tensor<Float>.logNormal([2], deviation: -1)
    },
    Mistake(
      "truncatedNormal",
      "the shape [2] must be valid, the mean 0.0 finite and the deviation 0.0 above 0", line: #line + 2
    ) {
      Tensor<Float>.truncatedNormal([2], deviation: 0)
    },
    Mistake(
      "truncatedNormal",
      "the bounds 40.0...41.0 hold no share of the distribution; they must be nearer to the mean",
      line: #line + 2
    ) {
      Tensor<Float>.truncatedNormal([2], in: 40...41)
    },
    Mistake("cauchy", "the shape [-1] must be valid and the scale 1.0 must be above 0", line: #line + 1) {
      Tensor<Float>.cauchy([-1])
    },
    Mistake("laplace", "the shape [2] must be valid and the scale nan must be above 0", line: #line + 1) {
      Tensor<Float>.laplace([2], scale: .nan)
    },
    Mistake("gumbel", "the shape [2] must be valid and the scale -1.0 must be above 0", line: #line + 1) {
      Tensor<Float>.gumbel([2], scale: -1)
    },
    Mistake("gamma", "each concentration must be finite and above 0", line: #line + 1) {
      Tensor<Float>.gamma(Tensor<Float>([1, 0]))
    },
    Mistake("beta", "each concentration must be finite and above 0", line: #line + 1) {
      Tensor<Float>.beta(ones([2]), Tensor<Float>([1, .nan]))
    },
    Mistake("beta", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      Tensor<Float>.beta(ones([2]), ones([3]))
    },
    Mistake("dirichlet", "each concentration must be finite and above 0", line: #line + 1) {
      Tensor<Float>.dirichlet(Tensor<Float>([1, .infinity]))
    },
    Mistake("dirichlet", "the concentration is a scalar; its shape must be [..., k]", line: #line + 1) {
      Tensor<Float>.dirichlet(ones([]))
    },
    Mistake(
      "bernoulli", "the shape [2] must be valid and the probability 1.5 must be in 0...1", line: #line + 2
    ) {
      Tensor<Float>.bernoulli([2], probability: 1.5)
    },
    Mistake("bernoulli", "each probability must be in 0...1", line: #line + 1) {
      Tensor<Float>.bernoulli(Tensor<Float>([0.5, -0.5]))
    },
    Mistake(
      "geometric", "the shape [2] must be valid and the probability 0.0 must be above 0 and at most 1",
      line: #line + 2
    ) {
      Tensor<Float>.geometric([2], probability: 0)
    },
    Mistake("poisson", "each rate must be finite and at least 0", line: #line + 1) {
      Tensor<Float>.poisson(Tensor<Float>([1, -1]))
    },
    Mistake(
      "multinomial",
      "weights of shape [3] and a count of 0 do not fit; the shape must be [..., n] and the count above 0",
      line: #line + 2
    ) {
      ones([3]).multinomial(0)
    },
    Mistake(
      "multinomial", "the weights must be finite and at least 0, and 4 of each row above 0", line: #line + 2
    ) {
      ones([3]).multinomial(4)
    },
    Mistake(
      "multinomial", "the weights must be finite and at least 0, and 1 of each row above 0", line: #line + 2
    ) {
      Tensor<Float>([[1, 2], [0, 0]]).multinomial(3, replacement: true)
    },
  ]
}
