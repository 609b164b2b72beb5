import Martlet

// Mistakes of MistakeTests: metrics, checkpoints and early stopping.

extension MistakeTests {
  /// Metrics whose batches do not fit, and settings out of range.
  static let training = [
    Mistake("Checkpoint", "keepLast must be at least 1, not 0", line: #line + 1) {
      Checkpoint(model: Linear<Float>(2, 2), keepLast: 0)
    },
    Mistake("Checkpoint", "the name a.b of an object must not contain a dot", line: #line + 3) {
      let model = Linear<Float>(2, 2)
      let average = ExponentialMovingAverage(of: model.parameters)
      return Checkpoint(model: model, others: ["a.b": average])
    },
    Mistake("EarlyStopping", "the patience must be at least 1, not 0", line: #line + 1) {
      EarlyStopping(Linear<Float>(2, 2), patience: 0)
    },
    Mistake("Accuracy", "top must be at least 1, not 0", line: #line + 1) {
      Accuracy(top: 0)
    },
    Mistake(
      "Accuracy",
      "scores of shape [2, 3] do not match labels of shape [3]; they must be [n, classes] and [n]",
      line: #line + 3
    ) {
      var accuracy = Accuracy()
      accuracy.update(ones([2, 3]), labels: Tensor<Int>([0, 1, 2]))
      return accuracy.count
    },
    Mistake("LogLoss", "label 3 is out of range for 3 classes", line: #line + 2) {
      var loss = LogLoss()
      loss.update(logits: ones([1, 3]), labels: Tensor<Int>([3]))
      return loss.count
    },
    Mistake("ConfusionMatrix", "the number of classes must be in 1...10000, not 0", line: #line + 1) {
      ConfusionMatrix(classes: 0)
    },
    Mistake("ConfusionMatrix", "class -1 is out of range for 2 classes", line: #line + 2) {
      var confusion = ConfusionMatrix(classes: 2)
      confusion.update(Tensor<Int>([-1]), labels: Tensor<Int>([0]))
      return confusion.count
    },
    Mistake("ConfusionMatrix", "scores of shape [1, 3] must be [n, 2]", line: #line + 2) {
      var confusion = ConfusionMatrix(classes: 2)
      confusion.update(scores: ones([1, 3]), labels: Tensor<Int>([0]))
      return confusion.count
    },
    Mistake(
      "RegressionMetrics", "predictions of shape [2] and targets of shape [3] must be alike", line: #line + 3
    ) {
      var errors = RegressionMetrics()
      errors.update(ones([2]), targets: ones([3]))
      return errors.count
    },
    Mistake(
      "RegressionMetrics", "targets of shape [2, 3] must be [n] or [n, outputs], with 1 outputs",
      line: #line + 4
    ) {
      var errors = RegressionMetrics()
      errors.update(ones([2]), targets: ones([2]))
      errors.update(ones([2, 3]), targets: ones([2, 3]))
      return errors.count
    },
    Mistake("ScoreRanking", "label 2 must be 0 or 1; pass the scores of all classes", line: #line + 2) {
      var ranking = ScoreRanking()
      ranking.update(ones([1]), labels: Tensor<Int>([2]))
      return ranking.count
    },
    Mistake("ScoreRanking", "scores of 3 classes follow scores of 2 classes", line: #line + 3) {
      var ranking = ScoreRanking()
      ranking.update(all: ones([1, 2]), labels: Tensor<Int>([1]))
      ranking.update(all: ones([1, 3]), labels: Tensor<Int>([1]))
      return ranking.count
    },
  ]
}
