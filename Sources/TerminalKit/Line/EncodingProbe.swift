import Glibc

/// Asks a terminal in which encoding it reads: two hanzi in UTF-8 are six bytes, which it shows in four columns, or, read as
/// GBK, as three others in six. It is asked where its cursor stands behind them. The two are such that the three are
/// hanzi of GB 2312 (寤轰腑), which every font has; most others meet GBK's user-defined area, shown as each likes.
package enum EncodingProbe {
  /// What the answer says.
  package enum Finding: Hashable, Sendable {
    /// It reads UTF-8.
    case utf8
    /// It takes two bytes for a character, or each for one: here that is GBK.
    case twoBytes
    /// It did not answer, or not as expected.
    case silent
  }

  private static let question = "\r建中\u{1B}[6n"
  private static let erase = "\r\u{1B}[K"

  /// Asks the terminal of `input` and `output`, which is as it was afterwards; waits for its answer at most
  /// `milliseconds`. What a person typed meanwhile is lost.
  package static func ask(input: Int32 = 0, output: Int32 = 1, milliseconds: Int32) -> Finding {
    guard let terminal = RawTerminal(input) else { return .silent }
    defer { terminal.restore() }
    send(question, to: output)
    defer { send(erase, to: output) }
    var answer: [UInt8] = []
    var polled = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
    while answer.count < 64, poll(&polled, 1, milliseconds) > 0 {
      var byte: UInt8 = 0
      guard read(input, &byte, 1) == 1 else { break }
      answer.append(byte)
      if byte == UInt8(ascii: "R"), let column = column(in: answer) { return finding(column: column) }
    }
    return .silent
  }

  /// The column of a report `ESC [ ROW ; COLUMN R` at the end of `bytes`; nil when there is none.
  static func column(in bytes: [UInt8]) -> Int? {
    guard bytes.last == UInt8(ascii: "R"), let start = bytes.lastIndex(of: 0x1B) else { return nil }
    let words = String(decoding: bytes[(start + 1)...].dropFirst().dropLast(), as: UTF8.self).split(separator: ";")
    return words.count == 2 ? Int(words[1]) : nil
  }

  /// What the cursor's column, from 1, says.
  static func finding(column: Int) -> Finding {
    switch column {
    case 5: .utf8
    case 6...: .twoBytes
    default: .silent
    }
  }

  private static func send(_ text: String, to output: Int32) {
    let bytes = Array(text.utf8)
    // A terminal that takes nothing does not answer either.
    _ = write(output, bytes, bytes.count)
  }
}
