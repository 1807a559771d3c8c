import LedgerTestKit
import Testing

/// Plays every transcript of `protocol/conformance/` against a server on a socket, each against a fresh one.
@Suite(.onOwnThreads, .serialized) struct ConformanceTests {
  @Test(arguments: try Transcript.names()) func serverFollows(_ name: String) throws {
    let transcript = try Transcript.read(name)
    let server = try ServerUnderTest(setup: transcript.setup, name: name)
    var failure: TranscriptFailure?
    do {
      var player = TranscriptPlayer(transcript, server)
      try player.play()
    } catch let error as TranscriptFailure {
      failure = error
    } catch let inability as KeeperInability {
      print("conformance: \(name) was not played to its end: \(inability)")
    }
    try server.end()
    #expect(failure == nil, "\(failure?.description ?? "")")
    if let later = transcript.later {
      print("conformance: \(name) is of a part that comes with \(later); it was answered `unsupported`")
    }
  }
}

/// Does what a transcript says, one step after the other.
struct TranscriptPlayer {
  private let transcript: Transcript
  let server: ServerUnderTest
  var captures: Captures
  var sockets: [String: LineSocket] = [:]
  /// The devices that are enrolled here, by name.
  var devices: [String: EnrollingDevice] = [:]
  /// The authority's certificate that the server showed first, DER.
  var authority: [UInt8]?

  init(_ transcript: Transcript, _ server: ServerUnderTest) {
    self.transcript = transcript
    self.server = server
    self.captures = server.captures
  }

  /// Plays to the end; throws at the first step that goes otherwise, with the line of the file.
  mutating func play() throws {
    for step in transcript.steps {
      do {
        try play(step)
      } catch let failure as TranscriptFailure {
        throw TranscriptFailure("\(transcript.name) line \(step.line), \(step.connection): \(failure)")
      }
    }
  }

  private mutating func play(_ step: Transcript.Step) throws {
    switch step.action {
    case .operate(let what): return try operate(what)
    case .connectTLS(let manner): return try connect(step.connection, manner)
    default: try play(step.action, step.connection, on: socket(step.connection))
    }
  }

  private mutating func play(_ action: Transcript.Action, _ connection: String, on socket: LineSocket) throws {
    switch action {
    case .operate, .connectTLS: break
    case .send(let pattern, let endsLine):
      try socket.send(pattern.text(captures) + (endsLine ? [UInt8(ascii: "\n")] : []))
    case .flood(let count, let byte): try socket.send(Array(repeating: byte, count: count))
    case .pile(let count, let pattern):
      let line = try pattern.text(captures) + [UInt8(ascii: "\n")]
      try socket.send(Array(repeatElement(line, count: count).joined()))
    case .insist(let pattern): try insist(try pattern.text(captures), on: socket)
    case .expect(var lines): try receive(&lines, from: socket)
    case .awaitClose: try awaitClose(socket)
    case .awaitCut: try socket.awaitCut()
    case .endSending: try socket.endSending()
    case .close: sockets[connection] = nil
    case .greeted:
      let greeting = "* taizhang 1 {any} now={\(connection).now:stamp} line=65536{any:rest}"
      var lines = ExpectedLines([try LinePattern(greeting)])
      try receive(&lines, from: socket)
      if socket.tls != nil { _ = try shownKeys(on: socket) }
    case .prove(let code, let device): try prove(code, device, over: socket)
    case .checkEnrolment(let device): try checkEnrolment(of: device)
    case .deflate(let device): try deflate(as: device, connection, on: socket)
    case .checkCertificate(let device): try checkCertificate(of: device)
    }
  }

  /// What is sent from now on, and what comes from now on, is blocks.
  private func deflate(as device: String, _ connection: String, on socket: LineSocket) throws {
    guard let replica = captures["\(device).replica"], let now = captures["\(connection).now"] else {
      throw TranscriptFailure("nothing is known of \(device) or of the greeting")
    }
    try socket.deflate(ending: Array(" put ".utf8) + replica + Array(".1/1 1 ".utf8) + now + Array(" 0 - p1".utf8))
  }

  /// Has the keeper do `what`; what it tells is known from then on.
  private mutating func operate(_ what: LinePattern) throws {
    let told = try server.operate(String(decoding: what.text(captures), as: UTF8.self))
    for (name, value) in told { captures[name] = value }
  }

  /// Sends `line` until the answer under its tag is another than to wait, which is then the next line.
  private func insist(_ line: [UInt8], on socket: LineSocket) throws {
    let waiting = line.prefix { $0 != UInt8(ascii: " ") } + Array(" wait ".utf8)
    let deadline = ContinuousClock.now + .seconds(LineSocket.boundSeconds)
    while ContinuousClock.now < deadline {
      try socket.send(line + [UInt8(ascii: "\n")])
      guard let answer = try socket.line() else { throw TranscriptFailure("the server closed; an answer was awaited") }
      guard answer.starts(with: waiting) else { return socket.putBack(answer) }
    }
    throw TranscriptFailure("the server asked to wait for \(LineSocket.boundSeconds) seconds")
  }

  private mutating func socket(_ name: String) throws -> LineSocket {
    if let socket = sockets[name] { return socket }
    let socket = try LineSocket(server.address)
    sockets[name] = socket
    return socket
  }

  private mutating func receive(_ lines: inout ExpectedLines, from socket: LineSocket) throws {
    while !lines.isComplete {
      guard let line = try socket.line() else {
        throw TranscriptFailure("the server closed; still expected: \(lines.sources)")
      }
      try lines.take(line, &captures)
    }
  }

  private func awaitClose(_ socket: LineSocket) throws {
    // A server of TLS says so in its own way to whoever speaks none.
    if socket.isBare { return try socket.awaitEnd() }
    while let line = try socket.line() {
      guard line.starts(with: Array("= ".utf8)) else {
        throw TranscriptFailure("expected the end, got \"\(String(decoding: line.prefix(300), as: UTF8.self))\"")
      }
    }
    guard socket.saidItsEnd else { throw TranscriptFailure("the server ended the connection without close_notify") }
  }
}
