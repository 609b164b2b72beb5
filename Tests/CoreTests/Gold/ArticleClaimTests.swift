import Foundation
import Martlet
import TestSupport
import Testing

/// The article's claims about PyTorch. make_article_claims.py ran them in PyTorch; here Martlet must give the
/// same results.
@Suite struct ArticleClaimTests {
  typealias Observations = [String: Observation]
  typealias Claim = (title: String, observe: @Sendable () -> Observations)

  /// The intended differences. Martlet refuses a second pass over any freed graph; PyTorch allows it if no
  /// rule saved anything.
  static let differing: [String: Observations] = [
    "a second pass wants a retained graph": ["refused where nothing was saved": true]
  ]

  @Test(arguments: claims.map(\.title))
  func martletDoesAsPyTorch(_ title: String) throws {
    let torch = try #require(Self.load()[title])
    let found = Self.claims.first { $0.title == title }!.observe()
    let differing = Self.differing[title] ?? [:]
    #expect(Set(found.keys) == Set(torch.keys))
    for (key, theirs) in torch {
      let ours = try #require(found[key])
      if let intended = differing[key] {
        #expect(ours.agrees(with: intended), "\(key): \(ours)")
        #expect(!ours.agrees(with: theirs), "\(key): PyTorch's is \(theirs) as well")
      } else {
        #expect(ours.agrees(with: theirs), "\(key): \(ours), not \(theirs)")
      }
    }
  }

  @Test func everyClaimIsAsked() throws {
    #expect(try Set(Self.load().keys) == Set(Self.claims.map(\.title)))
  }

  private static func load() throws -> [String: Observations] {
    try JSONDecoder().decode([String: Observations].self, from: Golden.data("article_claims.json"))
  }

  private static func leaf(_ values: [Double]) -> Tensor<Double> {
    Tensor(values, shape: [values.count], requiresGrad: true)
  }

  static let claims: [Claim] = graphs + passes + flags + values

  private static let graphs: [Claim] = [
    (
      "a sum remembers its creators",
      {
        let x = leaf([1, 2, 3, 4, 5]), y = leaf([2, 2, 2, 2, 2]), z = x + y
        var found: Observations = [
          "x is a leaf": .flag(x.isLeaf), "z is a leaf": .flag(z.isLeaf),
          "x has a function": .flag(x.gradFunction != nil), "z's function": z.functionName,
          "its inputs": .count(z.gradFunction!.inputs.count),
        ]
        z.backward(Tensor([1, 1, 1, 1, 1]))
        found["dx"] = x.grad?.seen
        found["dy"] = y.grad?.seen
        return found
      }
    ),
    (
      "uses of a tensor add up",
      {
        let a = leaf([1, 2, 3, 4, 5]), b = leaf([2, 2, 2, 2, 2]), c = leaf([5, 4, 3, 2, 1])
        ((a + b) + (b + c)).backward(Tensor([1, 1, 1, 1, 1]))
        return ["da": a.grad!.seen, "db": b.grad!.seen, "dc": c.grad!.seen]
      }
    ),
    (
      "gradients accumulate until zeroed",
      {
        let x = Tensor<Double>.ones([2, 2], requiresGrad: true)
        let y = x + 2, z = y * y * 3, out = z.mean()
        var found: Observations = [
          "y's function": y.functionName, "z's function": z.functionName, "out's function": out.functionName,
          "out": out.seen,
        ]
        out.backward()
        found["first"] = x.grad?.seen
        x.sum().backward()
        found["second"] = x.grad?.seen
        x.zeroGrad()
        x.sum().backward()
        found["after zeroing"] = x.grad?.seen
        return found
      }
    ),
  ]

