import Martlet

// Mistakes of MistakeTests: invalid convolutional layers, and inputs that do not match them.

extension MistakeTests {
  static let convolutions = [
    Mistake("Conv2d", "a kernel of [3]; 2 numbers above 0", line: #line + 1) {
      Conv2d(3, 4, kernelSize: [3])
    },
    Mistake(
      "Conv1d", "3 to 4 channels in 2 groups; numbers above 0, and groups that divide both", line: #line + 2
    ) {
      Conv1d(3, 4, kernelSize: 3, groups: 2)
    },
    Mistake(
      "ConvTranspose2d", "stride [1, 0], dilation [1, 1]; 2 numbers above 0 each", line: #line + 2
    ) {
      ConvTranspose2d(3, 4, kernelSize: 3, stride: [1, 0])
    },
    Mistake(
      "Conv2d",
      "padding [-1, -1] for a kernel of [3, 3], stride [1, 1], dilation [1, 1]; 2 numbers of at least 0, or .same for strides of 1",
      line: #line + 2
    ) {
      Conv2d(3, 4, kernelSize: 3, padding: -1)
    },
    Mistake(
      "Conv2d",
      "inputs [1, 2, 5, 5], weight [4, 3, 3, 3]; 2 channels, 3 are expected",
      in: "Conv2d(3, 4, kernelSize: [3, 3])", line: #line + 2
    ) {
      Conv2d(3, 4, kernelSize: 3)(ones([1, 2, 5, 5]))
    },
    Mistake(
      "uniform",
      "shape [2, 2, 9223372036854775807, 9223372036854775807], range -3.2927225e-10...3.2927225e-10; a valid shape and finite bounds",
      line: #line + 2
    ) {
      Conv2d(2, 2, kernelSize: Int.max)
    },
    Mistake(
      "uniform",
      "shape [2, 9223372036854775807, 3, 3], range -3.2927225e-10...3.2927225e-10; a valid shape and finite bounds",
      line: #line + 2
    ) {
      Conv2d(Int.max, 2, kernelSize: 3)
    },
    Mistake(
      "Conv2d",
      "-9223372036854775808 to 2 channels in 1 groups; numbers above 0, and groups that divide both",
      line: #line + 2
    ) {
      Conv2d(Int.min, 2, kernelSize: 3)
    },
    Mistake(
      "Conv2d", "a kernel of [-9223372036854775807, -9223372036854775807]; 2 numbers above 0",
      line: #line + 2
    ) {
      Conv2d(2, 2, kernelSize: -Int.max)
    },
    Mistake(
      "conv1d",
      "weight [0, 2, 1], groups 9223372036854775807; a number that divides the weight's 0 is expected",
      line: #line + 2
    ) {
      ones([1, 2, 4]).conv1d(weight: ones([0, 2, 1]), groups: Int.max)
    },
    Mistake(
      "unfolded", "padding [[0, 1]] before and after the axes; the same numbers on both sides are expected",
      line: #line + 2
    ) {
      ones([1, 2, 4]).unfolded(kernelSize: 2, padding: .same)
    },
    Mistake(
      "conv1d",
      "inputs [4], weight [3, 1, 3]; [n, in, …] and [out, in / groups, …] of rank 3 are expected",
      line: #line + 2
    ) {
      ones([4]).conv1d(weight: ones([3, 1, 3]))
    },
    Mistake(
      "conv2d", "weight [3, 1, 3, 3], groups 2; a number that divides the weight's 3 is expected",
      line: #line + 2
    ) {
      ones([1, 2, 4, 4]).conv2d(weight: ones([3, 1, 3, 3]), groups: 2)
    },
    Mistake("conv2d", "bias [2], weight [3, 1, 3, 3]; [3] is expected", line: #line + 1) {
      ones([1, 1, 4, 4]).conv2d(weight: ones([3, 1, 3, 3]), bias: ones([2]))
    },
    Mistake(
      "conv2d",
      "a kernel of [3, 3] for images of [2, 4], padding [0, 0], dilation [1, 1]; it has to fit in the padded image",
      line: #line + 2
    ) {
      ones([1, 1, 2, 4]).conv2d(weight: ones([3, 1, 3, 3]))
    },
    Mistake(
      "conv2d", "inputs [1, 1, 65536, 65536], weight [1, 1, 1, 1]; too large for BLAS", line: #line + 2
    ) {
      ones([1, 1, 1, 1]).broadcast(to: [1, 1, 1 << 16, 1 << 16]).conv2d(weight: ones([1, 1, 1, 1]))
    },
    Mistake(
      "convTranspose1d", "inputs [1, 2, 4], weight [3, 1, 3]; 2 channels, 3 are expected", line: #line + 2
    ) {
      ones([1, 2, 4]).convTranspose1d(weight: ones([3, 1, 3]))
    },
    Mistake(
      "convTranspose1d",
      "output padding [2] for stride [2], dilation [1]; 1 numbers of at least 0, below the stride or the dilation",
      line: #line + 2
    ) {
      ones([1, 1, 4]).convTranspose1d(weight: ones([1, 1, 3]), stride: 2, outputPadding: 2)
    },
    Mistake(
      "convTranspose2d",
      "a kernel of [1, 1] for images of [1, 1], padding [1, 1]: results of [-1, -1]; extents of at least 0, and kernels above 0",
      line: #line + 2
    ) {
      ones([1, 1, 1, 1]).convTranspose2d(weight: ones([1, 1, 1, 1]), padding: 1)
    },
    Mistake(
      "convTranspose2d", "inputs [1, 1, 65536, 65536], weight [1, 1, 1, 1]; too large for BLAS",
      line: #line + 2
    ) {
      ones([1, 1, 1, 1]).broadcast(to: [1, 1, 1 << 16, 1 << 16]).convTranspose2d(weight: ones([1, 1, 1, 1]))
    },
  ]
}
