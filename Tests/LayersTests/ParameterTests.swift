import Martlet
import Testing

private func tensor(_ value: Float = 0) -> Tensor<Float> { Tensor([value], requiresGrad: true) }

/// A user's layer with one parameter.
private final class Scale: Layer {
  let scale = Tensor<Float>.ones([3], requiresGrad: true)
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { x * scale }
}

private class Base: Module {
  let first = tensor(), inner = Scale()
}

private final class Everything: Base {
  let weightIH = tensor(), biasHH2 = tensor(), aB = tensor(), tableURL = tensor()
  var layers: [any Layer<Tensor<Float>, Tensor<Float>>] = [Scale(), Linear(1, 1, bias: false)]
  var nested = [[tensor()], [tensor(), tensor()]]
  var some: Tensor<Float>? = tensor()
  var none: Tensor<Float>?
  var pair = (tensor(), right: tensor())
  var heads = ["b": tensor(), "a": tensor(), "c": tensor()]
  let optionals: [Tensor<Float>?] = [nil, tensor()]
  lazy var late = tensor()
  let count = 3, name = "no tensor", indices = Tensor<Int>([1]), mask = Tensor<Bool>([true])
  let last = tensor()
}

/// Parameters that are found by reflection.
@Suite struct ParameterTests {
  @Test("A layer of one's own has its stored tensor for a parameter, and learns")
  func ownLayer() {
    let layer = Scale()
    #expect(layer.namedParameters.map(\.name) == ["scale"])
    let optimizer = SGD(layer.parameters, learningRate: 0.5)
    layer(Tensor([1, 2, 3])).sum().backward()
    optimizer.step()
    #expect(layer.scale.scalars == [0.5, 0, -0.5])
  }

  @Test("All that can hold tensors, in the order of declaration, the superclass first, in snake case")
  func everything() {
    let model = Everything()
    let early = [
      "first", "inner.scale", "weight_ih", "bias_hh2", "a_b", "table_url", "layers.0.scale",
      "layers.1.weight",
      "nested.0.0", "nested.1.0", "nested.1.1", "some", "pair.0", "pair.right", "heads.a", "heads.b",
      "heads.c",
      "optionals.1",
    ]
    #expect(model.namedParameters.map(\.name) == early + ["last"])
    _ = model.late
    model.some = nil
    #expect(model.namedParameters.map(\.name) == early.filter { $0 != "some" } + ["late", "last"])
    #expect(model.parameters.count == early.count + 1)
    #expect(model.parameters.first === model.first && model.parameters.last === model.last)
  }

