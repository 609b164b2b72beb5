import TestSupport
import Testing

@testable import MartletCore
@testable import MartletKernels

/// The sum of products by its definition: over every letter of an equation without `...` and with `->`.
private func einsum(_ equation: String, _ inputs: [Grid]) -> Grid {
  let sides = equation.split(separator: ">", omittingEmptySubsequences: false)
  let terms = sides[0].dropLast().split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
  let output = Array(sides[1]), summed = Set(terms.joined()).subtracting(output).sorted()
  var extents: [Character: Int] = [:]
  for (letter, extent) in zip(terms.joined(), inputs.flatMap(\.shape)) {
    extents[letter] = extent == 1 ? extents[letter] ?? 1 : extent
  }
  return Grid(output.map { extents[$0]! }) { index in
    var place = Dictionary(uniqueKeysWithValues: zip(output, index))
    return Grid.indices(summed.map { extents[$0]! }).reduce(0) { total, inner in
      for (letter, i) in zip(summed, inner) { place[letter] = i }
      return total
        + zip(terms, inputs).reduce(1) { product, pair in
          let (term, input) = pair
          return product * input[zip(term, input.shape).map { $1 == 1 ? 0 : place[$0]! }]
        }
    }
  }
}

/// An equation, the same with all letters for the reference, and the name of a part of the result's history.
private func sum(
  _ equation: String, as whole: String? = nil, _ shapes: [[Int]]..., through name: String = "Matmul"
) -> OpCase {
  OpCase(
    name, "\(equation) of \(shapes[0])", inputs: shapes, bound: .ulpsOfMagnitudes(34),
    f32: { Tensor.einsum(equation, $0) }, f64: { Tensor.einsum(equation, $0) },
    reference: { einsum(whole ?? equation, $0) })
}

struct EinsumCases {
  static let pairs: [OpCase] = [
    sum(
      "ij,jk->ik", [[3, 4], [4, 5]], [[1, 4], [4, 1]], [[0, 4], [4, 2]], [[2, 0], [0, 3]], [[3, 1], [4, 5]]),
    sum("ij,jk->ki", [[3, 4], [4, 5]]), sum(" i j , k j -> i k", as: "ij,kj->ik", [[3, 4], [5, 4]]),
    sum("ij,jk", as: "ij,jk->ik", [[3, 4], [4, 5]]),
    sum("bA,cb", as: "bA,cb->Ac", [[2, 3], [4, 2]]),
    sum("bij,bjk->bik", [[2, 3, 4], [2, 4, 5]], [[1, 3, 4], [2, 4, 5]]),
    sum("ijb,bkj->kbi", [[3, 4, 2], [2, 5, 4]]), sum("bij,jk->bik", [[2, 3, 4], [4, 5]]),
    sum("ijk,jil->kl", [[2, 3, 4], [3, 2, 5]]), sum("bhqd,bhkd->bhqk", [[2, 3, 4, 5], [2, 3, 2, 5]]),
    sum("bqhd,bkhd->bhqk", [[2, 4, 3, 5], [2, 2, 3, 5]]),
    sum("i,i->", [[7], [7]]), sum("ij,ij->", [[3, 4], [3, 4]]), sum("ijm,jkn->ik", [[2, 3, 2], [3, 4, 5]]),
    sum("i,j->ji", [[3], [4]], through: "Mul"), sum("bi,bi->b", [[3, 5], [3, 5]], through: "Mul"),
    sum("ab,cb->abc", [[2, 3], [4, 3]], through: "Mul"), sum(",ij->ij", [[], [2, 3]], through: "Mul"),
    sum(
      "...ij,...jk->...ik", as: "abij,bjk->abik", [[2, 3, 2, 4], [3, 4, 5]], [[2, 1, 2, 4], [3, 4, 2]]),
    sum("...i,...i->...", as: "abi,bi->ab", [[2, 3, 4], [3, 4]]),
    sum("i...,ij", as: "iab,ij->abj", [[3, 2, 4], [3, 5]]),
    sum("i...,ij->j", as: "iab,ij->j", [[3, 2, 4], [3, 5]]),
    sum("ii,ij->j", [[3, 3], [3, 4]]), sum("ii,i->i", [[1, 1], [3]], through: "Mul"),
  ]

