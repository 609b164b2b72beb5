import Martlet

/// What reads characters and says of each which may be the next, `[n, t] → [n, t, characters]`.
protocol CharacterModel: Layer<Tensor<Int>, Tensor<Float>> {
  /// Writes on: calls `body` with character after character, drawn the more boldly the higher the temperature.
  func continued(_ start: [Int], by length: Int, temperature: Float, _ body: (Int) -> Void)
}

/// A character, each as likely as its logit says.
func drawn(from logits: Tensor<Float>) -> Int {
  let probabilities = logits.softmax(axis: 0).scalars
  var rest = Tensor<Float>.uniform([]).item
  for (i, probability) in probabilities.enumerated() {
    rest -= probability
    if rest < 0 { return i }
  }
  return probabilities.count - 1
}
