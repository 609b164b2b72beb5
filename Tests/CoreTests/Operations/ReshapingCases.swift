import MartletCore
import TestSupport
import Testing

/// Permutes the axes of a grid.
private func permuted(_ x: Grid, _ order: [Int]) -> Grid {
  Grid(order.map { x.shape[$0] }) { index in
    var original = index
    for (i, axis) in order.enumerated() { original[axis] = index[i] }
    return x[original]
  }
}

private let vectors: [[[Int]]] = SampleShapes.lengths.map { [$0] }
private let matrices: [[[Int]]] = [[[3, 4]], [[3, 130]], [[130, 3]], [[1, 5]], [[5, 1]], [[0, 3]]]
private let blocks: [[[Int]]] = [[[2, 3, 4]], [[4, 1, 6]], [[2, 0, 3]]]

struct ReshapingCases {
  static let cases: [OpCase] = [
    OpCase(
      "Reshape", "flattened", inputs: SampleShapes.unary.map { [$0] } + blocks, f32: { $0[0].flattened() },
      f64: { $0[0].flattened() }, reference: { Grid([$0[0].values.count], values: $0[0].values) }),
    OpCase(
      "Reshape", "an open extent", inputs: [[[3, 4]], [[2, 3, 4]], [[12]], [[6, 2]]],
      f32: { $0[0].reshaped([2, -1]) }, f64: { $0[0].reshaped([2, -1]) },
      reference: { Grid([2, $0[0].values.count / 2], values: $0[0].values) },
      misuse: [
        Misuse("count", "reshaped: shape [2, 3] cannot become [4]; the shape must hold the same 6 elements") {
          _ = Tensor<Float>.ones([2, 3]).reshaped([4])
        },
        Misuse("open twice", "reshaped: shape [2, 3] cannot become [-1, -1]") {
          _ = Tensor<Float>.ones([2, 3]).reshaped([-1, -1])
        },
        Misuse("remainder", "reshaped: shape [2, 3] cannot become [4, -1]") {
          _ = Tensor<Float>.ones([2, 3]).reshaped([4, -1])
        },
        Misuse("negative", "reshaped: shape [2, 3] cannot become [-2, -3]") {
          _ = Tensor<Float>.ones([2, 3]).reshaped([-2, -3])
        },
      ]),
    OpCase(
      "Reshape", "a new axis", inputs: matrices + blocks, f32: { $0[0].expandedDims(axis: 1) },
      f64: { $0[0].expandedDims(axis: 1) },
      reference: { Grid([$0[0].shape[0], 1] + $0[0].shape[1...], values: $0[0].values) },
      misuse: [
        Misuse("axis", "expandedDims: axis 3 cannot be inserted in shape [2]") {
          _ = Tensor<Float>.ones([2]).expandedDims(axis: 3)
        }
      ]),
    OpCase(
      "Reshape", "an axis less", inputs: [[[1, 5]], [[1]], [[1, 2, 3]]], f32: { $0[0].squeezed(axis: 0) },
      f64: { $0[0].squeezed(axis: 0) },
      reference: { Grid(Array($0[0].shape.dropFirst()), values: $0[0].values) },
      misuse: [
        Misuse("extent", "squeezed: shape [2] has no axis 0 of extent 1") {
          _ = Tensor<Float>.ones([2]).squeezed(axis: 0)
        }
      ]),
    OpCase(
      "Permute", "transposed", inputs: matrices, f32: { $0[0].transposed() }, f64: { $0[0].transposed() },
      reference: { permuted($0[0], [1, 0]) },
      misuse: [
        Misuse("vector", "transposed: shape [2] has too few axes; at least 2 are needed") {
          _ = Tensor<Float>.ones([2]).transposed()
        }
      ]),
    OpCase(
      "Permute", "two axes", inputs: blocks, f32: { $0[0].transposed(0, 2) },
      f64: { $0[0].transposed(-1, 0) },
      reference: { permuted($0[0], [2, 1, 0]) },
      misuse: [
        Misuse("axis", "transposed: axis 0 or 2 is out of range for shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3]).transposed(0, 2)
        }
      ]),
    OpCase(
      "Permute", "all axes", inputs: blocks, f32: { $0[0].permuted([2, 0, 1]) },
      f64: { $0[0].permuted([-1, 0, 1]) },
      reference: { permuted($0[0], [2, 0, 1]) },
      misuse: [
        Misuse("an axis twice", "permuted: order [0, 0] does not name each axis of shape [2, 3] once") {
          _ = Tensor<Float>.ones([2, 3]).permuted([0, 0])
        },
        Misuse("an axis missing", "permuted: order [0] does not name each axis of shape [2, 3] once") {
          _ = Tensor<Float>.ones([2, 3]).permuted([0])
        },
      ]),
    OpCase(
      "Broadcast", inputs: [[[]], [[1]], [[4]], [[3, 1]], [[3, 4]], [[2, 1, 4]]],
      f32: { $0[0].broadcast(to: [2, 3, 4]) }, f64: { $0[0].broadcast(to: [2, 3, 4]) },
      reference: { $0[0].broadcast(to: [2, 3, 4]) },
      misuse: [
        Misuse("extents", "broadcast: shape [3] does not broadcast to [4]") {
          _ = Tensor<Float>.ones([3]).broadcast(to: [4])
        },
        Misuse("fewer axes", "broadcast: shape [2, 3] does not broadcast to [3]") {
          _ = Tensor<Float>.ones([2, 3]).broadcast(to: [3])
        },
      ]),
    OpCase(
      "Broadcast", "repeated", inputs: matrices, f32: { $0[0].repeated(3, insertingAxisAt: 1) },
      f64: { $0[0].repeated(3, insertingAxisAt: -2) },
      reference: { x in Grid([x[0].shape[0], 3, x[0].shape[1]]) { x[0][$0[0], $0[2]] } },
      misuse: [
        Misuse("times", "repeated: the number of times must be at least 0, not -1") {
          _ = Tensor<Float>.ones([2]).repeated(-1, insertingAxisAt: 0)
        }
      ]),
    OpCase(
      "Clone", inputs: SampleShapes.unary.map { [$0] } + blocks, large: [SampleShapes.large],
      f32: { $0[0].cloned() }, f64: { $0[0].cloned() }, reference: { $0[0] }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  /// Views share memory, and a clone does not.
  @Test func whatIsAViewAndWhatIsACopy() {
    let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
    let views = [
      x.transposed(), x.reshaped([3, 2]), x.flattened(), x.expandedDims(axis: 0), x.broadcast(to: [2, 2, 3]),
    ]
    let copies = [x.cloned(), x.repeated(2, insertingAxisAt: 0), x.transposed().flattened()]
    x[0, 0] = 9
    for view in views { #expect(view.scalars[0] == 9) }
    for copy in copies { #expect(copy.scalars[0] == 1) }
  }
}
