/// A session to play against a server: what is set up, what is sent, what must come back.
///
/// The format is written down in `protocol/conformance/README.md`. Reading it is here; sockets are the player's.
package struct Transcript: Sendable, CustomStringConvertible {
  /// What is done at one line of the file.
  package enum Action: Sendable, Hashable {
    /// Sends the text, with an LF behind it when `endsLine`.
    case send(LinePattern, endsLine: Bool)
    /// Sends `count` times the byte.
    case flood(count: Int, byte: UInt8)
    /// Sends `count` times the text and an LF, and takes nothing of the answers.
    case pile(count: Int, LinePattern)
    /// Sends the text and an LF, and again as long as the answer says to wait.
    case insist(LinePattern)
    /// Receives these lines.
    case expect(ExpectedLines)
    /// The server closes; nothing but `=` lines come before it does.
    case awaitClose
    /// The server cuts the connection off, although nothing of what it sent is taken.
    case awaitCut
    /// The client closes, without a word.
    case close
    /// The client sends nothing more and goes on reading.
    case endSending
    /// Has the server's keeper do this with the server: `snapshot`, `restore` …
    case operate(LinePattern)
    /// Receives the greeting; its `now` becomes the capture `CONNECTION.now`.
    case greeted
    /// Makes the connection so, to where the server listens for TLS.
    case connectTLS(TLSManner)
    /// Makes the proof of an enrolment over what the connection showed: the captures `DEVICE.lookup`, `DEVICE.key` and
    /// `DEVICE.proof`.
    case prove(code: String, device: String)
    /// Checks the answer to the enrolment that the device proved: `DEVICE.answer`, and its certificate.
    case checkEnrolment(device: String)
    /// Speaks in blocks from now on, both ways, as this device.
    case deflate(device: String)
    /// Checks that `DEVICE.certificate` is the organisation's for the device's key and id.
    case checkCertificate(device: String)
  }

  /// How a connection is made to where the server listens for TLS.
  package enum TLSManner: Sendable, Hashable {
    /// Over TLS 1.3, or over 1.2 when `isOld`; with the certificate of the device of that name, or with none.
    case tls(device: String?, isOld: Bool)
    /// Over TCP alone.
    case bare
  }

  /// An action, where it stands in the file, and on which connection it is done (made at its first mention).
  package struct Step: Sendable {
    /// The line in the file, from 1.
    package let line: Int
    /// The connection's name: `C1`, `C2` …; `S` is the server's keeper.
    package let connection: String
    /// What is done.
    package let action: Action
  }

  /// The file's name without its ending.
  package let name: String
  /// The `setup:` lines, without that word.
  package let setup: [String]
  /// The version that builds what this is about, nil when it is built now.
  package let later: String?
  /// What is done, in order.
  package let steps: [Step]

  /// The name.
  package var description: String { name }

  /// The names of all transcripts of the tree, sorted.
  package static func names() throws(ProjectFile.Failure) -> [String] {
    try ProjectFile.names(in: "protocol/conformance", ending: ".transcript").map { String($0.dropLast(11)) }
  }

  /// Reads `protocol/conformance/NAME.transcript`.
  package static func read(_ name: String) throws -> Transcript {
    try Transcript(name: name, text: ProjectFile.text("protocol/conformance/\(name).transcript"))
  }

  /// Reads a transcript from its text; throws with the line's number when a line is not understood.
  package init(name: String, text: String) throws(TranscriptFailure) {
    var reader = TranscriptReader()
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      do throws(TranscriptFailure) {
        try reader.take(String(line), number: index + 1)
      } catch {
        throw TranscriptFailure("\(name) line \(index + 1): \(error)")
      }
    }
    guard reader.group == nil else { throw TranscriptFailure("\(name): the last group is not closed") }
    self.name = name
    self.setup = reader.setup
    self.later = reader.later
    self.steps = reader.steps
  }
}

/// Reads a transcript line by line.
private struct TranscriptReader {
  struct Group {
    let line: Int
    let connection: String
    let order: ExpectedLines.Order
    var patterns: [LinePattern] = []

    /// What closes it.
    var ending: String { order == .any ? "<]" : "<}" }
  }

  var setup: [String] = []
  var later: String?
  var steps: [Transcript.Step] = []
  var group: Group?

