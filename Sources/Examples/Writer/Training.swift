import ExamplePrinting
import Martlet

/// Returns the loss of windows of the text at random places. The label of each character is the next
/// character.
private func meanLoss(of model: some CharacterModel, on codes: Tensor<Int>, _ options: Options) -> Tensor<
  Float
> {
  let starts = Tensor<Int>.integers([options.batchSize, 1], in: 0..<codes.count - options.context)
  let places = starts + Tensor<Int>.arange(0, options.context)
  let logits = model(codes[places])
  return logits.reshaped([-1, logits.shape[-1]]).crossEntropy(codes[places + 1].flattened())
}

/// Trains with AdamW while the learning rate falls along a cosine, and prints about ten lines of losses.
func train(_ model: some CharacterModel, on text: Text, _ options: Options) {
  let (codes, test) = text.parts
  let optimizer = AdamW(model.parameters, learningRate: options.learningRate, weightDecay: 0.1)
  let schedule = CosineSchedule(optimizer, warmup: min(20, options.steps - 1), total: options.steps)
  let every = max(1, options.steps / 10)
  let start = ContinuousClock.now
  var sum: Float = 0
  for step in 1...options.steps {
    let loss = meanLoss(of: model, on: codes, options)
    loss.backward()
    optimizer.clipGradNorm(max: 1)
    optimizer.step()
    schedule.step()
    sum += loss.item
    if step % every == 0 {
      let mean = column(Double(sum) / Double(every), 0, decimals: 3)
      let judged = noGrad { (0..<8).map { _ in Double(meanLoss(of: model, on: test, options).item) } }
      let tested = column(judged.reduce(0, +) / 8, 0, decimals: 3)
      print("step \(padded("\(step)", 5))/\(options.steps)  loss \(mean)  test \(tested)")
      sum = 0
    }
  }
  let elapsed = (ContinuousClock.now - start) / .milliseconds(options.steps)
  print("\(column(elapsed, 0, decimals: 1)) ms a step with all tests, \(Threads.count) threads")
}

/// Prints the model's continuation of the beginning of the text.
func write(by model: some CharacterModel, _ text: Text, _ options: Options) {
  model.eval()
  let beginning = Array(text.codes.prefix(16))
  print("\n" + String(beginning.map { text.alphabet[$0] }) + "│", terminator: "")
  let start = ContinuousClock.now
  model.continued(beginning, by: options.length, temperature: Float(options.temperature)) {
    print(text.alphabet[$0], terminator: "")
  }
  let elapsed = (ContinuousClock.now - start) / .seconds(1)
  print("\n\n\(Int(Double(options.length) / elapsed)) characters a second")
}
