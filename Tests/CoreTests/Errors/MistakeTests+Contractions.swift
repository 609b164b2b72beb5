import Martlet
import TestSupport

// Mistakes of MistakeTests. Each closure stands on the line after its message.

extension MistakeTests {
  /// Equations of einsum, products over axes, distances, signals, interpolation and differences.
  static let contractions = [
    Mistake(
      "einsum",
      "\"!\" at offset 4 of \"ij,j!->i\" is not expected; an equation has letters, at most one ... in each term, commas and one ->",
      line: #line + 2
    ) {
      Tensor.einsum("ij,j!->i", ones([2, 3]), ones([3]))
    },
    Mistake(
      "einsum",
      "\".\" at offset 1 of \"i..\" is not expected; an equation has letters, at most one ... in each term, commas and one ->",
      line: #line + 2
    ) {
      Tensor.einsum("i..", ones([2]))
    },
    Mistake(
      "einsum",
      "\",\" at offset 4 of \"i->i,\" is not expected; an equation has letters, at most one ... in each term, commas and one ->",
      line: #line + 2
    ) {
      Tensor.einsum("i->i,", ones([2]))
    },
    Mistake("einsum", "\"ij,jk\" names 2 operands, but there are 1", line: #line + 1) {
      Tensor.einsum("ij,jk", ones([2, 3]))
    },
    Mistake("einsum", "\"\" names 1 operands, but there are 0", line: #line + 1) {
      Tensor<Float>.einsum("")
    },
    Mistake("einsum", "\"jk\" in \"ij,jk->ik\" needs 2 axes, not shape [3]", line: #line + 1) {
      Tensor.einsum("ij,jk->ik", ones([2, 3]), ones([3]))
    },
    Mistake("einsum", "\"i...j\" in \"i...j->i\" needs at least 2 axes, not shape [3]", line: #line + 1) {
      Tensor.einsum("i...j->i", ones([3]))
    },
    Mistake(
      "einsum", "\"j\" in \"ij,jk\" has the extents 3 and 4; they must be equal or 1", line: #line + 2
    ) {
      Tensor.einsum("ij,jk", ones([2, 3]), ones([4, 5]))
    },
    Mistake("einsum", "\"i\" in \"ii\" has the extents 1 and 3; they must be equal or 1", line: #line + 1) {
      Tensor.einsum("ii", ones([1, 3]))
    },
    Mistake(
      "einsum", "\"...\" in \"...,...\" has the extents 2 and 3; they must be equal or 1", line: #line + 2
    ) {
      Tensor.einsum("...,...", ones([2]), ones([3]))
    },
    Mistake("einsum", "\"k\" in the output of \"ij->k\" is not in an operand", line: #line + 1) {
      Tensor.einsum("ij->k", ones([2, 3]))
    },
    Mistake("einsum", "\"i\" appears more than once in the output of \"i->ii\"", line: #line + 1) {
      Tensor.einsum("i->ii", ones([2]))
    },
    Mistake("einsum", "the output of \"abcde,fghij\" has 10 axes; the limit is 8", line: #line + 1) {
      Tensor.einsum("abcde,fghij", ones([1, 1, 1, 1, 1]), ones([1, 1, 1, 1, 1]))
    },
    Mistake(
      "einsum",
      "a product of the operands [[2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2]] has more than 8 axes, or matrices of more than 2147483647 rows or columns",
      line: #line + 3
    ) {
      let x = ones([2, 2, 2, 2, 2, 2, 2])
      return Tensor.einsum("abcpqrs,defpqrs,ghpqrs->abcdefgh", x, x, ones([2, 2, 2, 2, 2, 2]))
    },
    Mistake("dot", "shapes [2] and [3] do not fit; both must be vectors of one length", line: #line + 1) {
      ones([2]).dot(ones([3]))
    },
    Mistake(
      "inner", "axes [-1] of shape [2, 3] and [-1] of [4] differ; each pair must have one extent",
      line: #line + 2
    ) {
      ones([2, 3]).inner(ones([4]))
    },
    Mistake(
      "tensordot", "3 axes cannot be taken from shapes [2, 3] and [3]; the number must be in 0...1",
      line: #line + 2
    ) {
      ones([2, 3]).tensordot(ones([3]), axes: 3)
    },
    Mistake("tensordot", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).tensordot(ones([3]), axes: ([2], [0]))
    },
    Mistake(
      "tensordot", "axes [0] of shape [2, 3] and [0, 1] of [2, 3] differ; each pair must have one extent",
      line: #line + 2
    ) {
      ones([2, 3]).tensordot(ones([2, 3]), axes: ([0], [0, 1]))
    },
    Mistake("tensordot", "the result would have 10 axes; the limit is 8", line: #line + 1) {
      ones([1, 1, 1, 1, 1]).tensordot(ones([1, 1, 1, 1, 1]), axes: 0)
    },
    Mistake(
      "kron",
      "shapes [2, 2, 2, 2, 2] and [2, 2, 2, 2, 2] are too large; the limit is 8 axes, counting those longer than 1 in both twice",
      line: #line + 2
    ) {
      ones([2, 2, 2, 2, 2]).kron(ones([2, 2, 2, 2, 2]))
    },
    Mistake("cross", "shapes [2, 3] and [4, 3] do not broadcast", line: #line + 1) {
      ones([2, 3]).cross(ones([4, 3]))
    },
    Mistake("cross", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).cross(ones([3]), axis: 2)
    },
    Mistake("cross", "axis 0 of shapes [2, 3] and [3] must have 3 elements in both", line: #line + 1) {
      ones([2, 3]).cross(ones([3]), axis: 0)
    },
    Mistake(
      "chainMatmul",
      "shapes [[2, 3], [4, 5]] are no chain; they must be matrices [a, b], [b, c], …, with vectors at the ends",
      line: #line + 2
    ) {
      Tensor.chainMatmul([ones([2, 3]), ones([4, 5])])
    },
    Mistake(
      "cdist", "shapes [2, 3] and [4] do not fit; they must be […, n, d] and […, m, d] of at most 7 axes",
      line: #line + 2
    ) {
      ones([2, 3]).cdist(ones([4]))
    },
    Mistake("cdist", "p must be at least 0, not -1.0", line: #line + 1) {
      ones([2, 3]).cdist(ones([4, 3]), p: -1)
    },
    Mistake("covariance", "a scalar has no observations; at least 1 axis is needed", line: #line + 1) {
      ones([]).covariance()
    },
    Mistake(
      "covariance", "frequencies or weights of shape [2] do not fit shape [2, 3]; they must be [3]",
      line: #line + 2
    ) {
      ones([2, 3]).covariance(weights: ones([2]))
    },
    Mistake("correlation", "a scalar has no observations; at least 1 axis is needed", line: #line + 1) {
      ones([]).correlation()
    },
    Mistake(
      "norm", "matrices of shape [2, 0] have no elements; the norm negativeOne needs some", line: #line + 2
    ) {
      try! ones([2, 0]).norm(.negativeOne)
    },
    Mistake(
      "norm", "matrices of shape [0, 2] have no elements; the norm negativeInfinity needs some",
      line: #line + 2
    ) {
      try! ones([0, 2]).norm(.negativeInfinity)
    },
    Mistake("norm", "axis 1 is named twice in [1, 1]", line: #line + 1) {
      try! ones([2, 3]).norm(.one, axes: (1, 1))
    },
    Mistake(
      "vander", "shape [] has no matrices of 0 columns; there must be 1 to 7 axes and at least 0 columns",
      line: #line + 2
    ) {
      ones([]).vander()
    },
    Mistake("vander", "9223372036854775807 columns of shape [3] are too many elements", line: #line + 1) {
      ones([3]).vander(columns: .max)
    },
    Mistake("renorm", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).renorm(axis: 2, maxNorm: 1)
    },
    Mistake(
      "renorm", "p must be above 0 and the largest norm at least 0, not 0.0 and 1.0", line: #line + 2
    ) {
      ones([2, 3]).renorm(p: 0, axis: 0, maxNorm: 1)
    },
    Mistake(
      "blockDiagonal", "shapes [[2, 3, 4]] do not fit; there must be matrices, vectors or scalars",
      line: #line + 2
    ) {
      Tensor.blockDiagonal([ones([2, 3, 4])])
    },
    Mistake(
      "convolved",
      "signals [4] and a kernel [0] do not fit; they must be […, n] and [m] of at least 1 element",
      line: #line + 2
    ) {
      ones([4]).convolved(ones([0]))
    },
    Mistake(
      "correlated", "signals [4] and a kernel [2147483647] are too large: BLAS counts in 32 bits",
      line: #line + 2
    ) {
      ones([4]).correlated(ones([1]).broadcast(to: [2_147_483_647]))
    },
    Mistake(
      "interpolated", "points [2] and values [3] do not fit; both must be vectors of one length",
      line: #line + 2
    ) {
      ones([4]).interpolated(points: ones([2]), values: ones([3]))
    },
    Mistake("interpolated", "the points must be strictly increasing", line: #line + 1) {
      ones([4]).interpolated(points: ones([2]), values: ones([2]))
    },
    Mistake("polynomial", "coefficients of shape [2, 2] must be a vector", line: #line + 1) {
      ones([4]).polynomial(ones([2, 2]))
    },
    Mistake(
      "numericalGradient", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2
    ) {
      ones([2, 3]).numericalGradient(axis: 2)
    },
    Mistake(
      "numericalGradient",
      "the edge order 2 does not fit axis 0 of shape [2, 3]; it must be 1 or 2, and below the extent",
      line: #line + 2
    ) {
      ones([2, 3]).numericalGradient(axis: 0, edgeOrder: 2)
    },
    Mistake(
      "numericalGradient",
      "points of shape [2] do not fit axis 1 of shape [2, 3]; they must be [2, 3] or [3]", line: #line + 2
    ) {
      ones([2, 3]).numericalGradient(at: ones([2]))
    },
    Mistake(
      "cumulativeTrapezoid", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2
    ) {
      ones([2, 3]).cumulativeTrapezoid(axis: 2)
    },
  ]
}