  mutating func take(_ line: String, number: Int) throws(TranscriptFailure) {
    guard !line.isEmpty, !line.hasPrefix("#") else { return }
    if line.hasPrefix("setup: ") {
      setup.append(String(line.dropFirst(7)))
    } else if line.hasPrefix("later: ") {
      later = String(line.dropFirst(7))
    } else if line.hasPrefix("S! "), group == nil {
      let what = try LinePattern(String(line.dropFirst(3)))
      steps.append(Transcript.Step(line: number, connection: "S", action: .operate(what)))
    } else {
      try step(line, number)
    }
  }

  private mutating func step(_ line: String, _ number: Int) throws(TranscriptFailure) {
    let name = String(line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) })
    guard name.hasPrefix("C"), name.count > 1 else { throw TranscriptFailure("a line begins with no connection") }
    let rest = String(line.dropFirst(name.count))
    if group != nil || rest == "<{" || rest == "<[" { return try grouped(name, rest, number) }
    steps.append(Transcript.Step(line: number, connection: name, action: try action(rest)))
  }

  private mutating func grouped(_ name: String, _ rest: String, _ number: Int) throws(TranscriptFailure) {
    guard var open = group else {
      group = Group(line: number, connection: name, order: rest == "<[" ? .any : .answersAnywhere)
      return
    }
    guard open.connection == name else { throw TranscriptFailure("a group is on one connection") }
    if rest == open.ending {
      let lines = ExpectedLines(open.patterns, order: open.order)
      steps.append(Transcript.Step(line: open.line, connection: name, action: .expect(lines)))
      group = nil
      return
    }
    guard rest.hasPrefix("< ") else { throw TranscriptFailure("a group holds expected lines only") }
    open.patterns.append(try LinePattern(String(rest.dropFirst(2))))
    group = open
  }

  private func action(_ rest: String) throws(TranscriptFailure) -> Transcript.Action {
    if rest.hasPrefix(">> ") { return .send(try LinePattern(String(rest.dropFirst(3))), endsLine: false) }
    if rest.hasPrefix(">? ") { return .insist(try LinePattern(String(rest.dropFirst(3)))) }
    if rest == ">" { return .send(try LinePattern(""), endsLine: true) }
    if rest.hasPrefix("> ") { return .send(try LinePattern(String(rest.dropFirst(2))), endsLine: true) }
    if rest.hasPrefix("< ") { return .expect(ExpectedLines([try LinePattern(String(rest.dropFirst(2)))])) }
    if rest.hasPrefix("~ ") { return try flood(rest.dropFirst(2)) }
    switch rest {
    case "! closed": return .awaitClose
    case "! cut off": return .awaitCut
    case "! close": return .close
    case "! ends": return .endSending
    case "! greeted": return .greeted
    case "! tls-port": return .connectTLS(.bare)
    default: return try named(rest)
    }
  }

  /// What is done with a device that the transcript names.
  private func named(_ rest: String) throws(TranscriptFailure) -> Transcript.Action {
    let words = rest.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    switch (words.dropFirst().first, words.count) {
    case ("tls", 2): return .connectTLS(.tls(device: nil, isOld: false))
    case ("tls", 3): return .connectTLS(.tls(device: words[2], isOld: false))
    case ("tls-1.2", 2): return .connectTLS(.tls(device: nil, isOld: true))
    case ("tls-1.2", 3): return .connectTLS(.tls(device: words[2], isOld: true))
    case ("proves", 5) where words[3] == "as": return .prove(code: words[2], device: words[4])
    case ("enrolled", 3): return .checkEnrolment(device: words[2])
    case ("deflates", 3): return .deflate(device: words[2])
    case ("certified", 3): return .checkCertificate(device: words[2])
    default: throw TranscriptFailure("\"\(rest)\" is nothing that a connection does")
    }
  }

  private func flood(_ text: Substring) throws(TranscriptFailure) -> Transcript.Action {
    let words = text.split(separator: " ", maxSplits: 3)
    if words.count == 4, let count = Int(words[0]), words[1] == "lines", words[2] == "of" {
      return .pile(count: count, try LinePattern(String(words[3])))
    }
    guard words.count == 4, let count = Int(words[0]), words[1] == "bytes", words[2] == "of",
      let byte = words[3].utf8.first, words[3].utf8.count == 1
    else { throw TranscriptFailure("a flood is written: ~ 65536 bytes of x, or: ~ 100 lines of TEXT") }
    return .flood(count: count, byte: byte)
  }
}
