import Foundation
import Martlet
import TestSupport
import Testing

/// A layer that maps indices to vectors of their doubles. Only a builder can put it before other layers.
private final class Doubled: Layer {
  func forward(_ x: Tensor<Int>) -> Tensor<Float> { Tensor<Float>(x) * 2 }
}

private final class Plus: Layer {
  let amount: Tensor<Float>
  init(_ amount: Float) { self.amount = Tensor(amount) }
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { x + amount }
}

private final class Times: Layer {
  let factor: Float
  init(_ factor: Float) { self.factor = factor }
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { x * factor }
}

/// Sequential models made by a builder, from a list and by appending.
@Suite struct SequentialTests {
  @Test("Layers run in their order")
  func order() {
    let built = Sequential {
      Plus(1); Times(10); Plus(3)
    }
    let listed = Sequential([Plus(1), Times(10), Plus(3)])
    let appended = Sequential()
    appended.append(Plus(1))
    appended.append(Times(10))
    appended.append(Plus(3))
    for model in [built, listed, appended] {
      #expect(model(Tensor([2, 4])).scalars == [33, 53])
      #expect(model.namedParameters.map(\.name) == ["0.amount", "2.amount"])
      #expect(model.layers.count == 3)
      #expect(model.layers[1] is Times)
    }
  }

  @Test("A builder takes the input of its first layer and gives the output of its last")
  func types() {
    let model: Sequential<Tensor<Int>, Tensor<Float>> = Sequential {
      Embedding(3, 3); Tanh(); Linear(3, 4)
    }
    #expect(model.namedParameters.map(\.name) == ["0.weight", "2.weight", "2.bias"])
    #expect(model(Tensor([[0, 2]])).shape == [1, 2, 4])
    let doubles: Sequential<Tensor<Double>, Tensor<Double>> = Sequential {
      Linear<Double>(2, 3); Tanh<Double>()
    }
    #expect(doubles(.ones([2])).shape == [3])
    let one = Sequential { Doubled() }
    #expect(one(Tensor([3])).scalars == [6])
  }

  @Test("A list of layers in double precision")
  func doubles() {
    let model = Sequential<Tensor<Double>, Tensor<Double>>([Linear<Double>(2, 1), Tanh<Double>()])
    model.append(Linear<Double>(1, 1))
    #expect(model.namedParameters.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    #expect(model(.ones([3, 2])).shape == [3, 1])
  }

  @Test("Empty, it passes its input on and has no parameters")
  func empty() {
    let model = Sequential()
    let x = Tensor<Float>([1, 2])
    #expect(model(x) === x)
    #expect(model.parameters.isEmpty && model.namedState.isEmpty)
  }

  @Test("Appending to a built one changes it, and not what was made from the same layers")
  func appending() {
    let plus = Plus(1)
    let
      built = Sequential {
        plus; Times(2)
      }, other = Sequential([plus])
    built.append(Plus(0.5))
    #expect(built(Tensor([1])).scalars == [4.5])
    #expect(other(Tensor([1])).scalars == [2])
    noGrad { plus.amount.fill(3) }
    #expect(built(Tensor([1])).scalars == [8.5], "layers are shared, not copied")
  }

  @Test("A builder may branch and loop, and its layers are numbered", arguments: [true, false])
  func branches(_ isDeep: Bool) {
    let model = Sequential {
      Doubled()
      if isDeep {
        Plus(1)
        Times(10)
      }
      for amount in [1, 2, 3] as [Float] { Plus(amount) }
      if isDeep { Plus(0.5) } else { Times(100) }
      switch isDeep {
      case true: Plus(7)
      case false: Identity()
      }
    }
    #expect(model(Tensor([2])).item == (isDeep ? 63.5 : 1000))
    #expect(model.layers.count == (isDeep ? 8 : 6))
    #expect(model.namedParameters.map(\.name).first == "1.amount")
    let looped = Sequential { for _ in 0..<0 { Plus(1) } }
    let x = Tensor<Float>([1])
    #expect(looped(x) === x && looped.layers.isEmpty)
  }

  @Test("Functions are layers, of Floats unless the closure says otherwise")
  func functions() {
    func halved(_ x: Tensor<Float>) -> Tensor<Float> { x / 2 }
    let model = Sequential {
      Lambda { (x: Tensor<Int>) in Tensor<Float>(x) }
      Lambda { $0 * $0 }
      Lambda(halved)
      Plus(1)
    }
    #expect(model(Tensor<Int>([2, 4])).scalars == [3, 9])
    #expect(model.namedParameters.map(\.name) == ["3.amount"])
    #expect(Lambda<Tensor<Double>, Tensor<Double>> { -$0 }(Tensor<Double>([1])).item == -1)
  }

  @Test("A layer is found by its position and type")
  func typedAccess() {
    let model = Sequential {
      Plus(3); Times(2)
    }
    #expect(model[0, as: Plus.self]?.amount.item == 3)
    #expect(model[1, as: Times.self]?.factor == 2)
    #expect(model[1, as: Plus.self] == nil)
    #expect(model[2, as: Plus.self] == nil && model[-1, as: Times.self] == nil)
  }

  @Test("One within another has dotted names")
  func nested() {
    let model = Sequential {
      Linear(2, 3);
      Sequential {
        Tanh(); Linear(3, 3, bias: false)
      }; Sequential([Plus(1)])
    }
    #expect(model.namedParameters.map(\.name) == ["0.weight", "0.bias", "1.1.weight", "2.0.amount"])
  }

  @Test("The same layer twice is run twice, and its parameters trained once a step by both gradients")
  func twice() {
    let layer = Plus(0)
    layer.amount.requiresGrad = true
    let model = Sequential([layer, Times(10), layer])
    model(Tensor([1])).sum().backward()
    #expect(model.parameters.count == 1)
    #expect(layer.amount.grad?.item == 11)
    #expect(model.namedState.map(\.name) == ["0.amount", "2.amount"])
  }

  @Test("Lists too long for a builder's types are no strain: 2,000 layers run, train and are freed")
  func long() {
    let model = Sequential()
    for _ in 0..<2000 { model.append(Plus(1)) }
    for parameter in model.parameters.prefix(3) { parameter.requiresGrad = true }
    let y = model(Tensor([0]))
    #expect(y.scalars == [2000])
    y.backward()
    #expect(model.parameters[0].grad?.item == 1)
  }

  @Test("A model with the weights of PyTorch's file gives PyTorch's output")
  func againstPyTorch() throws {
    let torch = try TorchCase<Float>("sequential")
    let model = Sequential {
      Linear(3, 4); Tanh(); Linear(4, 2, bias: false); Sigmoid()
    }
    try model.load(from: Golden.url("sequential.safetensors").path)
    torch.check(model(torch["input"]))
  }
}
