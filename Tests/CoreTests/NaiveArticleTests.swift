import Foundation
import Martlet
import TestSupport
import Testing

/// The article's first program with the naive products, which round as it does.
@Suite struct NaiveArticleTests {
  @Test("Table 1 bit for bit")
  func table() throws {
    struct Tables: Decodable {
      struct Program: Decodable { let losses: [Double] }
      let programs: [Program]
    }
    let url = Golden.folder.appendingPathComponent("article.json")
    let expected = try JSONDecoder().decode(Tables.self, from: Data(contentsOf: url)).programs[0].losses
    let data = Tensor<Double>([[0, 0], [0, 1], [1, 0], [1, 1]]),
      target = Tensor<Double>([[0], [1], [0], [1]])
    var random = NumPyRandom(seed: 0)
    let w0 = random.uniform([2, 3]), w1 = random.uniform([3, 1])
    w0.requiresGrad = true
    w1.requiresGrad = true
    let losses = withMatrixProducts(.naive) {
      (0..<10).map { _ in
        let difference = data.matmul(w0).matmul(w1) - target
        let loss = (difference * difference).sum(axis: 0)
        loss.backward(Tensor.ones(loss.shape))
        noGrad {
          for w in [w0, w1] {
            w.add(w.grad!, scaledBy: -0.05)
            w.zeroGrad()
          }
        }
        return loss[0].item
      }
    }
    #expect(losses.map(\.bitPattern) == expected.map(\.bitPattern))
  }
}
