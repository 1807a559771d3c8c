import EditModel
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
    case .newer(let after, let through):
      if let chunk = ledger.shared.tail.chunk(after: after) {
        if let bytes = view?.took(chunk: chunk) { write(bytes) }
      } else {
        readLines(of: ledger, after: after, through: through)
      }
    case .moves(let after, let through):
      if let chunk = ledger.shared.tail.chunk(after: after), view?.takes(chunk) == true {
        if let bytes = view?.took(chunk: chunk) { write(bytes) }
      } else {
        readMoves(of: ledger, after: after, through: through)
      }
    case .history(let after, let through): readLines(of: ledger, after: after, through: through)
    case .winners(let through):
      isReadingHistory = true
      ledger.read { reader in
        let seqs = Result { () throws(StoreError) in try reader.winningSeqs(through: through) }
        self.onLoop { $0.gotWinners(seqs) }
      }
    case .lines(let seqs):
      isReadingHistory = true
      ledger.read { reader in
        let rows = Result { () throws(StoreError) in try reader.lines(seqs) }
        self.onLoop { handler in handler.got(rows) { view, lines, bytes in view.took(lines: lines, to: &bytes) } }
      }
    }
    return true
  }

  private func readLines(of ledger: LedgerHost, after: UInt64, through: UInt64) {
    isReadingHistory = true
    let limit = server.turnBytes
    ledger.read { reader in
      let rows = Result { () throws(StoreError) in
        try reader.lines(after: after, through: through, limitBytes: limit)
      }
      self.onLoop { handler in handler.got(rows) { view, lines, bytes in view.took(history: lines, to: &bytes) } }
    }
  }

  /// Learns what came into view and went out of it on the next stretch.
  private func readMoves(of ledger: LedgerHost, after: UInt64, through: UInt64) {
    guard let seat = device?.seat else { return }
    isReadingHistory = true
    ledger.read { reader in
      let moves = Result { () throws(StoreError) in
        try ledger.moves(for: seat, after: after, through: through, reader)
      }
      self.onLoop { $0.gotMoves(moves) }
    }
  }

  private func gotMoves(_ result: Result<ViewMoves, StoreError>) {
    isReadingHistory = false
    switch result {
    case .success(let moves):
      writeStream { view, bytes in
        view.learned(arrivals: moves.arrivals, departures: moves.departures, through: moves.through, to: &bytes)
      }
    case .failure(let error): return fail(error)
    }
    sendNews()
  }

  private func gotWinners(_ result: Result<[UInt64], StoreError>) {
    isReadingHistory = false
    switch result {
    case .success(let seqs): view?.learned(winners: seqs)
    case .failure(let error): fail(error)
    }
    sendNews()
  }

  private func got(
    _ result: Result<[HistoryRow], StoreError>, _ take: (inout View, [HistoryLine], inout ByteBuffer) -> Void
  ) {
    isReadingHistory = false
    switch result {
    case .success(let rows):
      guard !rows.isEmpty else { return fail(.unreadable(file: "history", seq: view?.sent ?? 0)) }
      writeStream { view, bytes in take(&view, rows.map { HistoryLine(seq: $0.seq, bytes: $0.line) }, &bytes) }
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
