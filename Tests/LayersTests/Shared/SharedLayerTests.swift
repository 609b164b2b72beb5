import Foundation
import Martlet
import TestSupport
import Testing

/// Threads share modules in evaluation, as a server's requests do. No layer may write to its state.
///
/// The thread sanitizer runs this too.
@Suite struct SharedLayerTests {
  @Test(arguments: SharedModule.layers + SharedModule.models)
  func eightThreadsGetWhatOneGets(_ shared: SharedModule) {
    let alone = shared.made(), state = alone.state()
    let expected = noGrad { (1...8).map(alone.outputs) }
    #expect(expected.allSatisfy { outputs in !outputs.isEmpty && outputs.allSatisfy { !$0.isEmpty } })
    #expect(alone.state() == state, "what one thread leaves behind")
    for _ in 0..<3 {
      nonisolated(unsafe) let together = shared.made()
      let found = simultaneously(8) { number in
        noGrad {
          (0..<16).map { round in
            // Each thread begins with another size, so that all sizes run at the same time.
            let size = (number + round) % 8
            return together.outputs(size + 1) == expected[size]
          }
        }
      }
      #expect(found.allSatisfy { $0.allSatisfy { $0 } }, "threads with other outputs")
      #expect(together.state() == state, "what threads leave behind")
    }
  }

  /// Each thread records its own forward pass.
  @Test(arguments: SharedModule.models)
  func recordedOutputsAreTheSameToo(_ shared: SharedModule) {
    let alone = shared.made(), expected = (1...8).map(alone.outputs)
    nonisolated(unsafe) let together = shared.made()
    let found = simultaneously(8) { number in
      (0..<8).map { round in together.outputs((number + round) % 8 + 1) == expected[(number + round) % 8] }
    }
    #expect(found.allSatisfy { $0.allSatisfy { $0 } })
  }

  /// Reads Sources/Layers, so that no new layer is missing here.
  @Test func everyLayerHasALine() throws {
    let listed = Set(SharedModule.layers.map(\.type)), declared = try declaredLayers()
    #expect(declared.count > 80 && declared.contains("Linear") && declared.contains("Conv2d"))
    #expect(declared.subtracting(listed).sorted() == [], "layers without a line in SharedModule+Layers.swift")
    #expect(listed.subtracting(declared).sorted() == [], "lines without a public layer in Sources/Layers")
  }

  /// The public classes of Sources/Layers that are modules, without base classes.
  private func declaredLayers() throws -> Set<String> {
    let declaration = #/(?m)^public (?:final )?class (\w+)(?:<[^>]*>)?: /#
    let names = try Checkout.files(in: "Sources/Layers", suffix: ".swift").flatMap { file in
      try Checkout.text(file).matches(of: declaration).map { String($0.1) }
    }
    return Set(names).subtracting([
      "Pool", "MaxPool", "AvgPool", "FractionalMaxPool", "LPPool", "MaxUnpool", "AdaptivePool",
      "AdaptiveAvgPool",
      "AdaptiveMaxPool", "Padding",
      "Convolution", "Nonlinearity",
      "RecurrentLayer", "GatedCell",
    ])
  }
}

/// Position layers keep tables that grow with the longest sequence.
@Suite struct PositionTableTests {
  /// The formula of Vaswani et al., in Double: dimension 2i of position p gets sin(p / 10000^(2i / d)).
  private func expected(_ positions: Range<Int>, _ d: Int) -> [Double] {
    positions.flatMap { p in
      (0..<d).map { k in
        let angle = Double(p) * pow(10_000, -2 * Double(k / 2) / Double(d))
        return k % 2 == 0 ? sin(angle) : cos(angle)
      }
    }
  }

  /// Sequences in any order of lengths and offsets: longer than before, shorter, within, after, and far after
  /// the table.
  @Test func anyOrderOfSequencesGivesTheFormula() {
    let layer = SinusoidalPositions<Double>(6)
    let asked = [
      (7, 3), (0, 4), (0, 4), (4, 1), (5, 1), (0, 3), (2, 5), (6, 20), (1_000_000, 2), (0, 0), (0, 50),
      (49, 2),
    ]
    for (offset, count) in asked {
      let found = layer(.zeros([count, 6]), offset: offset).scalars
      let right = expected(offset..<offset + count, 6)
      #expect(found.count == right.count, "\(count) positions from \(offset) on")
      let worst = zip(found, right).map { abs($0 - $1) }.max() ?? 0
      #expect(worst < 1e-9, "\(count) positions from \(offset) on")
    }
    #expect(layer(.zeros([1, 6]), offset: .max).shape == [1, 6])
  }

  /// A distant position does not make the table as long as its offset.
  @Test func aFarPositionTakesNoMemory() {
    let layer = RotaryPositions<Float>(64)
    _ = layer(.ones([4, 64]))
    let before = StoragePool.bytesInUse
    _ = layer(.ones([4, 64]), offset: 100_000)
    #expect(StoragePool.bytesInUse - before < 1 << 20)
  }
}
