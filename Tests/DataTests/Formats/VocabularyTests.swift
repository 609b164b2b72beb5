import Martlet
import Testing

@Suite struct VocabularyTests {
  @Test("Characters are ordered by code point, and give the text back")
  func characters() throws {
    let text = "b\u{E9}a e\u{301}\n", vocabulary = Vocabulary(of: text, by: .characters)
    #expect(vocabulary.tokens == ["\n", " ", "a", "b", "e", "\u{E9}", "\u{301}"])
    let numbers = try vocabulary.encode(text)
    #expect(numbers == [3, 5, 2, 1, 4, 6, 0])
    #expect(vocabulary.decode(numbers).unicodeScalars.elementsEqual(text.unicodeScalars))
    let error = #expect(throws: DataError.self) { try vocabulary.encode("z") }
    #expect(error?.message == "has no token \"z\", which the text needs")
  }

  @Test("Bytes encode every text")
  func bytes() throws {
    let vocabulary = Vocabulary(of: "", by: .bytes)
    #expect(vocabulary.count == 256 && vocabulary.tokens[10] == "0a" && vocabulary.tokens[255] == "ff")
    #expect(try vocabulary.encode("\u{E9}!") == [0xC3, 0xA9, 0x21])
    #expect(vocabulary.decode([0xC3, 0xA9, 0x21, 256, -1]) == "\u{E9}!")
  }

  @Test("Words are ordered by frequency; those beyond the limit are unknown")
  func words() throws {
    let text = "The cat, the dog: the end. Don't!", vocabulary = Vocabulary(of: text, by: .words)
    #expect(vocabulary.tokens == ["<unk>", "the", "!", ",", ".", ":", "Don't", "The", "cat", "dog", "end"])
    #expect(try vocabulary.encode("the mouse, \u{A0}end") == [1, 0, 3, 10])
    #expect(vocabulary.decode([1, 9, 99, -1, 2]) == "the dog !")
    let small = Vocabulary(of: text, by: .words, atMost: 2)
    #expect(small.tokens == ["<unk>", "the"])
    for limit in [Int.min, -1, 0, 1] {
      #expect(Vocabulary(of: text, by: .words, atMost: limit).tokens == ["<unk>"])
    }
  }

  @Test("A vocabulary is made again from its tokens")
  func tokens() throws {
    let vocabulary = Vocabulary(of: "abc", by: .characters)
    #expect(Vocabulary(tokens: vocabulary.tokens, unit: .characters) == vocabulary)
    #expect(try Vocabulary(tokens: ["x", "x"], unit: .words).encode("x") == [0])
  }
}
