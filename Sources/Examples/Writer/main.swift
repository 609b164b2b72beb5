// Trains a small GPT, or an LSTM, on the characters of a text, `writer text.txt --model lstm`, and lets it write: without a
// text on README.md of the folder that it runs in.

import Martlet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  let text = try Text(path: options.text, context: options.context)
  print(
    "\(options.text): \(text.codes.count) characters, \(text.alphabet.count) different; the last tenth to test"
  )
  seedRandom(options.seed)
  let count = text.alphabet.count
  let model: any CharacterModel =
    options.model == .gpt ? GPT(characters: count, context: options.context) : LSTMReader(characters: count)
  print("\(model.parameters.map(\.count).reduce(0, +)) parameters")
  train(model, on: text, options)
  write(by: model, text, options)
} catch {
  print(error)
  exit(1)
}
