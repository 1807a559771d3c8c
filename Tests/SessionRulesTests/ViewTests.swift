import EditModel
import LedgerRules
import LineProtocol
import NIOCore
import Testing

@testable import SessionRules

struct ViewTests {
  /// Acts of the sizes given, as they would be committed one by one.
  private func history(sizes: [Int]) throws -> [CommittedChunk] {
    var machine = LedgerMachine(history: Samples.history, state: LedgerState(), facts: LedgerFacts())
    let device = try Samples.device()
    return try sizes.enumerated().map { index, size in
      let act = try Samples.act(UInt64(index + 1), edits: size)
      let decided = machine.decide([Samples.submission([act], of: device)], wallMilliseconds: Samples.wall)
      return try #require(decided.chunk)
    }
  }

  /// The same as the store would give it.
  private func lines(_ chunks: [CommittedChunk]) -> [HistoryLine] {
    let lines = chunks.flatMap { $0.bytes.lines }.filter { $0.hasPrefix("+ ") }
    return lines.enumerated().map {
      HistoryLine(seq: UInt64($0 + 1), bytes: ByteBuffer(string: String($1.dropFirst(2))))
    }
  }

  /// The seqs of the stream's lines; `=` as its negative.
  private func brief(_ bytes: ByteBuffer) -> [Int] {
    bytes.lines.compactMap { line in
      let words = line.split(separator: " ")
      return Int(words[1]).map { words[0] == "+" ? $0 : -$0 }
    }
  }

  @Test func saysReachedAlsoWhenThereIsNothing() {
    var view = View(epoch: Samples.epoch, fromNothingTo: 0)
    #expect(view.need(lastSeq: 0) == .reached)
    var bytes = ByteBuffer()
    view.sayReached(to: &bytes)
    #expect(bytes.lines == ["= 0 g1.e5f2a90c41d7b366.0"])
    #expect(view.need(lastSeq: 0) == .nothing)
  }

  @Test func takesTheTailsChunksAsTheyAre() throws {
    let chunks = try history(sizes: [1, 2])
    var view = View(epoch: Samples.epoch, after: 1)
    #expect(view.need(lastSeq: 3) == .newer(after: 1, through: 3))
    #expect(view.took(chunk: chunks[1]) == chunks[1].bytes)
    #expect(view.need(lastSeq: 3) == .nothing)
    #expect(view.isLive(at: 3))
  }

  @Test func goesFromTheHistoryToTheTailWithoutGapOrDouble() throws {
    let chunks = try history(sizes: [1, 1, 3, 1])
    let stored = lines(chunks)
    var view = View(epoch: Samples.epoch, after: 0)
    var bytes = ByteBuffer()
    #expect(view.need(lastSeq: 5) == .newer(after: 0, through: 5))
    view.took(history: Array(stored[0..<2]), to: &bytes)
    // More was committed while the history was read.
    #expect(view.need(lastSeq: 6) == .newer(after: 2, through: 6))
    bytes.writeImmutableBuffer(view.took(chunk: chunks[2]))
    bytes.writeImmutableBuffer(view.took(chunk: chunks[3]))
    #expect(brief(bytes) == [1, 2, -2, 3, 4, 5, -5, 6, -6])
  }

  @Test func saysNothingReachedInsideAnAct() throws {
    let stored = lines(try history(sizes: [1, 3]))
    var view = View(epoch: Samples.epoch, after: 0)
    var bytes = ByteBuffer()
    view.took(history: Array(stored[0..<2]), to: &bytes)
    #expect(brief(bytes) == [1, 2])
    #expect(view.need(lastSeq: 4) == .newer(after: 2, through: 4))
    view.took(history: Array(stored[2...]), to: &bytes)
    #expect(brief(bytes) == [1, 2, 3, 4, -4])
  }

  @Test func sendsWinnersFirstThenTheOthersOnceThenReached() throws {
    let stored = lines(try history(sizes: [1, 1, 1, 1, 1]))
    var view = View(epoch: Samples.epoch, fromNothingTo: 5)
    var bytes = ByteBuffer()
    #expect(view.need(lastSeq: 5) == .winners(through: 5))
    view.learned(winners: [2, 5])
    #expect(view.need(lastSeq: 5) == .lines([2, 5]))
    view.took(lines: [stored[1], stored[4]], to: &bytes)
    // What is committed meanwhile waits its turn.
    #expect(view.need(lastSeq: 9) == .history(after: 0, through: 5))
    view.took(history: Array(stored[0..<3]), to: &bytes)
    #expect(view.need(lastSeq: 9) == .history(after: 3, through: 5))
    view.took(history: Array(stored[3...]), to: &bytes)
    // It is told on the way how far it is: what was cut goes on from there.
    #expect(brief(bytes) == [2, 5, 1, 3, -3, 4, -5])
    #expect(view.need(lastSeq: 9) == .newer(after: 5, through: 9))
  }

