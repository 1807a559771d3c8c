import Testing

@testable import TerminalKit

/// Terminals that read another encoding than the program's own.
@Suite struct TerminalEncodingTests {
  @Test(arguments: [
    ([:], TerminalEncoding.utf8), (["LANG": "zh_CN.UTF-8"], .utf8), (["LANG": "C"], .utf8), (["LANG": "zh_CN"], .utf8),
    (["LANG": "zh_CN.GBK"], .gbk), (["LANG": "zh_CN.gb2312"], .gbk), (["LC_CTYPE": "zh_CN.GB18030"], .gbk),
    (["LANG": "zh_CN.eucCN"], .gbk), (["LANG": "zh_CN.CP936@x"], .gbk), (["LANG": "zh_TW.Big5"], .other("Big5")),
    (["LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.GBK"], .utf8),
    (["TAIZHANG_TERMINAL": "gbk", "LANG": "zh_CN.UTF-8"], .gbk),
    (["TAIZHANG_TERMINAL": "utf-8", "LANG": "zh_CN.GBK"], .utf8),
    (["TAIZHANG_TERMINAL": "x", "LANG": "zh_CN.GBK"], .gbk),
  ])
  func theEnvironmentSaysWhich(environment: [String: String], encoding: TerminalEncoding) {
    #expect(TerminalEncoding(environment: environment) == encoding)
  }

  @Test func hanziAreTwoBytesAndASCIIIsItself() {
    #expect(
      TerminalEncoding.gbk.bytes(of: "\u{1B}[1m台账 15\r\n") == [0x1B, 0x5B, 0x31, 0x6D, 0xCC, 0xA8, 0xD5, 0xCB]
        + Array(" 15\r\n".utf8))
    #expect(TerminalEncoding.utf8.bytes(of: "台") == Array("台".utf8))
  }

  /// What GBK does not have is marked in as many columns.
  @Test(arguments: [("䶮", "〓"), ("😀", "〓"), ("a\u{200D}b", "ab"), ("ñ", "?"), ("é", "é"), ("“·—…→≠”", "“·—…→≠”")])
  func whatIsNotThereIsMarked(text: String, shown: String) {
    let bytes = TerminalEncoding.gbk.bytes(of: text)
    #expect(String(decoding: GBK.text(of: bytes), as: UTF8.self) == shown)
    let wide = DisplayWidth(ambiguousIsWide: true)
    #expect(bytes.count == wide.of(text), "as many columns as bytes")
  }

  /// However it is cut, byte by byte or in two, the same text comes out.
  @Test func aCutCharacterWaitsForItsRest() {
    let text = "set 15 进展情况 已补合同，丈量 3.5 亩。龘"
    let bytes = TerminalEncoding.gbk.bytes(of: text)
    for cut in 0...bytes.count {
      var decoder = TerminalDecoder(.gbk)
      let decoded = decoder.decode(bytes[..<cut]) + decoder.decode(bytes[cut...])
      #expect(String(decoding: decoded, as: UTF8.self) == text, "cut at \(cut)")
    }
    var single = TerminalDecoder(.gbk)
    #expect(String(decoding: bytes.flatMap { single.decode([$0]) }, as: UTF8.self) == text)
    var plain = TerminalDecoder(.utf8)
    #expect(plain.decode(bytes) == bytes)
  }

  @Test func noiseIsMarkedAndEndsNothing() {
    var decoder = TerminalDecoder(.gbk)
    let decoded = decoder.decode([0x80, 0x41, 0xFF, 0x42, 0xCC, 0x20, 0xCC, 0xA8])
    let text = String(decoding: decoded, as: UTF8.self)
    #expect(text.hasSuffix("台") && text.contains("A") && text.contains("B") && text.contains("\u{FFFD}"))
  }
}
