import Martlet

/// A recurrent network that predicts the next character, with a state of 256 numbers.
final class LSTMReader: CharacterModel {
  private let characters: Embedding<Float>
  private let network: LSTM<Float>
  private let next: Linear<Float>

  init(characters count: Int) {
    characters = Embedding(count, 64)
    network = LSTM(inputs: 64, hidden: 256, batchFirst: true)
    next = Linear(256, count)
  }

  func forward(_ codes: Tensor<Int>) -> Tensor<Float> { next(network(characters(codes))) }

  /// Continues a text. The state summarises the text before, so each character costs one step.
  func continued(_ start: [Int], by length: Int, temperature: Float, _ body: (Int) -> Void) {
    var state: LSTMState<Float>?, unread = start
    noGrad {
      for _ in 0..<length {
        let (output, reached) = network(characters(Tensor(unread)), state)
        let code = drawn(from: next(output[-1]) / temperature)
        (state, unread) = (reached, [code])
        body(code)
      }
    }
  }
}
