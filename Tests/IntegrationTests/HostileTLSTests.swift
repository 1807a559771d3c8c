import EditModel
import LedgerAdmin
import LedgerClient
import LedgerIdentity
import LedgerStore
import LineProtocol
import NIOCore
import ReplicaKeeping
import Testing

/// What somebody may do to a server over TLS without being let in. One after the other: each brings thousands of
/// connections.
@Suite(.serialized) struct HostileTLSTests {
  let town: ProgramTown
  let clock = ContinuousClock()

  init() throws {
    town = try ProgramTown()
  }

  /// A device that was enrolled before, with its side of TLS.
  struct Enrolled {
    let device: DeviceGrant
    let side: TLSSide
  }

  func enrolled() throws -> Enrolled {
    let folder = DataFolder(path: town.data)
    let key = KeyPair()
    let device = try SeatStore.enrolled(
      at: folder, try #require(SeatID("bangongshi")), of: ExactString(ProgramTown.ledger), key: key)
    let organisation = try IdentityFolder(folder).load().organisation
    let side = try TLSSide(
      organisation, key: key, name: device.replica.description, now: Device.system.now)
    return Enrolled(device: device, side: side)
  }

  /// The device connects, signs in and gets its `n`-th edit acknowledged; answers how long that took.
  func putsAnEdit(_ one: Enrolled, _ n: Int, to port: Int, from source: Int) async throws -> Duration {
    let begun = clock.now
    let peer = try await ServerPeer.authenticated(one.device, to: port, from: source, tls: one.side)
    try await peer.send("p put \(one.device.replica).\(n)/1 1 01hcd4g9s0000 0 - . problem 河道有垃圾\n")
    #expect(try await peer.line()?.hasPrefix("p ok ") == true, "from 127.0.0.\(source)")
    let took = clock.now - begun
    await peer.close()
    return took
  }

  /// A ClientHello's first bytes: a record of 512 bytes is announced.
  private static let halfHello: [UInt8] = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3] + Array(repeating: 0x5A, count: 20)

  /// The ways of a flood. Each answers the connection, which stays open.
  private static let hostilities: [@Sendable (Int) async throws -> ServerPeer] = [
    // Nothing is sent.
    { try await .connected(to: $0, from: 3) },
    // Half a ClientHello.
    { port in
      let peer = try await ServerPeer.connected(to: port, from: 3)
      try await peer.send(bytes: ByteBuffer(bytes: halfHello))
      return peer
    },
    // Garbage.
    { port in
      let peer = try await ServerPeer.connected(to: port, from: 3)
      try await peer.send(bytes: ByteBuffer(repeating: 0xA5, count: 300))
      return peer
    },
    // The protocol without TLS.
    { port in
      let peer = try await ServerPeer.connected(to: port, from: 3)
      try await peer.send("1 auth q2w8rt5n 00000000000000000000000000 unsent=0\n")
      return peer
    },
    // One byte now; the rest drips in.
    { port in
      let peer = try await ServerPeer.connected(to: port, from: 3)
      try await peer.send(bytes: ByteBuffer(bytes: halfHello.prefix(1)))
      return peer
    },
    // A handshake without a certificate, then silence.
    { port in
      let peer = try await ServerPeer.connected(to: port, from: 3, tls: TLSSide())
      _ = try await peer.line()
      return peer
    },
    // A handshake and half a line, then the TCP connection ends below TLS.
    { port in
      let peer = try await ServerPeer.connected(to: port, from: 3, tls: TLSSide())
      _ = try await peer.line()
      try await peer.send("1 auth q2w8")
      try await peer.cutsBelowTLS()
      return peer
    },
    // Everything of it that a client without an account can do, and a line without an end.
    { port in
      let peer = try await ServerPeer.connected(to: port, from: 3, tls: TLSSide())
      _ = try await peer.line()
      try await peer.send(String(repeating: "x", count: 60_000))
      return peer
    },
  ]

  /// Five thousand connections that never sign in, each in one of the ways above: a device from elsewhere and one from the
  /// flood's own address come in and get an edit acknowledged, behind every thousand of it.
  @Test func aFloodCostsItsOwnConnectionsOnly() async throws {
    try await town.serving("") { server in
      let honest = [try enrolled(), try enrolled()]
      let port = server.portTLS
      var (flood, drips): ([ServerPeer], [ServerPeer]) = ([], [])
      for number in 0..<5_000 {
        let way = number % HostileTLSTests.hostilities.count
        // The server may close in the middle of what is sent: that is its right.
        if let peer = try? await HostileTLSTests.hostilities[way](port) {
          flood.append(peer)
          if way == HostileTLSTests.dripping { drips.append(peer) }
        }
        if number % 100 == 99 { await drip(drips.suffix(100), byte: number / 100) }
        guard number % 1_000 == 999 else { continue }
        let n = number / 1_000 + 1
        let elsewhere = try await putsAnEdit(honest[0], n, to: port, from: 2)
        let beside = try await putsAnEdit(honest[1], n, to: port, from: 3)
        print(
          "measured: behind \(number + 1) bad TLS connections an edit was acknowledged in \(elsewhere) from another address,",
          "in \(beside) from the flood's own, connecting included")
      }
      #expect(flood.count > 4_900)
      for peer in flood { await peer.close() }
    }
  }

  /// The way in which a ClientHello drips in.
  private static let dripping = 4

  /// Sends one more byte of a ClientHello on connections on which it drips in.
  private func drip(_ drips: ArraySlice<ServerPeer>, byte: Int) async {
    // The server may have closed it long ago.
    for peer in drips { try? await peer.send(bytes: ByteBuffer(bytes: [HostileTLSTests.halfHello[byte % 31]])) }
  }
}
