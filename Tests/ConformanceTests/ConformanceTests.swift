import LedgerTestKit
import Testing

/// Plays every transcript of `protocol/conformance/` against a server on a socket, each against a fresh one.
@Suite(.serialized) struct ConformanceTests {
  @Test(arguments: try Transcript.names()) func serverFollows(_ name: String) throws {
    let transcript = try Transcript.read(name)
    let server = try ServerUnderTest(setup: transcript.setup, name: name)
    var failure: TranscriptFailure?
    do {
      var player = TranscriptPlayer(transcript, server)
      try player.play()
    } catch let error as TranscriptFailure {
      failure = error
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
  private let server: ServerUnderTest
  private var captures: Captures
  private var sockets: [String: LineSocket] = [:]

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
    if case .operate(let what) = step.action { return try server.operate(what) }
    let socket = try socket(step.connection)
    switch step.action {
    case .operate: break
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
    case .endSending: socket.endSending()
    case .close: sockets[step.connection] = nil
    case .greeted:
      let name = "\(step.connection).now"
      let greeting = "* taizhang 1 {any} now={\(name):stamp} line=65536{any:rest}"
      var lines = ExpectedLines([try LinePattern(greeting)])
      try receive(&lines, from: socket)
    }
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
    while let line = try socket.line() {
      guard line.starts(with: Array("= ".utf8)) else {
        throw TranscriptFailure("expected the end, got \"\(String(decoding: line.prefix(300), as: UTF8.self))\"")
      }
    }
  }
}