  static let others: [OpCase] = [
    sum("ij->ji", [[3, 4]], through: "Permute"), sum("ij->", [[3, 4]], through: "Sum"),
    sum("ijk->j", [[2, 3, 4]], through: "Sum"), sum("ii->i", [[4, 4]], [[1, 1]], through: "Diagonal"),
    sum("ii", as: "ii->", [[4, 4]], through: "Diagonal"),
    sum("iijj->ji", [[2, 2, 3, 3]], through: "Diagonal"), sum("iji->ij", [[3, 2, 3]], through: "Diagonal"),
    sum("...ii->...", as: "abii->ab", [[2, 3, 4, 4]], through: "Diagonal"),
    sum("abc,bd,cd->ad", [[2, 3, 4], [3, 5], [4, 5]]), sum("a,b,c->cba", [[2], [3], [4]], through: "Mul"),
    sum("ij,jk,kl,lm->im", [[2, 3], [3, 4], [4, 2], [2, 5]]),
    sum("ab,bc,cd,de,ea->", [[2, 3], [3, 2], [2, 4], [4, 2], [2, 2]]),
    sum("ab,bc,cd,de,ef,fa->a", [[2, 3], [3, 2], [2, 4], [4, 2], [2, 2], [2, 2]]),
  ]

  @Test(arguments: pairs + others) func behaves(_ op: OpCase) { verify(op) }

  /// The numbers of multiply-adds of the best order by hand.
  @Test func theOrderIsTheCheapest() {
    func cost(_ equation: String, _ shapes: TensorShape...) -> Int {
      let before = Counters.multiplyAdds
      _ = Tensor.einsum(equation, shapes.map { Tensor<Float>.ones($0) })
      return Counters.multiplyAdds - before
    }
    #expect(cost("ij,jk,k->i", [30, 40], [40, 50], [50]) == 40 * 50 + 30 * 40)
    #expect(cost("i,ij,jk->k", [30], [30, 40], [40, 50]) == 30 * 40 + 40 * 50)
    #expect(cost("ab,bc,cd,de,e->a", [9, 8], [8, 7], [7, 6], [6, 5], [5]) == 30 + 42 + 56 + 72)
    #expect(
      cost("ab,bc,cd,de,ef,f->a", [9, 8], [8, 7], [7, 6], [6, 5], [5, 4], [4]) == 20 + 30 + 42 + 56 + 72)
  }

  /// Operands that BLAS can read are neither copied nor multiplied one by one.
  @Test func operandsAreViews() {
    func work(_ equation: String, _ operands: Tensor<Float>...) -> Counters {
      let before = Counters.now
      _ = Tensor.einsum(equation, operands)
      let after = Counters.now
      return Counters(blasCalls: after.blasCalls - before.blasCalls, copies: after.copies - before.copies)
    }
    let x = Tensor<Float>.ones([4, 5, 6]), y = Tensor<Float>.ones([6, 7])
    #expect(work("bij,jk->bik", x, y) == Counters(blasCalls: 1, copies: 0))
    #expect(work("bij,jk->kbi", x, y) == Counters(blasCalls: 1, copies: 0))
    #expect(work("bij,bkj->bik", x, x) == Counters(blasCalls: 4, copies: 0))
    #expect(work("ibj,kbj->bik", x, x) == Counters(blasCalls: 5, copies: 0))
    #expect(work("bij,bij->", x, x) == Counters(blasCalls: 1, copies: 0))
  }

  /// A ring of more operands than letters would allow in one product.
  @Test func manyOperands() {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
    let terms = zip(letters, letters.dropFirst()).map(+)
    let turn = Tensor<Double>([[0, -1], [1, 0]])
    let product = Tensor.einsum(
      terms.joined(separator: ",") + "->aZ", Array(repeating: turn, count: terms.count))
    // 51 quarter turns are three.
    #expect(product.scalars == [0, 1, -1, 0])
  }
}
