import Martlet
import TestSupport
import Testing

private final class Norms: Module {
  @Buffer var mean = Tensor<Float>.zeros([2])
  @Buffer var count = Tensor<Int>([0])
  @Buffer(saved: false) var cache = Tensor<Float>.zeros([1])
}

private final class Model: Module {
  let first = Linear(2, 3),
    inner = Sequential {
      Dropout(0.5); Linear(3, 2)
    }
  let shared: Linear<Float>, norms = [Norms(), Norms()]
  init() { shared = first }
}

private final class Renamed: Module {
  @Named("A_log") var logA = Tensor<Float>([1, 2], requiresGrad: true)
  @Named("LayerNorm") var norm = Linear(2, 1)
  @Named("Running") @Buffer var running = Tensor<Float>([5])
  let usual = Tensor<Float>([3])
}

/// The modules within a module, copies of modules, and names that differ from the property's.
@Suite struct InspectionTests {
  @Test("Children are the modules that are stored, modules all within, each once and itself first")
  func modules() {
    let model = Model()
    #expect(model.namedChildren.map(\.name) == ["first", "inner", "shared", "norms.0", "norms.1"])
    #expect(model.children.count == 5 && model.children[2] === model.first)
    #expect(
      model.namedModules.map(\.name) == ["", "first", "inner", "inner.0", "inner.1", "norms.0", "norms.1"])
    #expect(model.modules.first === model && model.modules[4] is Linear<Float>)
    #expect(Tanh().children.isEmpty && Tanh().modules.count == 1)
  }

  @Test("apply visits the inner modules first, and each once")
  func apply() {
    let model = Model()
    var types: [String] = []
    model.apply { types.append("\(type(of: $0))".prefix { $0 != "<" }.description) }
    #expect(types == ["Linear", "Dropout", "Linear", "Sequential", "Norms", "Norms", "Model"])
    struct Stop: Error {}
    #expect(throws: Stop.self) { try model.apply { _ in throw Stop() } }
  }

  @Test("Parameters are counted once, and those that do not require a gradient apart")
  func counts() {
    let model = Model()
    #expect(model.parameterCount == 9 + 8)
    model.first.freeze()
    #expect(model.parameterCount == 17 && model.trainableParameterCount == 8)
    #expect(Tanh().parameterCount == 0)
  }

  @Test("A copy has the state, the modes and the frozen parameters, and memory of its own")
  func copies() {
    let model = Model()
    model.first.freeze()
    model.inner.eval()
    noGrad { model.norms[1].mean.fill(3) }
    model.norms[1].count.fill(7)
    let copy = model.copied(into: Model())
    #expect(zip(copy.namedState, model.namedState).allSatisfy { $0.tensor.scalars == $1.tensor.scalars })
    #expect(copy.norms[1].mean.scalars == [3, 3] && copy.norms[1].count.scalars == [7])
    #expect(copy.parameters.map(\.requiresGrad) == [false, false, true, true])
    #expect(copy.norms[0].mean.requiresGrad == false)
    #expect(!copy.inner.isTraining && copy.first === copy.shared)
    let before = model.first.weight.scalars
    noGrad { copy.first.weight.fill(9) }
    copy.inner.train()
    #expect(model.first.weight.scalars == before && !model.inner.isTraining)
  }

  @Test("Making a copy draws no number from the default generator")
  func randomStream() {
    var (one, other) = (RandomGenerator(seed: 4), RandomGenerator(seed: 4))
    let model = Linear(3, 3)
    let numbers: [Float] = withRandom(&one) {
      _ = model.copied(into: Linear(3, 3))
      return Tensor<Float>.uniform([4]).scalars
    }
    #expect(numbers == withRandom(&other) { Tensor<Float>.uniform([4]).scalars })
  }

  @Test("A name that is given replaces that of the property")
  func names() {
    let model = Renamed()
    #expect(model.namedParameters.map(\.name) == ["A_log", "LayerNorm.weight", "LayerNorm.bias", "usual"])
    #expect(
      model.namedState.map(\.name) == ["A_log", "LayerNorm.weight", "LayerNorm.bias", "Running", "usual"])
    #expect(model.namedChildren.map(\.name) == ["LayerNorm"])
    model.logA = Tensor([4, 5])
    #expect(model.parameters[0].scalars == [4, 5])
  }
}
