import Foundation
import TestSupport
import Testing

/// The expressions of Tests/Expressions/expressions.txt, type-checked by the compiler where people write them.
///
/// `x`, `y`, `u` are tensors, `a`, `b`, `c`, `h`, `t` scalars, `i` a tensor of integers, `m` a mask.
@Suite struct ExpressionTests {
  /// The context of an expression.
  enum Context: String, CaseIterable, Sendable {
    case named = "  let r = EXPRESSION\n  _ = r"
    case assigned = "  var r = Tensor<ELEMENT>(0)\n  r = EXPRESSION\n  _ = r"
    case annotated = "  let r: Tensor<ELEMENT> = EXPRESSION\n  _ = r"
    case returned = "  func f() -> Tensor<ELEMENT> { EXPRESSION }\n  _ = f()"
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let element: String, scalar: String, context: Context
    var testDescription: String { "Tensor<\(element)> with \(scalar), \(context)" }
  }

  /// Two cases take some 20 s; the twelve of them, which `make expressions` asks for, four minutes.
  static let cases =
    ProcessInfo.processInfo.environment["MARTLET_EXPRESSIONS"] == nil
    ? [
      Case(element: "Float", scalar: "Float", context: .returned),
      Case(element: "Double", scalar: "Double", context: .named),
    ]
    : [("Float", "Float"), ("Float", "Double"), ("Double", "Double")].flatMap { element, scalar in
      Context.allCases.map { Case(element: element, scalar: scalar, context: $0) }
    }

  /// The one that may be refused as too complex: `1 / sqrt(a)` leaves open which of the C library's overloads is meant.
  static let mayBeRefused = "1 / sqrt(a) * (x - (1 - a) / sqrt(1 - b) * y) + sqrt(c) * u"

  @Test(arguments: cases) func typeCheck(_ one: Case) throws {
    let expressions = try Checkout.text("Tests/Expressions/expressions.txt").split(separator: "\n").map(
      String.init)
    #expect(expressions.count == 130)
    let (refused, slow) = try check(expressions, one)
    if ProcessInfo.processInfo.environment["MARTLET_EXPRESSIONS"] != nil {
      print(one.testDescription + ": \(refused.count) refused, \(slow.count) above 200 ms")
      for expression in slow { print("  slow: " + expression) }
    }
    let unexpected = refused.filter { $0.expression != Self.mayBeRefused }
    #expect(unexpected.isEmpty, "\(unexpected)")
  }

  @Test func mistakesAreNamed() throws {
    let wrong = [
      ("a * x + (1 - a) * y.sigmod()", "no member 'sigmod'"),
      ("x * \"2\"", "cannot be applied to operands of type 'Tensor<Float>' and 'String'"),
      ("(x * (2 * a + 1) - y * (2 * bb - 1)).sum()", "cannot find 'bb' in scope"),
      ("a * x + x.matmul(i)", "cannot convert value of type 'Tensor<Int>'"),
    ]
    let (refused, _) = try check(
      wrong.map(\.0), Case(element: "Float", scalar: "Float", context: .returned))
    #expect(refused.count == wrong.count)
    for (expected, found) in zip(wrong, refused) {
      #expect(found.expression == expected.0 && found.message.contains(expected.1), "\(found)")
    }
  }

