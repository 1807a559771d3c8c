import EditModel
import LineProtocol
import NIOCore
import SyncRules
import Testing

/// Replicas, acts and a machine that has got as far as a test needs.
enum Fixture {
  static let own = "q2w8rt5n"
  static let secret = "0123456789abcdefghjkmnpqrs"
  static let epoch = "g1.e5f2a90c41d7b366"

  static func replica(_ text: String = own) throws -> ReplicaID { try #require(ReplicaID(text)) }

  static func change(
    _ value: String, entity: String = "p15", field: String = "progress"
  ) throws
    -> Change
  {
    Change(
      entity: try #require(EntityID(entity)), field: try #require(FieldName(field)),
      value: .text(ExactString(value)))
  }

  static func act(
    _ n: UInt64, _ changes: [Change]? = nil, replica: String = own, base: EditID? = nil,
    at milliseconds: UInt64 = 1_000
  ) throws -> Act {
    let changes = try changes ?? [change("v\(n)")]
    return try Act(
      id: ActID(replica: Fixture.replica(replica), n: n), changes: changes.map { ($0, base) },
      stamp: Stamp(milliseconds: milliseconds), shift: .none)
  }

  static func outbox(_ numbers: UInt64..., phase: OutboxAct.Phase = .pending) throws -> [OutboxAct] {
    try numbers.map { OutboxAct(act: try act($0), phase: phase) }
  }

  static func facts(counter: UInt64, cursor: String? = "\(epoch).4") throws -> SyncFacts {
    SyncFacts(
      replica: try replica(), secret: try #require(Secret(secret)), ledger: "tucheng-2023",
      cursor: cursor.map { ExactString($0) }, epoch: cursor == nil ? nil : Epoch(epoch),
      counter: counter)
  }

  static func accepted(_ seq: UInt64, _ act: Act) throws -> [AcceptedEdit] {
    let seat = try #require(SeatID("zhangbaiwan"))
    return act.edits.enumerated().map {
      AcceptedEdit(
        seq: seq + UInt64($0.offset), receipt: Stamp(milliseconds: 5_000), seat: seat,
        edit: $0.element)
    }
  }

  /// A machine whose ledger is open and whose stream is level, and the actions since `open` was answered.
  static func live(
    _ outbox: [OutboxAct], last: UInt64 = 0, counter: UInt64? = nil, opened: String = "ok \(epoch)",
    random: UInt64 = 1, capabilities: String = "snap"
  ) throws -> (SyncMachine, [SyncAction]) {
    let counter = counter ?? outbox.map(\.act.id.n).max() ?? 0
    var machine = SyncMachine(facts: try facts(counter: counter), outbox: outbox, random: random)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536 cap=\(capabilities)")
    var actions = try machine.hear("1 ok seat=zhangbaiwan role=village_clerk last=\(last)")
    actions += try machine.hear("2 \(opened)")
    actions += try machine.hear("= 4 \(epoch).4")
    return (machine, actions)
  }
}

extension SyncMachine {
  /// Hands over lines as the server would send them, all in one read.
  mutating func hear(_ lines: String...) throws -> [SyncAction] {
    var actions: [SyncAction] = []
    for line in lines {
      actions += handle(.received(try #require(ServerMessage(ByteBuffer(string: line)), "\(line)")))
    }
    return actions + handle(.readEnded)
  }
}

extension SyncAction {
  /// What the action does, in one line, for comparing: lines as they are on the wire, acts by their numbers.
  var word: String {
    switch self {
    case .connect: "connect"
    case .disconnect: "disconnect"
    case .send(let lines): "send " + lines.map(\.word).joined(separator: "; ")
    case .wake(let timer, _): "wake \(timer)"
    case .noteTime: "time"
    case .noteSeat(let seat, let role, let place, let holder):
      "seat \(seat) \(role) \(place ?? "-")" + (holder.map { " \($0)" } ?? "")
    case .noteWelcome(let mark): "welcome \(mark?.string ?? "-")"
    case .noteRemoved(let count): "removed \(count)"
    case .keepCertificate(let text): "certificate \(text)"
    case .noteMoving(let address): "moving \(address ?? "-")"
    case .markSent(let numbers): "mark \(numbers)"
    case .apply(let lines, let reached):
      "apply \(lines.map(\.seq)) \(reached.map { "\($0.seq)" } ?? "-")"
    case .withdraw(let entity): "withdraw \(entity)"
    case .acknowledge(let acts):
      "acknowledge " + acts.map { "\($0.n) \($0.firstSeq)" }.joined(separator: ", ")
    case .shelve(let n, let answer): "shelve \(n) \(answer.text)"
    case .markForked(let n): "forked \(n)"
    case .restamp(let n, let now): "restamp \(n) \(now)"
    case .begin(let epoch): "begin \(epoch)"
    case .rewind(let seq, let epoch): "rewind \(seq) \(epoch)"
    case .restart(let epoch, let keepsOthers): "restart \(epoch)" + (keepsOthers ? "" : " forgetting")
    case .needNewID: "need new id"
    case .adopt(let replica, _): "adopt \(replica)"
    case .report(let report): "report \(report)"
    }
  }
}

extension ClientLine {
  fileprivate var word: String {
    guard case .put(let author) = request else {
      var buffer = ByteBuffer()
      write(to: &buffer)
      return String(buffer: buffer).split(separator: "\n").joined()
    }
    return "\(tag) put \(author.edit.id)"
  }
}

extension [SyncAction] {
  /// Everything but timers and reports.
  var words: [String] { map(\.word).filter { !$0.hasPrefix("wake") && !$0.hasPrefix("report") } }
  /// The reports only.
  var reports: [SyncReport] {
    compactMap { action in
      guard case .report(let report) = action else { return nil }
      return report
    }
  }
}
