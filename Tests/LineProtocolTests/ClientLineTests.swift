import EditModel
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@Suite struct ClientLineTests {
  private func wire(_ line: ClientLine) -> [UInt8] {
    var buffer = ByteBuffer()
    line.write(to: &buffer)
    return Array(buffer.readableBytesView)
  }

  private func verb(_ request: ClientRequest) -> Verb {
    switch request {
    case .auth: .auth
    case .resume: .resume
    case .enrol: .enrol
    case .open: .open
    case .put: .put
    case .history: .history
    case .stat: .stat
    case .ping: .ping
    case .replica: .replica
    case .snap: .snap
    case .bye: .bye
    case .certificate: .certificate
    case .deflate: .deflate
    case .unbuilt(let verb): verb
    }
  }

  @Test func vectorsAreUnderstoodOrAnswered() throws {
    let table = try VectorTable("client", columns: 3)
    #expect(table.rows.count > 70)
    for row in table.rows {
      do throws(LineFault) {
        let line = try ClientLine(ByteBuffer(bytes: row[0]))
        #expect(verb(line.request).rawValue == row.text(1), "\(row)")
      } catch {
        #expect(row.isRefused(1), "\(row): \(error.error.text)")
        #expect("\(error.tag?.description ?? "-") \(error.error.text)" == row.text(2), "\(row)")
        #expect(error.isPut == row.text(0).contains(" put"), "\(row)")
      }
    }
  }

  @Test func everyVerbHasAVector() throws {
    let seen = Set(try VectorTable("client", columns: 3).rows.map { $0.text(1) })
    for verb in Verb.allCases { #expect(seen.contains(verb.rawValue), "\(verb)") }
  }

  @Test func drawnRequestsComeBack() throws {
    var generator = Generator(seed: 50)
    let secret = try #require(Secret(String(repeating: "s", count: 26)))
    for number in 0..<200 {
      let edit = generator.act(ActID(replica: generator.replica(), n: 1)).edits[0]
      let field = FieldName(generator.field())
      let requests: [ClientRequest] = [
        .auth(replica: generator.replica(), secret: secret, unsent: UInt64(number)),
        .auth(
          replica: generator.replica(), secret: secret, unsent: 0,
          report: DeviceReport(version: "taizhang/0.1.0", offsetMilliseconds: Int64(number) - 100)),
        .enrol(
          EnrolRequest(
            lookup: "k7m2", key: [UInt8](repeating: UInt8(number), count: EnrolRequest.keyBytes),
            proof: [UInt8](repeating: UInt8(number), count: EnrolRequest.proofBytes),
            ledger: generator.isOnce(in: 2) ? ExactString(generator.name()) : nil,
            replica: generator.isOnce(in: 2) ? generator.replica() : nil)),
        .open(ledger: ExactString(generator.name()), cursor: generator.isOnce(in: 2) ? nil : "g1.x.2"),
        .put(AuthorLine(edit)), .history(entity: generator.entity(), field: generator.isOnce(in: 2) ? nil : field),
        .stat, .ping(unsent: nil), .ping(unsent: 3), .replica, .snap, .bye, .certificate, .unbuilt(.verify),
      ]
      for request in requests {
        let line = ClientLine(tag: Tag(UInt64(number)), request: request)
        let bytes = wire(line)
        #expect(bytes.last == 0x0A)
        let read = try ClientLine(ByteBuffer(bytes: bytes.dropLast()))
        #expect(read.tag == line.tag)
        #expect(wire(read) == bytes)
      }
    }
  }

  @Test(arguments: [(15, true), (16, true), (17, false)])
  func tagLimitCountsBytes(_ length: Int, _ isTag: Bool) {
    let text = Array(String(repeating: "t", count: length).utf8)
    #expect((text.withUnsafeBytes { Tag(bytes: $0) } != nil) == isTag)
  }

  @Test func tagOfANumberIsATag() {
    for number in [0, 9, 9_999_999_999_999_999, 10_000_000_000_000_000, UInt64.max] {
      let bytes = Array(Tag(number).description.utf8)
      #expect(bytes.withUnsafeBytes { Tag(bytes: $0) } != nil)
    }
  }

  @Test(arguments: [(25, false), (26, true), (64, true), (65, false)])
  func secretLimitsCountCharacters(_ length: Int, _ isSecret: Bool) {
    #expect((Secret(String(repeating: "s", count: length)) != nil) == isSecret)
  }

  @Test func secretNeverDescribesItself() throws {
    let secret = try #require(Secret("0123456789abcdefghjkmnpqrstv"))
    #expect("\(secret)" == "(secret)")
  }

  @Test(arguments: [(Limits.unsent - 1, true), (Limits.unsent, true), (Limits.unsent + 1, false)])
  func unsentHasALimit(_ count: UInt64, _ isRead: Bool) {
    let line = ByteBuffer(string: "1 ping unsent=\(count)")
    #expect(((try? ClientLine(line)) != nil) == isRead)  // a throw is nil: the line was refused
  }

  @Test(arguments: [(95, true), (96, true), (97, false)])
  func cursorLimitCountsBytes(_ length: Int, _ isRead: Bool) {
    let line = ByteBuffer(string: "1 open t " + String(repeating: "c", count: length))
    #expect(((try? ClientLine(line)) != nil) == isRead)  // a throw is nil: the line was refused
  }

  @Test func noiseIsAnsweredAndNeverHarms() throws {
    var generator = Generator(seed: 51)
    let seeds = try ["client", "server", "authors"].flatMap {
      try VectorTable($0, columns: $0 == "client" ? 3 : 2).rows
    }
    var refused = 0
    for _ in 0..<4_000 {
      var bytes = generator.one(of: seeds)[0]
      for _ in 0...generator.number(below: 3) {
        let position = generator.number(below: bytes.count + 1)
        let byte = UInt8(generator.number(below: 256))
        switch generator.number(below: 3) {
        case 0: bytes.insert(byte, at: position)
        case 1 where position < bytes.count: bytes[position] = byte
        default: bytes = Array(bytes.prefix(position))
        }
      }
      _ = ServerMessage(ByteBuffer(bytes: bytes))
      do {
        guard case .put(let author) = try ClientLine(ByteBuffer(bytes: bytes)).request else { continue }
        #expect(AuthorLine(author.edit).bytes == author.bytes)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 1_000)
  }
}
