import EditModel
import Foundation
import LedgerAdmin
import LedgerClient
import LedgerIdentity
import LedgerStore
import LineProtocol
import Testing

extension HostileTLSTests {
  /// How many wrong proofs there are, from how many addresses, for how many codes that are there and that are not.
  private static let (proofs, addresses, known, unknown) = (4_000, 5, 4, 4)

  /// Thousands of wrong proofs at once, from several addresses, for codes that are there and codes that are not: a device
  /// that has the right code is let in beside them, also for a code that is being guessed and from a flooding address; an
  /// edit is acknowledged; and an administrator is told a few times, not thousands of times.
  @Test func thousandsOfWrongCodesKeepNobodyOut() async throws {
    try await town.serving("") { server in
      let honest = try enrolled()
      let lines = try (0..<HostileTLSTests.known).map { _ in try town.line() }
      let guessed = lines.map(\.code.lookup) + (0..<HostileTLSTests.unknown).map { "000\($0)" }
      let key = Base64URL.text(KeyPair().publicKey.x963)
      let proof = Base64URL.text([UInt8](repeating: 7, count: 32))
      let flood = try await withThrowingTaskGroup(of: ServerPeer?.self) { group in
        var peers: [ServerPeer] = []
        for number in 0..<HostileTLSTests.proofs {
          // As many at once as an event loop can begin with.
          if number >= 64, let peer = try await group.next() ?? nil { peers.append(peer) }
          group.addTask {
            let (lookup, source) = (guessed[number % guessed.count], 10 + number / 8 % HostileTLSTests.addresses)
            // Turned away is as good: then another was let in its place.
            guard let peer = try? await ServerPeer.connected(to: server.portTLS, from: source, tls: TLSSide()),
              (try? await peer.line()) != nil
            else { return nil }
            try? await peer.send("1 enrol \(lookup) \(key) \(proof)\n")
            return peer
          }
        }
        for try await peer in group { if let peer { peers.append(peer) } }
        return peers
      }
      #expect(flood.count > 3_900)
      for (line, source) in zip(lines, [10, 2]) {
        let begun = clock.now
        #expect(try await isLetIn(line.code, to: server.portTLS, from: source), "from 127.0.0.\(source)")
        let took = clock.now - begun
        print("measured: behind \(flood.count) wrong codes a device was let in in \(took), connecting included")
      }
      let took = try await putsAnEdit(honest, 1, to: server.portTLS, from: 10)
      print("measured: behind \(flood.count) wrong codes an edit was acknowledged in \(took), connecting included")
      try await expectFewAlarms(of: lines.map(\.code.lookup))
      for peer in flood { await peer.close() }
    }
  }

  /// Five hundred wrong proofs for each code are told of at the eighth and the sixty-fourth, in the audit and in the log.
  private func expectFewAlarms(of lookups: [String]) async throws {
    let expected = lookups.flatMap { ["code-guessed \($0) 8", "code-guessed \($0) 64"] }.sorted()
    let seats = try SeatStore(path: DataFolder(path: town.data).seats)
    // The last of the wrong proofs may still be on their way.
    let limit = clock.now + .seconds(60)
    var noted: [String] = []
    while noted != expected, clock.now < limit {
      noted = try seats.audit().map(\.what).filter { $0.hasPrefix("code-guessed") }.sorted()
    }
    try seats.close()
    #expect(noted == expected)
    let log = try String(contentsOf: town.log, encoding: .utf8).split(separator: "\n")
    #expect(log.count { $0.contains("is being guessed") } == expected.count)
    #expect(log.count < 100, "a flood does not fill the log")
  }

  /// One device's try with a right code.
  private func isLetIn(_ code: EnrolmentCode, to port: Int, from source: Int) async throws -> Bool {
    let side = TLSSide()
    let peer = try await ServerPeer.connected(to: port, from: source, tls: side)
    _ = try await peer.line()
    let shown = try side.shown.map { try #require(PublicKey(certificate: $0)) }
    let parties = EnrolmentParties(
      device: side.key.publicKey.key, server: shown[0].key, organisation: shown[1].key)
    let proof = EnrolmentProof.ofClient(try EnrolmentKey(of: code), parties)
    try await peer.send("1 enrol \(code.lookup) \(Base64URL.text(side.key.publicKey.x963)) \(proof.text)\n")
    let answer = try await peer.line()
    await peer.close()
    return answer?.hasPrefix("1 ok replica=") == true
  }
}