  @Test func asksForWinnersInBoundedPortions() {
    var view = View(epoch: Samples.epoch, fromNothingTo: 2_000)
    view.learned(winners: Array(1...2_000))
    var portions: [Int] = []
    while case .lines(let seqs) = view.need(lastSeq: 2_000) {
      portions.append(seqs.count)
      var bytes = ByteBuffer()
      view.took(lines: seqs.map { HistoryLine(seq: $0, bytes: ByteBuffer()) }, to: &bytes)
    }
    // Few at first: what a link carries that breaks off soon ends in an `=`.
    #expect(portions == [4, 8, 16, 32, 64, 128, 256, 512, 512, 468])
    #expect(portions.max() == View.linesAtOnce)
  }

  /// How far the picked lines have come is said behind 512 bytes of them, not behind each few.
  @Test func saysOnTheWayHowFarThePickedLinesHaveCome() throws {
    let stored = lines(try history(sizes: Array(repeating: 1, count: 40)))
    var view = View(epoch: Samples.epoch, fromNothingTo: 40)
    view.learned(winners: Array(1...30))
    var bytes = ByteBuffer()
    while case .lines(let seqs) = view.need(lastSeq: 40) {
      view.took(lines: seqs.map { stored[Int($0) - 1] }, to: &bytes)
    }
    let said = bytes.lines.filter { $0.hasPrefix("= 0 \(Samples.epoch).0~") }
    #expect((1...3).contains(said.count), "\(said)")
  }

  /// Wherever a first sync is cut, the rest is what was not there before the last `=`, and nothing of it comes twice.
  @Test(arguments: [ViewFilter.everything, half]) func aFirstSyncGoesOnWhereItWasCut(_ filter: ViewFilter) throws {
    let stored = lines(try history(sizes: Array(repeating: 1, count: 40)))
    let winners = (1...40).filter { $0 % 3 != 0 }.map(UInt64.init)
    func read(_ view: inout View) -> ByteBuffer? {
      var bytes = ByteBuffer()
      switch view.need(lastSeq: 40) {
      case .winners: view.learned(winners: winners)
      case .lines(let seqs): view.took(lines: seqs.map { stored[Int($0) - 1] }, to: &bytes)
      case .history(let after, _): view.took(history: Array(stored[Int(after)...].prefix(7)), to: &bytes)
      default: return nil
      }
      return bytes
    }
    for cut in 1...20 {
      var view = View(epoch: Samples.epoch, fromNothingTo: 40, filter: filter)
      var heard: [Int] = []
      for _ in 1...cut { heard += read(&view).map(brief) ?? [] }
      var bytes = ByteBuffer()
      view.sayReached(to: &bytes)
      let text = try #require(bytes.lines.first?.split(separator: " ").last.map(String.init))
      let cursor = try #require(Cursor(text), "\(text)")
      var resumed =
        cursor.partWay.map { View(epoch: Samples.epoch, after: cursor.seq, goingOnWithin: $0, filter: filter) }
        ?? View(epoch: Samples.epoch, after: cursor.seq, filter: filter)
      while let bytes = read(&resumed) { heard += brief(bytes) }
      let seqs = heard.filter { $0 > 0 }
      let visible = (1...40).filter { if case .everything = filter { true } else { $0.isMultiple(of: 2) } }
      #expect(seqs.sorted() == visible, "cut after \(cut), from \(text)")
    }
  }

