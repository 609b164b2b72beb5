import MartletCore
import TestSupport
import Testing

/// The scope `catchingTensorErrors`: the errors that it throws, in nested scopes and in tasks.
@Suite struct CatchingScopeTests {
  struct Stop: Error, Equatable {}

  private let a = Tensor<Float>.ones([2, 3]), b = Tensor<Float>.ones([4, 5])

  @Test func whatFailsIsThrownWithOperationReasonAndPlace() {
    let location = "CatchingScopeTests.swift:\(#line + 1)"
    let error = refusal { _ = a.matmul(b).sum().item }
    #expect(error?.operation == "matmul")
    #expect(error?.reason == "inner dimensions differ: [2, 3] × [4, 5]; 3 ≠ 4")
    #expect(error?.location == location)
    #expect(error?.description == "matmul: inner dimensions differ: [2, 3] × [4, 5]; 3 ≠ 4 (\(location))")
  }

  @Test func whatSucceedsIsReturned() throws {
    #expect(try catchingTensorErrors { a.sum().item } == 6)
  }

  @Test func theFirstFailureIsKept() {
    let error = refusal {
      _ = a.reshaped([7])
      _ = a.matmul(b)
    }
    #expect(error?.operation == "reshaped")
  }

  @Test func aFailureWhoseResultIsDroppedIsThrownToo() {
    #expect(throws: TensorError.self) {
      try catchingTensorErrors {
        _ = a.matmul(b)
        return 1
      }
    }
  }

  @Test func aBodyThatThrowsItselfThrowsItsOwn() {
    #expect(throws: Stop()) {
      try catchingTensorErrors {
        _ = a.sum()
        throw Stop()
      }
    }
  }

  @Test func aBodyThatThrowsBeforeAFailureNeverGetsToIt() {
    #expect(throws: Stop()) {
      try catchingTensorErrors {
        try { throw Stop() }()
        _ = a.matmul(b)
      }
    }
  }

  @Test func aBodyThatThrowsAfterAFailureThrowsTheFailure() {
    let error = #expect(throws: TensorError.self) {
      try catchingTensorErrors {
        _ = a.matmul(b)
        throw Stop()
      }
    }
    #expect(error?.operation == "matmul")
  }

  @Test func aScopeAfterAFailedOneIsClean() throws {
    _ = refusal { _ = a.matmul(b) }
    #expect(try catchingTensorErrors { a.sum().item } == 6)
  }

  // MARK: Nested scopes

  @Test func anInnerScopeKeepsItsFailureFromTheOuter() throws {
    let caught = try catchingTensorErrors {
      let inner = refusal { _ = a.matmul(b) }
      return (inner?.operation, a.sum().item)
    }
    #expect(caught.0 == "matmul" && caught.1 == 6)
  }

  @Test func anOuterFailureDoesNotReachAnInnerScope() {
    let error = refusal {
      _ = a.reshaped([7])
      let inner = try? catchingTensorErrors { a.sum().item }
      #expect(inner == 6)
    }
    #expect(error?.operation == "reshaped")
  }

  @Test func anInnerErrorThatIsNotCaughtGoesOnOut() {
    let error = refusal {
      try catchingTensorErrors { _ = a.matmul(b) }
    }
    #expect(error?.operation == "matmul")
  }

  @Test func anOuterFailedTensorFailsInsideAnInnerScope() {
    let outer = refusal {
      let failed = a.reshaped([7])
      #expect(refusal { _ = failed + 1 }?.operation == "reshaped")
    }
    #expect(outer?.operation == "reshaped")
  }

  // MARK: Asynchronous bodies

  @Test func anAsynchronousBodyIsCaught() async {
    let error = await #expect(throws: TensorError.self) {
      try await catchingTensorErrors {
        await Task.yield()
        let product = Tensor<Float>.ones([2, 3]).matmul(.ones([4, 5]))
        await Task.yield()
        return product.sum().item
      }
    }
    #expect(error?.operation == "matmul")
  }

  @Test func anAsynchronousBodyReturnsOrThrowsItsOwn() async throws {
    let sum = try await catchingTensorErrors {
      await Task.yield()
      return Tensor<Float>.ones([2, 3]).sum().item
    }
    #expect(sum == 6)
    await #expect(throws: Stop()) {
      try await catchingTensorErrors {
        await Task.yield()
        throw Stop()
      }
    }
  }

  @Test func anAsynchronousBodyThatThrowsAfterAFailureThrowsTheFailure() async {
    await #expect(throws: TensorError.self) {
      try await catchingTensorErrors {
        _ = Tensor<Float>.ones([2, 3]).matmul(.ones([4, 5]))
        await Task.yield()
        throw Stop()
      }
    }
  }

  @Test func aFailureInAChildTaskIsTheScopes() async {
    let error = await #expect(throws: TensorError.self) {
      try await catchingTensorErrors {
        async let sum = Tensor<Float>.ones([2, 3]).matmul(.ones([4, 5])).sum().item
        return await sum
      }
    }
    #expect(error?.operation == "matmul")
  }

  @Test func eachOfAHundredTasksHasItsOwnScope() async {
    let outcomes = await withTaskGroup(of: (Int, String).self) { group in
      for i in 0..<100 {
        group.addTask {
          do {
            let sum = try await catchingTensorErrors {
              let x = Tensor<Float>.ones([2, i % 3 == 0 ? i + 4 : 3])
              await Task.yield()
              return x.matmul(.ones([3, 1])).sum().item
            }
            return (i, "\(sum)")
          } catch {
            return (i, (error as? TensorError)?.reason ?? "\(error)")
          }
        }
      }
      return await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
    }
    #expect(outcomes.count == 100)
    for (i, outcome) in outcomes {
      let expected = i % 3 == 0 ? "inner dimensions differ: [2, \(i + 4)] × [3, 1]; \(i + 4) ≠ 3" : "6.0"
      #expect(outcome == expected)
    }
  }

  // MARK: Tasks that outlive their scope

  /// The misuses of a failed tensor in a task that starts in a scope and outlives it.
  enum Afterwards: CaseIterable, Codable {
    case mistake, failedOperand, inPlace
  }

  /// Runs `body` on a scope's failed tensor, in a task of that scope, after the scope has ended.
  private static func outlive(_ body: @escaping @Sendable (Tensor<Float>) -> Void) async {
    let (signal, ended) = AsyncStream<Void>.makeStream(), (made, began) = AsyncStream<Void>.makeStream()
    var task: Task<Void, Never>?
    do {
      try await catchingTensorErrors {
        task = Task {
          let failed = Tensor<Float>.ones([3]).reshaped([7])
          began.yield()
          for await _ in signal { break }
          body(failed)
        }
        for await _ in made { break }
      }
    } catch {}
    ended.yield()
    await task?.value
  }

  @Test(arguments: Afterwards.allCases) func aTaskThatOutlivesItsScopeStops(_ what: Afterwards) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [what = what as Afterwards] in
      await CatchingScopeTests.outlive { failed in
        switch what {
        case .mistake: _ = Tensor<Float>.ones([2, 3]).matmul(.ones([4, 5]))
        case .failedOperand: _ = failed + 1
        case .inPlace: failed.assign(.ones([7]))
        }
      }
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    let text = what == .mistake ? "matmul: inner dimensions differ" : "reshaped: "
    #expect(message.contains("Fatal error: \(text)"), "\(message)")
    #expect(message.contains("(CatchingScopeTests.swift:"), "\(message)")
  }

  @Test func aTaskWithAScopeOfItsOwnMayOutliveAnother() async {
    await #expect(processExitsWith: .success) {
      await CatchingScopeTests.outlive { _ in
        let error = refusal { _ = Tensor<Float>.ones([2, 3]).matmul(.ones([4, 5])) }
        precondition(error?.operation == "matmul")
      }
    }
  }

  @Test func aDetachedTaskIsOutsideOfTheScope() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try await catchingTensorErrors {
        await Task.detached { _ = Tensor<Float>.ones([2, 3]).matmul(.ones([4, 5])) }.value
      }
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("Fatal error: matmul: inner dimensions differ"), "\(message)")
  }
}
