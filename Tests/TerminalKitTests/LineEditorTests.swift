import Testing

@testable import TerminalKit

/// What a person types at a prompt, mends and sends.
@Suite struct LineEditorTests {
  /// What comes of `bytes`, as a terminal sends them.
  private func typed(_ bytes: String, into editor: inout LineEditor) -> [LineEditor.Outcome] {
    var decoder = KeyDecoder()
    return (decoder.decode(Array(bytes.utf8)) + decoder.timeoutReached()).map { editor.take($0) }
  }

  @Test(arguments: [
    ("list\r", "list"), ("已补合X\u{7F}同\r", "已补合同"), ("ac\u{1B}[Db\r", "abc"), ("一三\u{1B}[D二\u{1B}[F四\r", "一二三四"),
    ("ab\u{15}cd\n", "cd"), ("set 15 x\u{17}y\r", "set 15 y"), ("abc\u{1B}[H\u{1B}[3~\r", "bc"),
    ("abc\u{1}\u{B}x\r", "x"), ("e\u{301}x\u{7F}\u{7F}\r", ""), ("\u{1B}[200~一\n二\t三\u{1B}[201~\r", "一 二 三"),
    ("\u{7F}\u{1B}[D\u{1B}[C\u{1B}[3~a\r", "a"), ("a\u{4}b\r", "ab"),
  ])
  func theLineIsWhatWasTypedAndMended(bytes: String, line: String) {
    var editor = LineEditor()
    #expect(typed(bytes, into: &editor).last == .entered(line))
    #expect(editor.text.isEmpty)
  }

  @Test func ctrlCGivesTheLineUpAndCtrlDEndsOnAnEmptyOneOnly() {
    var editor = LineEditor()
    #expect(typed("abc\u{3}", into: &editor).last == .interrupted)
    #expect(editor.text.isEmpty)
    #expect(typed("ab\u{1}\u{4}", into: &editor).last == .changed)
    #expect(editor.text == "b")
    #expect(typed("\u{15}\u{5}\u{15}\u{4}\u{4}", into: &editor).last == .ended)
  }

  @Test func earlierLinesComeBack() {
    var editor = LineEditor()
    _ = typed("one\rtwo\rtwo\r", into: &editor)
    #expect(typed("dra\u{1B}[A\u{1B}[A\r", into: &editor).last == .entered("one"))
    #expect(typed("dra\u{1B}[A\u{1B}[B\r", into: &editor).last == .entered("dra"))
    #expect(typed("\u{1B}[A\u{1B}[A\u{1B}[A\u{1B}[A\u{1B}[A\u{1B}[A\r", into: &editor).last == .entered("one"))
  }

  /// The cursor stands where the next character goes, in columns, also in a line that is longer than the row.
  @Test(arguments: [8, 20, 21, 79]) func theRowFitsAndTheCursorIsInIt(width: Int) throws {
    var editor = LineEditor()
    for character in "set 15 进展情况 已经和承包方谈过两次，合同草稿已拟好，等村民代表会议" {
      _ = editor.take(.key(.character(character)))
      let row = editor.row(behind: "台账> ", width: width)
      #expect(DisplayWidth.standard.of(row.text) <= max(width, 6 + 8))
      #expect(DisplayWidth.standard.of(row.text) == row.column)
    }
    _ = editor.take(.key(Key(.home)))
    #expect(editor.row(behind: "> ", width: width).column == 2)
  }

  @Test func onlyWhatWasAddedIsSent() {
    var editor = LineEditor()
    let empty = editor.row(behind: "> ", width: 80)
    #expect(empty.drawing(over: nil) == "\r> \u{1B}[K")
    _ = typed("公", into: &editor)
    let one = editor.row(behind: "> ", width: 80)
    #expect(one.drawing(over: empty) == "公" && one.drawing(over: one).isEmpty)
    _ = typed("厕\u{7F}", into: &editor)
    #expect(editor.row(behind: "> ", width: 80).drawing(over: one).isEmpty)
    _ = typed("\u{1B}[D", into: &editor)
    #expect(editor.row(behind: "> ", width: 80).drawing(over: one) == "\r> 公\u{1B}[K\r\u{1B}[2C")
  }

  @Test func aLineHasALimit() {
    var editor = LineEditor()
    for _ in 0..<LineEditor.limit { _ = editor.take(.key(.character("字"))) }
    _ = editor.take(.key(.character("多")))
    #expect(editor.text.count == LineEditor.limit && !editor.text.contains("多"))
  }

  @Test(arguments: [
    ("\u{1B}[1;5R", 5), ("abc\u{1B}[12;107R", 107), ("\u{1B}[5R", nil), ("R", nil), ("\u{1B}[1;xR", nil), ("", nil),
  ])
  func aReportOfTheCursorIsRead(bytes: String, column: Int?) {
    #expect(EncodingProbe.column(in: Array(bytes.utf8)) == column)
  }

  @Test func whereTwoHanziEndSaysHowTheTerminalReads() {
    #expect([1, 3, 4, 5, 6, 7].map(EncodingProbe.finding) == [.silent, .silent, .silent, .utf8, .twoBytes, .twoBytes])
  }
}
