import TerminalKit

/// A line that reached the login shell without a terminal: `ssh HOST set 15 …`, or a line of a pipe. Nothing says in which
/// encoding it was typed.
enum ReceivedLine {
  /// The text of `bytes` where terminals are said to be of `encoding`; nil (nobody said) takes UTF-8 or GBK, whichever they
  /// can only be. Nil when they are neither, or could be both: a guess, or a repair, would put noise into the ledger for
  /// good.
  ///
  /// Hanzi in UTF-8 are three bytes each, and text in GBK that happens to be made of such is none that anybody writes; a
  /// few hanzi in GBK may well be valid UTF-8 of two bytes a character.
  static func text(of bytes: [UInt8], in encoding: TerminalEncoding?) -> String? {
    let text = String(validating: bytes, as: UTF8.self)
    if let text, isASCII(text) || hasHanzi(text) { return text }
    let gbk = Charsets.converted(bytes, from: "GBK", to: "UTF-8").flatMap { String(validating: $0, as: UTF8.self) }
    switch encoding {
    case .gbk: return gbk ?? text
    case nil: return text == nil ? gbk : gbk == nil ? text : nil
    case .utf8, .other: return text
    }
  }

  private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

  private static func hasHanzi(_ text: String) -> Bool { text.unicodeScalars.contains { $0.value >= 0x800 } }
}
