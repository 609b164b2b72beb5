// `writer text.txt --model lstm` trains a small GPT, or an LSTM, on the characters of a text and lets it
// write. Without a text it reads README.md in the current folder.

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