  @Test("Nested modules, arrays of modules and optional modules")
  func nesting() {
    final class Block: Module {
      let attention = Linear(2, 2), norm: Scale? = Scale(), absent: Scale? = nil
    }
    final class Stack: Module {
      let blocks = [Block(), Block()]
      let byName = ["out": Linear(1, 1, bias: false), "in": Linear(1, 1, bias: false)]
    }
    #expect(
      Stack().namedParameters.map(\.name) == [
        "blocks.0.attention.weight", "blocks.0.attention.bias", "blocks.0.norm.scale",
        "blocks.1.attention.weight",
        "blocks.1.attention.bias", "blocks.1.norm.scale", "by_name.in.weight", "by_name.out.weight",
      ])
  }

  @Test("More than ten elements keep their order")
  func order() {
    final class Many: Module { let list = (0..<12).map { tensor(Float($0)) } }
    let model = Many()
    #expect(model.parameters.map(\.item) == (0..<12).map { Float($0) })
    #expect(model.namedParameters.last?.name == "list.11")
  }

  @Test("A tensor that is reached twice is one parameter, and saved under both names")
  func twice() {
    final class Tied: Module {
      let embedding = Embedding(3, 2), output: Linear<Float>
      init() { output = Linear(weight: embedding.weight) }
    }
    final class Twin: Module {
      let one = Scale(), two: Scale
      init() { two = one }
    }
    let tied = Tied()
    #expect(tied.namedParameters.map(\.name) == ["embedding.weight"])
    #expect(tied.namedState.map(\.name) == ["embedding.weight", "output.weight"])
    #expect(Twin().namedParameters.map(\.name) == ["one.scale"])
    #expect(Twin().namedState.map(\.name) == ["one.scale", "two.scale"])
    (tied.output(Tensor([[1, 2]])) + tied.embedding(Tensor([1])).sum()).sum().backward()
    let table = tied.embedding.weight
    let before = table.scalars
    SGD(tied.parameters, learningRate: 1).step()
    let steps = zip(before, table.scalars).map { ($0 - $1).rounded() }
    #expect(steps == [1, 2, 4, 5, 1, 2], "one step by the sum of both gradients")
  }

  @Test("Cycles of modules are walked once")
  func cycles() {
    final class Child: Module {
      weak var parent: Parent?
      let weight = tensor()
    }
    final class Parent: Module {
      let child = Child(), weight = tensor()
      var itself: Parent?
    }
    let parent = Parent()
    parent.child.parent = parent
    parent.itself = parent
    #expect(parent.namedParameters.map(\.name) == ["child.weight", "weight"])
    #expect(parent.namedState.map(\.name) == ["child.weight", "weight"])
    #expect(parent.isTraining)
    parent.eval()
    parent.train()
    parent.itself = nil
  }

  @Test("A buffer is state that is saved or not, and no parameter")
  func buffers() {
    final class Statistics: Module {
      let weight = tensor()
      @Buffer var runningMean = Tensor<Float>([1, 2])
      @Buffer(saved: false) var cache = Tensor<Float>([3])
      @Buffer var trained = Tensor<Float>([4], requiresGrad: true)
    }
    let model = Statistics()
    #expect(model.namedParameters.map(\.name) == ["weight"])
    #expect(model.namedState.map(\.name) == ["weight", "running_mean", "trained"])
    model.runningMean = Tensor([5, 6])
    #expect(model.namedState[1].tensor.scalars == [5, 6])
  }

  @Test("Frozen parameters are parameters still, and not trainable")
  func frozen() {
    final class Model: Module {
      let plain = Tensor<Float>([1]), body = Linear(2, 2), head = Linear(2, 1)
    }
    let model = Model()
    #expect(model.parameters.count == 5)
    #expect(model.trainableParameters.count == 4, "a tensor that asks for no gradient is a frozen parameter")
    model.body.freeze()
    #expect(model.parameters.count == 5)
    #expect(model.trainableParameters.map(\.shape) == [[1, 2], [1]])
    let before = model.body.weight.scalars
    let optimizer = SGD(model.parameters, learningRate: 1)
    model.head(model.body(.ones([1, 2]))).sum().backward()
    #expect(model.body.weight.grad == nil)
    optimizer.step()
    #expect(model.body.weight.scalars == before)
    model.unfreeze()
    #expect(model.trainableParameters.count == 5)
  }

  private func refusal(_ model: some Module) -> String {
    let error = #expect(throws: TensorError.self) { try catchingTensorErrors { _ = model.parameters } }
    return error?.description ?? ""
  }

  @Test("A stored tensor with history is an error that names it")
  func history() {
    final class Inner: Module { let weight = tensor() * 2 }
    final class Outer: Module { let blocks = [Inner()] }
    let message = refusal(Outer())
    #expect(message.hasPrefix("parameters: blocks.0.weight has history (MulBackward)"), "\(message)")
  }

  @Test("Parameters, layers and buffers of another element type are an error that names them")
  func otherElements() {
    final class Tensors: Module { let weight = tensor(), wide: [Tensor<Double>] = [.zeros([1])] }
    final class Layers: Module { let hidden = Linear(2, 2), output = Linear<Double>(2, 2) }
    final class Buffers: Module {
      let weight = tensor()
      @Buffer var mean = Tensor<Double>([1])
    }
    #expect(refusal(Tensors()).hasPrefix("parameters: wide.0: the elements are Double"))
    #expect(refusal(Layers()).hasPrefix("parameters: output: its parameters are Double"))
    #expect(refusal(Buffers()).hasPrefix("parameters: mean: "))
    final class Wide: Module {
      typealias Element = Double
      let weight = Tensor<Double>.zeros([1]), layer = Linear<Double>(1, 1)
    }
    #expect(Wide().parameters.count == 3)
  }
}
