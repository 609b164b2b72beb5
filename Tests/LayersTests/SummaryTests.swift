import Martlet
import TestSupport
import Testing

private final class Classifier: Layer {
  let hidden = Linear(64, 128), dropout = Dropout(0.1), output = Linear(128, 10)
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { output(dropout(hidden(x).relu())) }
}

/// A model with two layers that share their weights, one that runs twice, and one that never runs.
private final class Tied: Layer {
  let table = Embedding<Double>(7, 3), decoder: Linear<Double>, mix = Linear<Double>(3, 3),
    unused = Linear<Double>(2, 2)
  init() { decoder = Linear(weight: table.weight) }
  func forward(_ x: Tensor<Int>) -> Tensor<Double> { decoder(mix(mix(table(x)))) }
}

/// Two convolutions with batch norm and a shortcut (He et al. 2016, arXiv:1512.03385).
private func basicBlock(_ inputs: Int, _ outputs: Int, stride: Int) -> Residual<Float> {
  let shortcut = Sequential {
    Conv2d(inputs, outputs, kernelSize: 1, stride: stride, bias: false)
    BatchNorm(outputs)
  }
  return Residual(shortcut: shortcut) {
    Conv2d(inputs, outputs, kernelSize: 3, stride: stride, padding: 1, bias: false)
    BatchNorm(outputs)
    ReLU()
    Conv2d(outputs, outputs, kernelSize: 3, padding: 1, bias: false)
    BatchNorm(outputs)
  }
}

/// Summaries of models, compared with counts by hand.
@Suite struct SummaryTests {
  @Test func aClassifierIsCounted() {
    let model = Classifier(), summary = model.summary(input: [64])
    #expect(
      summary.rows.map(\.path) == [
        "Classifier", "Classifier.hidden", "Classifier.dropout", "Classifier.output",
      ])
    #expect(summary.rows.map(\.type) == ["Classifier", "Linear", "Dropout", "Linear"])
    #expect(summary.rows.map(\.outputShape) == [[10], [128], [128], [10]])
    #expect(summary.rows.map(\.parameters) == [9610, 64 * 128 + 128, 0, 128 * 10 + 10])
    #expect(summary.rows.map(\.multiplyAdds) == [9472, 64 * 128, 0, 128 * 10])
    // The model's own activation is the relu's. Dropout returns its input.
    #expect(summary.rows.map(\.activationBytes) == [512 + 512 + 40, 512, 0, 40])
    #expect(summary.total == summary.rows[0])
    #expect(model.summary(input: [32, 64]).total.multiplyAdds == 32 * 9472)
  }

  @Test func theTableIsAligned() {
    let model = Classifier()
    model.output.freeze()
    #expect(
      "\(model.summary(input: [8, 64]))" == """
        layer               type        output shape  parameters  trainable  multiply-adds  activation bytes
        Classifier          Classifier  [8, 10]            9,610      8,320         75,776             8,512
        Classifier.hidden   Linear      [8, 128]           8,320      8,320         65,536             4,096
        Classifier.dropout  Dropout     [8, 128]               0          0              0                 0
        Classifier.output   Linear      [8, 10]            1,290          0         10,240               320
        """)
  }

  @Test func sharedParametersCountOnceAndRunsAddUp() {
    let summary = Tied().summary(input: [2, 5])
    #expect(summary.rows.map(\.parameters) == [7 * 3 + 12 + 6, 21, 21, 12, 6])
    #expect(summary.rows.map(\.multiplyAdds) == [10 * 21 + 2 * 10 * 9, 0, 10 * 21, 2 * 10 * 9, 0])
    #expect(summary.rows.map(\.outputShape) == [[2, 5, 7], [2, 5, 3], [2, 5, 7], [2, 5, 3], nil])
    #expect(summary.rows.map(\.activationBytes) == [8 * (30 + 70 + 60), 8 * 30, 8 * 70, 8 * 60, 0])
    #expect(summary.description.contains("not run"))
  }

  @Test func convolutionsAreCounted() {
    let block = basicBlock(4, 6, stride: 2), summary = block.summary(input: [2, 4, 8, 8])
    let places = 2 * 6 * 4 * 4
    #expect(summary.total.multiplyAdds == places * (4 * 9 + 6 * 9 + 4))
    #expect(summary.total.parameters == 6 * (4 * 9 + 6 * 9 + 4) + 3 * 12)
    // Three convolutions, three norms with some vectors of 6, the relu and the sum.
    #expect((8 * places * 4..<9 * places * 4).contains(summary.total.activationBytes))
    let second = summary.rows.first { $0.path == "Residual.block.3" }
    #expect(second?.activationBytes == places * 4 && second?.multiplyAdds == places * 6 * 9)
    let depthwise = Conv2d<Double>(8, 8, kernelSize: 3, padding: 1, groups: 8)
    #expect(depthwise.summary(input: [8, 5, 7]).total.multiplyAdds == 8 * 35 * 9)
    let grouped = Conv1d(4, 6, kernelSize: 3, groups: 2)
    #expect(grouped.summary(input: [3, 4, 10]).total.multiplyAdds == 3 * 6 * 8 * 2 * 3)
    let transposed = ConvTranspose2d(3, 5, kernelSize: 2, stride: 2)
    #expect(transposed.summary(input: [1, 3, 4, 4]).total.multiplyAdds == 16 * 3 * 5 * 4)
    #expect(withMatrixProducts(.naive) { grouped.summary(input: [3, 4, 10]) }.total.multiplyAdds == 864)
  }

  @Test func aModuleOfSeveralInputsIsRunByACall() {
    let cell = RNNCell(inputs: 3, hidden: 5)
    let summary = cell.summary { cell(.zeros([2, 3]), cell.initialState(batchSize: 2)) }
    #expect(summary.total.outputShape == [2, 5])
    #expect(summary.total.multiplyAdds == 2 * 5 * (3 + 5))
    let twice = cell.summary { cell(.zeros([2, 3]), cell(.zeros([2, 3]), .zeros([2, 5])).next) }
    #expect(twice.total.multiplyAdds == 2 * 2 * 5 * (3 + 5))
    let error = refusal { _ = cell.summary { cell(.zeros([2, 4]), .zeros([2, 5])) } }
    #expect(error?.layer == "RNNCell")
  }

  @Test func nothingIsLeftBehind() {
    let norm = BatchNorm(3), dropout = Dropout(0.5), model = Sequential([norm, dropout])
    dropout.isTraining = false
    _ = model.summary(input: [4, 3])
    #expect(norm.isTraining && !dropout.isTraining)
    #expect(norm.runningMean?.scalars == [0, 0, 0] && norm.batchesTracked?.item == 0)
    #expect(model(.ones([4, 3])).requiresGrad && model.parameters.allSatisfy { $0.grad == nil })
    #expect(refusal { _ = model.summary(input: [4, 2]) }?.layer == "Sequential.0")
    #expect(norm.isTraining)
    #expect(
      refusal { _ = model.summary(input: [-1, 3]) }?.location?.hasPrefix("SummaryTests.swift:") == true)
  }

  /// A profile and a summary within it both record the run.
  @Test func aProfileAroundItSeesTheRun() {
    let model = Classifier()
    var inner: Summary?
    let profile = profile { inner = model.summary(input: [64]) }
    #expect(inner?.total.multiplyAdds == 9472)
    #expect(profile.rows.contains { $0.operation == "Linear" && $0.layer == "Classifier.hidden" })
  }
}
