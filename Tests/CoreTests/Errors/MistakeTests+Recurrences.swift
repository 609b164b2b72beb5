import Martlet

// Mistakes of MistakeTests: invalid recurrent networks, and sequences that do not match them.

extension MistakeTests {
  static let recurrences = [
    Mistake(
      "LSTM",
      "3 inputs, 0 hidden units, 1 layers and dropout 0.0 are not valid; there must be at least 0 inputs, 1 hidden unit and 1 layer, and a dropout in 0...1",
      line: #line + 2
    ) {
      LSTM(inputs: 3, hidden: 0)
    },
    Mistake(
      "GRU",
      "3 inputs, 4 hidden units, 2 layers and dropout 1.5 are not valid; there must be at least 0 inputs, 1 hidden unit and 1 layer, and a dropout in 0...1",
      line: #line + 2
    ) {
      GRU(inputs: 3, hidden: 4, layers: 2, dropout: 1.5)(ones([2, 1, 3]))
    },
    Mistake(
      "uniform",
      "the shape [9223372036854775807, 2] must be valid and the range -3.2927225e-10...3.2927225e-10 must have finite bounds",
      line: #line + 2
    ) {
      GRU(inputs: 2, hidden: Int.max)
    },
    Mistake(
      "GRUCell",
      "3 inputs and 0 hidden units are not valid; there must be at least 0 inputs and 1 hidden unit",
      line: #line + 2
    ) {
      GRUCell(inputs: 3, hidden: 0)
    },
    Mistake(
      "RNN",
      "inputs of shape [5, 2, 2] do not fit; the shape must be [steps, n, 3] or [steps, 3]",
      in: "RNN(inputs: 3, hidden: 4, activation: tanh)", line: #line + 2
    ) {
      RNN(inputs: 3, hidden: 4)(ones([5, 2, 2]))
    },
    Mistake(
      "LSTM",
      "inputs of shape [2, 5, 3] and a state of shapes [2, 2, 4], [1, 2, 4] do not fit; the shape must be [n, steps, 3] or [steps, 3], and [1, n, 4] for the state",
      in: "LSTM(inputs: 3, hidden: 4, batchFirst: true)", line: #line + 2
    ) {
      LSTM(inputs: 3, hidden: 4, batchFirst: true)(
        ones([2, 5, 3]), LSTMState(hidden: ones([2, 2, 4]), cell: ones([1, 2, 4])))
    },
    Mistake(
      "GRU", "lengths of shape [3] do not match 2 sequences; there must be one for each",
      in: "GRU(inputs: 3, hidden: 4)", line: #line + 2
    ) {
      GRU(inputs: 3, hidden: 4)(ones([5, 2, 3]), lengths: Tensor([1, 2, 3]))
    },
    Mistake(
      "GRU", "the length of sequence 1 must be in 0...5, not 6", in: "GRU(inputs: 3, hidden: 4)",
      line: #line + 2
    ) {
      GRU(inputs: 3, hidden: 4)(ones([5, 2, 3]), lengths: Tensor([1, 6]))
    },
    Mistake(
      "LSTMCell",
      "inputs and state of shapes [3], [2, 4], [2, 4] do not fit; the shapes must be [n, inputs] and [n, 4]",
      in: "LSTMCell(inputs: 3, hidden: 4)", line: #line + 2
    ) {
      LSTMCell(inputs: 3, hidden: 4)(ones([3]), LSTMCell(inputs: 3, hidden: 4).initialState(batchSize: 2))
    },
    Mistake(
      "GRUCell",
      "inputs of shape [1, 2, 3] and a state of shape [3, 4] do not match; they must be [steps, n, inputs] and [n, hidden]",
      in: "GRUCell(inputs: 3, hidden: 4)", line: #line + 2
    ) {
      GRUCell(inputs: 3, hidden: 4)(ones([2, 3]), ones([3, 4]))
    },
    Mistake(
      "GRUCell",
      "weights [12, 3] and [12, 4] do not match inputs of shape [1, 2, 5] and a state of shape [2, 4]; they must be [12, 5] and [12, 4]",
      in: "GRUCell(inputs: 3, hidden: 4)", line: #line + 2
    ) {
      GRUCell(inputs: 3, hidden: 4)(ones([2, 5]), ones([2, 4]))
    },
  ]
}
