import Foundation
import Testing

@testable import SealedFile

/// Files that somebody made on purpose: all that can be proved is right, so that only the rule itself can find them.
@Suite struct ForgedFileTests {
  typealias Change = @Sendable (inout ForgedFile) throws -> Void

  private static let fullLine = String(repeating: "A", count: 64)
  private static let full = [UInt8](repeating: 7, count: 65_536)

  /// What the format allows.
  static let allowed: [(String, Change)] = [
    ("nothing changed", { _ in }),
    ("stanza of another type before", { $0.stanzas.insert("-> x-grease a b\nAAAA\n", at: 0) }),
    ("stanza of another type behind", { $0.stanzas.append("-> +-grease ~ ! -> ---\nAAAA\n") }),
    ("stanza without a body", { $0.stanzas.append("-> grease\n\n") }),
    ("body of a full line", { $0.stanzas.append("-> grease\n\(fullLine)\n\n") }),
    ("body of two lines", { $0.stanzas.append("-> grease\n\(fullLine)\nAA\n") }),
    ("type in lower case", { $0.stanzas.append("-> x25519 AA\nAA\n") }),
    ("stanza for another", { $0.stanzas.insert(try stranger(), at: 0) }),
    ("nothing sealed", { $0.chunks = [([], true)] }),
    ("one full chunk", { $0.chunks = [(full, true)] }),
    ("a byte behind a full chunk", { $0.chunks = [(full, false), ([1], true)] }),
  ]

  @Test(arguments: allowed.indices) func whatTheFormatAllowsIsOpened(index: Int) throws {
    let (name, change) = ForgedFileTests.allowed[index]
    var forged = try genuine()
    try change(&forged)
    let opened = try SealSample.opened(try forged.bytes(), with: [SealSample.secret()], piece: 50)
    #expect(opened == forged.chunks.flatMap(\.plain), "\(name)")
  }

