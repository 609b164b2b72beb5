#if os(Linux)
  import Foundation
  import Martlet
  import TestSupport
  import Testing

  /// The texts of an error: the message for the log, the message for a client, and the caller's line.
  @Suite struct ErrorTextTests {
    private static func mismatch() -> TensorError? {
      refusal { _ = Tensor<Float>.ones([2]) + Tensor<Float>.ones([3]) }
    }
    private static let line = #line - 2
    private static let text = "+: shapes [2] and [3] do not broadcast"

    @Test func anOperatorsLineIsLookedUpOnRequest() throws {
      let error = try #require(Self.mismatch())
      #expect("\(error)" == Self.text)
      #expect(error.location == "ErrorTextTests.swift:\(Self.line)")
    }

    @Test func everyDescriptionHasItsLineIfTheVariableIsSet() async {
      for (value, isWanted) in [("1", true), ("0", false), ("", false)] {
        await #expect(processExitsWith: .success) { [value = value as String, isWanted = isWanted as Bool] in
          setenv("MARTLET_ERROR_LINES", value, 1)
          let place = isWanted ? " (ErrorTextTests.swift:\(ErrorTextTests.line))" : ""
          precondition("\(ErrorTextTests.mismatch()!)" == ErrorTextTests.text + place)
        }
      }
    }

    /// The line is the caller's, also in a closure, in a generic function, on a thread and in a task.
    @Test func theLineIsTheInnermostCallersOutsideMartlet() async throws {
      func generic<Element: NumericScalar>(_ a: Tensor<Element>, _ b: Tensor<Element>) -> TensorError? {
        refusal { _ = a * b }
      }
      #expect(generic(.ones([2]), Tensor<Int>.ones([3]))?.location == "ErrorTextTests.swift:\(#line - 2)")
      let inClosure = [2].map { n in refusal { _ = -Tensor<Float>.ones([n])[5] } }[0]
      #expect(inClosure?.location == "ErrorTextTests.swift:\(#line - 1)")
      let inTask = await Task { refusal { _ = noGrad { Tensor<Float>.ones([2]).item } } }.value
      #expect(inTask?.location == "ErrorTextTests.swift:\(#line - 1)")
    }

    /// A class whose name and file a client must not see.
    final class SecretModel: Layer {
      let hidden = Linear(4, 5)
      func forward(_ x: Tensor<Float>) -> Tensor<Float> { hidden(x) }
    }

    @Test func aClientIsToldNeitherFileNorLayer() throws {
      let model = SecretModel()
      let error = try #require(refusal { _ = model(.ones([8, 3])) })
      #expect("\(error)".contains("SecretModel.hidden, Linear(4, 5"))
      #expect(error.clientMessage == "Linear: inputs of shape [8, 3] do not fit; the shape must be […, 4]")
      let inFunction = try #require(refusal { _ = Tensor<Float>.ones([2, 3]).matmul(.ones([4, 5])) })
      #expect("\(inFunction)".hasSuffix("(ErrorTextTests.swift:\(#line - 1))"))
      #expect(inFunction.clientMessage == "matmul: inner dimensions differ: [2, 3] × [4, 5]; 3 ≠ 4")
    }

    /// On a server, the first description of a process is one of many mistakes that its clients make.
    @Test func theFirstDescriptionTakesLittleMemory() async {
      await #expect(processExitsWith: .success) {
        let model = SecretModel(), x = Tensor<Float>.ones([8, 4]), wrong = Tensor<Float>.ones([8, 3])
        _ = try? catchingTensorErrors { (model(x) + x.sum()).sum().item }
        _ = ResidentMemory.ownBytes
        let before = ResidentMemory.ownBytes
        var texts = [String]()
        do { _ = try catchingTensorErrors { x + wrong } } catch { texts.append("\(error)") }
        do { _ = try catchingTensorErrors { model(wrong) } } catch { texts.append("\(error)") }
        let bytes = ResidentMemory.ownBytes - before
        precondition(texts[0] == "+: shapes [8, 4] and [8, 3] do not broadcast")
        precondition(texts[1].hasPrefix("Linear: inputs of shape [8, 3]"))
        precondition(bytes <= 1 << 20 || !ResidentMemory.fallsWhenFreed)
      }
    }

    /// The line is looked up anew each time, and the memory for the search is freed.
    @Test func linesAreNotKept() async {
      await #expect(processExitsWith: .success) {
        let error = ErrorTextTests.mismatch()!
        precondition(error.location != nil)
        let before = ResidentMemory.bytes
        for _ in 0..<20 { precondition(error.location != nil) }
        precondition(ResidentMemory.bytes - before < 1 << 20 || !ResidentMemory.fallsWhenFreed)
      }
    }
  }
#endif
