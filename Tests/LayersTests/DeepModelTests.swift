import Martlet
import Testing

private final class Nest: Module {
  let inner: Nest?
  let weight = Tensor<Float>.ones([1])
  init(_ inner: Nest?) { self.inner = inner }

  var configuration: String { inner == nil ? "end" : "" }
}

/// Models of many levels. A cost that grows faster than the description of the model would make the tests hang.
@Suite struct DeepModelTests {
  private func nest(_ depth: Int) -> Nest { (1..<depth).reduce(Nest(nil)) { inner, _ in Nest(inner) } }

  @Test("A module prints those within it, each level indented", arguments: [1, 2, 5, 1000])
  func text(_ depth: Int) {
    var expected = (0..<depth - 1).map {
      String(repeating: "  ", count: $0) + ($0 == 0 ? "" : "(inner): ") + "Nest("
    }
    expected.append(String(repeating: "  ", count: depth - 1) + (depth == 1 ? "" : "(inner): ") + "Nest(end)")
    expected += (0..<depth - 1).reversed().map { String(repeating: "  ", count: $0) + ")" }
    #expect("\(nest(depth))" == expected.joined(separator: "\n"))
  }

  @Test("The parameters of a deep model have their dotted names")
  func names() {
    let names = nest(1000).namedParameters.map(\.name)
    #expect(names.count == 1000)
    #expect(Set(names).contains(String(repeating: "inner.", count: 999) + "weight"))
  }
}
