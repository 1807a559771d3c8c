/// Which terminal to take and what to ask of it.
package struct TerminalSettings: Hashable, Sendable {
  /// The descriptor to read from.
  package var input: Int32
  /// The descriptor to write to.
  package var output: Int32
  /// Whether mouse reports are wanted; the terminal's own selection of text then needs Shift.
  package var wantsMouse: Bool
  /// Whether reports of focus are wanted.
  package var wantsFocus: Bool

  /// In which encoding it reads and writes.
  package var encoding: TerminalEncoding

  /// Standard input and output, no reports, in the encoding that the process's environment names.
  package init(
    input: Int32 = 0, output: Int32 = 1, wantsMouse: Bool = false, wantsFocus: Bool = false,
    encoding: TerminalEncoding = .ofProcess
  ) {
    self.encoding = encoding
    self.input = input
    self.output = output
    self.wantsMouse = wantsMouse
    self.wantsFocus = wantsFocus
  }

  /// Alternate screen, no cursor, bracketed paste, no wrapping at the right edge, and the reports.
  var enterSequence: [UInt8] {
    var text = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[?2004h"
    if wantsFocus { text += "\u{1B}[?1004h" }
    if wantsMouse { text += "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h" }
    return Array(text.utf8)
  }

  /// Undoes everything, wherever drawing broke off: CAN ends a sequence that is half sent. The picture is cleared before
  /// it is left, because some terminals bring rows of it back when the window has grown meanwhile.
  var leaveSequence: [UInt8] {
    var text = "\u{18}\u{1B}[?2026l"
    if wantsMouse { text += "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l" }
    if wantsFocus { text += "\u{1B}[?1004l" }
    text += "\u{1B}[?2004l\u{1B}[?7h\u{1B}[m\u{1B}[2J\u{1B}[?25h\u{1B}[?1049l"
    return Array(text.utf8)
  }
}
