import Foundation
import Martlet
import TestSupport
import Testing

/// The metrics of Fixtures/metrics.json, which scikit-learn computed (make_metrics.py).
private struct MetricsFixture: Decodable {
  struct Classification: Decodable {
    let name: String, classes: Int, scores: [Double], labels: [Int], confusion: [[Int]]
    let accuracy: Double, top: [Double], logLoss: Double
    let precision: [Double], recall: [Double], f1: [Double]
    let precisions: [Double], recalls: [Double], f1s: [Double]
    let rocAUC: Double?, averagePrecision: Double?
  }
  struct Binary: Decodable {
    let name: String, scores: [Double], labels: [Int], rocAUC: Double, averagePrecision: Double
  }
  struct Regression: Decodable {
    let name: String, outputs: Int, predictions: [Double], targets: [Double]
    let mae: Double, mse: Double, rmse: Double, r2: Double
  }
  let classification: [Classification], binary: [Binary], regression: [Regression]

  static func read() throws -> Self { try JSONDecoder().decode(Self.self, from: Golden.data("metrics.json")) }
}

private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(abs(b), 1) }

private func areClose(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy(isClose)
}

/// Metrics that are counted in two batches of different sizes.
@Suite struct MetricsGoldTests {
  /// Calls `update` with the first 7 samples, and with the rest.
  private func inBatches(_ count: Int, _ update: (Range<Int>) -> Void) {
    update(0..<7)
    update(7..<count)
  }

  private func rows<Element>(_ scalars: [Element], _ width: Int, _ range: Range<Int>) -> Tensor<Element> {
    Tensor(
      Array(scalars[range.lowerBound * width..<range.upperBound * width]), shape: [range.count, width])
  }

  @Test("Classes: counts, shares, precision, recall, F1, log loss, areas") func classification() throws {
    for one in try MetricsFixture.read().classification {
      var confusion = ConfusionMatrix(classes: one.classes), accuracy = Accuracy(), loss = LogLoss()
      var tops = (2..<one.classes).map { Accuracy(top: $0) }, ranking = ScoreRanking(), logits = LogLoss()
      inBatches(one.labels.count) { range in
        let scores = rows(one.scores, one.classes, range), labels = Tensor<Int>(Array(one.labels[range]))
        confusion.update(scores: scores, labels: labels)
        accuracy.update(scores, labels: labels)
        for index in tops.indices { tops[index].update(scores, labels: labels) }
        loss.update(probabilities: scores, labels: labels)
        logits.update(logits: scores.clamped(Double.ulpOfOne...1).log() + 3, labels: labels)
        ranking.update(all: scores, labels: labels)
      }
      #expect(confusion.counts == one.confusion && confusion.count == one.labels.count, "\(one.name)")
      #expect(
        isClose(confusion.accuracy, one.accuracy) && isClose(accuracy.value, one.accuracy), "\(one.name)")
      #expect(areClose(tops.map(\.value), one.top), "\(one.name)")
      #expect(isClose(loss.value, one.logLoss) && isClose(logits.value, one.logLoss), "\(one.name)")
      #expect(isClose(loss.perplexity, Foundation.exp(one.logLoss)), "\(one.name)")
      let averages: [ConfusionMatrix.Average] = [.micro, .macro, .weighted]
      #expect(areClose(averages.map { confusion.precision($0) }, one.precision), "\(one.name)")
      #expect(areClose(averages.map { confusion.recall($0) }, one.recall), "\(one.name)")
      #expect(areClose(averages.map { confusion.f1($0) }, one.f1), "\(one.name)")
      #expect(areClose(confusion.precisions, one.precisions), "\(one.name)")
      #expect(areClose(confusion.recalls, one.recalls) && areClose(confusion.f1s, one.f1s), "\(one.name)")
      guard let area = one.rocAUC, let precision = one.averagePrecision else {
        #expect(ranking.rocAUC.isNaN, "a class without samples has no curve")
        continue
      }
      #expect(isClose(ranking.rocAUC, area) && isClose(ranking.averagePrecision, precision), "\(one.name)")
    }
  }

  @Test("Two classes: areas under the curves, with ties") func binary() throws {
    for one in try MetricsFixture.read().binary {
      var ranking = ScoreRanking()
      inBatches(one.labels.count) { range in
        ranking.update(
          Tensor<Double>(Array(one.scores[range])), labels: Tensor<Int>(Array(one.labels[range])))
      }
      #expect(ranking.count == one.labels.count)
      #expect(isClose(ranking.rocAUC, one.rocAUC), "\(one.name)")
      #expect(isClose(ranking.averagePrecision, one.averagePrecision), "\(one.name)")
    }
  }

  @Test("Numbers: absolute and squared errors and R², far from 0 too") func regression() throws {
    for one in try MetricsFixture.read().regression {
      var errors = RegressionMetrics()
      let count = one.targets.count / one.outputs, first = min(7, count - 1)
      for range in [0..<first, first..<count] {
        let predictions = rows(one.predictions, one.outputs, range),
          targets = rows(one.targets, one.outputs, range)
        let isVector = one.outputs == 1
        errors.update(
          isVector ? predictions.flattened() : predictions, targets: isVector ? targets.flattened() : targets)
      }
      #expect(isClose(errors.meanAbsoluteError, one.mae), "\(one.name)")
      #expect(isClose(errors.meanSquaredError, one.mse), "\(one.name)")
      #expect(isClose(errors.rootMeanSquaredError, one.rmse), "\(one.name)")
      #expect(isClose(errors.r2, one.r2), "\(one.name): \(errors.r2), \(one.r2)")
    }
  }

  @Test("Without samples there is no number, and a NaN is never right") func edges() {
    #expect(Accuracy().value.isNaN && LogLoss().value.isNaN && RegressionMetrics().r2.isNaN)
    #expect(ConfusionMatrix(classes: 2).accuracy.isNaN && ScoreRanking().rocAUC.isNaN)
    var top = Accuracy(top: 2)
    top.update(Tensor<Float>([[.nan, 1, 2], [3, 1, 2]]), labels: Tensor<Int>([0, 2]))
    #expect(top.value == 0.5)
    var ranking = ScoreRanking()
    ranking.update(Tensor<Float>([.nan, 1]), labels: Tensor<Int>([0, 1]))
    #expect(ranking.rocAUC.isNaN && ranking.averagePrecision.isNaN)
    var errors = RegressionMetrics()
    errors.update(Tensor<Float>([1]), targets: Tensor<Float>([2]))
    #expect(errors.r2.isNaN && errors.meanAbsoluteError == 1)
  }
}
