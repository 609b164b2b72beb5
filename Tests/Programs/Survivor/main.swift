// A training that may be killed at any moment: run again with the same path, it continues from its last checkpoint,
// and in the end prints the same line as a run that nobody killed.
import Martlet

final class Net: Layer {
  let hidden = Linear(64, 48), norm = BatchNorm(48), dropout = Dropout(0.3), output = Linear(48, 10)
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { output(dropout(norm(hidden(x)).relu())) }
}

seedRandom(7)
let path = CommandLine.arguments[1], epochs = 4
let (train, _) = try Digits().split(at: 800)
let model = Net()
let loader = DataLoader(train, batchSize: 32, shuffle: true, seed: 1, workers: 1)
let optimizer = AdamW(model.parameters, learningRate: 1e-3, weightDecay: 0.01)
let schedule = CosineSchedule(optimizer, warmup: 10, total: epochs * loader.count)
let average = ExponentialMovingAverage(of: model.parameters, decay: 0.9)
let checkpoint = Checkpoint(
  model: model, optimizer: optimizer, schedule: schedule, loader: loader, others: ["average": average],
  keepLast: 2, keepBest: .smallest("loss"))

var epoch = try checkpoint.resume(from: path), step = checkpoint.step
while epoch < epochs {
  epoch += 1
  for batch in loader {
    let loss = model(batch.inputs).crossEntropy(batch.labels)
    loss.backward()
    optimizer.step()
    schedule.step()
    average.update()
    step += 1
    if step.isMultiple(of: 3) {
      try checkpoint.save(to: path, epoch: epoch - 1, step: step, metrics: ["loss": Double(loss.item)])
    }
  }
  try checkpoint.save(to: path, epoch: epoch, step: step)
}

/// Returns a hash of all bits (FNV-1a).
func hash(_ numbers: [Float]) -> UInt64 {
  numbers.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01b3 }
}
let moments = optimizer.state.tensors.sorted { $0.key < $1.key }.map(\.value)
let tensors = model.namedState.map(\.tensor) + average.averages + moments + [.uniform([3])]
print(epoch, step, optimizer.learningRate, checkpoint.best ?? 0, String(hash(tensors.flatMap(\.scalars)), radix: 16))
