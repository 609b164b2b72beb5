// `autoencoder` trains an autoencoder on the embedded digits: it encodes 64 grey values as 8 numbers and
// decodes them again. The program prints the error of decoded test digits, compared with the error of the
// mean digit, and draws some of them.

import ExamplePrinting
import Martlet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An encoder to 8 numbers, and a decoder.
final class Autoencoder: Layer {
  let encoder = Sequential {
    Linear(64, 128)
    SiLU()
    Linear(128, 8)
  }
  let decoder = Sequential {
    Linear(8, 128)
    SiLU()
    Linear(128, 64)
    Sigmoid()
  }

  func forward(_ x: Tensor<Float>) -> Tensor<Float> { decoder(encoder(x)) }
}

/// Draws a digit as lines of text. Darker letters stand for more ink.
func drawing(of digit: Tensor<Float>) -> [String] {
  let shades = Array(" .:-=+*#%@")
  return (0..<8).map { row in
    String((0..<8).map { shades[min(9, max(0, Int(digit[8 * row + $0].item * 10)))] })
  }
}

let epochs = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 60
guard CommandLine.arguments.count <= 2, epochs > 0 else {
  print("usage: autoencoder [epochs]")
  exit(1)
}
do {
  let (train, test) = try Digits().split(at: 1437)
  seedRandom(0)
  let model = Autoencoder()
  let loader = DataLoader(train, batchSize: 64, shuffle: true, seed: 0)
  let optimizer = Adam(model.parameters, learningRate: 3e-3)
  let schedule = CosineSchedule(optimizer, total: epochs * loader.count)
  let digits = test.all.inputs
  let plain = train.all.inputs.mean(axis: 0).broadcast(to: digits.shape).squaredError(digits).item
  print(
    "mean squared error of \(test.count) test digits: \(column(Double(plain), 0, decimals: 4)) from the mean digit"
  )
  for epoch in 1...epochs {
    for batch in loader {
      model(batch.inputs).squaredError(batch.inputs).backward()
      optimizer.step()
      schedule.step()
    }
    if epoch % max(1, epochs / 6) == 0 {
      let error = noGrad { model(digits).squaredError(digits).item }
      print(
        "epoch \(padded("\(epoch)", 3))/\(epochs)  \(column(Double(error), 0, decimals: 4)) from what came back"
      )
    }
  }
  let some = digits[0..<6], back = noGrad { model(some) }
  print("\ntest digits, and what came back through 8 numbers:")
  for images in [some, back] {
    let drawings = (0..<6).map { drawing(of: images[$0]) }
    for row in 0..<8 { print(drawings.map { $0[row] }.joined(separator: "  ")) }
    print()
  }
} catch {
  print(error)
  exit(1)
}