  /// A name of PyTorch or NumPy is an error that tells ours, whatever the arguments are.
  @Test func namesOfOthersAreTold() throws {
    let renamed = "has been renamed to "
    let wrong = [
      ("x.cumsum(axis: 1)", renamed + "'cumulativeSum(axis:)'"),
      ("x.cumsum(-1) + 2 * x", renamed + "'cumulativeSum(axis:)'"),
      ("x.view([2, -1]).sum()", renamed + "'reshaped(_:)'"),
      ("x.squeeze()", renamed + "'squeezed(axis:)'"),
      ("x.T", renamed + "'transposed()'"),
      ("x.masked_fill(m, 0)", renamed + "'maskedFilled(_:with:)'"),
      ("x.registerHook { $0 * 2 }", renamed + "'onGradient(_:)'"),
      ("x.max(axis: 1).values", "maxWithIndices(axis:)"),
      ("x.narrow(0, 1, 2)", "x[2..<5]"),
      ("i.to(Float.self)", "Tensor<Int>(x)"),
      ("Tensor<Float>.randn([2, 3])", renamed + "'normal(_:)'"),
      ("Tensor.cat([x, y], dim: 1)", renamed + "'concatenated(_:axis:)'"),
      ("sum(x)", "x.sum()"),
      ("withNoGrad { x * 2 }", renamed + "'noGrad(_:)'"),
      ("Linear(2, 3).state_dict()", renamed + "'namedState'"),
      ("BatchNorm2d(8)", renamed + "'BatchNorm'"),
      ("Adam([x]).lr", renamed + "'learningRate'"),
      ("CosineAnnealingLR(Adam([x]), 10)", renamed + "'CosineSchedule'"),
    ]
    let (refused, _) = try check(wrong.map(\.0), Case(element: "Float", scalar: "Float", context: .named))
    #expect(refused.count == wrong.count)
    for (expected, found) in zip(wrong, refused) {
      #expect(found.expression == expected.0 && found.message.contains(expected.1), "\(found)")
    }
  }

  /// The names that the compiler tells are those of public members and types.
  @Test func toldNamesExist() throws {
    let files = Checkout.files(in: "Sources", suffix: ".swift")
    let sources = try files.filter { !$0.contains("Renamed") }.map(Checkout.text)
    let declaration = /public [a-z() ]*(?:func|var|class|struct) (\w+)/
    let declared = Set(sources.flatMap { $0.matches(of: declaration).map { String($0.1) } })
    let told = try files.filter { $0.contains("Renamed") }.map(Checkout.text)
      .flatMap { $0.matches(of: /renamed: "(\w+)/).map { String($0.1) } }
    #expect(told.count > 200)
    let unknown = told.filter { !declared.contains($0) }
    #expect(unknown.isEmpty, "\(unknown)")
  }

  /// The expressions that the compiler refuses, with its first message, and those that take it over 200 ms.
  private func check(
    _ expressions: [String], _ one: Case
  ) throws -> (refused: [(expression: String, message: String)], slow: [String]) {
    var source = ["import Foundation", "import Martlet"], owners = [Int?](repeating: nil, count: 3)
    for (k, expression) in expressions.enumerated() {
      let (E, S) = (one.element, one.scalar)
      let text = E == "Double" ? expression.replacingOccurrences(of: "Float", with: "Double") : expression
      let body = one.context.rawValue.replacingOccurrences(of: "EXPRESSION", with: text)
        .replacingOccurrences(of: "ELEMENT", with: E)
      let lines = """
        func g\(k)(x: Tensor<\(E)>, y: Tensor<\(E)>, u: Tensor<\(E)>, i: Tensor<Int>, m: Tensor<Bool>, \
        a: \(S), b: \(S), c: \(S), h: \(S), t: \(S)) throws {
        \(body)
        }
        """.split(separator: "\n").map(String.init)
      source += lines
      owners += lines.map { _ in k }
    }
    let messages = try Compiler.messages(
      source.joined(separator: "\n") + "\n", flags: ["-Xfrontend", "-warn-long-expression-type-checking=200"])
    var refused: [Int: String] = [:], slow: Set<Int> = []
    for message in messages.matches(of: /program\.swift:(\d+):\d+: (error|warning): (.*)/) {
      guard let line = Int(message.1), owners.indices.contains(line), let k = owners[line] else { continue }
      if message.2 == "error" {
        refused[k] = refused[k] ?? String(message.3)
      } else if message.3.contains("to type-check") {
        slow.insert(k)
      }
    }
    try #require(!messages.contains("error:") || !refused.isEmpty, "\(messages.suffix(2000))")
    return (
      refused.keys.sorted().map { (expressions[$0], refused[$0]!) },
      slow.subtracting(refused.keys).sorted().map { expressions[$0] }
    )
  }
}
