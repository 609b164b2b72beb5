import Martlet

// Mistakes of MistakeTests: invalid convolutional layers, and inputs that do not match them.

extension MistakeTests {
  static let convolutions = [
    Mistake("Conv2d", "the kernel must be 2 numbers above 0, not [3]", line: #line + 1) {
      Conv2d(3, 4, kernelSize: [3])
    },
    Mistake(
      "Conv1d",
      "3 to 4 channels in 2 groups do not fit; all must be above 0, and the groups must divide both",
      line: #line + 2
    ) {
      Conv1d(3, 4, kernelSize: 3, groups: 2)
    },
    Mistake(
      "ConvTranspose2d", "the stride [1, 0] and the dilation [1, 1] must be 2 numbers above 0 each",
      line: #line + 2
    ) {
      ConvTranspose2d(3, 4, kernelSize: 3, stride: [1, 0])
    },
    Mistake(
      "Conv2d",
      "padding [-1, -1] does not fit a kernel of [3, 3] with stride [1, 1] and dilation [1, 1]; it must be 2 numbers of at least 0, or .same with strides of 1",
      line: #line + 2
    ) {
      Conv2d(3, 4, kernelSize: 3, padding: -1)
    },
    Mistake(
      "Conv2d",
      "inputs [1, 2, 5, 5] have 2 channels, but weight [4, 3, 3, 3] needs 3",
      in: "Conv2d(3, 4, kernelSize: [3, 3])", line: #line + 2
    ) {
      Conv2d(3, 4, kernelSize: 3)(ones([1, 2, 5, 5]))
    },
    Mistake(
      "uniform",
      "the shape [2, 2, 9223372036854775807, 9223372036854775807] must be valid and the range -3.2927225e-10...3.2927225e-10 must have finite bounds",
      line: #line + 2
    ) {
      Conv2d(2, 2, kernelSize: Int.max)
    },
    Mistake(
      "uniform",
      "the shape [2, 9223372036854775807, 3, 3] must be valid and the range -3.2927225e-10...3.2927225e-10 must have finite bounds",
      line: #line + 2
    ) {
      Conv2d(Int.max, 2, kernelSize: 3)
    },
    Mistake(
      "Conv2d",
      "-9223372036854775808 to 2 channels in 1 groups do not fit; all must be above 0, and the groups must divide both",
      line: #line + 2
    ) {
      Conv2d(Int.min, 2, kernelSize: 3)
    },
    Mistake(
      "Conv2d", "the kernel must be 2 numbers above 0, not [-9223372036854775807, -9223372036854775807]",
      line: #line + 2
    ) {
      Conv2d(2, 2, kernelSize: -Int.max)
    },
    Mistake(
      "conv1d",
      "weight [0, 2, 1] cannot be split into 9223372036854775807 groups; their number must divide 0",
      line: #line + 2
    ) {
      ones([1, 2, 4]).conv1d(weight: ones([0, 2, 1]), groups: Int.max)
    },
    Mistake(
      "unfolded", "the padding [[0, 1]] must be the same before and after each axis",
      line: #line + 2
    ) {
      ones([1, 2, 4]).unfolded(kernelSize: 2, padding: .same)
    },
    Mistake(
      "conv1d",
      "inputs [4] and weight [3, 1, 3] do not match; they must be [n, in, …] and [out, in / groups, …] of rank 3",
      line: #line + 2
    ) {
      ones([4]).conv1d(weight: ones([3, 1, 3]))
    },
    Mistake(
      "conv2d", "weight [3, 1, 3, 3] cannot be split into 2 groups; their number must divide 3",
      line: #line + 2
    ) {
      ones([1, 2, 4, 4]).conv2d(weight: ones([3, 1, 3, 3]), groups: 2)
    },
    Mistake("conv2d", "bias [2] does not match weight [3, 1, 3, 3]; it must be [3]", line: #line + 1) {
      ones([1, 1, 4, 4]).conv2d(weight: ones([3, 1, 3, 3]), bias: ones([2]))
    },
    Mistake(
      "conv2d",
      "a kernel of [3, 3] with dilation [1, 1] does not fit in images of [2, 4] with padding [0, 0]",
      line: #line + 2
    ) {
      ones([1, 1, 2, 4]).conv2d(weight: ones([3, 1, 3, 3]))
    },
    Mistake(
      "conv2d", "inputs [1, 1, 65536, 65536] and weight [1, 1, 1, 1] are too large: BLAS counts in 32 bits",
      line: #line + 2
    ) {
      ones([1, 1, 1, 1]).broadcast(to: [1, 1, 1 << 16, 1 << 16]).conv2d(weight: ones([1, 1, 1, 1]))
    },
    Mistake(
      "convTranspose1d", "inputs [1, 2, 4] have 2 channels, but weight [3, 1, 3] needs 3", line: #line + 2
    ) {
      ones([1, 2, 4]).convTranspose1d(weight: ones([3, 1, 3]))
    },
    Mistake(
      "convTranspose1d",
      "the output padding [2] must be 1 numbers of at least 0, below the stride [2] or the dilation [1]",
      line: #line + 2
    ) {
      ones([1, 1, 4]).convTranspose1d(weight: ones([1, 1, 3]), stride: 2, outputPadding: 2)
    },
    Mistake(
      "convTranspose2d",
      "a kernel of [1, 1] on images of [1, 1] with padding [1, 1] makes results of [-1, -1]; extents must be at least 0 and kernels above 0",
      line: #line + 2
    ) {
      ones([1, 1, 1, 1]).convTranspose2d(weight: ones([1, 1, 1, 1]), padding: 1)
    },
    Mistake(
      "convTranspose2d",
      "inputs [1, 1, 65536, 65536] and weight [1, 1, 1, 1] are too large: BLAS counts in 32 bits",
      line: #line + 2
    ) {
      ones([1, 1, 1, 1]).broadcast(to: [1, 1, 1 << 16, 1 << 16]).convTranspose2d(weight: ones([1, 1, 1, 1]))
    },
  ]
}
