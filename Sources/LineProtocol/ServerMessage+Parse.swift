import EditModel
package import NIOCore

extension ServerMessage {
  /// Reads a server's line; nil when it is not one of this version, which a client treats as a broken server, unless it
  /// begins with `*`: then it is passed over.
  package init?(_ line: ByteBuffer) {
    guard let message = line.withUnsafeReadableBytes(ServerMessage.parse) else { return nil }
    self = message
  }

  private static func parse(_ bytes: UnsafeRawBufferPointer) -> ServerMessage? {
    var reader = WordReader(bytes)
    guard let first = reader.word(), !reader.isAtEnd else { return nil }
    switch first.count == 1 ? first[0] : 0 {
    case UInt8(ascii: "+"): return EditLine.accepted(reader.rest).map { .line($0) }
    case UInt8(ascii: "-"): return EntityID(bytes: reader.rest).map { .withdrawn($0) }
    case UInt8(ascii: "="): return reached(&reader)
    case UInt8(ascii: "*"): return notice(&reader)
    default: return Tag(bytes: first).flatMap { reply($0, &reader) }
    }
  }

  private static func reached(_ reader: inout WordReader) -> ServerMessage? {
    guard let words = reader.remainingWords(), words.count == 2, let seq = Decimal.number(words[0].string),
      words[1].byteCount <= Limits.cursorBytes
    else { return nil }
    return .reached(seq: seq, cursor: words[1])
  }

  private static func notice(_ reader: inout WordReader) -> ServerMessage? {
    guard let words = reader.remainingWords(), let first = words.first else { return nil }
    if first == "taizhang" { return Greeting(Words(Array(words.dropFirst()))).map { .greeting($0) } }
    if first == "moved", words.count == 2 { return .moved(words[1].string) }
    return error(words).map { .notice($0) } ?? .passedOver
  }

  private static func reply(_ tag: Tag, _ reader: inout WordReader) -> ServerMessage? {
    guard let kind = reader.word().flatMap(ExactString.init(bytes:)) else { return nil }
    if kind == "row" {
      return reader.isAtEnd ? nil : ExactString(bytes: reader.rest).map { .row(tag, $0) }
    }
    guard let words = reader.isAtEnd ? [] : reader.remainingWords() else { return nil }
    if kind == "ok" { return .ok(tag, Words(words)) }
    return error([kind] + words).map { .failed(tag, $0) }
  }

  /// `CLASS CODE ARGUMENTS…`; nil when the code is not of this version or its class is another.
  private static func error(_ words: [ExactString]) -> WireError? {
    guard words.count >= 2, let code = ErrorCode(rawValue: words[1].string),
      code.errorClass.rawValue == words[0].string
    else { return nil }
    return WireError(code, Array(words.dropFirst(2)))
  }
}
