import Martlet

extension ModuleGold {
  static var simple: Table {
    [
      "nn.Linear(3, 5)": { ModuleGold(Linear<Element>(3, 5)) },
      "nn.Linear(3, 5, bias=False)": { ModuleGold(Linear<Element>(3, 5, bias: false)) },
      "nn.Embedding(5, 3)": { ModuleGold(Embedding<Element>(5, 3)) },
      "nn.Tanh()": { ModuleGold(Tanh<Element>()) },
      "nn.Sigmoid()": { ModuleGold(Sigmoid<Element>()) },
      "nn.ReLU()": { ModuleGold(ReLU<Element>()) },
      "nn.GELU()": { ModuleGold(GELU<Element>()) },
      "nn.GELU(approximate='tanh')": { ModuleGold(GELU<Element>(approximation: .tanh)) },
      "nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2, bias=False), nn.Sigmoid())": {
        ModuleGold(
          Sequential {
            Linear<Element>(3, 4)
            Tanh<Element>()
            Linear<Element>(4, 2, bias: false)
            Sigmoid<Element>()
          })
      },
      "nn.Dropout(0.5)": { ModuleGold(Dropout<Element>(0.5)) },
    ]
  }

  static var recurrent: Table {
    [
      "nn.RNNCell(4, 5)": { ModuleGold(RNNCell<Element>(inputs: 4, hidden: 5)) { [$0($1[0], $1[1]).next] } },
      "nn.RNNCell(4, 5, nonlinearity='relu')": {
        ModuleGold(RNNCell<Element>(inputs: 4, hidden: 5, activation: .relu)) { [$0($1[0], $1[1]).next] }
      },
      "OutputCell(4, 5, 2)": {
        ModuleGold(RNNCell<Element>(inputs: 4, hidden: 5, outputs: 2)) { cell, x in
          let (output, next) = cell(x[0], x[1])
          return [output, next]
        }
      },
    ]
  }
}
