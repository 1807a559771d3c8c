package import EditModel

/// What a device says that has nothing to hand over and expects nothing new: who it is and where it stood, in one line
/// (protocol/04-messages.md, resume).
package struct ResumeRequest: Sendable {
  /// The device's replica.
  package let replica: ReplicaID
  /// What proves it.
  package let secret: Secret
  /// The greatest `n` that the device has given out, all of them decided.
  package let counter: UInt64
  /// How far it has followed its ledger.
  package let cursor: ExactString
  /// The mark of the welcome that it knows.
  package let welcome: ExactString
  /// What the device says of itself, as far as that is another than it said before.
  package let report: DeviceReport

  /// A request from its parts.
  package init(
    replica: ReplicaID, secret: Secret, counter: UInt64, cursor: ExactString, welcome: ExactString,
    report: DeviceReport = DeviceReport()
  ) {
    self.replica = replica
    self.secret = secret
    self.counter = counter
    self.cursor = cursor
    self.welcome = welcome
    self.report = report
  }

  /// The same with what the device says of itself.
  package func reporting(_ report: DeviceReport) -> ResumeRequest {
    ResumeRequest(
      replica: replica, secret: secret, counter: counter, cursor: cursor, welcome: welcome, report: report)
  }

  /// Reads the words behind the verb; nil when one is not what its place asks for, or an option comes twice.
  init?(_ words: [ExactString]) {
    guard let replica = ReplicaID(words[0].string), let secret = Secret(words[1].string),
      let counter = Decimal.number(words[2].string), counter <= EditID.counterLimit,
      words[3] != "-", WelcomeMark.isOpaque(words[3], limitBytes: Limits.cursorBytes),
      WelcomeMark.isOpaque(words[4], limitBytes: Limits.welcomeBytes),
      words.dropFirst(5).allSatisfy({ $0.string.utf8.contains(UInt8(ascii: "=")) }),
      let report = DeviceReport(words.dropFirst(5))
    else { return nil }
    self.init(
      replica: replica, secret: secret, counter: counter, cursor: words[3], welcome: words[4], report: report)
  }

  /// The words as they stand behind the verb.
  var text: String { "\(replica) \(secret.digits) \(counter) \(cursor) \(welcome)\(report.text)" }
}

/// Marks what a server answers to a device that it lets in, but for how far that device's acts are decided. Opaque to
/// clients, who send it back as they got it.
package struct WelcomeMark: Hashable, Sendable, CustomStringConvertible {
  /// Eight base-32 digits.
  package let description: String

  /// The mark of an answer's `words`: forty bits of their FNV-1a hash. It keeps nobody out; one who finds other words with
  /// the same mark only fails to hear of them.
  package init(of words: [ExactString]) {
    description = WordHash.digits(of: words)
  }

  /// Whether `word` may be a mark or a cursor that somebody else made: printable ASCII, no longer than `limitBytes`.
  package static func isOpaque(_ word: ExactString, limitBytes: Int) -> Bool {
    (1...limitBytes).contains(word.byteCount) && word.string.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}

/// FNV-1a over words, for marks that keep nobody out.
enum WordHash {
  /// The upper forty bits of the hash of `words`, each with a space behind it, as eight base-32 digits.
  static func digits(of words: [ExactString]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for word in words {
      for byte in word.string.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash = (hash ^ 0x20) &* 0x100_0000_01B3
    }
    return Crockford.text(hash >> 24, digits: 8)
  }
}
