import EditModel
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@Suite struct ServerMessageTests {
  private func wire(_ message: ServerMessage) -> [UInt8] {
    var buffer = ByteBuffer()
    message.write(to: &buffer)
    return Array(buffer.readableBytesView)
  }

  private func kind(_ message: ServerMessage) -> String {
    switch message {
    case .greeting: "greeting"
    case .ok: "ok"
    case .failed: "failed"
    case .row: "row"
    case .line: "line"
    case .withdrawn: "withdrawn"
    case .reached: "reached"
    case .notice: "notice"
    case .moved: "moved"
    case .passedOver: "passed over"
    }
  }

  @Test func vectorsAreRead() throws {
    let table = try VectorTable("server", columns: 2)
    #expect(table.rows.count > 50)
    for row in table.rows {
      let message = ServerMessage(ByteBuffer(bytes: row[0]))
      #expect(message.map(kind) == (row.isRefused(1) ? nil : row.text(1)), "\(row)")
    }
  }

  @Test func drawnMessagesComeBack() throws {
    var generator = Generator(seed: 60)
    for number in 0..<200 {
      let tag = Tag(UInt64(number))
      let act = generator.act(ActID(replica: generator.replica(), n: 1))
      let words = [ExactString("n=\(number)"), ExactString("place=\(generator.name())")]
      var messages: [ServerMessage] = generator.accepted([act]).map { .line($0) }
      messages += [
        .greeting(Greeting(software: "taizhangd/0.1.0", now: generator.stamp(), capabilities: ["snap", "deflate"])),
        .greeting(Greeting(software: "x", now: generator.stamp(), capabilities: [])), .ok(tag, Words([])),
        .ok(tag, Words(words)), .row(tag, "device=q2w8rt5n live=1"), .reached(seq: UInt64(number), cursor: "g1.x.2"),
        .notice(WireError(.tooLong)),
      ]
      for code in ErrorCode.allCases { messages.append(.failed(tag, WireError(code, words))) }
      for message in messages {
        let bytes = wire(message)
        #expect(bytes.last == 0x0A && !bytes.dropLast().contains(0x0A))
        let read = try #require(ServerMessage(ByteBuffer(bytes: bytes.dropLast())))
        #expect(wire(read) == bytes)
      }
    }
  }

  @Test func wordsAreFoundByTheirKeysBytes() {
    let words = Words(["ok", "seat=a", "place=\u{301}村", "seats=b", "empty="])
    #expect(words.value(of: "seat") == "a")
    #expect(words.value(of: "place").map { Array($0.utf8) } == Array("\u{301}村".utf8))
    #expect(words.value(of: "empty") == "")
    #expect(words.value(of: "sea") == nil)
    #expect(words[0] == "ok")
    #expect(words[5] == nil)
  }

  @Test func greetingSaysWhatTheServerCan() throws {
    let line = ByteBuffer(string: "* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536 cap=snap,blob")
    guard case .greeting(let greeting) = ServerMessage(line) else {
      Issue.record("not a greeting")
      return
    }
    #expect(greeting.version == 1)
    #expect(greeting.software == "taizhangd/0.1.0")
    #expect(greeting.now == Stamp("01hfn7ysv0000"))
    #expect(greeting.lineBytes == 65_536)
    #expect(greeting.capabilities == ["snap", "blob"])
  }
}
