import EditModel
import LedgerKeeping
import LedgerStore
import LineProtocol
import NIOCore
import SessionRules

/// A connection that follows its ledger: what its view needs is sent as the peer takes it, from memory or from the disk.
extension ConnectionHandler {
  /// Begins to follow `ledger` with `view`.
  func follow(_ ledger: LedgerHost, _ view: View) {
    self.view = view
    roster.follow(self, ledger.history.ledger)
    ledger.shared.follow(onLoop: loopIndex)
  }

  /// Follows no more.
  func stopFollowing() {
    guard view != nil, let ledger else { return }
    view = nil
    roster.unfollow(self, ledger.history.ledger)
    ledger.shared.unfollow(onLoop: loopIndex)
  }

  /// Sends what the view has not been sent, as long as the peer takes it.
  func sendNews() {
    guard !isReadingHistory, let context else { return }
    while let ledger, view != nil, !isReadingHistory, context.channel.isWritable {
      guard sendNext(of: ledger) else { break }
    }
    flushIfNeeded()
    endIfSent()
  }

  /// Does one step of what the view needs; false when there is nothing to do.
  private func sendNext(of ledger: LedgerHost) -> Bool {
    guard let need = view?.need(lastSeq: ledger.shared.tail.lastSeq) else { return false }
    switch need {
    case .nothing: return false
    case .reached: writeStream { view, bytes in view.sayReached(to: &bytes) }
    case .newer(let after, _):
      if let chunk = ledger.shared.tail.chunk(after: after) {
        write(chunk, of: ledger)
      } else {
        read(need, of: ledger)
      }
    case .moves(let after, _):
      if let chunk = ledger.shared.tail.chunk(after: after), view?.takes(chunk) == true {
        if let bytes = view?.took(chunk: chunk) { write(bytes) }
      } else {
        read(need, of: ledger)
      }
    case .history, .winners, .lines, .movesAgain: read(need, of: ledger)
    }
    return true
  }

  /// Writes what a view of everything is sent of `chunk`: the same bytes for all, so the same blocks.
  private func write(_ chunk: CommittedChunk, of ledger: LedgerHost) {
    guard let bytes = view?.took(chunk: chunk) else { return }
    guard deflates else { return write(bytes) }
    writeAsIs(ledger.shared.tail.blocks(of: chunk) { roster.deflated(bytes) })
  }

  /// Has read on the reading thread what the view needs of the history.
  private func read(_ need: View.Need, of ledger: LedgerHost) {
    guard let seat = device?.seat else { return }
    isReadingHistory = true
    let limit = min(nextTurnBytes, server.turnBytes)
    nextTurnBytes = limit * 2
    ledger.read { reader in
      let reading = Result { () throws(StoreError) in
        try ViewReading(need, for: seat, from: reader, limitBytes: limit, scopes: ledger.shared)
      }
      self.onLoop { $0.got(reading) }
    }
  }

  private func got(_ result: Result<ViewReading?, StoreError>) {
    isReadingHistory = false
    switch result {
    case .success(let reading):
      var isWhole = true
      writeStream { view, bytes in isWhole = reading.map { view.take($0, to: &bytes) } ?? true }
      guard isWhole else { return fail(.unreadable(file: "history", seq: view?.sent ?? 0)) }
    case .failure(let error): return fail(error)
    }
    sendNews()
  }

  private func writeStream(_ body: (inout View, inout ByteBuffer) -> Void) {
    guard var moved = view else { return }
    var bytes = ByteBuffer()
    body(&moved, &bytes)
    view = moved
    write(bytes)
  }
}
