import Foundation
import Martlet
import Testing

/// Early stopping, and the request to end a run.
@Suite struct EarlyStoppingTests {
  /// Sets all weights of a model to a number, so that the tests can tell its states apart.
  private func fill(_ model: Linear<Float>, _ value: Float) {
    noGrad { for parameter in model.parameters { parameter.fill(value) } }
  }

  private func values(_ model: Linear<Float>) -> Set<Float> { Set(model.parameters.flatMap(\.scalars)) }

  @Test("It stops after `patience` metrics without a better one, and gives the best weights back")
  func stops() {
    let model = Linear<Float>(2, 3), stopping = EarlyStopping(model, patience: 2)
    var stops: [Bool] = []
    for (epoch, loss) in [3, 2, 2, 1, Double.nan, 1.5].enumerated() {
      fill(model, Float(epoch))
      stops.append(stopping.shouldStop(after: loss))
    }
    #expect(stops == [false, false, false, false, false, true])
    #expect(stopping.best == 1 && stopping.badCount == 2 && values(model) == [5])
    stopping.restoreBest()
    #expect(values(model) == [3])
    #expect(model.parameters.allSatisfy { $0.requiresGrad })
  }

  @Test("With .max larger metrics are better, by more than the least change") func largest() {
    let model = Linear<Float>(2, 3)
    let stopping = EarlyStopping(model, patience: 2, mode: .max, leastChange: 0.1)
    #expect(!stopping.shouldStop(after: 0.5) && !stopping.shouldStop(after: 0.55))
    #expect(!stopping.shouldStop(after: 0.75) && stopping.best == 0.75 && stopping.badCount == 0)
  }

  @Test("Before a metric that is a number there is nothing to give back") func unset() {
    let model = Linear<Float>(2, 3), stopping = EarlyStopping(model, patience: 1)
    fill(model, 7)
    #expect(stopping.shouldStop(after: .nan) && stopping.best == nil)
    stopping.restoreBest()
    #expect(values(model) == [7])
  }

  @Test("Its state goes on in another one, buffers too; one that does not fit changes nothing")
  func state() throws {
    let model = Sequential {
      Linear(2, 3); BatchNorm(3)
    }
    let first = EarlyStopping(model, patience: 3)
    _ = model(.normal([4, 2]))
    let before = model.namedState.map(\.tensor.scalars), counts = model.namedCounts.map(\.tensor.scalars)
    _ = first.shouldStop(after: 1)
    _ = first.shouldStop(after: 2)
    let
      copy = Sequential {
        Linear(2, 3); BatchNorm(3)
      }, second = EarlyStopping(copy, patience: 3)
    try second.load(first.state)
    #expect(second.best == 1 && second.badCount == 1)
    second.restoreBest()
    #expect(copy.namedState.map(\.tensor.scalars) == before)
    #expect(copy.namedCounts.map(\.tensor.scalars) == counts && counts == [[1]])

    var state = first.state
    state.tensors["weights.0.weight"] = .zeros([2])
    state.numbers["bad_count"] = .nan
    let mismatch = #expect(throws: OptimizerStateMismatch.self) { try second.load(state) }
    #expect(mismatch?.misshapen == ["weights.0.weight [2] ≠ [3, 2]"])
    #expect(mismatch?.malformed == ["bad_count nan"] && second.badCount == 1)

    state = first.state
    let name = try #require(state.numbers.keys.first { $0.hasPrefix("counts.") })
    state.numbers[name] = 1.5
    let fraction = #expect(throws: OptimizerStateMismatch.self) { try second.load(state) }
    #expect(fraction?.malformed == ["\(name) 1.5"])
  }
}

/// Signals, in processes of their own.
@Suite struct InterruptionTests {
  /// Sends the process a signal, and waits until it is noted. A thread of a test blocks signals, so another thread
  /// gets it, a little later.
  private static func send(to interruption: Interruption) {
    kill(getpid(), SIGTERM)
    for _ in 0..<5000 where !interruption.isRequested { usleep(1000) }
  }

  @Test("The first signal is noted, and the loop goes on") func first() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let interruption = Interruption()
      guard !interruption.isRequested else { exit(1) }
      Self.send(to: interruption)
      exit(interruption.isRequested ? 7 : 2)
    }
  }

  @Test("A second signal ends the program") func second() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      Self.send(to: Interruption())
      kill(getpid(), SIGTERM)
      sleep(10)
    }
  }

  @Test("A new watch forgets the request") func again() async {
    await #expect(processExitsWith: .exitCode(7)) {
      Self.send(to: Interruption())
      let interruption = Interruption()
      guard !interruption.isRequested else { exit(1) }
      Self.send(to: interruption)
      exit(interruption.isRequested ? 7 : 2)
    }
  }
}
