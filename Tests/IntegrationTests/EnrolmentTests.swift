import EditModel
import Glibc
import LedgerAdmin
import LedgerIdentity
import LedgerServer
import LedgerStore
import LedgerTestKit
import Testing

/// Devices that are let in by codes, over the wire.
struct EnrolmentTests {
  private let fixture: ServerFixture

  init() throws {
    fixture = try ServerFixture()
  }

  private static var now: Stamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Stamp(milliseconds: UInt64(time.tv_sec) * 1_000)
  }

  private static func seat() throws -> SeatID { try #require(SeatID("bangongshi")) }

  /// A code for the fixture's seat as `taizhangd enrol` makes one.
  private func code(seed: UInt64 = 1, validMilliseconds: UInt64 = 3_600_000) throws -> EnrolmentCode {
    var generator = SplitMix64(seed: seed)
    let code = EnrolmentCode(using: &generator)
    let seats = try SeatStore(path: fixture.folder.seats)
    let now = EnrolmentTests.now
    try seats.addEnrolment(
      EnrolmentFacts(
        lookup: code.lookup, seat: try EnrolmentTests.seat(), ledger: ServerFixture.ledger,
        key: EnrolmentKey(of: code).bytes, expires: Stamp(milliseconds: now.milliseconds + validMilliseconds)), at: now)
    try seats.close()
    return code
  }

  /// One device's try: connects, proves `code` over the keys that the server showed, reads the answer.
  private func enrol(
    _ code: EnrolmentCode, _ key: KeyPair, to port: Int, options: String = ""
  ) async throws -> Answer {
    let side = TLSSide()
    let peer = try await ServerPeer.connected(to: port, tls: side)
    _ = try await peer.line()
    let shown = try side.shown.map { try #require(PublicKey(certificate: $0)) }
    let parties = EnrolmentParties(device: key.publicKey.key, server: shown[0].key, organisation: shown[1].key)
    let enrolmentKey = try EnrolmentKey(of: code)
    let proof = EnrolmentProof.ofClient(enrolmentKey, parties)
    try await peer.send("1 enrol \(code.lookup) \(Base64URL.text(key.publicKey.x963)) \(proof.text)\(options)\n")
    let line = try #require(try await peer.line())
    if line.contains(" stop ") { try await peer.closed() } else { await peer.close() }
    return Answer(line: line, parties: parties, key: enrolmentKey)
  }

  private struct Answer {
    let line: String
    let parties: EnrolmentParties
    let key: EnrolmentKey

    func word(_ name: String) throws -> String {
      let prefix = "\(name)="
      let word = try #require(line.split(separator: " ").first { $0.hasPrefix(prefix) })
      return String(word.dropFirst(prefix.count))
    }
  }

  @Test func aCodeLetsADeviceInThatThenComesWithItsCertificate() async throws {
    let code = try code()
    try await fixture.servingTLS { port in
      let key = KeyPair()
      let answer = try await enrol(code, key, to: port)
      #expect(answer.line.hasPrefix("1 ok replica="))
      #expect(try answer.word("ledger") == ServerFixture.ledger.string)
      #expect(try answer.word("seat") == "bangongshi")
      // Who answers knows the code too, over the same keys.
      let certificate = try #require(Base64URL.bytes(try answer.word("certificate")))
      let proof = EnrolmentProof.ofServer(answer.key, answer.parties, certificate: certificate)
      #expect(try answer.word("proof") == proof.text)

      let side = TLSSide(key: key, certificate: certificate)
      let peer = try await ServerPeer.connected(to: port, tls: side)
      try await peer.send("a auth \(try answer.word("replica")) \(try answer.word("secret")) unsent=0\n")
      #expect(try await peer.lines(2).last?.hasPrefix("a ok seat=") == true)
      await peer.close()
    }
  }

  @Test func aCodeIsUsedOnceButItsDeviceMayAskAgain() async throws {
    let code = try code()
    try await fixture.servingTLS { port in
      let key = KeyPair()
      let first = try await enrol(code, key, to: port)
      let again = try await enrol(code, key, to: port)
      let (replica, secret) = (try first.word("replica"), try first.word("secret"))
      #expect(try again.word("replica") == replica)
      #expect(try again.word("secret") != secret)
      #expect(try await enrol(code, KeyPair(), to: port).line == "1 stop code-refused")
      // That another device came with it takes nothing from the first.
      let later = try await enrol(code, key, to: port)
      #expect(try later.word("replica") == replica)
      // A copy of the folder has the key, and goes by an id of its own: it takes no secret away either.
      let copy = try await enrol(code, key, to: port, options: " replica=q2w8rt5n")
      #expect(copy.line == "1 stop code-refused replica")
      let side = TLSSide(key: key, certificate: Base64URL.bytes(try later.word("certificate")))
      let peer = try await ServerPeer.connected(to: port, tls: side)
      try await peer.send("a auth \(replica) \(try later.word("secret")) unsent=0\n")
      #expect(try await peer.lines(2).last?.hasPrefix("a ok seat=") == true)
      await peer.close()
    }
  }

  @Test func aCodeForSomethingElseIsNotUsedUp() async throws {
    let (code, expired) = (try code(), try code(seed: 2, validMilliseconds: 0))
    try await fixture.servingTLS { port in
      let key = KeyPair()
      let ledger = try await enrol(code, key, to: port, options: " ledger=tucheng-2024")
      #expect(ledger.line == "1 stop code-refused ledger")
      let replica = try await enrol(code, key, to: port, options: " replica=q2w8rt5n")
      #expect(replica.line == "1 stop code-refused replica")
      // Whoever does not know the code is not told what it is for.
      var generator = SplitMix64(seed: 77)
      let wrong = EnrolmentCode(using: &generator)
      let unknown = try await enrol(wrong, key, to: port, options: " ledger=tucheng-2024")
      #expect(unknown.line == "1 stop code-refused")
      // Nor is who has a code that is over.
      let over = try await enrol(expired, key, to: port, options: " ledger=tucheng-2024")
      #expect(over.line == "1 stop code-refused")
      // Another device can use it, and the one that was refused left nothing behind.
      let other = try await enrol(code, KeyPair(), to: port, options: " ledger=\(ServerFixture.ledger)")
      #expect(other.line.hasPrefix("1 ok replica="))
      let seats = try SeatStore(path: fixture.folder.seats)
      let enrolled = try seats.devices().filter { $0.key != nil }.map(\.replica.description)
      #expect(enrolled == [try other.word("replica")])
      try seats.close()
    }
  }

  @Test func unknownExpiredAndWrongCodesAreOneAnswer() async throws {
    var generator = SplitMix64(seed: 99)
    let unknown = EnrolmentCode(using: &generator)
    let expired = try code(seed: 2, validMilliseconds: 0)
    let known = try code(seed: 3)
    let other = EnrolmentCode(using: &generator)
    let wrong = try EnrolmentCode(known.lookup + other.digits.dropFirst(4).dropLast() + checked(known, other))
    try await fixture.servingTLS { port in
      for code in [unknown, expired, wrong] {
        let answer = try await enrol(code, KeyPair(), to: port)
        #expect(answer.line == "1 stop code-refused")
      }
      // The right proof is let in at once after them.
      let answer = try await enrol(known, KeyPair(), to: port)
      #expect(answer.line.hasPrefix("1 ok "))
    }
  }

  /// The check digit of `known`'s look-up with `other`'s secret: the one that is read.
  private func checked(_ known: EnrolmentCode, _ other: EnrolmentCode) throws -> String {
    let digits = known.lookup + other.digits.dropFirst(4).dropLast()
    return try #require(
      Crockford.digits.map { String(UnicodeScalar($0)) }.first { check in
        (try? EnrolmentCode(digits + check)) != nil
      })
  }

  @Test func aGuessedCodeIsNotedAndStillLetsItsDeviceIn() async throws {
    let known = try code(seed: 3)
    try await fixture.servingTLS { port in
      let side = TLSSide()
      let wrong = Base64URL.text([UInt8](repeating: 1, count: 32))
      // All at once: the answers wait, the questions do not.
      var peers: [ServerPeer] = []
      for _ in 0..<8 {
        let peer = try await ServerPeer.connected(to: port, tls: side)
        _ = try await peer.line()
        try await peer.send("1 enrol \(known.lookup) \(Base64URL.text(side.key.publicKey.x963)) \(wrong)\n")
        peers.append(peer)
      }
      #expect(try await enrol(known, KeyPair(), to: port).line.hasPrefix("1 ok "))
      for peer in peers { await peer.close() }
      let seats = try SeatStore(path: fixture.folder.seats)
      let lines = try seats.audit().map { "\($0.who) \($0.what)" }
      #expect(lines.contains("server code-guessed \(known.lookup) 8"))
      try seats.close()
    }
  }

  @Test func nobodyIsEnrolledOverAPlainConnection() async throws {
    let key = Base64URL.text(KeyPair().publicKey.x963)
    try await fixture.serving { port in
      let peer = try await ServerPeer.connected(to: port)
      try await peer.send("1 enrol k7m2 \(key) \(String(repeating: "A", count: 43))\n2 ping\n")
      #expect(try await peer.lines(2).last == "1 stop tls")
      await peer.close()
    }
  }
}
