#if os(Linux)
  import Foundation
  import Martlet
  import TestSupport
  import Testing

  /// 10,000 requests in one process, every third one malformed. A valid request gets the right answer, a
  /// malformed one is refused with its reason, and memory does not grow.
  @Suite struct ServerTests {
    @Test func tenThousandRequestsOneAfterTheOther() async {
      await #expect(processExitsWith: .success) {
        let weights = Weights.trained, classifier = Classifier(weights)
        var before = Memory.now, wrong = 0
        for i in 0..<10_000 {
          if i == 1000 { before = .now }
          let request = Request.number(i)
          let outcome = Result { try catchingTensorErrors { classifier.answer(request) } }
          wrong += request.expects(outcome, weights) ? 0 : 1
        }
        #expect(wrong == 0)
        before.expectFlat()
      }
    }

    @Test func tenThousandRequestsToFourTasks() async {
      await #expect(processExitsWith: .success) {
        let weights = Weights.trained
        _ = await weights.serveFromFourTasks(0..<1000)
        let before = Memory.now
        #expect(await weights.serveFromFourTasks(0..<10_000) == 0)
        before.expectFlat()
      }
    }
  }

  /// The memory that this process holds.
  private struct Memory {
    let inUse: Int, resident: Int

    static var now: Memory {
      Memory(inUse: StoragePool.bytesInUse, resident: ResidentMemory.bytes)
    }

    func expectFlat() {
      let now = Memory.now
      #expect(resident > 0 && now.inUse == inUse)
      #expect(now.resident - resident < 1 << 20 || !ResidentMemory.fallsWhenFreed)
    }
  }

  /// The logits of three classes for four numbers.
  private final class Classifier: Layer {
    let hidden: Linear<Float>, output: Linear<Float>

    init(_ weights: Weights) {
      hidden = Linear(weight: Tensor(weights.hidden, shape: [8, 4]), bias: Tensor(weights.hiddenBias))
      output = Linear(weight: Tensor(weights.output, shape: [3, 8]), bias: Tensor(weights.outputBias))
    }

    func forward(_ x: Tensor<Float>) -> Tensor<Float> { output(hidden(x).relu()) }

    func loss(_ request: Request) -> (logits: Tensor<Float>, loss: Tensor<Float>) {
      let x = Tensor<Float>(request.numbers, shape: TensorShape(request.shape))
      // Fails for a NaN, which an integer cannot hold.
      let logits = self(x + Tensor<Float>(Tensor<Int>(x)) * 0)
      return (logits, logits.crossEntropy(Tensor<Int>(request.labels)))
    }

    func answer(_ request: Request, _ logits: Tensor<Float>, _ loss: Tensor<Float>) -> Answer {
      for tensor in [hidden.weight, hidden.bias!, output.weight, output.bias!] { tensor.zeroGrad() }
      (request.isRecorded ? loss : loss.detached()).backward()
      return Answer(
        classes: logits.argmax(axis: 1).scalars, loss: loss.item, gradient: output.bias!.grad?.scalars ?? [])
    }

    func answer(_ request: Request) -> Answer {
      let (logits, loss) = loss(request)
      return answer(request, logits, loss)
    }
  }

  /// The server's answer: the classes, the loss for the client's labels, and the gradient of the last bias.
  private struct Answer {
    let classes: [Int], loss: Float, gradient: [Float]

    func isClose(to other: Answer) -> Bool {
      let pairs = zip(gradient + [loss], other.gradient + [other.loss])
      return classes == other.classes && gradient.count == other.gradient.count
        && pairs.allSatisfy { abs($0 - $1) < 1e-5 * max(1, abs($1)) }
    }
  }

  /// A client's request: the inputs and the labels.
  private struct Request: Sendable {
    var numbers: [Float], shape: [Int], labels: [Int]
    var isRecorded = true
    /// The expected mistake of the request, or nil.
    var mistake: String?

    /// Request number i. Every third one is malformed, with each of the kinds in turn.
    static func number(_ i: Int) -> Request { i % 3 == 2 ? malformed[i / 3 % malformed.count] : whole(i) }

    private static func whole(_ i: Int) -> Request {
      let count = 1 + i % 7
      return Request(
        numbers: (0..<4 * count).map { Float((i * 37 + $0 * 101) % 199) / 100 - 1 }, shape: [count, 4],
        labels: (0..<count).map { (i + $0) % 3 })
    }

    private static let zeros = [Float](repeating: 0, count: 8)
    private static let malformed = [
      Request(
        numbers: zeros, shape: [2, 4], labels: [0, 3],
        mistake: "crossEntropy: label 3 at [1] is outside the 3 classes 0 ..< 3"),
      Request(
        numbers: zeros, shape: [2, 4], labels: [0, -1],
        mistake: "crossEntropy: label -1 at [1] is outside the 3 classes 0 ..< 3"),
      Request(
        numbers: zeros, shape: [2, 4], labels: [0],
        mistake: "crossEntropy: logits [2, 3] and labels [1] do not match; they must be [n, classes] and [n]"),
      Request(
        numbers: zeros, shape: [4, 2], labels: [0, 1, 2, 0],
        mistake: "Linear: inputs of shape [4, 2] do not fit; the shape must be […, 4]"
      ),
      Request(
        numbers: [1], shape: [], labels: [0],
        mistake: "Linear: inputs of shape [] do not fit; the shape must be […, 4]"),
      Request(
        numbers: [], shape: [2, 0], labels: [0, 1],
        mistake: "Linear: inputs of shape [2, 0] do not fit; the shape must be […, 4]"
      ),
      Request(
        numbers: zeros, shape: [2, 1, 4], labels: [0, 1],
        mistake:
          "crossEntropy: logits [2, 1, 3] and labels [2] do not match; they must be [n, classes] and [n]"),
      Request(
        numbers: zeros, shape: [3, 4], labels: [0, 1, 2],
        mistake: "Tensor: 8 scalars do not fit shape [3, 4], which has 12 elements"),
      Request(
        numbers: zeros, shape: [-1, 4], labels: [0, 1],
        mistake: "Tensor: 8 scalars do not fit shape [-1, 4], which has -4 elements"),
      Request(
        numbers: zeros, shape: [1, 1, 1, 1, 1, 1, 1, 2, 4], labels: [0, 1],
        mistake: "shape: rank 9 is too high; a shape has at most 8 axes"),
      Request(
        numbers: [.nan, 0, 0, .infinity], shape: [1, 4], labels: [0],
        mistake: "Tensor: 2 of 4 elements are NaN or out of range for Int"),
      Request(
        numbers: zeros, shape: [2, 4], labels: [0, 1], isRecorded: false,
        mistake:
          "backward: the tensor of shape [] has no history; nothing it was computed from requires a gradient"),
    ]

    /// True if an outcome is the answer of plain arithmetic, or the expected mistake.
    func expects(_ outcome: Result<Answer, any Error>, _ weights: Weights) -> Bool {
      switch outcome {
      case .success(let answer): mistake == nil && answer.isClose(to: weights.answer(self))
      case .failure(let error as TensorError): "\(error.operation): \(error.reason)" == mistake
      case .failure: false
      }
    }
  }

  /// The classifier's weights, from which every task creates a model of its own.
  private struct Weights: Sendable {
    let hidden: [Float], hiddenBias: [Float], output: [Float], outputBias: [Float]

    /// The weights of a model that finds the largest of the first three numbers.
    static var trained: Weights {
      var random = RandomGenerator(seed: 3)
      return withRandom(&random) {
        func start(_ count: Int) -> [Float] { Tensor.uniform([count], in: -0.5...0.5).scalars }
        let model = Classifier(
          Weights(hidden: start(32), hiddenBias: start(8), output: start(24), outputBias: start(3)))
        let x = Tensor<Float>.normal([64, 4]), labels = x[0..., 0..<3].argmax(axis: 1)
        let optimizer = Adam(model.parameters, learningRate: 0.05)
        for _ in 0..<60 {
          model(x).crossEntropy(labels).backward()
          optimizer.step()
        }
        return Weights(
          hidden: model.hidden.weight.scalars, hiddenBias: model.hidden.bias!.scalars,
          output: model.output.weight.scalars, outputBias: model.output.bias!.scalars)
      }
    }

    /// Computes the answer in plain arithmetic.
    func answer(_ request: Request) -> Answer {
      var classes = [Int](), loss = 0.0, gradient = [0.0, 0.0, 0.0]
      for (row, label) in request.labels.enumerated() {
        let x = request.numbers[row * 4..<row * 4 + 4].map(Double.init)
        let h = affine(x, hidden, hiddenBias).map { max($0, 0) }
        let logits = affine(h, output, outputBias), total = logits.reduce(0) { $0 + exp($1) }
        classes.append(logits.indices.max { logits[$0] < logits[$1] }!)
        loss += log(total) - logits[label]
        for i in 0..<3 { gradient[i] += exp(logits[i]) / total - (i == label ? 1 : 0) }
      }
      let count = Double(request.labels.count)
      return Answer(
        classes: classes, loss: Float(loss / count), gradient: gradient.map { Float($0 / count) })
    }

    private func affine(_ x: [Double], _ weight: [Float], _ bias: [Float]) -> [Double] {
      bias.indices.map { i in
        x.indices.reduce(Double(bias[i])) { $0 + Double(weight[i * x.count + $1]) * x[$1] }
      }
    }

    /// Serves requests from four tasks, each of which waits in the middle of a request. Returns the number of
    /// wrong outcomes.
    func serveFromFourTasks(_ requests: Range<Int>) async -> Int {
      await withTaskGroup(of: Int.self) { group in
        for first in 0..<4 {
          group.addTask {
            let classifier = Classifier(self)
            var wrong = 0
            for i in stride(from: first, to: requests.upperBound, by: 4) {
              let request = Request.number(i)
              let outcome: Result<Answer, any Error>
              do {
                let answer = try await catchingTensorErrors {
                  let (logits, loss) = classifier.loss(request)
                  await Task.yield()
                  return classifier.answer(request, logits, loss)
                }
                outcome = .success(answer)
              } catch { outcome = .failure(error) }
              wrong += request.expects(outcome, self) ? 0 : 1
            }
            return wrong
          }
        }
        return await group.reduce(0, +)
      }
    }
  }
#endif
