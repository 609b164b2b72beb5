import MartletCore
import Testing

/// The graph as Graphviz's text, against text written by hand.
@Suite struct GraphDescriptionTests {
  private let x = Tensor<Float>([1, 2], requiresGrad: true)

  @Test func operationsAndLeaves() {
    let w = Tensor<Float>([3, 4], requiresGrad: true)
    #expect(
      (x * w).sum().graphDescription(leaves: [("weight", w), ("other", .ones([1]))]) == """
        digraph {
          n0 [label="SumBackward\\n[]"]
          n1 -> n0
          n1 [label="MulBackward\\n[2]"]
          n2 -> n1
          n3 -> n1
          n2 [label="leaf\\n[2]", shape=box]
          n3 [label="weight\\n[2]", shape=box]
        }

        """)
  }

  /// A node that is used twice appears once.
  @Test func sharedNodes() {
    #expect(
      (x * x).graphDescription() == """
        digraph {
          n0 [label="MulBackward\\n[2]"]
          n1 -> n0
          n1 -> n0
          n1 [label="leaf\\n[2]", shape=box]
        }

        """)
  }

  @Test func freedNodesAndNamesWithQuotes() {
    let loss = x.sum()
    loss.backward()
    #expect(loss.graphDescription() == "digraph {\n  n0 [label=\"SumBackward\\n[], freed\"]\n}\n")
    #expect(
      x.graphDescription(leaves: [("a \"b\" \\", x)])
        == "digraph {\n  n0 [label=\"a \\\"b\\\" \\\\\\n[2]\", shape=box]\n}\n")
  }

  @Test func withoutHistory() {
    #expect(Tensor<Float>([1]).graphDescription() == "digraph {\n}\n")
    #expect(noGrad { (x * 2).graphDescription() } == "digraph {\n}\n")
  }

  @Test func aLongGraphIsNoRecursion() {
    let deep = (0..<100_000).reduce(x) { y, _ in -y }
    #expect(deep.graphDescription().utf8.count { $0 == UInt8(ascii: ">") } == 100_000)
  }
}
