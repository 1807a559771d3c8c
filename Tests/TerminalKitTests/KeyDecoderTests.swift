import Testing

@testable import TerminalKit

struct KeyDecoderTests {
  private static let esc = "\u{1B}"

  @Test(arguments: [
    ("a", [Key.character("a")]), ("台账", [.character("台"), .character("账")]), ("😀", [.character("😀")]),
    ("\r", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]), ("\u{3}", [.control("c")]), ("\0", [.control(" ")]),
    ("\u{1F}", [.control("_")]), (esc + "[A", [.up]), (esc + "OB", [.down]), (esc + "[H", [Key(.home)]),
    (esc + "[4~", [Key(.end)]), (esc + "[5~", [Key(.pageUp)]), (esc + "[6~", [Key(.pageDown)]),
    (esc + "[3~", [Key(.delete)]), (esc + "[2~", [Key(.insert)]), (esc + "OP", [Key(.function(1))]),
    (esc + "[15~", [Key(.function(5))]), (esc + "[24~", [Key(.function(12))]), (esc + "[[C", [Key(.function(3))]),
    (esc + "[Z", [.backTab]), (esc + "[1;5C", [Key(.right, .control)]), (esc + "[1;4A", [Key(.up, [.shift, .alt])]),
    (esc + "[3;5~", [Key(.delete, .control)]), (esc + "x", [.alt("x")]), (esc + "台", [.alt("台")]),
    (esc + "\r", [Key(.enter, .alt)]), (esc + "\u{7F}", [Key(.backspace, .alt)]),
    (esc + esc + "x", [.escape, .alt("x")]),
    (esc + "[97;5u", [.control("a")]), (esc + "[27;5;13~", [Key(.enter, .control)]),
    (esc + "]11;rgb:0/0/0" + esc + "\\q", [.character("q")]), (esc + "]0;x\u{7}q", [.character("q")]),
    (esc + "P1$r" + esc + "\\q", [.character("q")]), (esc + "[?62;4cq", [.character("q")]),
    (esc + "[99zq", [.character("q")]),
  ])
  func readsKeys(_ text: String, _ keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.decode(text.utf8) == keys.map { .key($0) })
    #expect(!decoder.awaitsTimeout)
  }

  @Test(arguments: [
    (esc, [Key.escape]), (esc + "[", [.alt("[")]), (esc + "O", [.alt("O")]), (esc + "]", [.alt("]")]),
    (esc + "P", [.alt("P")]), (esc + "[1;", []), (esc + "[[", []), (esc + "]0;title", []),
  ])
  func timeoutEndsWhatHasBegun(_ text: String, _ keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.decode(text.utf8) == [])
    #expect(decoder.awaitsTimeout)
    #expect(decoder.timeoutReached() == keys.map { .key($0) })
    #expect(!decoder.awaitsTimeout)
    #expect(decoder.decode("q".utf8) == [.key(.character("q"))])
  }

  @Test func timeoutMeansNothingBetweenKeys() {
    var decoder = KeyDecoder()
    #expect(decoder.timeoutReached() == [])
    #expect(decoder.decode(Array("台".utf8).prefix(2)) == [])
    #expect(!decoder.awaitsTimeout)
    #expect(decoder.timeoutReached() == [])
    #expect(decoder.decode(Array("台".utf8).suffix(1)) == [.key(.character("台"))])
  }

  @Test(arguments: [
    ("0;5;3M", Mouse(.press(.left), at: GridPosition(row: 2, column: 4))),
    ("2;1;1m", Mouse(.release(.right), at: GridPosition(row: 0, column: 0))),
    ("32;9;9M", Mouse(.drag(.left), at: GridPosition(row: 8, column: 8))),
    ("35;9;9M", Mouse(.move, at: GridPosition(row: 8, column: 8))),
    ("64;300;200M", Mouse(.scrollUp, at: GridPosition(row: 199, column: 299))),
    ("81;1;1M", Mouse(.scrollDown, at: GridPosition(row: 0, column: 0), .control)),
  ])
  func readsTheMouse(_ body: String, _ mouse: Mouse) {
    var decoder = KeyDecoder()
    #expect(decoder.decode("\u{1B}[<\(body)".utf8) == [.mouse(mouse)])
  }

  @Test(arguments: ["\u{1B}[<0;0;0M", "\u{1B}[<0;1M", "\u{1B}[<128;1;1M", "\u{1B}[<0;1;1x"])
  func dropsMouseReportsThatMeanNothing(_ text: String) {
    var decoder = KeyDecoder()
    #expect(decoder.decode(text.utf8) == [])
  }

  @Test func readsFocus() {
    var decoder = KeyDecoder()
    #expect(decoder.decode("\u{1B}[I\u{1B}[O".utf8) == [.focusGained, .focusLost])
  }

  @Test func pastedTextIsNeverKeys() {
    var decoder = KeyDecoder()
    let pasted = "q\u{3}第一行\r\n第二行\r\u{1B}[20"
    #expect(
      decoder.decode("\u{1B}[200~\(pasted)\u{1B}\u{1B}[201~x".utf8) == [
        .paste(Paste(text: "q\u{3}第一行\n第二行\n\u{1B}[20\u{1B}")), .key(.character("x")),
      ])
  }

  @Test(arguments: [-1, 0, 1])
  func cutsPastesAtTheLimit(_ over: Int) {
    var decoder = KeyDecoder()
    _ = decoder.decode("\u{1B}[200~".utf8)
    let length = KeyDecoder.pasteLimitBytes + over
    #expect(decoder.decode(repeatElement(0x61, count: length)) == [])
    guard case .paste(let paste) = decoder.decode("\u{1B}[201~".utf8).first else {
      Issue.record("no paste came")
      return
    }
    #expect(paste.text.utf8.count == min(length, KeyDecoder.pasteLimitBytes))
    #expect(paste.isCut == (over > 0))
  }

  @Test(arguments: [-1, 0, 1])
  func skipsSequencesOverTheLimit(_ over: Int) {
    var decoder = KeyDecoder()
    let padding = String(repeating: "0", count: KeyDecoder.sequenceLimitBytes + over - 1)
    let events = decoder.decode("\u{1B}[\(padding)3~q".utf8)
    #expect(events == (over > 0 ? [] : [.key(Key(.delete))]) + [.key(.character("q"))])
  }

  @Test func readsTextAsTheStandardLibraryDoes() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<500 {
      let bytes = (0..<24).map { _ in UInt8.random(in: 0x7E...0xFF, using: &generator) }
      var decoder = KeyDecoder()
      let typed = decoder.decode(bytes + [0x71]).compactMap { event -> Unicode.Scalar? in
        guard case .key(let key) = event else { return nil }
        return key.typed?.unicodeScalars.first
      }
      let expected = String(decoding: bytes + [0x71], as: UTF8.self).unicodeScalars.filter { KeyDecoder.isTypable($0) }
      #expect(typed == Array(expected))
    }
  }

  @Test func byteByByteIsTheSameAsAllAtOnce() {
    var generator = SeededGenerator(seed: 2)
    let pieces: [[UInt8]] = [
      "\u{1B}", "[", "O", "1;5", "A", "~", "台", "[200~", "\u{1B}[201~", "<0;1;1M", "]0;", "\u{7}",
    ]
    .map { Array($0.utf8) }
    for _ in 0..<1_000 {
      var bytes: [UInt8] = []
      for _ in 0..<20 {
        if Bool.random(using: &generator) {
          bytes += pieces.randomElement(using: &generator) ?? []
        } else {
          bytes.append(UInt8.random(in: 0...255, using: &generator))
        }
      }
      var whole = KeyDecoder()
      var split = KeyDecoder()
      let atOnce = whole.decode(bytes)
      #expect(bytes.flatMap { split.decode(CollectionOfOne($0)) } == atOnce)
      #expect(whole.awaitsTimeout == split.awaitsTimeout)
      #expect(whole.timeoutReached() == split.timeoutReached())
    }
  }
}
