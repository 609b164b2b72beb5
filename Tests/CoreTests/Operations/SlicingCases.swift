import MartletCore
import TestSupport
import Testing

private let matrices: [[[Int]]] = [[[5, 4]], [[4, 130]], [[67, 4]], [[4, 7]]]

/// A leaf of zeros. The gradient of a slice of it is the gradient of the slice, surrounded by zeros.
private func leaf<Element: DifferentiableScalar>(_ shape: TensorShape) -> Tensor<Element> {
  Tensor.zeros(shape, requiresGrad: true)
}

struct SlicingCases {
  static let slices: [OpCase] = [
    OpCase(
      "Slice", "a row", inputs: matrices, f32: { $0[0][2] }, f64: { $0[0][-$0[0].shape[0] + 2] },
      reference: { x in Grid([x[0].shape[1]]) { x[0][2, $0[0]] } },
      misuse: [
        Misuse("index", "subscript: index 2 is out of range for axis 0 of shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3])[2]
        },
        Misuse("below", "subscript: index -3 is out of range for axis 0") {
          _ = Tensor<Float>.ones([2, 3])[-3]
        },
        Misuse("scalar", "subscript: 1 indices and 0 ellipses do not fit shape []") {
          _ = Tensor<Float>(1)[0]
        },
      ]),
    OpCase(
      "Slice", "an element", inputs: matrices, f32: { $0[0][1, -1] }, f64: { $0[0][1, -1] },
      reference: { x in Grid([], values: [x[0][1, x[0].shape[1] - 1]]) },
      misuse: [
        Misuse("too many", "subscript: 3 indices and 0 ellipses") { _ = Tensor<Float>.ones([2, 3])[0, 0, 0] }
      ]),
    OpCase(
      "Slice", "ranges", inputs: matrices, f32: { $0[0][1..., 0..<3] }, f64: { $0[0][1..., ...2] },
      reference: { x in Grid([x[0].shape[0] - 1, 3]) { x[0][$0[0] + 1, $0[1]] } },
      misuse: [
        Misuse("range", "subscript: range 0..<3 by 1 is out of range") {
          _ = Tensor<Float>.ones([2, 3])[0..<3]
        }
      ]),
    OpCase(
      "Slice", "ranges from the end", inputs: matrices, f32: { $0[0][(-3)...(-2), ..<(-1)] },
      f64: { $0[0][(-3)..<(-1), ...(-2)] },
      reference: { x in
        Grid([2, x[0].shape[1] - 1]) { x[0][x[0].shape[0] - 3 + $0[0], $0[1]] }
      }),
    OpCase(
      "Slice", "strides", inputs: matrices, f32: { $0[0][.stride(by: 2), .stride(from: 3, by: -1)] },
      f64: { $0[0][.stride(by: 2), .stride(from: 3, by: -1)] },
      reference: { x in Grid([(x[0].shape[0] + 1) / 2, 4]) { x[0][2 * $0[0], 3 - $0[1]] } },
      misuse: [
        Misuse("step 0", "subscript: range ..< by 0 is out of range") {
          _ = Tensor<Float>.ones([2])[.stride(by: 0)]
        }
      ]),
    OpCase(
      "Slice", "backwards by two", inputs: matrices, f32: { $0[0][.stride(from: 3, to: 0, by: -2)] },
      f64: { $0[0][.stride(from: 3, to: 0, by: -2)] },
      reference: { x in Grid([2, x[0].shape[1]]) { x[0][3 - 2 * $0[0], $0[1]] } }),
    OpCase(
      "Slice", "new axes", inputs: matrices, f32: { $0[0][.newAxis, 1, .newAxis] },
      f64: { $0[0][.newAxis, 1, .newAxis, .ellipsis] },
      reference: { x in Grid([1, 1, x[0].shape[1]]) { x[0][1, $0[2]] } },
      misuse: [
        Misuse("ellipses", "0 indices and 2 ellipses do not fit shape [2]") {
          _ = Tensor<Float>.ones([2])[.ellipsis, .ellipsis]
        }
      ]),
    OpCase(
      "Slice", "an ellipsis", inputs: [[[2, 3, 4]], [[3, 2]], [[2, 1, 2, 3]]], f32: { $0[0][.ellipsis, 1] },
      f64: { $0[0][.ellipsis, 1] },
      reference: { x in Grid(Array(x[0].shape.dropLast())) { x[0][$0 + [1]] } }),
    OpCase(
      "Slice", "nothing", inputs: matrices, f32: { $0[0][2..<2] }, f64: { $0[0][2..<2] },
      reference: { Grid([0, $0[0].shape[1]], values: []) }),
  ]

  static let embeddings: [OpCase] = [
    OpCase(
      "Embed", "a row", inputs: [[[4]], [[1]], [[67]]],
      f32: { g in
        let x: Tensor<Float> = leaf([3, g[0].count])
        return x[1].gradient(of: x, seed: g[0], createGraph: true)
      },
      f64: { g in
        let x: Tensor<Double> = leaf([3, g[0].count])
        return x[-2].gradient(of: x, seed: g[0], createGraph: true)
      },
      reference: { g in Grid([3, g[0].shape[0]]) { $0[0] == 1 ? g[0][$0[1]] : 0 } }),
    OpCase(
      "Embed", "strides", inputs: [[[2, 3]]],
      f32: { g in
        let x: Tensor<Float> = leaf([4, 3])
        return x[.stride(from: 1, by: 2), .stride(by: -1)].gradient(of: x, seed: g[0], createGraph: true)
      },
      f64: { g in
        let x: Tensor<Double> = leaf([4, 3])
        return x[.stride(from: 1, by: 2), .stride(by: -1)].gradient(of: x, seed: g[0], createGraph: true)
      },
      reference: { g in Grid([4, 3]) { $0[0] % 2 == 1 ? g[0][$0[0] / 2, 2 - $0[1]] : 0 } }),
  ]

  @Test(arguments: slices + embeddings)
  func behaves(_ op: OpCase) { verify(op) }
}