  static let forgeries: [(String, SealError.Kind, Change)] = [
    // Version line
    ("later version", .otherVersion, { $0.version = "age-encryption.org/v2\n" }),
    ("longer version", .otherVersion, { $0.version = "age-encryption.org/v1.1\n" }),
    ("no version", .notSealed, { $0.version = "age-encryption.org/\n" }),
    ("other end of line", .notSealed, { $0.version = "age-encryption.org/v1\r\n" }),
    ("space behind the version", .notSealed, { $0.version = "age-encryption.org/v1 \n" }),
    ("line before the version", .notSealed, { $0.version = "\nage-encryption.org/v1\n" }),
    ("armor", .notSealed, { $0.version = "-----BEGIN AGE ENCRYPTED FILE-----\n" }),
    ("other file", .notSealed, { $0.version = "taizhang-snapshot 2 ledger\n" }),
    // Recipient stanza
    ("no stanza", .damaged, { $0.stanzas = [] }),
    ("no argument", .damaged, { $0.stanzas.append("-> \n\n") }),
    ("no space", .damaged, { $0.stanzas.append("->grease\n\n") }),
    ("other mark", .damaged, { $0.stanzas.append("=> grease\n\n") }),
    ("empty line", .damaged, { $0.stanzas.append("\n") }),
    ("two spaces before the type", .damaged, { $0.stanzas.append("->  grease\n\n") }),
    ("two spaces", .damaged, { $0.stanzas.append("-> grease  a\n\n") }),
    ("space at the end", .damaged, { $0.stanzas.append("-> grease \n\n") }),
    ("tab", .damaged, { $0.stanzas.append("-> grease\ta\n\n") }),
    ("letter that is not ASCII", .damaged, { $0.stanzas.append("-> 油\n\n") }),
    ("DEL", .damaged, { $0.stanzas.append("-> grease\u{7F}\n\n") }),
    ("other end of line in a stanza", .damaged, { $0.stanzas.append("-> grease\r\n\n") }),
    ("no body", .damaged, { $0.stanzas.append("-> grease\n") }),
    ("no short line", .damaged, { $0.stanzas.append("-> grease\n\(fullLine)\n") }),
    ("long line", .damaged, { $0.stanzas.append("-> grease\n\(fullLine)AAAA\n\n") }),
    ("body behind its short line", .damaged, { $0.stanzas.append("-> grease\nAAAA\nAAAA\n") }),
    ("bits that mean nothing", .damaged, { $0.stanzas.append("-> grease\nAB\n") }),
    ("padding", .damaged, { $0.stanzas.append("-> grease\nAA==\n") }),
    ("digits of one byte and none", .damaged, { $0.stanzas.append("-> grease\nAAAAA\n") }),
    ("other end of line in a body", .damaged, { $0.stanzas.append("-> grease\nAAAA\r\n") }),
    // X25519 recipient stanza
    ("for others only", .forOtherKeys, { $0.stanzas = [try stranger()] }),
    ("other type only", .forOtherKeys, { $0.stanzas = [$0.stanzas[0].lowercased()] }),
    ("no share", .damaged, { $0.stanzas[0].replace("X25519 ", with: "X25519\n", maxReplacements: 1) }),
    ("share only", .damaged, { $0.stanzas.append("-> X25519\n\n") }),
    ("third argument", .damaged, { $0.stanzas[0] = argument(of: $0.stanzas[0]) { "\($0) a" } }),
    ("short share", .damaged, { $0.stanzas[0] = argument(of: $0.stanzas[0]) { _ in base64(31) } }),
    ("long share", .damaged, { $0.stanzas[0] = argument(of: $0.stanzas[0]) { _ in base64(33) } }),
    ("padded share", .damaged, { $0.stanzas[0] = argument(of: $0.stanzas[0]) { "\($0)=" } }),
    ("other spelling of the share", .damaged, { $0.stanzas[0] = argument(of: $0.stanzas[0], next) }),
    ("short body", .damaged, { $0.stanzas[0] = body(of: $0.stanzas[0], base64(31)) }),
    ("long body", .damaged, { $0.stanzas[0] = body(of: $0.stanzas[0], base64(33)) }),
    ("empty body", .damaged, { $0.stanzas[0] = body(of: $0.stanzas[0], "") }),
    ("stanza that is not right behind ours", .damaged, { $0.stanzas.append("-> X25519 AA\nAA\n") }),
    // scrypt recipient stanza
    ("passphrase only", .forOtherKeys, { $0.stanzas = ["-> scrypt \(base64(16)) 18\n\(base64(32))\n"] }),
    ("passphrase too", .damaged, { $0.stanzas.append("-> scrypt \(base64(16)) 18\n\(base64(32))\n") }),
    // Header MAC
    ("short mark", .damaged, { $0.endMark = "--" }),
    ("long mark", .damaged, { $0.endMark = "----" }),
    ("other proof", .damaged, { $0.end = { _ in " \(base64(32))\n" } }),
    ("short proof", .damaged, { $0.end = { _ in " \(base64(31))\n" } }),
    ("long proof", .damaged, { $0.end = { _ in " \(base64(33))\n" } }),
    ("no proof", .damaged, { $0.end = { _ in "\n" } }),
    ("no space before the proof", .damaged, { $0.end = { String($0.dropFirst()) } }),
    ("padded proof", .damaged, { $0.end = { $0.dropLast() + "=\n" } }),
    ("other spelling of the proof", .damaged, { $0.end = { next(String($0.dropLast())) + "\n" } }),
    ("space behind the proof", .damaged, { $0.end = { $0.dropLast() + " \n" } }),
    ("other end of line behind the proof", .damaged, { $0.end = { $0.dropLast() + "\r\n" } }),
    // Payload
    ("no chunk", .truncated, { $0.chunks = [] }),
    ("no last chunk", .truncated, { $0.chunks = [(full, false)] }),
    ("no last chunk behind two", .truncated, { $0.chunks = [(full, false), (full, false)] }),
    ("short chunk that is not the last", .damaged, { $0.chunks = [([1], false)] }),
    ("short chunk before the last", .damaged, { $0.chunks = [([1], false), ([1], true)] }),
    ("long chunk", .damaged, { $0.chunks = [(full + [1], true)] }),
    ("empty chunk behind a full one", .damaged, { $0.chunks = [(full, false), ([], true)] }),
    ("two last chunks", .trailing, { $0.chunks = [(full, true), ([1], true)] }),
    ("chunk behind the last", .trailing, { $0.chunks = [(full, true), (full, false), ([1], true)] }),
  ]

