import Martlet
import Testing

/// A container without a mode of its own.
private final class Block: Layer {
  let linear = Linear(2, 2), dropout = Dropout(0.5)
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { dropout(linear(x)) }
}

/// A module whose forward depends on the mode.
private final class Noisy: Layer {
  var isTraining = true
  let inner = Block()
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { isTraining ? inner(x) + 1 : inner(x) }
}

private final class Model: Layer {
  let noisy = Noisy(), blocks = [Block(), Block()], heads = ["a": Block()], maybe: Block? = Block()
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { x }
  var dropouts: [Dropout<Float>] { ([noisy.inner] + blocks + [heads["a"]!, maybe!]).map(\.dropout) }
}

/// Training and evaluation.
@Suite struct ModeTests {
  @Test("Modules train at first; eval and train reach all within, and those that have a mode themselves")
  func reach() {
    let model = Model()
    #expect(model.isTraining && model.noisy.isTraining && model.dropouts.allSatisfy(\.isTraining))
    model.eval()
    #expect(!model.isTraining && !model.noisy.isTraining)
    #expect(model.dropouts.allSatisfy { !$0.isTraining })
    model.train()
    #expect(model.isTraining && model.noisy.isTraining && model.dropouts.allSatisfy(\.isTraining))
  }

  @Test("A module without a mode trains unless one within is in evaluation, however deep")
  func getter() {
    for index in 0..<5 {
      let model = Model()
      model.dropouts[index].isTraining = false
      #expect(!model.isTraining, "dropout \(index)")
    }
    let model = Model()
    model.noisy.isTraining = false
    #expect(!model.isTraining)
  }

  @Test("Setting isTraining of a module without a mode passes it down")
  func setter() {
    let model = Model()
    model.isTraining = false
    #expect(!model.noisy.isTraining && model.dropouts.allSatisfy { !$0.isTraining })
    model.blocks[0].isTraining = true
    #expect(model.blocks[0].dropout.isTraining && !model.blocks[1].dropout.isTraining)
    #expect(!model.isTraining)
  }

  @Test("A module without anything that has a mode always trains")
  func plain() {
    let layer = Linear(1, 1)
    layer.eval()
    #expect(layer.isTraining)
  }

  @Test("eval and train of a module with a mode of its own set what is within too")
  func ownMode() {
    let noisy = Noisy()
    noisy.eval()
    #expect(!noisy.isTraining && !noisy.inner.dropout.isTraining)
    noisy.train()
    #expect(noisy.isTraining && noisy.inner.dropout.isTraining)
  }

  @Test("A mode that a superclass stores is found")
  func inherited() {
    class Base: Module { var isTraining = true }
    final class Derived: Base { let weight = Tensor<Float>([1]) }
    final class Around: Module { let derived = Derived() }
    let model = Around()
    model.eval()
    #expect(!model.derived.isTraining && !model.isTraining)
  }

  @Test("The modes of a Sequential's layers follow it, appended ones too")
  func sequential() {
    let model = Sequential([Dropout(0.5), Sequential([Dropout(0.5)])])
    let last = Dropout(0.5)
    model.append(last)
    model.eval()
    #expect(!model.isTraining && !last.isTraining)
    #expect(model(Tensor<Float>.ones([100])).scalars == [Float](repeating: 1, count: 100))
    model.train()
    #expect(model.isTraining && last.isTraining)
  }

  @Test("Modes are put back as they were, module by module")
  func restoring() {
    let model = Model()
    model.dropouts[1].isTraining = false
    model.noisy.isTraining = false
    let modes = model.modes
    model.train()
    model.restore(modes)
    #expect(model.dropouts.map(\.isTraining) == [true, false, true, true, true])
    #expect(!model.noisy.isTraining)
    model.eval()
    model.restore(modes)
    #expect(model.dropouts.map(\.isTraining) == [true, false, true, true, true])
  }
}
