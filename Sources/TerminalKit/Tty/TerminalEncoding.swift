import Glibc

/// In which encoding a terminal reads and writes. Inside the program all text is UTF-8; it is changed where it goes to a
/// terminal and where it comes from one, nowhere else.
package enum TerminalEncoding: Hashable, Sendable {
  /// UTF-8, or nothing that speaks against it.
  case utf8
  /// GBK (CP936): two bytes for a hanzi, as Chinese Windows has it. Every character of two bytes takes two columns there.
  case gbk
  /// Another, by its name: it is sent ASCII alone.
  case other(String)

  /// This process's terminal, by its environment.
  package static let ofProcess = TerminalEncoding(
    environment: ["TAIZHANG_TERMINAL", "LC_ALL", "LC_CTYPE", "LANG"].reduce(into: [:]) { found, name in
      if let value = getenv(name) { found[name] = String(cString: value) }
    })

  /// The variable that says it for certain: `gbk` or `utf-8`. It goes before what the locale's variables name.
  package static let variable = "TAIZHANG_TERMINAL"

  /// Reads `TAIZHANG_TERMINAL`, then the text of `LC_ALL`, `LC_CTYPE` and `LANG`. Only a locale that names another
  /// encoding speaks against UTF-8: minimal systems name none.
  package init(environment: [String: String]) {
    if let said = environment[TerminalEncoding.variable], let known = TerminalEncoding(charset: said) {
      self = known
      return
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    guard let name = locale.split(separator: ".", maxSplits: 1).dropFirst().first else {
      self = .utf8
      return
    }
    let charset = String(name.prefix { $0 != "@" })
    self = TerminalEncoding(charset: charset) ?? .other(charset)
  }

  private init?(charset: String) {
    switch charset.lowercased().filter({ $0 != "-" && $0 != "_" }) {
    case "utf8": self = .utf8
    case "gbk", "gb2312", "gb18030", "euccn", "cp936", "ms936", "936": self = .gbk
    default: return nil
    }
  }

  /// `text` as bytes for the terminal.
  package func bytes(of text: String) -> [UInt8] {
    self == .gbk ? GBK.bytes(of: text) : Array(text.utf8)
  }
}

/// GBK by way of the C library's tables.
enum GBK {
  /// What stands for a character of two columns that GBK does not have: 〓, the customary mark.
  private static let wideMark: [UInt8] = [0xA1, 0xFE]

  /// `text` in GBK. What it does not have is replaced by a mark as wide as the character, so that nothing moves.
  static func bytes(of text: String) -> [UInt8] {
    let utf8 = Array(text.utf8)
    if utf8.allSatisfy({ $0 < 0x80 }) { return utf8 }
    if let whole = Charsets.converted(utf8, from: "UTF-8", to: "GBK") { return whole }
    let measure = DisplayWidth(ambiguousIsWide: true)
    return text.flatMap { character -> [UInt8] in
      let width = measure.of(character)
      // Of a character with marks and joiners its first scalar is what is seen.
      for part in [String(character), String(String.UnicodeScalarView(character.unicodeScalars.prefix(1)))]
      where measure.of(part) == width {
        if let bytes = Charsets.converted(Array(part.utf8), from: "UTF-8", to: "GBK") { return bytes }
      }
      switch width {
      case 0: return []
      case 1: return [UInt8(ascii: "?")]
      default: return wideMark
      }
    }
  }

  /// The text of `bytes`, of which none is cut; what is no GBK becomes U+FFFD, a byte at a time.
  static func text(of bytes: [UInt8]) -> [UInt8] {
    if let whole = Charsets.converted(bytes, from: "GBK", to: "UTF-8") { return whole }
    var (text, rest) = ([UInt8](), bytes[...])
    while let first = rest.first {
      let length = isLead(first) && rest.count > 1 ? 2 : 1
      if let one = Charsets.converted(Array(rest.prefix(length)), from: "GBK", to: "UTF-8") {
        text += one
        rest = rest.dropFirst(length)
      } else {
        text += Array("\u{FFFD}".utf8)
        rest = rest.dropFirst()
      }
    }
    return text
  }

  /// Whether a character of two bytes begins with `byte`.
  static func isLead(_ byte: UInt8) -> Bool { (0x81...0xFE).contains(byte) }
}

/// What comes from a terminal, as UTF-8, however it is cut.
package struct TerminalDecoder: Hashable, Sendable {
  private let encoding: TerminalEncoding
  /// The first byte of a character whose second has not come.
  private var lead: UInt8?

  /// A decoder with nothing begun.
  package init(_ encoding: TerminalEncoding) {
    self.encoding = encoding
  }

  /// The next bytes as UTF-8; a character that is cut waits for its rest.
  package mutating func decode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    guard encoding == .gbk else { return Array(bytes) }
    var whole = [lead].compactMap(\.self) + bytes
    lead = nil
    var index = 0
    while index < whole.count { index += GBK.isLead(whole[index]) ? 2 : 1 }
    if index > whole.count { lead = whole.removeLast() }
    return GBK.text(of: whole)
  }
}
