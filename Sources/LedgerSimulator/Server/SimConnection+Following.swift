import EditModel
import LedgerKeeping
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore
import SessionRules

/// What the connection is sent of the history.
extension SimConnection {
  /// How many bytes of the history is read at a time.
  private static let turnBytes = 1_500

  /// Sends what the view has not been sent, as long as the peer takes it.
  func sendNews() {
    guard !isEnded, let process = server.process else { return }
    while view != nil, link.isWritable, !isEnded {
      guard let need = view?.need(lastSeq: process.tail.lastSeq) else { return }
      if need == .nothing { break }
      guard send(need, process) else { return }
    }
    guard endsWhenSent, view?.need(lastSeq: process.tail.lastSeq) ?? .nothing == .nothing else { return }
    close()
  }

  private func send(_ need: View.Need, _ process: SimServer.Process) -> Bool {
    switch need {
    case .nothing: return false
    case .reached:
      var bytes = ByteBuffer()
      view?.sayReached(to: &bytes)
      stream(bytes)
    case .newer(let after, _):
      guard let chunk = process.tail.chunk(after: after) else { return read(need, process) }
      if let bytes = view?.took(chunk: chunk) { stream(bytes, of: chunk, process) }
    case .moves(let after, _):
      if let chunk = process.tail.chunk(after: after), view?.takes(chunk) == true {
        if let bytes = view?.took(chunk: chunk) { stream(bytes) }
      } else {
        return read(need, process)
      }
    case .history, .winners, .lines, .movesAgain: return read(need, process)
    }
    return true
  }

  private func read(_ need: View.Need, _ process: SimServer.Process) -> Bool {
    guard let seat = device?.seat else { return false }
    do throws(StoreError) {
      guard
        let reading = try ViewReading(
          need, for: seat, from: process.reader, limitBytes: SimConnection.turnBytes, scopes: server)
      else { return false }
      var bytes = ByteBuffer()
      guard view?.take(reading, to: &bytes) == true else {
        world.fail("lines that a view needs are not in the history")
        return false
      }
      stream(bytes)
      return true
    } catch {
      // The disk refuses: the server ends the connection.
      carryOut(machine.close(with: .notice(WireError(.internal, ["1"]))))
      return false
    }
  }

  private func stream(_ bytes: ByteBuffer) {
    if let seat = device?.seat { world.check(sent: bytes, to: seat) }
    write(bytes)
  }

  /// The same of what all views of everything are sent of `chunk`, which is made into blocks once.
  private func stream(_ bytes: ByteBuffer, of chunk: CommittedChunk, _ process: SimServer.Process) {
    guard deflates else { return stream(bytes) }
    if let seat = device?.seat { world.check(sent: bytes, to: seat) }
    writeAsIs(process.tail.blocks(of: chunk) { server.deflated(bytes) })
  }
}

extension SimServer {
  /// What a seat may see of the ledger, whenever it is asked.
  func filter(for seat: SeatFacts) -> ViewFilter {
    if seat.role.sight == .everything { return .everything }
    // SAFETY: called by the one thread of a run, while the process lives.
    nonisolated(unsafe) let server = self
    return .seat(seat) { accepted in server.process?.scopes.shows(accepted.edit, to: seat) ?? false }
  }
}
