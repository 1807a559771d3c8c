import EditModel
import LedgerRules
import LineProtocol
import NIOCore
import Testing

@testable import SessionRules

/// Small things that the suites of this target are made of.
enum Samples {
  static let replica = "q2w8rt5n"
  static let otherReplica = "h4m7xk2v"
  static let stamp = Stamp(milliseconds: 1_697_000_000_000)
  static let wall: UInt64 = 1_697_000_000_000
  static let epoch = Epoch(generation: 1, id: 0xE5F2_A90C_41D7_B366)
  static let ledger: ExactString = "tucheng-2023"
  static let history = LedgerHistory(ledger: ledger, epoch: epoch, parents: [])

  /// A device of the round owner's seat.
  static func device(_ replica: String = replica, seat: String = "bangongshi") throws -> AuthenticatedDevice {
    AuthenticatedDevice(
      replica: try #require(ReplicaID(replica)),
      seat: SeatFacts(seat: try #require(SeatID(seat)), role: .roundOwner), ledger: ledger)
  }

  /// `k` edits of act `n`, each of which adds a problem.
  static func act(
    _ n: UInt64, of replica: String = replica, edits count: Int = 1, value: String = "甲", at stamp: Stamp = stamp
  ) throws -> Act {
    let id = ActID(replica: try #require(ReplicaID(replica)), n: n)
    let field = try #require(FieldName("problem"))
    let change = Change(entity: .root, field: field, value: .text(ExactString(value)))
    return try Act(
      id: id, changes: Array(repeating: (change: change, base: nil), count: count), stamp: stamp, shift: .none)
  }

  /// The act as it would come in under `tag`.
  static func submitted(_ act: Act, tag: UInt64) -> SubmittedAct {
    let lines = act.edits.map { AuthorLine($0).bytes }
    return SubmittedAct(tag: Tag(tag), act: act, firstLine: lines[0], otherLines: Array(lines.dropFirst()))
  }

  /// The acts as one read of a connection.
  static func submission(_ acts: [Act], from connection: UInt64 = 1, of device: AuthenticatedDevice) -> Submission {
    Submission(
      connection: ConnectionNumber(connection), device: device,
      acts: acts.map { submitted($0, tag: $0.id.n) })
  }

  /// `act` as put lines under `tag`.
  static func putLines(_ act: Act, tag: String) -> String {
    act.edits.map { "\(tag) put \(EditLine.text($0))\n" }.joined()
  }
}

extension ConnectionMachine {
  /// Gives the machine `text` and answers everything that it then does until it rests.
  mutating func hears(_ text: String, at seconds: UInt64 = 0) -> [String] {
    receive(ByteBuffer(string: text), nowSeconds: seconds)
    return actions()
  }

  /// Everything that the machine does until it rests.
  mutating func actions() -> [String] {
    var actions: [String] = []
    while true {
      let action = next()
      if case .rest = action { return actions }
      actions.append(action.brief)
    }
  }

  /// A machine whose client is in.
  static func authenticated(
    _ device: AuthenticatedDevice, limits: ConnectionLimits = ConnectionLimits()
  ) -> ConnectionMachine {
    var machine = ConnectionMachine(limits: limits, nowSeconds: 0)
    _ = machine.hears("1 auth \(device.replica) 00000000000000000000000000 unsent=0\n")
    machine.authenticated(Tag(1), as: device)
    return machine
  }
}

extension ConnectionAction {
  /// The action in a word or two, for comparing.
  var brief: String {
    switch self {
    case .rest: "rest"
    case .reply(let message): message.brief
    case .submit(let act): "submit \(act.tag) \(act.act.id.n) k=\(act.act.edits.count)"
    case .quarantine(let act): "quarantine \(act.tag) \(act.act.id.n)"
    case .tellTime(let tag, let unsent): "time \(tag) \(unsent.map(String.init) ?? "-")"
    case .authenticate(let tag, let replica, _, let unsent, _): "authenticate \(tag) \(replica) \(unsent)"
    case .resume(let tag, let request): "resume \(tag) \(request.replica) \(request.counter) \(request.cursor)"
    case .enrol(let tag, let request): "enrol \(tag) \(request.lookup)"
    case .open(let tag, let ledger, let cursor): "open \(tag) \(ledger) \(cursor?.string ?? "-")"
    case .readHistory(let tag, let entity, let field): "history \(tag) \(entity) \(field?.description ?? "-")"
    case .readStatus(let tag): "stat \(tag)"
    case .issueReplica(let tag): "replica \(tag)"
    case .listSnapshots(let tag): "snap \(tag)"
    case .issueCertificate(let tag): "certificate \(tag)"
    case .deflate(let tag): "deflate \(tag)"
    case .closeWhenSent: "close when sent"
    case .close(let message): "close: \(message.brief)"
    }
  }
}

extension ServerMessage {
  /// The message as its line.
  var brief: String {
    var buffer = ByteBuffer()
    write(to: &buffer)
    return String(String(buffer: buffer).dropLast())
  }
}

extension ByteBuffer {
  /// The lines in the buffer.
  var lines: [String] { String(buffer: self).split(separator: "\n").map(String.init) }
}
