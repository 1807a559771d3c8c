import EditModel
import GRDB
import LedgerStore
import LineProtocol
import NIOCore
import Testing

extension FaultTests {
  @Suite struct KilledServerTests {
    /// Twenty kills in the middle of a load. What was acknowledged is in the history once, at the seq that was said;
    /// what was not is sent again, as a device does, and is there at most once.
    @Test func losesAndDoublesNothingInTwentyKills() throws {
      let folder = try ServerFolder()
      let file = try folder.device(seat: "bangongshi", role: "round_owner")
      var load = Load(replica: try ServerFolder.word("replica", of: file))
      var taken = 0
      for round in 1...20 {
        let server = try ServerProcess(folder)
        let connection = try LineConnection(port: server.port)
        let now = try connection.signIn(file)
        try load.run(connection, now: now, until: 37 * round % 30 + 1)
        server.kill()
        // Every second time the answers on the way are lost with the connection.
        if round % 2 == 0 { load.takeWhatCame(connection) }
        taken += try check(load, folder.data + "/ledgers/tucheng.sqlite")
      }
      #expect(load.acknowledged.count >= 20 * 5)
      #expect(taken > 0, "no kill came between the history and the answer")
      print(
        "kill -9: 20 rounds, \(load.acknowledged.count) acts acknowledged, \(taken) taken without an answer"
      )
    }

    /// Compares what was acknowledged with what is stored; how many acts are stored without having been acknowledged.
    private func check(_ load: Load, _ path: String) throws -> Int {
      let reader = try HistoryReader(path: path)
      let rows = try reader.lines(after: 0, through: .max, limitBytes: 1 << 30)
      try reader.close()
      #expect(rows.map(\.seq) == Array(1..<(UInt64(rows.count) + 1)))
      let edits = try rows.map { try #require(EditLine.accepted(String(buffer: $0.line))) }
      var firstSeqs: [UInt64: [UInt64]] = [:]
      for edit in edits where edit.edit.id.i == 1 {
        firstSeqs[edit.edit.id.n, default: []].append(edit.seq)
      }
      #expect(firstSeqs.values.allSatisfy { $0.count == 1 })
      #expect(edits.count == firstSeqs.count * 2)
      for (n, seq) in load.acknowledged { #expect(firstSeqs[n] == [seq], "act \(n)") }
      let queue = try DatabaseQueue(path: path)
      #expect(try queue.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
      try queue.close()
      return firstSeqs.count - load.acknowledged.count
    }
  }
}

/// One device's acts of two edits each, sent without waiting for answers, and what was said about them.
struct Load {
  let replica: String
  /// The first seq that was acknowledged for each act.
  private(set) var acknowledged: [UInt64: UInt64] = [:]
  private var next: UInt64 = 1
  /// What each act was stamped with when it was made: it is sent again as it is.
  private var stamps: [UInt64: String] = [:]

  /// How many acts wait for their answers at once.
  private static let inFlight = 40

  init(replica: String) { self.replica = replica }

  /// Sends what is undecided again, then new acts, until `count` of them are acknowledged; then leaves more on the way.
  mutating func run(_ connection: LineConnection, now: String, until count: Int) throws {
    let undecided = (1..<next).filter { acknowledged[$0] == nil }
    for n in undecided { try put(n, connection) }
    let wanted = acknowledged.count + count
    for _ in undecided.count..<max(undecided.count, Load.inFlight) { try putNext(connection, now) }
    while acknowledged.count < wanted {
      try take(try connection.line())
      try putNext(connection, now)
    }
  }

  /// Takes the answers that were on the way when the server was killed.
  mutating func takeWhatCame(_ connection: LineConnection) {
    while let line = try? connection.line() {  // ends where the connection does
      do { try take(line) } catch { Issue.record(error) }
    }
  }

  private mutating func putNext(_ connection: LineConnection, _ now: String) throws {
    stamps[next] = now
    try put(next, connection)
    next += 1
  }

  private func put(_ n: UInt64, _ connection: LineConnection) throws {
    let now = try #require(stamps[n])
    let head = "\(n) put \(replica).\(n)"
    try connection.send("\(head)/1 2 \(now) 0 - . problem 第\(n)个问题")
    try connection.send("\(head)/2 2 \(now) 0 - \(replica).\(n)/1 note 第\(n)次进展")
  }

  private mutating func take(_ line: String) throws {
    let words = line.split(separator: " ")
    guard let n = UInt64(words[0]) else { return }
    try #require(words.count == 3 && words[1] == "ok", "\(line)")
    let seq = try #require(UInt64(words[2]))
    if let before = acknowledged[n] { #expect(before == seq) }
    acknowledged[n] = seq
  }
}
