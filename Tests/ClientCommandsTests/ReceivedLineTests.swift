import TerminalKit
import Testing

@testable import ClientCommands

/// Lines whose encoding has to be told from their bytes.
@Suite struct ReceivedLineTests {
  private static let progress: [UInt8] = Array("进展".utf8)
  private static let progressInGBK: [UInt8] = [0xBD, 0xF8, 0xD5, 0xB9]
  /// One hanzi in GBK, and “á” in UTF-8.
  private static let either: [UInt8] = [0xC3, 0xA1]

  @Test(
    arguments: [
      (progress, nil, "进展"), (progress, .utf8, "进展"), (progress, .gbk, "进展"),
      (progressInGBK, nil, "进展"), (progressInGBK, .gbk, "进展"), (progressInGBK, .utf8, nil),
      (Array("list --json".utf8), nil, "list --json"), (Array("list".utf8), .gbk, "list"),
      (either, nil, nil), (either, .utf8, "á"), (either, .gbk, "谩"),
      ([0x61, 0xFF, 0xFF], nil, nil), ([0x61, 0xFF, 0xFF], .gbk, nil),
    ] as [([UInt8], TerminalEncoding?, String?)])
  func isTakenForWhatItCanOnlyBe(bytes: [UInt8], encoding: TerminalEncoding?, text: String?) {
    #expect(ReceivedLine.text(of: bytes, in: encoding) == text)
  }
}
