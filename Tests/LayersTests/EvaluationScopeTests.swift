import Martlet
import TestSupport
import Testing

/// A module that stores its mode in a plain variable, which a scope must write.
private final class Plain: Layer {
  var isTraining = true
  let dropout = Dropout(0.5)
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { isTraining ? x * 0 : dropout(x) }
}

/// A module that stores its mode in `@TrainingMode`.
private final class Wrapped: Layer {
  @TrainingMode var isTraining = true
  let plain = Plain()
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { isTraining ? x * 0 : plain(x) }
}

private struct Stop: Error {}

/// The scope `evaluating { … }`: evaluation without a change of the model.
@Suite struct EvaluationScopeTests {
  @Test("Within the scope every module is in evaluation; afterwards each is as it was")
  func scope() {
    let model = Wrapped(), x = Tensor<Float>.ones([100])
    model.evaluating {
      #expect(!model.isTraining && !model.plain.isTraining && !model.plain.dropout.isTraining)
      model.evaluating { #expect(model(x).scalars == x.scalars) }
      #expect(model(x).scalars == x.scalars, "an inner scope's end does not end the outer one")
    }
    #expect(model.isTraining && model.plain.isTraining && model.plain.dropout.isTraining)
    model.plain.eval()
    model.evaluating { #expect(!model.isTraining) }
    #expect(model.isTraining && !model.plain.isTraining && !model.plain.dropout.isTraining)
  }

  @Test("The modes are as they were after an error, a nested one too")
  func throwing() {
    let model = Wrapped()
    #expect(throws: Stop.self) { try model.evaluating { throw Stop() } }
    #expect(model.isTraining && model.plain.isTraining && model.plain.dropout.isTraining)
    #expect(throws: Stop.self) { try model.evaluating { try model.plain.evaluating { throw Stop() } } }
    #expect(model.isTraining && model.plain.isTraining && model.plain.dropout.isTraining)
    #expect(model(.ones([3])).scalars == [0, 0, 0])
  }

  @Test("A mode that is set within the scope counts after it")
  func setting() {
    let norm = BatchNorm(3)
    norm.evaluating {
      norm.train()
      #expect(!norm.isTraining)
      norm.eval()
    }
    #expect(!norm.isTraining)
  }

  @Test("Other threads train meanwhile")
  func otherThreads() {
    let model = Sequential([Dropout(1), BatchNorm(3)])
    nonisolated(unsafe) let shared = model
    model.evaluating {
      #expect(simultaneously(2) { _ in shared.isTraining } == [true, true])
      #expect(!shared.isTraining)
    }
  }

  @Test("Eight threads in scopes of one model, some of which throw, leave its modes")
  func eightThreads() {
    for _ in 0..<5 {
      nonisolated(unsafe) let model = Sequential([Wrapped(), Plain()])
      let right = simultaneously(8) { number in
        (0..<25).allSatisfy { round in
          let output = try? model.evaluating { () throws(Stop) in
            if (number + round) % 3 == 0 { throw Stop() }
            return noGrad { model(.ones([number + 1])).scalars }
          }
          return output == ((number + round) % 3 == 0 ? nil : [Float](repeating: 1, count: number + 1))
        }
      }
      #expect(right.allSatisfy { $0 })
      #expect(model.isTraining && model(.ones([2])).scalars == [0, 0])
    }
  }
}