  private static let passes: [Claim] = [
    (
      "backward with a weight is backward of a weighted sum",
      {
        let x = leaf([1, 2, 3]), w = Tensor<Double>([1, 10, 100])
        (x * x).backward(w)
        let direct = x.grad!.seen
        x.zeroGrad()
        (x * x * w).sum().backward()
        return ["with a weight": direct, "of the sum": x.grad!.seen]
      }
    ),
    (
      "backward wants a scalar or a gradient",
      {
        let x = leaf([1, 2, 3])
        return [
          "a vector refused": isRefused { (x * x).backward() },
          "a vector with its gradient refused": isRefused { (x * x).backward(Tensor([1, 1, 1])) },
          "a gradient of another shape refused": isRefused { (x * x).backward(Tensor([1, 1])) },
          "a sum refused": isRefused { (x * x).sum().backward() },
          "no history refused": isRefused { Tensor<Double>([1, 2]).sum().backward() },
        ]
      }
    ),
    (
      "a second pass wants a retained graph",
      {
        let x = leaf([1, 2, 3])
        let y = (x * x).sum(), kept = (x * x).sum(), sums = (x + x).sum()
        y.backward()
        kept.backward(retainGraph: true)
        sums.backward()
        return [
          "refused": isRefused { y.backward() },
          "refused when retained": isRefused { kept.backward() },
          "refused after that": isRefused { kept.backward() },
          "refused where nothing was saved": isRefused { sums.backward() },
        ]
      }
    ),
    (
      "sum expand transpose and product carry gradients",
      {
        let bias = leaf([1, 2, 3])
        let m = Tensor<Double>([[1, 2], [3, 4]], requiresGrad: true)
        let k = Tensor<Double>([[1, 2], [3, 4]], requiresGrad: true)
        bias.broadcast(to: [4, 3]).sum().backward()
        (m.transposed() * Tensor([[1, 2], [3, 4]])).sum().backward()
        k.matmul(Tensor([[1, 0], [1, 1]])).sum().backward()
        return ["dbias": bias.grad!.seen, "dm": m.grad!.seen, "dk": k.grad!.seen]
      }
    ),
  ]

  private static let flags: [Claim] = [
    (
      "requires grad is off and spreads",
      {
        let a = Tensor<Double>([2, 3, 4]), b = (a * 3) / (a - 1)
        var found: Observations = [
          "at first": .flag(a.requiresGrad), "of a result": .flag(b.requiresGrad),
          "the result is a leaf": .flag(b.isLeaf),
        ]
        b.requiresGrad = true
        let mixed = a * b
        found["turned on"] = .flag(b.requiresGrad)
        found["the sum's function"] = (b * b).sum().functionName
        found["of one input of two"] = .flag(mixed.requiresGrad)
        found["the product is a leaf"] = .flag(mixed.isLeaf)
        mixed.sum().backward()
        found["a has a gradient"] = .flag(a.grad != nil)
        found["db"] = b.grad?.seen
        return found
      }
    ),
    (
      "a result keeps no gradient",
      {
        let x = leaf([1, 2]), y = x * x
        y.sum().backward()
        return [
          "x has one": .flag(x.grad != nil), "y is a leaf": .flag(y.isLeaf),
          "y has one": .flag(y.grad != nil),
        ]
      }
    ),
    (
      "no grad records nothing",
      {
        let x = leaf([1])
        return [
          "x": .flag(x.requiresGrad), "inside": .flag(noGrad { (x * 2).requiresGrad }),
          "outside": .flag((x * 2).requiresGrad),
        ]
      }
    ),
    (
      "data changes without the graph",
      {
        let x = leaf([1]), y = 2 * x
        noGrad { x.multiply(by: 100) }
        y.backward()
        return ["x": x.seen, "dx": x.grad!.seen]
      }
    ),
    (
      "a leaf is not changed while recording",
      {
        let x = leaf([1])
        return ["refused": isRefused { x.multiply(by: 100) }, "x": x.seen]
      }
    ),
    (
      "what was saved is not changed",
      {
        let x = leaf([1, 2]), w = Tensor<Double>([3, 4]), y = (x * w).sum()
        w.multiply(by: 2)
        return ["refused": isRefused { y.backward() }]
      }
    ),
    (
      "detach shares storage and stops gradients",
      {
        let x = leaf([1, 2, 3])
        (x.detached() * x).sum().backward()
        let gradient = x.grad!.seen, d = x.detached()
        d.fill(7)
        return [
          "dx": gradient, "d requires": .flag(d.requiresGrad), "d is a leaf": .flag(d.isLeaf), "x": x.seen,
        ]
      }
    ),
  ]

  private static let values: [Claim] = [
    (
      "softmax and cross entropy",
      {
        let p = Tensor<Double>([0.66, 0.24, 0.10]), onehot = Tensor<Double>([1, 0, 0]), logits = p.log()
        return [
          "by hand": (-(onehot * p.log()).sum()).seen, "softmax": logits.softmax(axis: 0).seen,
          "of the label": logits.reshaped([1, 3]).crossEntropy(Tensor<Int>([0])).seen,
          "of the distribution": logits.reshaped([1, 3]).crossEntropy(onehot.reshaped([1, 3])).seen,
        ]
      }
    ),
    (
      "an optimizer steps and zeroes",
      {
        let w = leaf([1]), optimizer = SGD([w], learningRate: 0.1)
        (w * w).sum().backward()
        optimizer.step(zeroGrad: false)
        var found: Observations = ["w": w.seen, "dw": w.grad!.seen]
        optimizer.zeroGrad()
        found["a gradient is left"] = .flag(w.grad != nil)
        (w * 1).sum().backward()
        optimizer.step()
        found["w again"] = w.seen
        return found
      }
    ),
  ]
}
