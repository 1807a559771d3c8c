import EditModel
import LedgerRules
import LedgerTestKit
import LineProtocol
import Testing

/// What programs of an earlier wire version said to each other, as `protocol/recordings/` keeps it.
struct Recording: Sendable {
  /// A device as it was then.
  struct Recorded: Sendable {
    let replica: ReplicaID
    let secret: Secret
    let seat: SeatID
    let role: Role
    let place: ExactString?
  }

  /// One line that passed.
  struct Line: Sendable {
    let isClients: Bool
    let text: String
  }

  let devices: [Recorded]
  /// The state hash of each replica in the end, as the program said it.
  let fingerprint: String
  let connections: [[Line]]

  init(_ name: String) throws {
    var (devices, connections, fingerprint): ([Recorded], [[Line]], String?) = ([], [], nil)
    for row in try ProjectFile.text("protocol/recordings/\(name).recording").split(separator: "\n") {
      let (head, rest) = Recording.parted(row)
      switch head {
      case "#": break
      case "device": devices.append(try Recorded(rest.split(separator: " ").map(String.init)))
      case "fingerprint": fingerprint = rest
      case "connection": connections.append([])
      case "C:", "S:":
        try #require(!connections.isEmpty)
        connections[connections.count - 1].append(Line(isClients: head == "C:", text: rest))
      default: Issue.record("a recording has no line \(row)")
      }
    }
    (self.devices, self.connections) = (devices, connections)
    self.fingerprint = try #require(fingerprint)
  }

  /// The first word and what stands behind it.
  private static func parted(_ row: Substring) -> (String, String) {
    let parts = row.split(separator: " ", maxSplits: 1)
    return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
  }

  /// The history that the cursors are of.
  func epoch() throws -> Epoch {
    let lines = connections.joined().filter { !$0.isClients && $0.text.hasPrefix("2 ok ") }
    return try #require(lines.first.flatMap { Epoch(String($0.text.split(separator: " ")[2])) })
  }
}

extension Recording.Recorded {
  fileprivate init(_ words: [String]) throws {
    try #require(words.count == 5)
    replica = try #require(ReplicaID(words[0]))
    secret = try #require(Secret(words[1]))
    seat = try #require(SeatID(words[2]))
    role = try #require(Role(rawValue: words[3]))
    place = words[4] == "-" ? nil : ExactString(words[4])
  }
}

extension Recording.Line {
  /// The line without what no two runs have in common, and without what a later version may add: times, the clock, the words
  /// of the greeting, the mark of a welcome.
  static func essence(_ text: String) -> String {
    var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    if words.starts(with: ["*", "taizhang"]) { return words.prefix(3).joined(separator: " ") }
    words.removeAll { word in ["now=", "welcome=", "offset=", "version="].contains(where: word.hasPrefix) }
    if words[0] == "+" { words.removeSubrange(2..<3) }
    // The stamp of an author's part, which the one who records it anew gives anew; the shift behind it with it.
    if let identity = words.firstIndex(where: { $0.contains("/") }), words[0] == "+" || words[1] == "put" {
      words.removeSubrange(identity + 2..<identity + 4)
    }
    return words.joined(separator: " ")
  }
}
