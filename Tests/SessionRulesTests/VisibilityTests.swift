import EditModel
import LedgerRules
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@testable import SessionRules

/// What seats are sent while problems are assigned, taken away and assigned again: for random ledgers, acts, cuts and
/// moments of reading, nothing that a seat may not see leaves, and when it is level it has exactly what it may see.
struct VisibilityTests {
  /// A ledger with everything that was committed, as a server has it.
  private struct Town: ~Copyable {
    var machine = LedgerMachine(history: Samples.history, state: LedgerState(), facts: LedgerFacts())
    var scopes = ScopeTable()
    var state = LedgerState()
    var history: [AcceptedEdit] = []
    var chunks: [UInt64: CommittedChunk] = [:]
    var n: UInt64 = 0

    var lastSeq: UInt64 { UInt64(history.count) }

    /// Commits the acts, each `ENTITY FIELD VALUE` a line, as the round owner's.
    mutating func commit(_ acts: [[String]]) throws {
      let made = try acts.map { lines in
        n += 1
        let id = ActID(replica: try #require(ReplicaID(Samples.replica)), n: n)
        let changes: [(change: Change, base: EditID?)] = try lines.map { line in
          let words = line.split(separator: " ", maxSplits: 2).map(String.init)
          let entity = try #require(EntityID(words[0].replacing("@", with: "\(Samples.replica).\(n)/")))
          let value: EditValue = words[2] == "\\-" ? .cleared : .text(ExactString(words[2]))
          return (Change(entity: entity, field: try #require(FieldName(words[1])), value: value), nil)
        }
        return try Act(id: id, changes: changes, stamp: Samples.stamp, shift: .none)
      }
      let decided = machine.decide(
        [Samples.submission(made, of: try Samples.device())], wallMilliseconds: Samples.wall)
      for one in decided.applied {
        history.append(one.accepted)
        state.apply(one.accepted)
      }
      scopes.take(decided.scopes)
      if let chunk = decided.chunk { chunks[chunk.firstSeq] = chunk }
    }

    func line(_ seq: UInt64) -> HistoryLine {
      HistoryLine(seq: seq, bytes: ByteBuffer(string: EditLine.text(history[Int(seq) - 1])))
    }

    /// Whether `seat` sees the line, found the plain way: from the state, not from the table.
    func sees(_ accepted: AcceptedEdit, _ seat: SeatFacts) -> Bool {
      state.isVisible(Vocabulary.creation(by: accepted.edit)?.entity ?? accepted.edit.entity, to: seat)
    }
  }

  /// A device: its lines and its cursor, as a client keeps them.
  private struct Client {
    let seat: SeatFacts
    var lines: Set<UInt64> = []
    var cursor: ExactString?
    var view: View?

    /// Connects anew: what the cursor says is where the view begins.
    mutating func connect(to town: borrowing Town) {
      let scopes = town.scopes
      let filter = ViewFilter.seat(seat) { [seat] in scopes.shows($0.edit, to: seat) }
      let opening = Samples.history.opening(from: cursor, lastSeq: town.lastSeq, mark: filter.mark)
      switch opening {
      case .goingOn(let after, let partWay?):
        view = View(epoch: Samples.epoch, after: after, goingOnWithin: partWay, filter: filter)
      case .goingOn(let after, nil), .forked(_, let after):
        view = View(epoch: Samples.epoch, after: after, filter: filter)
      case .anew, .otherView, .fromNothing:
        // What a cut first sync left is forgotten: part of it may have gone out of sight since.
        lines = []
        view = View(epoch: Samples.epoch, fromNothingTo: town.lastSeq, filter: filter)
      }
    }

    /// Looks through the same eyes at what the town is now.
    mutating func look(at town: borrowing Town) {
      let scopes = town.scopes
      view?.filter = .seat(seat) { [seat] in scopes.shows($0.edit, to: seat) }
    }

    mutating func take(_ bytes: ByteBuffer, _ town: borrowing Town) throws {
      for text in bytes.lines {
        let message = ServerMessage(ByteBuffer(string: text))
        switch try #require(message) {
        case .line(let accepted):
          let isAllowed = town.sees(accepted, seat)
          #expect(isAllowed, "\(seat.seat) was sent \(text)")
          lines.insert(accepted.seq)
        case .withdrawn(let entity):
          let family = town.state.family(of: entity)
          lines = lines.filter { seq in
            let edit = town.history[Int(seq) - 1].edit
            return !family.contains(edit.entity) && !family.contains(.created(edit.id))
          }
        case .reached(_, let cursor): self.cursor = cursor
        default: Issue.record("the stream has lines only: \(text)")
        }
      }
    }

    /// One step of what the view needs; false when there is nothing to do.
    mutating func step(_ town: borrowing Town) throws -> Bool {
      guard var moved = view else { return false }
      var bytes = ByteBuffer()
      switch moved.need(lastSeq: town.lastSeq) {
      case .nothing: return false
      case .reached: moved.sayReached(to: &bytes)
      case .winners(let through):
        moved.learned(winners: town.state.winners().map(\.seq).filter { $0 <= through })
      case .lines(let seqs): moved.took(lines: seqs.map { town.line($0) }, to: &bytes)
      case .newer: Issue.record("a filtered view asks for moves")
      case .history(let after, let through):
        moved.took(history: (after + 1...min(through, after + 3)).map { town.line($0) }, to: &bytes)
      case .movesAgain(let after, let through):
        Client.find(&moved, town, seat, after: after, through: through, to: &bytes)
      case .moves(let after, let through):
        if let chunk = town.chunks[after + 1], moved.takes(chunk) {
          bytes = moved.took(chunk: chunk)
        } else {
          Client.find(&moved, town, seat, after: after, through: through, to: &bytes)
        }
      }
      view = moved
      try take(bytes, town)
      return true
    }

    private static func find(
      _ view: inout View, _ town: borrowing Town, _ seat: SeatFacts, after: UInt64, through: UInt64,
      to bytes: inout ByteBuffer
    ) {
      var (arrivals, departures): (Set<UInt64>, [EntityID]) = ([], [])
      let moved = town.history[Int(after)..<Int(through)].filter { Audience.isMoved(by: $0.edit) }
      for problem in Set(moved.compactMap { town.scopes.scope(ofLine: $0.edit)?.problem }).sorted() {
        let family = Set(town.scopes.family(of: problem))
        var sight = SightHistory(of: problem, for: seat, after: after)
        var seqs: [UInt64] = []
        for accepted in town.history[..<Int(through)]
        where family.contains(accepted.edit.entity) || family.contains(.created(accepted.edit.id)) {
          sight.take(accepted)
          if accepted.seq <= after { seqs.append(accepted.seq) }
        }
        let moves = sight.moves()
        departures += moves.departures
        if moves.hasArrivals { arrivals.formUnion(seqs) }
      }
      view.learned(arrivals: arrivals.sorted(), departures: departures, through: through, to: &bytes)
    }
  }

  private static func facts(_ seat: String, _ role: Role, _ place: ExactString?) throws -> SeatFacts {
    SeatFacts(seat: try #require(SeatID(seat)), role: role, place: place)
  }

  private static func clients() throws -> [Client] {
    [
      Client(seat: try facts("zhang", .villageClerk, "张村")), Client(seat: try facts("liu", .villageClerk, "柳村")),
      Client(seat: try facts("nongjing", .townOffice, "农经站")),
      Client(seat: try facts("caizheng", .townOffice, "财政所")),
      Client(seat: try facts("fenguan", .lineLeader, "分管副镇长")), Client(seat: try facts("guanli", .admin, nil)),
    ]
  }

  /// An act that assigns, takes away, or works.
  private static func act(_ random: inout SplitMix64) -> [String] {
    func pick(_ all: [String]) -> String { all[Int(random.next() % UInt64(all.count))] }
    let problem = pick(["p1", "p2", "p3"])
    let place = pick(["张村", "柳村", "农经站"])
    switch random.next() % 12 {
    case 0: return ["\(problem) problem \(problem.dropFirst())"]
    case 1: return ["\(problem) lead_unit \(pick(["农经站", "财政所", "\\-"]))"]
    case 2: return ["\(problem) leader \(pick(["分管副镇长", "李明"]))"]
    case 3, 4: return ["\(problem) village/\(pick(["张村", "柳村"])) \(pick(["yes", "\\-"]))"]
    case 5: return ["\(problem) co_unit/\(pick(["农经站", "财政所"])) \(pick(["yes", "\\-"]))"]
    case 6: return ["\(problem).\(place) part \(place)", "\(problem).\(place) progress 已谈妥"]
    case 7: return ["\(problem).\(place) withdrawn \(pick(["yes", "no"]))"]
    case 8: return ["\(problem).1 measure 1", "\(problem).1 unit \(pick(["农经站", "财政所", "综合执法队"]))"]
    case 9: return ["\(problem).\(place) note 已联系", "\(problem) note 已商定"]
    case 10: return [". problem 自查", "@1 village/\(pick(["张村", "柳村"])) yes", "@1 note 待补"]
    default: return ["\(problem) progress 正在整改", "\(problem).\(place) progress 待补合同"]
    }
  }

  @Test(arguments: 1...60)
  func everySeatHasExactlyWhatItMaySee(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var town = Town()
    var clients = try VisibilityTests.clients()
    try town.commit([["p1 problem 1"], ["p2 problem 2"], ["p3 problem 3"]])
    for _ in 0..<40 {
      // One commit of a few acts, or none that is accepted.
      let acts = (0...(random.next() % 3)).map { _ in VisibilityTests.act(&random) }
      try town.commit(acts)
      for index in clients.indices {
        clients[index].look(at: town)
        switch random.next() % 6 {
        case 0: clients[index].view = nil  // cut
        case 1: if clients[index].view == nil { clients[index].connect(to: town) }
        default: break
        }
        var steps = random.next() % 5
        while steps > 0, try clients[index].step(town) { steps -= 1 }
      }
    }
    for index in clients.indices {
      clients[index].look(at: town)
      if clients[index].view == nil { clients[index].connect(to: town) }
      while try clients[index].step(town) {}
      let (seat, mine) = (clients[index].seat, clients[index].lines)
      let visible = Set(town.history.filter { town.sees($0, seat) }.map(\.seq))
      let (lacking, surplus) = (visible.subtracting(mine).sorted(), mine.subtracting(visible).sorted())
      #expect(lacking == [] && surplus == [], "\(seat.seat), from nothing \(clients[index].cursor == nil)")
    }
  }
}
