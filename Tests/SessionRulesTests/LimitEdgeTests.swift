import EditModel
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@testable import SessionRules

/// One row of protocol/08-limits.md at its edge: a line or more at the limit, one beyond it, and what each comes to.
struct LimitEdge: Sendable, CustomTestStringConvertible {
  let name: String
  /// What is sent, and what the machine then does, at the limit and beyond.
  let at: (sent: String, done: [String])
  let beyond: (sent: String, done: [String])
  /// Whether the device has signed in before.
  var isSignedIn = true

  var testDescription: String { name }
}

/// Every limit that a peer can run into, said over a connection that has the protocol's own limits.
@Suite struct LimitEdgeTests {
  private static let malformed = ["1 stop malformed"]

  private static func x(_ count: Int) -> String { String(repeating: "x", count: count) }

  /// A put line whose author's part is given, or made of its parts.
  private static func put(_ author: String) -> String { "1 put \(author)\n" }
  private static func put(
    id: String = "1/1", stamp: String = "01hcd4gam0000", shift: String = "0", field: String = "problem"
  ) -> String {
    put("\(Samples.replica).\(id) 1 \(stamp) \(shift) - . \(field) x")
  }

  private static func auth(
    _ replica: String = Samples.replica, secret: String = x(26), options: String = "unsent=0"
  ) -> String {
    "1 auth \(replica) \(secret) \(options)\n"
  }

  private static func resume(mark: String) -> String { "1 resume \(Samples.replica) \(x(26)) 6 c \(mark)\n" }

  private static let submitted = ["submit 1 1 k=1"]
  private static let asked = ["authenticate 1 \(Samples.replica) 0"]

  private static func signingIn(_ name: String, _ at: String, _ beyond: String, asks: [String] = asked) -> LimitEdge {
    LimitEdge(name: name, at: (at, asks), beyond: (beyond, malformed), isSignedIn: false)
  }

  private static func putting(
    _ name: String, _ at: String, _ beyond: String, done: [String] = submitted, error: [String] = malformed
  ) -> LimitEdge {
    LimitEdge(name: name, at: (at, done), beyond: (beyond, error))
  }

  private static func asking(_ name: String, _ at: String, done: [String], _ beyond: String) -> LimitEdge {
    LimitEdge(name: name, at: (at, done), beyond: (beyond, malformed))
  }

  static let edges: [LimitEdge] = {
    let author = "\(Samples.replica).1/1 1 01hcd4gam0000 0 - . problem "
    let named = { (count: Int) in "1 open \(x(count)) -\n" }
    let path = { (count: Int) in Array(repeating: "a", count: count).joined(separator: "/") }
    let (unknown, offset) = (["1 stop no-ledger \(x(128))"], Limits.offsetMilliseconds)
    return [
      LimitEdge(
        name: "lineBytes", at: ("1 ping x=" + x(Limits.lineBytes - 9) + "\n", ["time 1 -"]),
        beyond: ("1 ping x=" + x(Limits.lineBytes - 8) + "\n", ["close: * stop too-long"])),
      putting(
        "authorBytes", put(author + x(Limits.authorBytes - author.utf8.count)),
        put(author + x(Limits.authorBytes + 1 - author.utf8.count))),
      putting(
        "actEdits", act(edits: Limits.actEdits), act(edits: Limits.actEdits + 1),
        done: ["submit 1 1 k=1024"], error: ["1 stop act-size 1024"]),
      putting(
        "actBytes", act(bytes: Limits.actBytes), act(bytes: Limits.actBytes + 1),
        done: ["submit 1 1 k=32"], error: ["1 stop act-size 1048576"]),
      LimitEdge(
        name: "tagBytes", at: (x(16) + " ping\n", ["time \(x(16)) -"]),
        beyond: (x(17) + " ping\n", ["close: * stop tag"])),
      asking(
        "cursorBytes", "1 open \(Samples.ledger) \(x(96))\n", done: ["open 1 \(Samples.ledger) \(x(96))"],
        "1 open \(Samples.ledger) \(x(97))\n"),
      asking("nameBytes", named(128), done: unknown, named(129)),
      asking("Name.byteLimit", named(128), done: unknown, named(129)),
      signingIn(
        "welcomeBytes", resume(mark: x(16)), resume(mark: x(17)), asks: ["resume 1 \(Samples.replica) 6 c"]),
      signingIn("secretCharacters", auth(secret: x(26)), auth(secret: x(25))),
      signingIn("secretCharacters", auth(secret: x(64)), auth(secret: x(65))),
      signingIn(
        "ClientVersion.byteLimit", auth(options: "unsent=0 version=\(x(64))"),
        auth(options: "unsent=0 version=\(x(65))")),
      signingIn(
        "offsetMilliseconds", auth(options: "unsent=0 offset=\(offset)"), auth(options: "unsent=0 offset=\(offset + 1)")
      ),
      signingIn(
        "offsetMilliseconds", auth(options: "unsent=0 offset=-\(offset)"),
        auth(options: "unsent=0 offset=-\(offset + 1)")),
      LimitEdge(
        name: "actsInFlight", at: (acts(Limits.actsInFlight), submissions(Limits.actsInFlight)),
        beyond: (acts(Limits.actsInFlight + 1), submissions(Limits.actsInFlight) + ["257 retry busy"])),
      signingIn(
        "unsent", auth(options: "unsent=\(Limits.unsent)"), auth(options: "unsent=\(Limits.unsent + 1)"),
        asks: ["authenticate 1 \(Samples.replica) 999999999"]),
      asking(
        "Name.pathLimit", "1 history p15 \(path(8))\n", done: ["history 1 p15 \(path(8))"], "1 history p15 \(path(9))\n"
      ),
      signingIn("ReplicaID.lengths", auth("q2w8rt5n"), auth("q2w8rt5")),
      signingIn(
        "ReplicaID.lengths", auth("q2w8rt5nq2w8rt5"), auth("q2w8rt5nq2w8rt5n"),
        asks: ["authenticate 1 q2w8rt5nq2w8rt5 0"]),
      putting(
        "EditID.counterLimit", put(id: "\(EditID.counterLimit)/1"), put(id: "\(EditID.counterLimit + 1)/1"),
        done: ["submit 1 9007199254740991 k=1"]),
      putting("Stamp.millisecondLimit", put(stamp: "fzzzzzzzzzzzz"), put(stamp: "g000000000000")),
      putting("Shift.limit", put(shift: "\(Shift.limit)"), put(shift: "\(Shift.limit + 1)")),
      putting("Shift.limit", put(shift: "-\(Shift.limit)"), put(shift: "-\(Shift.limit + 1)")),
    ]
  }()

