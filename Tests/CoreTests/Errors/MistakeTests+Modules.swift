import Martlet

// Mistakes of MistakeTests: errors that the modules above Core find, or that Core finds in their arguments.
// The line is the call of the module, not a line within it.

extension MistakeTests {
  /// Layers that are created or called with arguments that do not match.
  static let layers = [
    Mistake(
      "Linear", "inputs of shape [4, 2] do not fit; the shape must be […, 3]", in: "Linear(3, 2, bias: true)",
      line: #line + 2
    ) {
      Linear(3, 2)(ones([4, 2]))
    },
    Mistake(
      "Linear", "inputs of shape [] do not fit; the shape must be […, 3]",
      in: "Sequential.0, Linear(3, 2, bias: true)",
      line: #line + 2
    ) {
      Sequential([Linear(3, 2)])(ones([]))
    },
    Mistake(
      "Linear", "weight [2, 3] and bias [3] do not fit; the shapes must be [out, in] and [out]",
      line: #line + 2
    ) {
      Linear(weight: ones([2, 3]), bias: ones([3]))
    },
    Mistake(
      "Linear", "weight [3] and bias none do not fit; the shapes must be [out, in] and [out]", line: #line + 2
    ) {
      Linear(weight: ones([3]))
    },
    Mistake(
      "uniform",
      "the shape [-2, 3] must be valid and the range -0.57735026...0.57735026 must have finite bounds",
      line: #line + 2
    ) {
      Linear(3, -2)
    },
    Mistake(
      "LayerNorm", "the extents must be one or more numbers of at least 0, not [2, -1]", line: #line + 2
    ) {
      LayerNorm(2, -1)
    },
    Mistake(
      "LayerNorm", "inputs of shape [3, 2] do not fit; the shape must be […, 3]",
      in: "LayerNorm(3, epsilon: 1e-05, affine: true, bias: true)", line: #line + 2
    ) {
      LayerNorm(3)(ones([3, 2]))
    },
    Mistake("Embedding", "the weight must have the shape [count, dimensions], not [3]", line: #line + 1) {
      Embedding(weight: ones([3]))
    },
    Mistake(
      "subscript", "index 3 is out of range for axis 0 of shape [3, 2]", in: "Embedding(3, 2)",
      line: #line + 2
    ) {
      Embedding(3, 2)(Tensor<Int>([0, 3]))
    },
    Mistake(
      "linear",
      "inputs of shape [4, 2] do not match a weight of shape [5, 3]; they must be […, in] and [out, in]",
      in: "RNNCell(inputs: 3, hidden: 5, activation: tanh)", line: #line + 3
    ) {
      let cell = RNNCell(inputs: 3, hidden: 5)
      return cell(ones([4, 2]), cell.initialState(batchSize: 4)).output
    },
    Mistake("Dropout", "the probability must be in 0...1, not 1.5", line: #line + 1) {
      Dropout(1.5)
    },
    Mistake(
      "Linear", "inputs of shape [1, 2] do not fit; the shape must be […, 3]", in: "Linear(3, 2, bias: true)",
      line: #line + 3
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
      "parameters", "part: the elements are Double; the elements must be Float, as in the module around it",
      line: #line + 2
    ) {
      Mixed(Tensor<Double>.ones([2])).parameters
    },
    Mistake(
      "parameters", "part: its parameters are Double; the elements must be Float, as in the module around it",
      line: #line + 2
    ) {
      Mixed(Linear<Double>(2, 2)).parameters
    },
    Mistake(
      "parameters",
      "part: the buffer has another element type; the elements must be Float, as in the module around it",
      line: #line + 2
    ) {
      Mixed(Buffer(wrappedValue: Tensor<Double>.ones([2]))).parameters
    },
  ]

  /// Datasets whose parts do not match.
  static let data = [
    Mistake("LabeledDataset", "5 numbers do not fill 2 inputs of shape [3]", line: #line + 1) {
      LabeledDataset(inputs: [1, 2, 3, 4, 5], shape: [3], labels: [0, 1])
    },
    Mistake("batch", "position 2 is out of range for 2 samples", line: #line + 1) {
      LabeledDataset(inputs: [1, 2], shape: [1], labels: [0, 1]).batch([0, 2]).inputs
    },
    Mistake("split", "position 3 is out of range for 2 samples", line: #line + 1) {
      LabeledDataset(inputs: [1, 2], shape: [1], labels: [0, 1]).split(at: 3).0
    },
    Mistake("DataLoader", "the batch size must be at least 1, not 0", line: #line + 1) {
      DataLoader(LabeledDataset(inputs: [1, 2], shape: [1], labels: [0, 1]), batchSize: 0)
    },
  ]
}
