import ExamplePrinting
import Martlet

/// A network with one hidden layer.
final class Classifier: Layer {
  let hidden: Linear<Float>
  let dropout = Dropout(0.2)
  let output: Linear<Float>

  init(inputs: Int, hidden: Int, classes: Int) {
    self.hidden = Linear(inputs, hidden)
    output = Linear(hidden, classes)
  }

  func forward(_ x: Tensor<Float>) -> Tensor<Float> { output(dropout(hidden(x).relu())) }
}

/// Trains with Adam while the learning rate falls to 0, and prints a line for each epoch.
func fit(_ model: some Layer<Tensor<Float>, Tensor<Float>>, to data: LabeledDataset, _ options: Options) {
  let loader = DataLoader(data, batchSize: 64, shuffle: true, seed: options.seed)
  let optimizer = Adam(model.parameters, learningRate: options.learningRate)
  let start = ContinuousClock.now
  for epoch in 1...options.epochs {
    optimizer.learningRate = options.learningRate * (1 - Double(epoch - 1) / Double(options.epochs))
    var sum: Float = 0
    for batch in loader {
      let loss = model(batch.inputs).crossEntropy(batch.labels)
      loss.backward()
      optimizer.step()
      sum += loss.item
    }
    let loss = column(Double(sum) / Double(loader.count), 0, decimals: 4),
      accuracy = column(model.accuracy(on: data), 0, decimals: 4)
    print("epoch \(padded("\(epoch)", 3))/\(options.epochs)  loss \(loss)  training accuracy \(accuracy)")
  }
  let elapsed = (ContinuousClock.now - start) / .seconds(1)
  print(
    "trained in \(column(elapsed, 0, decimals: 2)) s, \(Threads.count) threads, \(instructionSet) kernels")
}

/// Trains on the embedded digits, prints and draws the predictions on the test digits, and checks that the
/// saved model makes the same predictions.
func trainOnDigits(_ options: Options) throws {
  let (all, test) = try Digits().split(at: 1437)
  let (part, validation) = all.split(at: 1200)
  let train = options.validates ? part : all, judge = options.validates ? validation : test
  print("1797 handwritten digits of 8 x 8 pixels: the first 1437 to train, the last 360 to test.")
  print(
    "The network and its training were chosen on the last 237 of the 1437 (--validate), never on the test digits."
  )
  seedRandom(options.seed)
  let model = Classifier(inputs: 64, hidden: options.hidden, classes: 10)
  fit(model, to: train, options)

  let predictions = model.predictions(on: judge), labels = judge.all.labels.scalars
  print("\nconfusion matrix: rows are the digits, columns the predictions")
  printConfusion(predictions, labels, names: (0..<10).map(String.init))
  print()
  drawDigits(judge, predictions, labels)

  try model.save(to: options.model)
  let copy = Classifier(inputs: 64, hidden: options.hidden, classes: 10)
  try copy.load(from: options.model)
  let same = copy.predictions(on: judge) == predictions
  print("\nsaved to \(options.model) and loaded again: predictions \(same ? "the same" : "DIFFER")")
  if !same { throw Misuse(what: "the loaded model differs") }
  print(
    "\(options.validates ? "validation" : "test") accuracy: \(column(model.accuracy(on: judge), 0, decimals: 4))"
  )
}

/// Trains on a table of the user's: on four rows in five, in random order. The other rows are the test set.
func trainOnTable(_ path: String, _ options: Options) throws {
  let table = try Table(csv: path)
  print("\(path): \(table)")
  let names = table.names
  let label =
    options.label == "first" ? names[0] : options.label == "last" ? names[names.count - 1] : options.label
  let texts = table.columns.filter { $0.type == .text && $0.name != label }.map(\.name)
  if !texts.isEmpty { print("not used: the texts in \(texts.joined(separator: ", "))") }
  let rows = try table.dataset(
    features: .all(except: texts), target: .category(label), missing: .kept)
  var random = RandomGenerator(seed: options.seed)
  let (train, test) = rows.permuted(random.permutation(rows.count).scalars).split(at: rows.count * 4 / 5)
  guard test.count > 0 else { throw Misuse(what: "\(path): \(rows.count) rows; at least 2 are needed") }
  print("\(rows.featureCount) features, classes \(rows.classes.joined(separator: ", "))")
  print("\(train.count) rows to train, \(test.count) to test; features scaled by the training rows")
  seedRandom(options.seed)
  let model = Classifier(inputs: rows.featureCount, hidden: options.hidden, classes: rows.classes.count)
  let imputer = Imputer(fittedTo: train)
  let whole = Sequential {
    imputer
    Standardizer(fittedTo: imputer(train.all.inputs))
    model
  }
  fit(whole, to: train, options)
  let predictions = whole.predictions(on: test)
  print("\nconfusion matrix: rows are the classes, columns the predictions")
  printConfusion(predictions, test.all.labels.scalars, names: rows.classes)
  try whole.save(to: options.model)
  print("\nsaved to \(options.model)")
  print("test accuracy: \(column(whole.accuracy(on: test), 0, decimals: 4))")
}