  /// The put lines of an act of so many edits.
  private static func act(edits count: Int) -> String {
    (1...count).map { put("\(Samples.replica).1/\($0) \(count) 01hcd4gam0000 0 - . problem x") }.joined()
  }

  /// The put lines of an act of 32 edits whose authors' parts have so many bytes together.
  private static func act(bytes: Int) -> String {
    let heads = (1...32).map { "\(Samples.replica).1/\($0) 32 01hcd4gam0000 0 - . problem " }
    var left = bytes
    return heads.enumerated().map { index, head in
      let share = index == 31 ? left : bytes / 32
      left -= share
      return put(head + x(share - head.utf8.count))
    }.joined()
  }

  private static func acts(_ count: Int) -> String {
    (1...count).map { "\($0) put \(Samples.replica).\($0)/1 1 01hcd4gam0000 0 - . problem x\n" }.joined()
  }

  private static func submissions(_ count: Int) -> [String] { (1...count).map { "submit \($0) \($0) k=1" } }

  @Test(arguments: edges)
  func atTheLimitIsAllowedAndOneMoreIsNot(edge: LimitEdge) throws {
    for (sent, done) in [edge.at, edge.beyond] {
      var machine =
        edge.isSignedIn ? ConnectionMachine.authenticated(try Samples.device()) : ConnectionMachine(nowSeconds: 0)
      let heard = machine.hears(sent)
      #expect(heard == done, "\(edge.name): \(sent.count) characters")
    }
  }

  /// Of times the limit is what is granted: when it is over, the connection is.
  @Test(arguments: [
    ("authSeconds", Limits.authSeconds, "* stop timeout"), ("idleSeconds", Limits.idleSeconds, "* stop timeout"),
    ("stallSeconds", Limits.stallSeconds, "* stop stalled"),
  ])
  func aTimeIsGrantedAndNotASecondMore(name: String, seconds: Int, notice: String) throws {
    var machine =
      name == "authSeconds" ? ConnectionMachine(nowSeconds: 0) : .authenticated(try Samples.device())
    let waiting = name == "stallSeconds" ? 1 : 0
    _ = machine.tick(nowSeconds: 0, waitingBytes: waiting)
    let before = machine.tick(nowSeconds: UInt64(seconds - 1), waitingBytes: waiting).brief
    let after = machine.tick(nowSeconds: UInt64(seconds), waitingBytes: waiting).brief
    #expect(before == "rest" && after == "close: \(notice)")
  }

  @Test func aStampsCounterHasFifteenBitsAndNoMore() throws {
    let last = Stamp(milliseconds: 5, counter: Stamp.counterLimit)
    #expect(Stamp(last.description) == last)
    #expect(Stamp(rawValue: last.rawValue + 1) == Stamp(milliseconds: 6))
  }

  /// A limit that is added to the table is added here, or named with the suite that goes to its edge.
  @Test func everyLimitOfTheTableIsTriedAtItsEdge() throws {
    let elsewhere = [
      "version": "nothing is longer than it", "blockBytes": "BlockTests", "deflatedBytes": "BlockTests",
      "stampAheadMilliseconds": "LedgerMachineTests", "forkedActs": "ForkedActsTests",
      "QuarantineStore.actLimit": "QuarantineStoreTests", "QuarantineStore.byteLimit": "QuarantineStoreTests",
      "authSeconds": "above", "idleSeconds": "above", "stallSeconds": "above", "Stamp.counterLimit": "above",
    ]
    let rows = try ProjectFile.text("protocol/08-limits.md").split(separator: "\n").filter { $0.hasPrefix("| ") }
    let names = rows.map { String($0.split(separator: " ")[1]) }.filter { $0 != "name" && $0 != "---" }
    #expect(names.count > 20)
    #expect(Set(names) == Set(LimitEdgeTests.edges.map(\.name)).union(elsewhere.keys))
  }
}
