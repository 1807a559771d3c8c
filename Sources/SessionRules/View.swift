package import EditModel
package import LineProtocol
package import NIOCore

/// A line of the history with its place.
package struct HistoryLine: Sendable {
  /// Its seq.
  package let seq: UInt64
  /// The whole line as it is stored, without LF.
  package let bytes: ByteBuffer

  /// The line `seq`.
  package init(seq: UInt64, bytes: ByteBuffer) {
    self.seq = seq
    self.bytes = bytes
  }
}

/// How much of the history one connection has been sent, and what it needs next.
///
/// A slow reader's backlog is this place in the history, never a queue. A view from nothing is first sent the lines that
/// win a cell or create an entity, then all others in seq order, and hears no `=` among the winners; every other view is
/// sent lines in seq order. Owned by its connection's event loop.
///
/// A view that sees less than everything goes on in stretches. Behind the last line that it was sent it learns which
/// problems came into view and which went out (`SightMoves`): the latter are named to be forgotten, of the former every
/// visible line is sent whole, then the lines of the stretch follow. No `=` comes in between, so that a stretch that was
/// cut is sent again.
package struct View: Sendable {
  /// What a view needs to go on.
  package enum Need: Hashable, Sendable {
    /// Nothing: everything was sent and said.
    case nothing
    /// The seqs that win a cell or create an entity in the history up to `through`, ascending.
    case winners(through: UInt64)
    /// These lines of the history.
    case lines([UInt64])
    /// Lines behind `after`, not beyond `through`: from the history.
    case history(after: UInt64, through: UInt64)
    /// What was committed behind `after`: the tail's chunk that begins there if the view takes it (`takes`), else lines
    /// of the history up to `through`.
    case newer(after: UInt64, through: UInt64)
    /// The same, of a view that sees less than everything: without such a chunk, what came into view and went out of it.
    case moves(after: UInt64, through: UInt64)
    /// That `=` is said.
    case reached
  }

  /// The most winning lines that are asked for at once.
  package static let linesAtOnce = 512

  private struct FirstSync: Sendable {
    let through: UInt64
    var winners: [UInt64]?
    /// How many of the winners were sent.
    var sentCount = 0
    /// The first winner that the history has not passed yet.
    var passedCount = 0
  }

  /// The lines up to `through` on the way of a view that sees less than everything.
  private struct Stretch: Sendable {
    let through: UInt64
    /// Lines of what came into view, ascending.
    let arrivals: [UInt64]
    /// How many of them were sent.
    var sentCount = 0
    /// Whether nothing came into view or went out of it, so that `=` may come on the way.
    let isSteady: Bool
  }

  /// Which history it follows.
  package let epoch: Epoch
  /// What it may see.
  package internal(set) var filter: ViewFilter
  /// Every visible line up to here was sent.
  package private(set) var sent: UInt64
  /// What the last `=` said.
  package private(set) var reached: UInt64?
  private var first: FirstSync?
  private var stretch: Stretch?
  private let mark: ViewMark?

  /// A view that goes on after `seq`.
  package init(epoch: Epoch, after seq: UInt64, filter: ViewFilter = .everything) {
    self.epoch = epoch
    self.sent = seq
    self.filter = filter
    self.mark = filter.mark
  }

  /// A view that goes on after `seq` and was told there, when it was sent that far, that it was.
  package init(epoch: Epoch, afterReached seq: UInt64, filter: ViewFilter) {
    self.init(epoch: epoch, after: seq, filter: filter)
    self.reached = seq
  }

  /// A view from nothing of a ledger whose greatest seq is `lastSeq`.
  package init(epoch: Epoch, fromNothingTo lastSeq: UInt64, filter: ViewFilter = .everything) {
    self.init(epoch: epoch, after: 0, filter: filter)
    if lastSeq > 0 { self.first = FirstSync(through: lastSeq) }
  }

  /// Whether nothing is owed up to `seq`, so that the next commit can be sent as it is.
  package func isLive(at seq: UInt64) -> Bool { sent == seq && reached == seq && first == nil && stretch == nil }

  /// Whether the tail's `chunk` can be taken as it is: nobody's sight changes by it.
  package func takes(_ chunk: CommittedChunk) -> Bool { !filter.isSelective || !chunk.movesAudiences }

  /// What it needs next, when the ledger's greatest seq is `lastSeq`.
  package func need(lastSeq: UInt64) -> Need {
    if let first {
      guard let winners = first.winners else { return .winners(through: first.through) }
      if first.sentCount < winners.count {
        return .lines(Array(winners[first.sentCount...].prefix(View.linesAtOnce)))
      }
      return .history(after: sent, through: first.through)
    }
    if let stretch {
      if stretch.sentCount < stretch.arrivals.count {
        return .lines(Array(stretch.arrivals[stretch.sentCount...].prefix(View.linesAtOnce)))
      }
      return .history(after: sent, through: stretch.through)
    }
    if sent < lastSeq {
      return filter.isSelective ? .moves(after: sent, through: lastSeq) : .newer(after: sent, through: lastSeq)
    }
    return reached == sent ? .nothing : .reached
  }

  /// The answer to `.winners`.
  package mutating func learned(winners: [UInt64]) {
    first?.winners = winners
  }

  /// The answer to `.moves`: `arrivals` are the lines, not behind what was sent, of what came into view up to `through`;
  /// `departures`, what went out of view, are named in `buffer`.
  package mutating func learned(
    arrivals: [UInt64], departures: [EntityID], through: UInt64, to buffer: inout ByteBuffer
  ) {
    for entity in departures { StreamLine.writeWithdrawn(entity, to: &buffer) }
    stretch = Stretch(through: through, arrivals: arrivals, isSteady: arrivals.isEmpty && departures.isEmpty)
  }

  /// The answer to `.lines`; what the view may see of them is written to `buffer`.
  package mutating func took(lines: [HistoryLine], to buffer: inout ByteBuffer) {
    if first != nil { first?.sentCount += lines.count } else { stretch?.sentCount += lines.count }
    for line in lines where filter.passes(line: line.bytes) { StreamLine.writeLine(line.bytes, to: &buffer) }
  }

  /// The answer to `.history`, or to `.newer` from the history: at least one line.
  package mutating func took(history lines: [HistoryLine], to buffer: inout ByteBuffer) {
    guard let last = lines.last else { return }
    for line in lines where !wasSentAsWinner(line.seq) && filter.passes(line: line.bytes) {
      StreamLine.writeLine(line.bytes, to: &buffer)
    }
    sent = last.seq
    if let first {
      // Who sees everything may be told how far it is: the winners beyond come once more when this is cut, and count once.
      if sent >= first.through { self.first = nil } else if filter.isSelective { return }
    }
    if let stretch {
      if sent >= stretch.through { self.stretch = nil } else if !stretch.isSteady { return }
    }
    // Bytes, not acts, end a turn: no `=` inside an act.
    if View.endsAct(last.bytes) { sayReached(to: &buffer) }
  }

  /// The tail's chunk that begins behind `sent`: what to write of it, its `=` included.
  package mutating func took(chunk: CommittedChunk) -> ByteBuffer {
    precondition(chunk.firstSeq == sent + 1, "a chunk follows what was sent")
    sent = chunk.lastSeq
    guard filter.isSelective else {
      reached = chunk.lastSeq
      return chunk.bytes
    }
    var bytes = chunk.visibleLines(through: filter)
    sayReached(to: &bytes)
    return bytes
  }

  /// Writes `=` for everything that was sent.
  package mutating func sayReached(to buffer: inout ByteBuffer) {
    reached = sent
    StreamLine.writeReached(Cursor(epoch: epoch, seq: sent, view: mark), to: &buffer)
  }

  /// Whether the first sync has sent `seq` among the winners; asked in ascending order.
  private mutating func wasSentAsWinner(_ seq: UInt64) -> Bool {
    guard var first, let winners = first.winners else { return false }
    while first.passedCount < winners.count, winners[first.passedCount] < seq { first.passedCount += 1 }
    self.first = first
    return first.passedCount < winners.count && winners[first.passedCount] == seq
  }

  private static func endsAct(_ line: ByteBuffer) -> Bool {
    let edit = line.withUnsafeReadableBytes { EditLine.accepted($0)?.edit }
    return edit.map { $0.id.i == $0.actSize } ?? true
  }
}
