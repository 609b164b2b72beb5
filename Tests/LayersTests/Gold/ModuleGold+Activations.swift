import Martlet

extension ModuleGold {
  static var activations: Table {
    [
      "nn.ReLU6()": { ModuleGold(ReLU6<Element>()) },
      "nn.SELU()": { ModuleGold(SELU<Element>()) },
      "nn.SiLU()": { ModuleGold(SiLU<Element>()) },
      "nn.Mish()": { ModuleGold(Mish<Element>()) },
      "nn.LogSigmoid()": { ModuleGold(LogSigmoid<Element>()) },
      "Hardsigmoid()": { ModuleGold(Hardsigmoid<Element>()) },
      "nn.Hardswish()": { ModuleGold(Hardswish<Element>()) },
      "nn.Softsign()": { ModuleGold(Softsign<Element>()) },
      "nn.Tanhshrink()": { ModuleGold(Tanhshrink<Element>()) },
      "nn.LeakyReLU()": { ModuleGold(LeakyReLU<Element>()) },
      "nn.LeakyReLU(0.2)": { ModuleGold(LeakyReLU<Element>(0.2)) },
      "nn.ELU()": { ModuleGold(ELU<Element>()) },
      "nn.ELU(alpha=1.5)": { ModuleGold(ELU<Element>(alpha: 1.5)) },
      "nn.CELU()": { ModuleGold(CELU<Element>()) },
      "nn.CELU(alpha=0.5)": { ModuleGold(CELU<Element>(alpha: 0.5)) },
      "nn.Softplus()": { ModuleGold(Softplus<Element>()) },
      "nn.Softplus(beta=2.0)": { ModuleGold(Softplus<Element>(beta: 2)) },
      "nn.Softshrink()": { ModuleGold(Softshrink<Element>()) },
      "nn.Softshrink(1.0)": { ModuleGold(Softshrink<Element>(1)) },
      "nn.Hardshrink()": { ModuleGold(Hardshrink<Element>()) },
      "nn.Hardshrink(0.25)": { ModuleGold(Hardshrink<Element>(0.25)) },
      "nn.Hardtanh()": { ModuleGold(Hardtanh<Element>()) },
      "nn.Hardtanh(-0.5, 3.0)": { ModuleGold(Hardtanh<Element>(-0.5...3)) },
      "nn.Threshold(0.5, -2.0)": { ModuleGold(Threshold<Element>(0.5, -2)) },
      "nn.PReLU()": { ModuleGold(PReLU<Element>()) },
      "nn.PReLU(3)": { ModuleGold(PReLU<Element>(channels: 3)) },
      "nn.PReLU(4)": { ModuleGold(PReLU<Element>(channels: 4)) },
      "nn.GLU()": { ModuleGold(GLU<Element>()) },
      "nn.GLU(dim=1)": { ModuleGold(GLU<Element>(axis: 1)) },
      "nn.Softmax(dim=0)": { ModuleGold(Softmax<Element>(axis: 0)) },
      "nn.Softmax(dim=1)": { ModuleGold(Softmax<Element>(axis: 1)) },
      "nn.Softmax(dim=-1)": { ModuleGold(Softmax<Element>(axis: -1)) },
      "nn.LogSoftmax(dim=1)": { ModuleGold(LogSoftmax<Element>(axis: 1)) },
      "nn.Softmin(dim=1)": { ModuleGold(Softmin<Element>(axis: 1)) },
    ]
  }
}
