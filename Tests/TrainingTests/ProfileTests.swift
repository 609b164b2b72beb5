import Foundation
import Martlet
import Testing

private final class Net: Layer {
  let hidden = Linear(6, 5), output = Linear(5, 3)
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { output(hidden(x).relu()) }
}

private struct Stopped: Error {}

/// The profile of a training step whose operations are known.
@Suite struct ProfileTests {
  private let model = Net(), x = Tensor<Float>.ones([4, 6]), labels = Tensor<Int>([0, 1, 2, 0])

  private func step() { model(x).crossEntropy(labels).backward() }

  private func row(_ operation: String, _ layer: String, of profile: Profile) -> Profile.Row? {
    profile.rows.first { $0.operation == operation && $0.layer == layer }
  }

  @Test func countsOperationsForwardAndBackward() throws {
    let profile = profile { for _ in 0..<3 { step() } }
    for layer in ["Net.hidden", "Net.output"] {
      let linear = try #require(row("Linear", layer, of: profile))
      #expect(linear.forward.count == 3 && linear.backward.count == 3)
    }
    let relu = try #require(row("Relu", "Net", of: profile))
    #expect(relu.forward.count == 3 && relu.backward.count == 3)
    let loss = try #require(row("CrossEntropy", "", of: profile))
    #expect(loss.forward.count == 3 && loss.backward.count == 3)
    #expect(profile.rows.map(\.duration) == profile.rows.map(\.duration).sorted(by: >))
    #expect(profile.rows.allSatisfy { $0.duration > .zero && $0.duration <= profile.duration })
    let shares = profile.rows.reduce(0.0) { $0 + profile.share(of: $1) }
    #expect(shares > 0 && shares <= 1)
  }

  /// 1,000 floats are 4,000 bytes. The pool rounds them up by at most an eighth and adds a header of 64.
  @Test func countsBytes() throws {
    let x = Tensor<Float>.ones([1000])
    let profile = profile { for _ in 0..<10 { _ = x.exp() } }
    let exp = try #require(row("Exp", "", of: profile))
    #expect(exp.forward.count == 10 && exp.backward.count == 0)
    #expect((40_000...50_000).contains(exp.forward.bytes), "\(exp.forward.bytes)")
  }

  @Test func changesInPlaceAreSeen() throws {
    let x = Tensor<Float>.ones([1000])
    let profile = profile { x.fill(2) }
    #expect(profile.rows.map(\.operation) == ["Fill"])
  }

  /// A scope within another is a part of it. Outside of scopes nothing is recorded.
  @Test func scopesMayBeNested() throws {
    let x = Tensor<Float>.ones([10])
    var inner: Profile?
    let outer = profile {
      _ = x.exp()
      inner = profile { _ = x.tanh() }
    }
    _ = x.sqrt()
    #expect(Set(outer.rows.map(\.operation)) == ["Exp", "Tanh"])
    #expect(inner?.rows.map(\.operation) == ["Tanh"])
    #expect(profile {}.rows.isEmpty)
  }

  @Test func aThrowEndsTheScope() throws {
    #expect(throws: Stopped.self) {
      try profile { () throws(Stopped) in
        _ = x.exp()
        throw Stopped()
      }
    }
    #expect(profile { _ = x.tanh() }.rows.map(\.operation) == ["Tanh"])
  }

  /// Results are the same with and without a profile.
  @Test func computesTheSame() {
    step()
    let gradients = model.parameters.map { $0.grad!.scalars }
    for parameter in model.parameters { parameter.zeroGrad() }
    _ = profile { step() }
    #expect(model.parameters.map { $0.grad!.scalars } == gradients)
  }

  @Test func printsATable() {
    let lines = profile { step() }.description.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("operation") && lines[0].hasSuffix("share"))
    #expect(lines.contains { $0.hasPrefix("Linear") && $0.contains("Net.hidden") && $0.contains("1×") })
    #expect(lines.last!.hasPrefix("total") && lines.last!.hasSuffix("100.0 %"))
    #expect(Set(lines.map(\.count)).count == 1, "columns are aligned")
  }

  /// The trace has Chrome's format: complete events whose times are microseconds from the beginning.
  @Test func writesATrace() throws {
    let profile = profile { step() }
    let folder = try TemporaryFolder(), path = folder.path("trace.json")
    try profile.writeTrace(to: path)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let events = try #require(json["traceEvents"] as? [[String: Any]])
    let names = events.compactMap { $0["name"] as? String }
    #expect(names.count == events.count && names.contains("Linear") && names.contains("LinearBackward"))
    #expect(names.contains("Net.hidden"), "layers are spans as well")
    for event in events {
      let start = try #require(event["ts"] as? Double), length = try #require(event["dur"] as? Double)
      #expect(event["ph"] as? String == "X" && start >= 0 && length >= 0)
      #expect(start + length <= profile.duration / .microseconds(1) + 0.01)
    }
    #expect(throws: DataError.self) { try profile.writeTrace(to: "/no/such/folder/trace.json") }
  }
}
