import Martlet

// Mistakes of MistakeTests: complex tensors and Fourier transforms. Each closure stands on the line after its message.

extension MistakeTests {
  private static func complexOnes(_ shape: TensorShape) -> Tensor<Complex<Float>> { .ones(shape) }

  static let fourier = [
    Mistake(
      "Tensor", "complex elements do not convert to Float; use real(), imaginary() or abs()", line: #line + 2
    ) {
      Tensor<Float>(complexOnes([2]))
    },
    Mistake("complex", "shapes [2] and [3] do not broadcast to at most 7 axes", line: #line + 1) {
      Tensor.complex(ones([2]), ones([3]))
    },
    Mistake(
      "complex", "shapes [1, 1, 1, 1, 1, 1, 1, 1] and [2] do not broadcast to at most 7 axes", line: #line + 2
    ) {
      Tensor.complex(ones([1, 1, 1, 1, 1, 1, 1, 1]), ones([2]))
    },
    Mistake(
      "viewAsComplex", "the last axis of shape [2, 3] must have extent 2: the real and the imaginary part",
      line: #line + 2
    ) {
      ones([2, 3]).viewAsComplex()
    },
    Mistake(
      "viewAsReal", "shape [1, 1, 1, 1, 1, 1, 1, 2] has no room for another axis; use real() or imaginary()",
      line: #line + 2
    ) {
      complexOnes([1, 1, 1, 1, 1, 1, 1, 2]).viewAsReal()
    },
    Mistake(
      "backward", "the tensor is complex; give a gradient of its shape, or take a real number of it",
      line: #line + 3
    ) {
      let z = Tensor<Complex<Float>>.ones([], requiresGrad: true)
      (z * z).backward()
      return z
    },
    Mistake("fft", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      complexOnes([2, 3]).fft(axis: 2)
    },
    Mistake("ifft", "axis 1 is named twice in [1, 1]", line: #line + 1) {
      complexOnes([2, 3]).ifft(axes: [1, 1])
    },
    Mistake(
      "rfft", "the lengths of axes [-1] of shape [2, 3] are [0]; each axis needs one above 0", line: #line + 2
    ) {
      ones([2, 3]).rfft(length: 0)
    },
    Mistake(
      "irfft", "the lengths of axes [0] of shape [1] are [0]; each axis needs one above 0", line: #line + 2
    ) {
      complexOnes([1]).irfft(axis: 0)
    },
    Mistake(
      "hfft", "the lengths of axes [-1] of shape [1] are [0]; each axis needs one above 0", line: #line + 2
    ) {
      complexOnes([1]).hfft()
    },
    Mistake(
      "ihfft", "the lengths of axes [-1] of shape [0] are [0]; each axis needs one above 0", line: #line + 2
    ) {
      ones([0]).ihfft()
    },
    Mistake(
      "fft", "the lengths of axes [0, 1] of shape [2, 3] are [4]; each axis needs one above 0",
      line: #line + 2
    ) {
      complexOnes([2, 3]).fft(axes: [0, 1], lengths: [4])
    },
    Mistake("fftFrequencies", "the count must be at least 0, not -1", line: #line + 1) {
      Tensor<Float>.fftFrequencies(-1)
    },
    Mistake("rfftFrequencies", "the count must be at least 0, not -2", line: #line + 1) {
      Tensor<Float>.rfftFrequencies(-2)
    },
    Mistake("rolled", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).fftShifted(axes: [2])
    },
    Mistake("hannWindow", "the count must be at least 0, not -3", line: #line + 1) {
      Tensor<Float>.hannWindow(-3)
    },
    Mistake("generalCosineWindow", "there are no factors; at least 1 is needed", line: #line + 1) {
      Tensor<Float>.generalCosineWindow(5, factors: [])
    },
    Mistake("gaussianWindow", "the deviation must be above 0, not 0.0", line: #line + 1) {
      Tensor<Float>.gaussianWindow(5, deviation: 0)
    },
    Mistake("exponentialWindow", "the decay must be above 0, not -1.0", line: #line + 1) {
      Tensor<Float>.exponentialWindow(5, decay: -1)
    },
    Mistake("kaiserWindow", "beta must be in 0...700, not -1.0", line: #line + 1) {
      Tensor<Float>.kaiserWindow(5, beta: -1)
    },
    Mistake("stft", "the size and the hop must be above 0, not 0 and 1", line: #line + 1) {
      ones([9]).stft(size: 0)
    },
    Mistake("stft", "a window of shape [5] must be a vector of 1 to 4 elements", line: #line + 1) {
      ones([9]).stft(size: 4, window: ones([5]))
    },
    Mistake("stft", "a signal of shape [] must have 1 to 7 axes", line: #line + 1) {
      ones([]).stft(size: 4)
    },
    Mistake("stft", "frames of 4 samples do not fit a signal of shape [3]", line: #line + 1) {
      ones([3]).stft(size: 4, isCentered: false)
    },
    Mistake(
      "istft", "a transform of shape [4, 5] must be […, 3, frames] for frames of 4 samples", line: #line + 2
    ) {
      complexOnes([4, 5]).istft(size: 4, window: nil)
    },
    Mistake("istft", "the size and the hop must be above 0, not 4 and 0", line: #line + 1) {
      complexOnes([3, 5]).istft(size: 4, hop: 0)
    },
    Mistake("istft", "the length must be at least 0, not -1", line: #line + 1) {
      complexOnes([3, 5]).istft(size: 4, length: -1)
    },
    Mistake(
      "istft",
      "the windows leave samples without weight; use a smaller hop, another window or isCentered: true",
      line: #line + 2
    ) {
      complexOnes([3, 2]).istft(size: 4, hop: 6)
    },
  ]
}
