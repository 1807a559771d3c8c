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
/// win a cell or create an entity, then all others in seq order; every other view is sent lines in seq order. Owned by its
/// connection's event loop.
///
/// A view that sees less than everything goes on in stretches. Behind the last line that it was sent it learns which
/// problems came into view and which went out (`SightMoves`): the latter are named to be forgotten, of the former every
/// visible line is sent whole, then the lines of the stretch follow.
///
/// A cursor within a stretch says how far that has come (`PartWay`), so that what is cut goes on there, whatever the stretch is
/// long: its picked lines are found again, since they follow from the history up to its last line alone.
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
    /// What came into view and went out of it, of a stretch that an earlier connection began: from the history.
    case movesAgain(after: UInt64, through: UInt64)
    /// That `=` is said.
    case reached
  }

  /// The most picked lines that are asked for at once.
  package static let linesAtOnce = PickedLines.atOnceLimit

  /// After how many bytes of picked lines it is said how far they have come: as much as the first turn of a catch-up holds.
  private static let worthSayingBytes = 512

  /// Lines up to `through` on the way: picked ones first, then the others.
  private struct Stretch: Sendable {
    let kind: PartWay.Kind
    /// Behind which line it began.
    let after: UInt64
    let through: UInt64
    /// How far an earlier connection came with it; nil: it begins here.
    let place: PartWay.Place?
    /// nil before they are known.
    var picked: PickedLines?
    /// Whether nothing came into view or went out of it, so that a cursor in its midst is like any other.
    var isSteady = false
  }

  /// Which history it follows.
  package let epoch: Epoch
  /// What it may see.
  package internal(set) var filter: ViewFilter
  /// Every visible line up to here was sent, but for picked lines of a stretch on the way.
  package private(set) var sent: UInt64
  /// What the last `=` said.
  package private(set) var reached: UInt64?
  private var stretch: Stretch?
  /// How many bytes of picked lines were sent since the last `=`.
  private var unsaidBytes = 0
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

  /// A view that goes on within a stretch behind `seq`, where an earlier connection was cut.
  package init(epoch: Epoch, after seq: UInt64, goingOnWithin partWay: PartWay, filter: ViewFilter = .everything) {
    let reached = Cursor(epoch: epoch, seq: seq, partWay: partWay).reached
    self.init(epoch: epoch, after: reached, filter: filter)
    self.stretch = Stretch(kind: partWay.kind, after: seq, through: partWay.through, place: partWay.place)
  }

  /// A view from nothing of a ledger whose greatest seq is `lastSeq`.
  package init(epoch: Epoch, fromNothingTo lastSeq: UInt64, filter: ViewFilter = .everything) {
    self.init(epoch: epoch, after: 0, filter: filter)
    if lastSeq > 0 { self.stretch = Stretch(kind: .first, after: 0, through: lastSeq, place: nil) }
  }

  /// Whether nothing is owed up to `seq`, so that the next commit can be sent as it is.
  package func isLive(at seq: UInt64) -> Bool { sent == seq && reached == seq && stretch == nil }

  /// Whether the tail's `chunk` can be taken as it is: nobody's sight changes by it.
  package func takes(_ chunk: CommittedChunk) -> Bool { !filter.isSelective || !chunk.movesAudiences }

  /// What it needs next, when the ledger's greatest seq is `lastSeq`.
  package func need(lastSeq: UInt64) -> Need {
    if let stretch {
      guard let picked = stretch.picked else {
        return stretch.kind == .first
          ? .winners(through: stretch.through) : .movesAgain(after: stretch.after, through: stretch.through)
      }
      return picked.areSent ? .history(after: sent, through: stretch.through) : .lines(picked.next)
    }
    if sent < lastSeq {
      return filter.isSelective ? .moves(after: sent, through: lastSeq) : .newer(after: sent, through: lastSeq)
    }
    return reached == sent ? .nothing : .reached
  }

  /// The answer to `.winners`.
  package mutating func learned(winners: [UInt64]) {
    guard var begun = stretch else { return }
    begun.picked = PickedLines(winners, sentAsFarAs: begun.place)
    stretch = begun
  }

  /// The answer to `.moves` and `.movesAgain`: `arrivals` are the lines, not behind what was sent before the stretch, of what
  /// came into view up to `through`; `departures`, what went out of view, are named in `buffer`.
  package mutating func learned(
    arrivals: [UInt64], departures: [EntityID], through: UInt64, to buffer: inout ByteBuffer
  ) {
    for entity in departures { StreamLine.writeWithdrawn(entity, to: &buffer) }
    var begun = stretch ?? Stretch(kind: .moved, after: sent, through: through, place: nil)
    begun.picked = PickedLines(arrivals, sentAsFarAs: begun.place)
    begun.isSteady = arrivals.isEmpty && departures.isEmpty
    stretch = begun
  }

  /// The answer to `.lines`; what the view may see of them is written to `buffer`, and how far that is.
  package mutating func took(lines: [HistoryLine], to buffer: inout ByteBuffer) {
    stretch?.picked?.send(lines.count)
    for line in lines where filter.passes(line: line.bytes) {
      StreamLine.writeLine(line.bytes, to: &buffer)
      unsaidBytes += line.bytes.readableBytes
    }
    if unsaidBytes >= View.worthSayingBytes { sayReached(to: &buffer) }
  }

  /// The answer to `.history`, or to `.newer` from the history: at least one line.
  package mutating func took(history lines: [HistoryLine], to buffer: inout ByteBuffer) {
    guard let last = lines.last else { return }
    for line in lines where !wasPicked(line.seq) && filter.passes(line: line.bytes) {
      StreamLine.writeLine(line.bytes, to: &buffer)
    }
    sent = last.seq
    if let stretch, sent >= stretch.through { self.stretch = nil }
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
    let cursor = cursor
    unsaidBytes = 0
    reached = cursor.reached
    StreamLine.writeReached(cursor, to: &buffer)
  }

  /// What to open with to go on from here.
  private var cursor: Cursor {
    guard let stretch, let picked = stretch.picked, !stretch.isSteady else {
      return Cursor(epoch: epoch, seq: sent, view: mark)
    }
    let place = picked.areSent ? PartWay.Place.others(sent) : .picked(picked.lastSent)
    let partWay = PartWay(kind: stretch.kind, through: stretch.through, place: place)
    return Cursor(epoch: epoch, seq: stretch.after, view: mark, partWay: partWay)
  }

  /// Whether the stretch has sent `seq` among the picked lines; asked in ascending order. Lines of what came into view lie
  /// before the stretch.
  private mutating func wasPicked(_ seq: UInt64) -> Bool {
    guard stretch?.kind == .first else { return false }
    return stretch?.picked?.passes(seq) ?? false
  }

  private static func endsAct(_ line: ByteBuffer) -> Bool {
    let edit = line.withUnsafeReadableBytes { EditLine.accepted($0)?.edit }
    return edit.map { $0.id.i == $0.actSize } ?? true
  }
}
