import Martlet

// Mistakes of MistakeTests: invalid recurrent networks, and sequences that do not match them.

extension MistakeTests {
  static let recurrences = [
    Mistake(
      "LSTM", "3 inputs, 0 hidden, 1 layers, dropout 0.0; at least 0, 1 and 1, and in 0...1", line: #line + 2
    ) {
      LSTM(inputs: 3, hidden: 0)
    },
    Mistake(
      "GRU", "3 inputs, 4 hidden, 2 layers, dropout 1.5; at least 0, 1 and 1, and in 0...1", line: #line + 2
    ) {
      GRU(inputs: 3, hidden: 4, layers: 2, dropout: 1.5)(ones([2, 1, 3]))
    },
    Mistake(
      "uniform",
      "shape [9223372036854775807, 2], range -3.2927225e-10...3.2927225e-10; a valid shape and finite bounds",
      line: #line + 2
    ) {
      GRU(inputs: 2, hidden: Int.max)
    },
    Mistake("GRUCell", "3 inputs, 0 hidden; at least 0 and 1 are expected", line: #line + 1) {
      GRUCell(inputs: 3, hidden: 0)
    },
    Mistake(
      "RNN",
      "inputs of shape [5, 2, 2]; [steps, n, 3] or [steps, 3] are expected",
      in: "RNN(inputs: 3, hidden: 4, activation: tanh)", line: #line + 2
    ) {
      RNN(inputs: 3, hidden: 4)(ones([5, 2, 2]))
    },
    Mistake(
      "LSTM",
      "inputs of shape [2, 5, 3] and a state of shapes [2, 2, 4], [1, 2, 4]; [n, steps, 3] or [steps, 3] and [1, n, 4] are expected",
      in: "LSTM(inputs: 3, hidden: 4, batchFirst: true)", line: #line + 2
    ) {
      LSTM(inputs: 3, hidden: 4, batchFirst: true)(
        ones([2, 5, 3]), LSTMState(hidden: ones([2, 2, 4]), cell: ones([1, 2, 4])))
    },
    Mistake(
      "GRU", "lengths of shape [3] for 2 sequences; one for each is expected",
      in: "GRU(inputs: 3, hidden: 4)", line: #line + 2
    ) {
      GRU(inputs: 3, hidden: 4)(ones([5, 2, 3]), lengths: Tensor([1, 2, 3]))
    },
    Mistake(
      "GRU", "length 6 of sequence 1; 0 ... 5 is expected", in: "GRU(inputs: 3, hidden: 4)", line: #line + 2
    ) {
      GRU(inputs: 3, hidden: 4)(ones([5, 2, 3]), lengths: Tensor([1, 6]))
    },
    Mistake(
      "LSTMCell", "inputs and state of shapes [3], [2, 4], [2, 4]; [n, inputs] and [n, 4] are expected",
      in: "LSTMCell(inputs: 3, hidden: 4)", line: #line + 2
    ) {
      LSTMCell(inputs: 3, hidden: 4)(ones([3]), LSTMCell(inputs: 3, hidden: 4).initialState(batchSize: 2))
    },
    Mistake(
      "GRUCell",
      "inputs of shape [1, 2, 3] and a state of shape [3, 4]; [steps, n, inputs] and [n, hidden] are expected",
      in: "GRUCell(inputs: 3, hidden: 4)", line: #line + 2
    ) {
      GRUCell(inputs: 3, hidden: 4)(ones([2, 3]), ones([3, 4]))
    },
    Mistake(
      "GRUCell",
      "weights [12, 3] and [12, 4] for inputs of shape [1, 2, 5] and a state of shape [2, 4]; [12, 5] and [12, 4] are expected",
      in: "GRUCell(inputs: 3, hidden: 4)", line: #line + 2
    ) {
      GRUCell(inputs: 3, hidden: 4)(ones([2, 5]), ones([2, 4]))
    },
  ]
}
