// Trains a small GPT on the characters of a text, `gpt text.txt`, and lets it write: without a text on README.md of the
// folder that it runs in.

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
  let model = GPT(characters: text.alphabet.count, context: options.context)
  print("\(model.parameters.map(\.count).reduce(0, +)) parameters")
  train(model, on: text, options)
  write(by: model, text, options)
} catch {
  print(error)
  exit(1)
}
