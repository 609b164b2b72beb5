import Martlet

extension ModuleGold {
  static var recurrences: Table {
    var table: Table = [
      "nn.LSTMCell(3, 4)  # m(a, (b, c))": { .lstmCell(bias: true) },
      "nn.LSTMCell(3, 4, bias=False)  # m(a, (b, c))": { .lstmCell(bias: false) },
      "nn.GRUCell(3, 4)": { .gruCell(bias: true) },
      "nn.GRUCell(3, 4, bias=False)": { .gruCell(bias: false) },
    ]
    for form in RecurrentForm.all {
      table["nn.RNN(\(form.options()))\(form.call("b"))"] = {
        form.ofOneState {
          RNN<Element>(
            inputs: 3, hidden: 4, layers: $0, bias: $1, batchFirst: $2, dropout: form.dropout,
            bidirectional: $3)
        } call: {
          $0($1, $2, lengths: $3)
        }
      }
      table["nn.RNN(\(form.options("nonlinearity='relu'")))\(form.call("b"))"] = {
        form.ofOneState {
          RNN<Element>(
            inputs: 3, hidden: 4, layers: $0, activation: .relu, bias: $1, batchFirst: $2,
            dropout: form.dropout,
            bidirectional: $3)
        } call: {
          $0($1, $2, lengths: $3)
        }
      }
      table["nn.GRU(\(form.options()))\(form.call("b"))"] = {
        form.ofOneState {
          GRU<Element>(
            inputs: 3, hidden: 4, layers: $0, bias: $1, batchFirst: $2, dropout: form.dropout,
            bidirectional: $3)
        } call: {
          $0($1, $2, lengths: $3)
        }
      }
      table["nn.LSTM(\(form.options()))\(form.call("(b, c)"))"] = { form.lstm() }
    }
    return table
  }

  private static func lstmCell(bias: Bool) -> ModuleGold {
    ModuleGold(LSTMCell<Element>(inputs: 3, hidden: 4, bias: bias)) { cell, x in
      let (output, next) = cell(x[0], LSTMState(hidden: x[1], cell: x[2]))
      return [output, next.cell]
    }
  }

  private static func gruCell(bias: Bool) -> ModuleGold {
    ModuleGold(GRUCell<Element>(inputs: 3, hidden: 4, bias: bias)) { cell, x in [cell(x[0], x[1]).output] }
  }
}

/// The options of a network and of its call, as in the generator's table.
private struct RecurrentForm {
  var layers = 1, isBidirectional = false, isBatchFirst = false, hasBias = true, dropout = 0.0
  var hasState = false, hasLengths = false

  static let all: [RecurrentForm] = [
    RecurrentForm(), RecurrentForm(hasState: true), RecurrentForm(layers: 2), RecurrentForm(hasBias: false),
    RecurrentForm(isBidirectional: true), RecurrentForm(isBidirectional: true, hasState: true),
    RecurrentForm(layers: 2, isBidirectional: true, isBatchFirst: true, hasState: true),
    RecurrentForm(layers: 2, isBidirectional: true, hasState: true), RecurrentForm(hasLengths: true),
    RecurrentForm(layers: 2, isBidirectional: true, isBatchFirst: true, hasState: true, hasLengths: true),
    RecurrentForm(layers: 2, dropout: 0.5),
  ]

  func options(_ first: String? = nil) -> String {
    let all = [
      first, layers == 2 ? "num_layers=2" : nil, isBidirectional ? "bidirectional=True" : nil,
      isBatchFirst ? "batch_first=True" : nil, hasBias ? nil : "bias=False",
      dropout > 0 ? "dropout=0.5" : nil,
    ]
    return (["3, 4"] + all.compactMap { $0 }).joined(separator: ", ")
  }

  func call(_ state: String) -> String {
    let next = state == "b" ? "c" : "(c, d)"
    return switch (hasLengths, hasState) {
    case (true, true): "  # packed(m, a, b, \(next))"
    case (true, false): "  # packed(m, a, b)"
    case (false, true): "  # m(a, \(state))"
    case (false, false): ""
    }
  }

  func ofOneState<M: RecurrentLayer<Element>, Element>(
    _ make: (Int, Bool, Bool, Bool) -> M,
    call:
      @escaping (M, Tensor<Element>, Tensor<Element>?, Tensor<Int>?) -> (
        output: Tensor<Element>, state: Tensor<Element>
      )
  ) -> ModuleGold<Element> {
    ModuleGold(make(layers, hasBias, isBatchFirst, isBidirectional)) { network, x in
      let state = hasState ? x[hasLengths ? 2 : 1] : nil, lengths = hasLengths ? x.indices(1) : nil
      let result = call(network, x[0], state, lengths)
      return [result.output, result.state]
    }
  }

  func lstm<Element>() -> ModuleGold<Element> {
    let network = LSTM<Element>(
      inputs: 3, hidden: 4, layers: layers, bias: hasBias, batchFirst: isBatchFirst, dropout: dropout,
      bidirectional: isBidirectional)
    return ModuleGold(network) { network, x in
      let first = hasLengths ? 2 : 1
      let state = hasState ? LSTMState(hidden: x[first], cell: x[first + 1]) : nil
      let result = network(x[0], state, lengths: hasLengths ? x.indices(1) : nil)
      return [result.output, result.state.hidden, result.state.cell]
    }
  }
}