  /// What came into view is sent whole, and goes on where it was cut; what went out is named again.
  @Test func aStretchGoesOnWhereItWasCut() throws {
    let stored = lines(try history(sizes: Array(repeating: 1, count: 30)))
    let gone = try #require(EntityID("p15"))
    var view = View(epoch: Samples.epoch, after: 20, filter: ViewTests.half)
    var bytes = ByteBuffer()
    #expect(view.need(lastSeq: 30) == .moves(after: 20, through: 30))
    let arrivals: [UInt64] = [2, 4, 6, 8, 10, 12]
    view.learned(arrivals: arrivals, departures: [gone], through: 30, to: &bytes)
    view.took(lines: arrivals.prefix(4).map { stored[Int($0) - 1] }, to: &bytes)
    #expect(view.need(lastSeq: 35) == .lines([10, 12]))
    view.sayReached(to: &bytes)
    #expect(bytes.lines.last == "= 20 \(Samples.epoch).20.\(try mark(view))~a30-8")

    let first = try #require(Cursor("\(Samples.epoch).20.\(try mark(view))~a30-8"))
    var second = View(
      epoch: Samples.epoch, after: first.seq, goingOnWithin: try #require(first.partWay), filter: ViewTests.half)
    // More was committed meanwhile: the stretch ends where it ended before.
    #expect(second.need(lastSeq: 35) == .movesAgain(after: 20, through: 30))
    var rest = ByteBuffer()
    second.learned(arrivals: arrivals, departures: [gone], through: 30, to: &rest)
    #expect(second.need(lastSeq: 35) == .lines([10, 12]))
    second.took(lines: [stored[9], stored[11]], to: &rest)
    second.took(history: Array(stored[20..<25]), to: &rest)
    #expect(rest.lines.last == "= 25 \(Samples.epoch).20.\(try mark(view))~h30-25")

    var third = View(
      epoch: Samples.epoch, after: 20, goingOnWithin: PartWay(kind: .moved, through: 30, place: .others(25)),
      filter: ViewTests.half)
    var end = ByteBuffer()
    third.learned(arrivals: arrivals, departures: [gone], through: 30, to: &end)
    #expect(third.need(lastSeq: 35) == .history(after: 25, through: 30))
    third.took(history: Array(stored[25...]), to: &end)
    #expect(end.lines.last == "= 30 \(Samples.epoch).30.\(try mark(view))")
    #expect(third.need(lastSeq: 35) == .moves(after: 30, through: 35))
  }

  private func mark(_ view: View) throws -> ViewMark { try #require(view.filter.mark) }

  /// Half of the ledger's edits.
  private static let half = ViewFilter.seat(clerk) { $0.seq.isMultiple(of: 2) }
  private static let clerk = SeatFacts(seat: seat, role: .villageClerk, place: "张百万村")
  private static let seat: SeatID = {
    guard let seat = SeatID("zhang") else { preconditionFailure("a seat's name") }
    return seat
  }()

  @Test func aFilterHidesLinesAndTheCursorMovesAllTheSame() throws {
    let chunks = try history(sizes: [1, 1, 2])
    var view = View(epoch: Samples.epoch, after: 0, filter: ViewTests.half)
    #expect(brief(view.took(chunk: chunks[0])) == [-1])
    #expect(brief(view.took(chunk: chunks[1])) == [2, -2])
    #expect(brief(view.took(chunk: chunks[2])) == [4, -4])
  }

  @Test func aFilterHidesLinesOfTheHistoryAndOfTheFirstSync() throws {
    let stored = lines(try history(sizes: [1, 1, 1, 1]))
    var view = View(epoch: Samples.epoch, fromNothingTo: 4, filter: ViewTests.half)
    var bytes = ByteBuffer()
    view.learned(winners: [3, 4])
    view.took(lines: [stored[2], stored[3]], to: &bytes)
    view.took(history: stored, to: &bytes)
    #expect(brief(bytes) == [4, 2, -4])
    var later = View(epoch: Samples.epoch, after: 2, filter: ViewTests.half)
    var rest = ByteBuffer()
    later.took(history: [stored[2]], to: &rest)
    #expect(brief(rest) == [-3])
  }

  @Test func aFilteredViewsCursorSaysThroughWhoseEyes() throws {
    var view = View(epoch: Samples.epoch, after: 4, filter: ViewTests.half)
    var bytes = ByteBuffer()
    view.sayReached(to: &bytes)
    let mark = try #require(ViewTests.half.mark)
    #expect(bytes.lines == ["= 4 g1.e5f2a90c41d7b366.4.\(mark)"])
    let cursor = ExactString("g1.e5f2a90c41d7b366.4.\(mark)")
    #expect(Samples.history.opening(from: cursor, lastSeq: 9, mark: mark) == .goingOn(after: 4))
    #expect(Samples.history.opening(from: cursor, lastSeq: 9) == .otherView)
    #expect(Samples.history.opening(from: "g1.e5f2a90c41d7b366.4", lastSeq: 9, mark: mark) == .otherView)
    let other = ViewFilter.seat(SeatFacts(seat: ViewTests.seat, role: .villageClerk, place: "柳条沟村")) { _ in true }
    #expect(Samples.history.opening(from: cursor, lastSeq: 9, mark: other.mark) == .otherView)
    let earlier = ExactString("g2.e5f2a90c41d7b366.4.\(mark)")
    #expect(Samples.history.opening(from: earlier, lastSeq: 9, mark: mark) == .anew)
  }

  @Test func whatComesIntoViewIsSentWholeBeforeTheRest() throws {
    let stored = lines(try history(sizes: [1, 1, 1, 1, 1, 1]))
    var view = View(epoch: Samples.epoch, after: 4, filter: ViewTests.half)
    #expect(view.need(lastSeq: 6) == .moves(after: 4, through: 6))
    var bytes = ByteBuffer()
    view.learned(arrivals: [2], departures: [.derived("p7")], through: 6, to: &bytes)
    #expect(bytes.lines == ["- p7"])
    #expect(view.need(lastSeq: 9) == .lines([2]))
    bytes = ByteBuffer()
    view.took(lines: [stored[1]], to: &bytes)
    #expect(view.need(lastSeq: 9) == .history(after: 4, through: 6))
    view.took(history: [stored[4]], to: &bytes)
    #expect(brief(bytes) == [2, -5])
    #expect(view.need(lastSeq: 9) == .history(after: 5, through: 6))
    view.took(history: [stored[5]], to: &bytes)
    #expect(brief(bytes) == [2, -5, 6, -6])
    #expect(view.need(lastSeq: 9) == .moves(after: 6, through: 9))
  }
}
