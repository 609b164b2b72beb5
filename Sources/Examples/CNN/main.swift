// `cnn` trains a convolutional network on the embedded digits from several seeds. It prints the test accuracy
// of each network and the median. `cnn --validate` measures the last training digits instead; the network and
// its training were chosen on them.

import ExamplePrinting
import Martlet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A network of two convolutions of 3 × 3, a pool and a linear layer, on vectors of 64 grey values.
final class CNN: Layer {
  let features = Sequential {
    Reshape<Float>(1, 8, 8)
    Conv2d(1, 32, kernelSize: 3, padding: .same)
    BatchNorm(32)
    ReLU()
    Conv2d(32, 64, kernelSize: 3, padding: .same)
    BatchNorm(64)
    ReLU()
    MaxPool2d(kernelSize: 2)
    Flatten()
  }
  let dropout = Dropout(0.4), output = Linear(1024, 10)

  func forward(_ x: Tensor<Float>) -> Tensor<Float> { output(dropout(features(x))) }
}

/// Trains a network with AdamW while the learning rate falls along a cosine.
func trained(on data: LabeledDataset, epochs: Int, seed: UInt64) -> CNN {
  seedRandom(seed)
  let model = CNN()
  let loader = DataLoader(data, batchSize: 64, shuffle: true, seed: seed)
  let optimizer = AdamW(model.parameters, learningRate: 2e-3, weightDecay: 0.01)
  let schedule = CosineSchedule(optimizer, total: epochs * loader.count)
  for _ in 0..<epochs {
    for batch in loader {
      model(batch.inputs).crossEntropy(batch.labels).backward()
      optimizer.step()
      schedule.step()
    }
  }
  return model
}

let usage = "usage: cnn [--seeds n] [--epochs n] [--validate]"
var seeds = 5, epochs = 20, validates = false
var rest = CommandLine.arguments.dropFirst()
while let argument = rest.popFirst() {
  let number = argument == "--validate" ? 1 : rest.popFirst().flatMap { Int($0) } ?? 0
  guard number > 0, ["--seeds", "--epochs", "--validate"].contains(argument) else {
    print(usage)
    exit(1)
  }
  switch argument {
  case "--seeds": seeds = number
  case "--epochs": epochs = number
  default: validates = true
  }
}
do {
  let (all, test) = try Digits().split(at: 1437)
  let (part, validation) = all.split(at: 1200)
  let train = validates ? part : all, judge = validates ? validation : test
  print("\(train.count) handwritten digits to train, \(judge.count) to \(validates ? "validate" : "test")")
  print(CNN().summary(input: [1, 64]))
  var accuracies: [Double] = []
  for seed in 0..<seeds {
    let start = ContinuousClock.now
    let model = trained(on: train, epochs: epochs, seed: UInt64(seed))
    let accuracy = model.accuracy(on: judge)
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    print(
      "seed \(seed): accuracy \(column(accuracy, 0, decimals: 4)) in \(column(elapsed, 0, decimals: 1)) s")
    accuracies.append(accuracy)
  }
  let median = accuracies.sorted()[seeds / 2]
  print("median accuracy of \(seeds) seeds: \(column(median, 0, decimals: 4))")
} catch {
  print(error)
  exit(1)
}
