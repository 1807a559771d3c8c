/// One word or one punctuation mark of Swift code, with the line it stands on (from 1).
struct Token: Sendable {
  let text: String
  let line: Int
  /// No space stands in front of it: `try!` against `try !ready`.
  let isTight: Bool
}

/// Cuts Swift source into tokens, leaving out what is not code: comments, and the text of string literals (each is
/// one token `""`, followed by the tokens of its interpolations). So a check cannot trip over a word in prose.
///
/// Not a whole lexer: regex literals and numbers with a fraction come out in pieces, which no check minds.
struct Lexer {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var tokens: [Token] = []

  private init(_ text: String) {
    bytes = Array(text.utf8)
  }

  static func tokens(of text: String) -> [Token] {
    var lexer = Lexer(text)
    lexer.readCode(untilParenthesis: false)
    return lexer.tokens
  }

  /// Reads to the end of the text, or behind the parenthesis that closes an interpolation.
  private mutating func readCode(untilParenthesis: Bool) {
    var depth = 0
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"): skipLineComment()
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipBlockComment()
      case UInt8(ascii: "\""), UInt8(ascii: "#"): readStringOrHash()
      case _ where Self.isWord(byte): readWord()
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): advance()
      default:
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") { depth -= 1 }
        if untilParenthesis, depth < 0 {
          advance()
          return
        }
        append(String(UnicodeScalar(byte)), startingAt: position)
        advance()
      }
    }
  }

  private mutating func readWord() {
    let start = position
    while let byte = peek(), Self.isWord(byte) { advance() }
    append(String(decoding: bytes[start..<position], as: UTF8.self), startingAt: start)
  }

  private mutating func append(_ text: String, startingAt start: Int) {
    let isTight = start > 0 && bytes[start - 1] != UInt8(ascii: " ") && bytes[start - 1] != UInt8(ascii: "\n")
    tokens.append(Token(text: text, line: line, isTight: isTight))
  }

  private mutating func skipLineComment() {
    while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
  }

  private mutating func skipBlockComment() {
    var depth = 0
    while let byte = peek() {
      if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
        depth += 1
        advance(2)
      } else if byte == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        depth -= 1
        advance(2)
        if depth == 0 { return }
      } else {
        advance()
      }
    }
  }

  private mutating func readStringOrHash() {
    var hashes = 0
    while peek(hashes) == UInt8(ascii: "#") { hashes += 1 }
    guard peek(hashes) == UInt8(ascii: "\"") else {
      append("#", startingAt: position)
      advance(max(hashes, 1))
      return
    }
    append("\"\"", startingAt: position)
    advance(hashes)
    let quotes = peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"") ? 3 : 1
    advance(quotes)
    readString(quotes: quotes, hashes: hashes)
  }

  private mutating func readString(quotes: Int, hashes: Int) {
    while let byte = peek() {
      if byte == UInt8(ascii: "\\"), hasRun(of: UInt8(ascii: "#"), count: hashes, at: 1) {
        advance(1 + hashes)
        if peek() == UInt8(ascii: "(") {
          advance()
          readCode(untilParenthesis: true)
        } else {
          advance()
        }
      } else if hasRun(of: UInt8(ascii: "\""), count: quotes, at: 0),
        hasRun(of: UInt8(ascii: "#"), count: hashes, at: quotes)
      {
        advance(quotes + hashes)
        return
      } else {
        advance()
      }
    }
  }

  private func hasRun(of byte: UInt8, count: Int, at offset: Int) -> Bool {
    for index in 0..<count where peek(offset + index) != byte { return false }
    return true
  }

  private func peek(_ offset: Int = 0) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where position < bytes.count {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
  }

  /// Letters, digits, `_`, the backtick of an escaped name, and every byte beyond ASCII.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "`"), 0x80...: true
    default: false
    }
  }
}