  @Test(arguments: forgeries.indices) func aForgeryIsFound(index: Int) throws {
    let (name, kind, change) = ForgedFileTests.forgeries[index]
    var forged = try genuine()
    try change(&forged)
    let refusal = SealSample.refusal(of: try forged.bytes(), with: [try SealSample.secret()])
    #expect(refusal?.kind == kind, "\(name)")
  }

  /// Shares of small order, reduced and not: the wrap key is made of zeros, whatever the secret, so that everybody could open
  /// such a file.
  @Test(arguments: [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ])
  func aShareOfSmallOrderIsRefused(digits: String) throws {
    let secret = try SealSample.secret()
    let share = Data(
      try stride(from: 0, to: 64, by: 2).map { place in
        try #require(UInt8(digits.dropFirst(place).prefix(2), radix: 16))
      })
    var forged = try genuine()
    forged.stanzas = [try ForgedFile.stanza(share: share, owner: Data(secret.key.point), Data(count: 32))]
    let start = forged.version.utf8.count
    #expect(SealSample.refusal(of: try forged.bytes(), with: [secret]) == SealError(.damaged, at: start))
  }

  @Test(arguments: [(63, nil), (64, nil), (65, .overLimit)] as [(Int, SealError.Kind?)])
  func aHeaderHasStanzasUpToTheLimit(count: Int, kind: SealError.Kind?) throws {
    var forged = try genuine()
    forged.stanzas.insert(contentsOf: [String](repeating: "-> grease\n\n", count: count - 1), at: 0)
    #expect(SealSample.refusal(of: try forged.bytes(), with: [try SealSample.secret()])?.kind == kind)
  }

  @Test(arguments: [(65_535, nil), (65_536, nil), (65_537, .overLimit)] as [(Int, SealError.Kind?)])
  func aHeaderHasBytesUpToTheLimit(count: Int, kind: SealError.Kind?) throws {
    var forged = try genuine()
    let rest = count - forged.header.utf8.count - "-> \n\n".utf8.count
    forged.stanzas.append("-> \(String(repeating: "g", count: rest))\n\n")
    #expect(forged.header.utf8.count == count)
    #expect(SealSample.refusal(of: try forged.bytes(), with: [try SealSample.secret()])?.kind == kind)
  }

  /// However the file goes on: it is refused when the limit is passed, and not at its end.
  @Test func aLineWithoutAnEndIsRefusedAtTheLimit() throws {
    var opener = SealOpener([try SealSample.secret()])
    opener.receive(SealedHeader.versionLine + [UInt8](repeating: UInt8(ascii: "-"), count: 65_535 - 22))
    #expect(try opener.next() == nil)
    opener.receive([UInt8(ascii: "-")])
    var refusal: SealError?
    do throws(SealError) { _ = try opener.next() } catch { refusal = error }
    #expect(refusal == SealError(.overLimit, at: 22))
  }

  private func genuine() throws -> ForgedFile {
    try ForgedFile(for: SealSample.secret().number)
  }

  private static func stranger() throws -> String {
    try ForgedFile(for: SealSample.otherSecret().number).stanzas[0]
  }

  private static func base64(_ count: Int) -> String { ForgedFile.base64(Data(repeating: 5, count: count)) }

  /// `stanza` with another share, or more behind it.
  private static func argument(of stanza: String, _ change: (String) -> String) -> String {
    let lines = stanza.split(separator: "\n")
    return "-> X25519 \(change(String(lines[0].dropFirst(10))))\n\(lines[1])\n"
  }

  private static func body(of stanza: String, _ body: String) -> String {
    "\(stanza.split(separator: "\n")[0])\n\(body)\n"
  }

  /// `text` with a last digit one higher. The last of 43 digits has two bits that mean nothing, so the bytes are the same.
  private static func next(_ text: String) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    guard let last = text.last, let place = digits.firstIndex(of: last) else { return text }
    return text.dropLast() + String(digits[place + 1])
  }
}
