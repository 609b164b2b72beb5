import Martlet

// Mistakes of MistakeTests: errors that the modules above Core find, or that Core finds in their arguments.
// The line is the call of the module, not a line within it.

extension MistakeTests {
  /// Layers that are created or called with arguments that do not match.
  static let layers = [
    Mistake(
      "Linear", "inputs of shape [4, 2]; […, 3] is expected", in: "Linear(3, 2, bias: true)", line: #line + 2
    ) {
      Linear(3, 2)(ones([4, 2]))
    },
    Mistake(
      "Linear", "inputs of shape []; […, 3] is expected", in: "Sequential.0, Linear(3, 2, bias: true)",
      line: #line + 2
    ) {
      Sequential([Linear(3, 2)])(ones([]))
    },
    Mistake("Linear", "weight [2, 3], bias [3]; [out, in] and [out] are expected", line: #line + 1) {
      Linear(weight: ones([2, 3]), bias: ones([3]))
    },
    Mistake("Linear", "weight [3], bias none; [out, in] and [out] are expected", line: #line + 1) {
      Linear(weight: ones([3]))
    },
    Mistake(
      "uniform", "shape [-2, 3], range -0.57735026...0.57735026; a valid shape and finite bounds",
      line: #line + 2
    ) {
      Linear(3, -2)
    },
    Mistake("LayerNorm", "extents [2, -1]; at least one, none below 0", line: #line + 1) {
      LayerNorm(2, -1)
    },
    Mistake(
      "LayerNorm", "inputs of shape [3, 2]; […, 3] is expected",
      in: "LayerNorm(3, epsilon: 1e-05, affine: true, bias: true)", line: #line + 2
    ) {
      LayerNorm(3)(ones([3, 2]))
    },
    Mistake("Embedding", "weight [3]; [count, dimensions] is expected", line: #line + 1) {
      Embedding(weight: ones([3]))
    },
    Mistake(
      "subscript", "index 3 out of range for the 3 rows of shape [3, 2]", in: "Embedding(3, 2)",
      line: #line + 2
    ) {
      Embedding(3, 2)(Tensor<Int>([0, 3]))
    },
    Mistake(
      "linear", "inputs of shape [4, 2] for a weight of shape [5, 3]; […, in] and [out, in]",
      in: "RNNCell(inputs: 3, hidden: 5, activation: tanh)", line: #line + 3
    ) {
      let cell = RNNCell(inputs: 3, hidden: 5)
      return cell(ones([4, 2]), cell.initialState(batchSize: 4)).output
    },
    Mistake("Dropout", "probability 1.5; in 0...1", line: #line + 1) {
      Dropout(1.5)
    },
    Mistake(
      "Linear", "inputs of shape [1, 2]; […, 3] is expected", in: "Linear(3, 2, bias: true)", line: #line + 3
    ) {
      let dataset = LabeledDataset(inputs: [1, 2], shape: [2], labels: [0])
      return Linear(3, 2).accuracy(on: dataset)
    },
  ]

  private final class Scaled: Layer {
    let scale: Tensor<Float>
    init(_ scale: Tensor<Float>) { self.scale = scale }
    func forward(_ x: Tensor<Float>) -> Tensor<Float> { x * scale }
  }
  private final class Mixed<Part>: Layer {
    let part: Part
    init(_ part: Part) { self.part = part }
    func forward(_ x: Tensor<Float>) -> Tensor<Float> { x }
  }

  /// Values that cannot be a parameter.
  static let parameters = [
    Mistake(
      "parameters",
      "scale has history (MulBackward); a parameter is a leaf: store tensor.detached() or a copy",
      line: #line + 2
    ) {
      Scaled(leaf() * 2).parameters
    },
    Mistake(
      "parameters", "part: elements are Double; those of the module around it are Float", line: #line + 2
    ) {
      Mixed(Tensor<Double>.ones([2])).parameters
    },
    Mistake(
      "parameters", "part: its parameters are Double; those of the module around it are Float",
      line: #line + 2
    ) {
      Mixed(Linear<Double>(2, 2)).parameters
    },
    Mistake(
      "parameters", "part: a buffer of another element type; those of the module around it are Float",
      line: #line + 2
    ) {
      Mixed(Buffer(wrappedValue: Tensor<Double>.ones([2]))).parameters
    },
  ]

  /// Datasets whose parts do not match.
  static let data = [
    Mistake("LabeledDataset", "5 numbers for 2 inputs of shape [3]", line: #line + 1) {
      LabeledDataset(inputs: [1, 2, 3, 4, 5], shape: [3], labels: [0, 1])
    },
    Mistake("batch", "position 2 of 2 inputs", line: #line + 1) {
      LabeledDataset(inputs: [1, 2], shape: [1], labels: [0, 1]).batch([0, 2]).inputs
    },
    Mistake("split", "at 3 of 2 inputs", line: #line + 1) {
      LabeledDataset(inputs: [1, 2], shape: [1], labels: [0, 1]).split(at: 3).0
    },
    Mistake("DataLoader", "batch size 0; at least 1", line: #line + 1) {
      DataLoader(LabeledDataset(inputs: [1, 2], shape: [1], labels: [0, 1]), batchSize: 0)
    },
  ]
}
