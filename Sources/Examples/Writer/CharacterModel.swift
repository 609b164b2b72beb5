import Martlet

/// A model that predicts the next character after each character of a text, `[n, t] → [n, t, characters]`.
protocol CharacterModel: Layer<Tensor<Int>, Tensor<Float>> {
  /// Continues a text: draws character after character and passes each to `body`. A higher temperature makes
  /// the draws more random.
  func continued(_ start: [Int], by length: Int, temperature: Float, _ body: (Int) -> Void)
}

/// Draws a character from the distribution that the logits describe.
func drawn(from logits: Tensor<Float>) -> Int {
  let probabilities = logits.softmax(axis: 0).scalars
  var rest = Tensor<Float>.uniform([]).item
  for (i, probability) in probabilities.enumerated() {
    rest -= probability
    if rest < 0 { return i }
  }
  return probabilities.count - 1
}
