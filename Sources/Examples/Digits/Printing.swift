import ExamplePrinting
import Martlet

/// Prints the confusion matrix: how often each class was predicted as each other class.
func printConfusion(_ predictions: [Int], _ labels: [Int], names: [String]) {
  var counts = Array(repeating: Array(repeating: 0, count: names.count), count: names.count)
  for (prediction, label) in zip(predictions, labels) { counts[label][prediction] += 1 }
  let width = max(4, (names.map(\.count).max() ?? 0) + 1)
  print(padded("", width) + names.map { padded($0, width) }.joined())
  for (name, row) in zip(names, counts) {
    print(padded(name, width) + row.map { padded($0 == 0 ? "." : "\($0)", width) }.joined())
  }
}

/// Draws five digits side by side, wrong predictions first, with their labels and predictions.
func drawDigits(_ data: LabeledDataset, _ predictions: [Int], _ labels: [Int]) {
  let wrong = labels.indices.filter { predictions[$0] != labels[$0] }
  let right = labels.indices.filter { predictions[$0] == labels[$0] }
  let chosen = Array((wrong.prefix(2) + right.prefix(3)).prefix(5))
  let images = data.batch(chosen).inputs.reshaped([-1, 8, 8])
  let shades = Array(" .:-=+*#%@")
  for row in 0..<8 {
    let lines = chosen.indices.map { i in
      images[i, row].scalars.map { ink in
        String(repeating: shades[min(Int(ink * 10), 9)], count: 2)
      }.joined()
    }
    print(lines.joined(separator: "   "))
  }
  let captions = chosen.map { i in
    let caption = "a \(labels[i]), read as \(predictions[i])"
    return caption + String(repeating: " ", count: max(0, 16 - caption.count))
  }
  print(captions.joined(separator: "   "))
}
