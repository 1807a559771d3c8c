import EditModel
import LedgerRules
import NIOCore

/// What is checked while a run goes on.
extension SimWorld {
  /// The server has published a line, or is found to have stored it.
  func take(line text: String) {
    guard let line = HistoryLine(text) else { return fail("the history has a line that is none: \(text)") }
    if let flaw = oracle.take(line) { fail("the history: \(flaw)") }
    // Two copies of a folder make different acts under one name.
    guard line.index == 1, !promises.copiedIDs.contains(String(line.act.prefix { $0 != "." })) else { return }
    let flaw = madeActs.flaw(in: line, at: server.moment) { index in
      (clients[index].clock.reading.boot, clients[index].heardTime)
    }
    if let flaw { fail(flaw) }
  }

  /// The server sends `bytes` of the stream to a seat: every line as it was published, and only what that seat sees now.
  func check(sent bytes: ByteBuffer, to seat: SeatFacts) {
    bytes.withUnsafeReadableBytes { trace.note(bytes: $0) }
    let eyes = SimWorld.eyes(of: seat)
    for text in String(buffer: bytes).utf8.split(separator: UInt8(ascii: "\n")).map(Substring.init)
    where text.utf8.first == UInt8(ascii: "+") {
      let body = text.dropFirst(2)
      guard let seq = UInt64(body.prefix { $0 != " " }), let line = oracle.line(seq), line.whole == body else {
        return fail("\(seat.seat) is sent what is not in the history: \(text)")
      }
      guard oracle.shows(line, to: eyes) else {
        return fail("\(seat.seat) is sent what it may not see: \(text)")
      }
    }
  }

  static func eyes(of seat: SeatFacts) -> (name: String, role: String, place: String?) {
    (seat.seat.description, seat.role.rawValue, seat.place?.string)
  }
}
