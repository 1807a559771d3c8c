import Testing

@testable import EditModel

@Suite struct Base64URLTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
    ("foobar", "Zm9vYmFy"), ("~~~???", "fn5-Pz8_"),
  ])
  func spellsBytesOneWay(_ plain: String, _ word: String) {
    #expect(Base64URL.text(Array(plain.utf8)) == word)
    #expect(Base64URL.bytes(word) == Array(plain.utf8))
  }

  @Test(arguments: ["Z", "Zh", "Zm9", "Zg==", "Zm+v", "Zm/v", "Zm v", "Zmé9"])
  func refusesEveryOtherSpelling(_ word: String) {
    #expect(Base64URL.bytes(word) == nil)
  }
}

@Suite struct HostPortTests {
  @Test(arguments: ["127.0.0.1:7373", "town.example:1", "[::1]:65535", "[fe80::1%eth0]:7374"])
  func isReadAsItIsWritten(_ text: String) {
    #expect(HostPort(text)?.description == text)
  }

  @Test(arguments: [
    "", "host", "host:", "host:0", "host:65536", ":7373", "::1:7373", "a b:1", "村:1", "host:07", "[]:1",
    "a,b:1", "a/b:1",
  ])
  func refusesWhatIsNoAddress(_ text: String) {
    #expect(HostPort(text) == nil)
  }
}
