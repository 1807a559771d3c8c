/// Reads a header from the first bytes of a file (c2sp.org/age, "ABNF definition of file header"). It is begun anew when more
/// bytes have come: headers are short.
struct HeaderParser {
  private let file: ArraySlice<UInt8>
  /// What was not read yet.
  private var rest: ArraySlice<UInt8>

  private static let stanzaMark = Array("-> ".utf8)
  /// What every version's first line begins with.
  private static let name = Array("age-encryption.org/".utf8)
  private static let lineFeed = UInt8(ascii: "\n")
  private static let space = UInt8(ascii: " ")
  private static let columns = 64
  /// VCHAR (RFC 5234, appendix B.1).
  private static let visible: ClosedRange<UInt8> = 0x21...0x7E

  /// A parser of `bytes`, which stand at the start of the file.
  private init(_ bytes: ArraySlice<UInt8>) {
    file = bytes
    rest = bytes
  }

  /// The header at the start of `bytes`, the first ones of a file; nil when it goes on behind them.
  static func header(_ bytes: [UInt8]) throws(SealError) -> SealedHeader? {
    var parser = HeaderParser(bytes[...])
    return try parser.header()
  }

  private mutating func header() throws(SealError) -> SealedHeader? {
    guard try versionLine() else { return nil }
    var stanzas: [Stanza] = []
    while let line = try line() {
      guard line.starts(with: HeaderParser.stanzaMark) else { return try end(line, behind: stanzas) }
      guard stanzas.count < SealedHeader.limitStanzas else { throw SealError(.overLimit, at: line.startIndex) }
      let arguments = try arguments(line)
      guard let body = try body() else { return nil }
      stanzas.append(Stanza(arguments: arguments, body: body, position: line.startIndex))
    }
    return nil
  }

  /// Whether the first line is there. Another one is refused with its first other byte.
  private mutating func versionLine() throws(SealError) -> Bool {
    let expected = SealedHeader.versionLine
    if let place = zip(file, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      let isOther = place >= HeaderParser.name.count && HeaderParser.visible.contains(file[place])
      throw SealError(isOther ? .otherVersion : .notSealed, at: place)
    }
    return try line() != nil
  }

  private func arguments(_ line: ArraySlice<UInt8>) throws(SealError) -> [String] {
    let words = line.dropFirst(HeaderParser.stanzaMark.count)
      .split(separator: HeaderParser.space, omittingEmptySubsequences: false)
    guard words.allSatisfy({ !$0.isEmpty && $0.allSatisfy(HeaderParser.visible.contains) }) else {
      throw SealError(.damaged, at: line.startIndex)
    }
    return words.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The lines up to the first that is shorter than the others, which may be empty; nil when more bytes are needed.
  private mutating func body() throws(SealError) -> [UInt8]? {
    let start = rest.startIndex
    var text: [UInt8] = []
    while let line = try line() {
      text += line
      if line.count == HeaderParser.columns { continue }
      // Lines before the last are whole groups of digits, so that all are spelled as each is.
      guard line.count < HeaderParser.columns, let body = RawBase64.bytes(text) else {
        throw SealError(.damaged, at: start)
      }
      return body
    }
    return nil
  }

  private func end(_ line: ArraySlice<UInt8>, behind stanzas: [Stanza]) throws(SealError) -> SealedHeader {
    let mark = SealedHeader.endMark + [HeaderParser.space]
    guard line.starts(with: mark), !stanzas.isEmpty, let mac = RawBase64.bytes(line.dropFirst(mark.count)),
      mac.count == SealedHeader.macBytes
    else { throw SealError(.damaged, at: line.startIndex) }
    let proved = file[..<(line.startIndex + SealedHeader.endMark.count)]
    return SealedHeader(stanzas: stanzas, proved: proved, mac: mac, byteCount: line.endIndex + 1)
  }

  /// The next line without its LF; nil when that has not come. Throws `overLimit` when it cannot be within the limit.
  private mutating func line() throws(SealError) -> ArraySlice<UInt8>? {
    let end = rest.firstIndex(of: HeaderParser.lineFeed)
    guard end ?? rest.endIndex < SealedHeader.limitBytes else { throw SealError(.overLimit, at: rest.startIndex) }
    guard let end else { return nil }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end]
  }
}
