import EditModel
import Glibc
import LedgerAdmin
import LedgerServer
import LedgerStore
import LineProtocol
import NIOCore
import Testing

struct ServerTests {
  /// `act` n of `device` as a put line, which adds a problem.
  private func put(_ n: Int, _ device: DeviceGrant, tag: String? = nil, value: String = "甲") -> String {
    "\(tag ?? "p\(n)") put \(device.replica).\(n)/1 1 01hcd4gam0000 0 - . problem \(value)\n"
  }

  /// The seqs of the `+` lines.
  private func seqs(_ lines: [String]) -> [Int] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      return words.first == "+" ? Int(words[1]) : nil
    }
  }

  @Test func answersAfterStoringAndShowsItToEveryoneWhoFollows() async throws {
    let fixture = try ServerFixture()
    let (one, other) = (try fixture.device(), try fixture.device())
    try await fixture.serving { port in
      let author = try await ServerPeer.authenticated(one, to: port)
      let reader = try await ServerPeer.authenticated(other, to: port)
      try await reader.send("o open \(ServerFixture.ledger) -\n")
      let opened = try await reader.lines(2)
      #expect(opened[0].hasPrefix("o ok g1."))
      #expect(opened[1].hasPrefix("= 0 g1."))
      try await author.send(put(1, one))
      #expect(try await author.line() == "p1 ok 1")
      let news = try await reader.lines(2)
      #expect(news[0].hasSuffix(" bangongshi \(one.replica).1/1 1 01hcd4gam0000 0 - . problem 甲"))
      #expect(news[1].hasPrefix("= 1 g1."))
    }
  }

  @Test func aPeerThatSendsNoMoreIsAnsweredBeforeTheEnd() async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    try await fixture.serving { port in
      let peer = try await ServerPeer.connected(to: port)
      let acts = (1...200).map { put($0, device) }.joined()
      try await peer.send(
        "a auth \(device.replica) \(device.secret.digits) unsent=0\n\(acts)h history .\no open \(ServerFixture.ledger) -\n"
      )
      try await peer.sendsNoMore()
      var lines: [String] = []
      while let line = try await peer.line() { lines.append(line) }
      #expect(lines.filter { $0.hasPrefix("p") && $0.contains(" ok ") }.count == 200)
      #expect(lines.contains { $0.hasPrefix("h ok ") })
      #expect(seqs(lines) == Array(1...200))
      #expect(lines.last?.hasPrefix("= 200 ") == true)
    }
  }

  /// What nobody will find is not acknowledged.
  @Test(arguments: [false, true]) func aLedgerThatIsTakenAwayUnderTheServerTakesNoActs(isReplaced: Bool) async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    let path = fixture.folder.ledger(ServerFixture.ledger)
    try await fixture.serving { port in
      let peer = try await ServerPeer.authenticated(device, to: port)
      try await peer.send(put(1, device))
      #expect(try await peer.line() == "p1 ok 1")
      try #require(rename(path, path + ".away") == 0)
      if isReplaced {
        try ServerStore.create(
          path: path,
          header: LedgerHeader(name: ServerFixture.ledger, epoch: Epoch(generation: 2, id: 1), created: .zero))
      }
      try await peer.send(put(2, device) + put(3, device))
      #expect(try await peer.lines(2) == ["p2 wait storage", "p3 wait earlier n=2"])
    }
  }

  /// SQLite reads a log into whatever file it stands beside, so a server that ends leaves none: another file may be put
  /// in the place of the ledger's while no server runs.
  @Test func aServerThatEndsLeavesNoLog() async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    let path = fixture.folder.ledger(ServerFixture.ledger)
    try await fixture.serving { port in
      let peer = try await ServerPeer.authenticated(device, to: port)
      try await peer.send(put(1, device) + "h history .\n")
      // A question is not held up by what waits to be committed: the two answers come in either order.
      let answers = try await peer.lines(2)
      #expect(answers.contains("p1 ok 1"))
      #expect(access(path + "-wal", F_OK) == 0)
    }
    #expect(PlainFile.names(in: fixture.folder.ledgers) == ["\(ServerFixture.ledger).sqlite"])
  }

  /// A file under another ledger's name is not taken for that one's.
  @Test func aFileOfAnotherLedgerIsNotServed() async throws {
    let fixture = try ServerFixture()
    let path = fixture.folder.ledger(ServerFixture.ledger)
    unlink(path)
    let header = LedgerHeader(name: "other", epoch: Epoch(generation: 1, id: 1), created: .zero)
    try ServerStore.create(path: path, header: header)
    let server = TaizhangServer(configuration: try fixture.configuration())
    await #expect(throws: ServerError.self) { _ = try await server.start() }
  }

  /// Without its seats a folder of ledgers is not served: everybody would be denied, and a snapshot hold nobody.
  @Test func ledgersWithoutSeatsAreNotServed() async throws {
    let fixture = try ServerFixture()
    for suffix in ["", "-wal", "-shm"] { unlink(fixture.folder.seats + suffix) }
    let server = TaizhangServer(configuration: try fixture.configuration())
    await #expect(throws: ServerError.noSeats(folder: fixture.folder.path)) { _ = try await server.start() }
    #expect(access(fixture.folder.seats, F_OK) != 0)
  }

  @Test func aLedgerThatCannotBeOpenedKeepsNoOtherFromBeingServed() async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    let seats = try SeatStore.opened(fixture.folder.seats)
    try seats.addLedger("lost", at: .zero)
    try seats.close()
    try await fixture.serving { port in
      let peer = try await ServerPeer.authenticated(device, to: port)
      try await peer.send(put(1, device))
      #expect(try await peer.line() == "p1 ok 1")
    }
    unlink(fixture.folder.ledger(ServerFixture.ledger))
    let server = TaizhangServer(configuration: try fixture.configuration())
    await #expect(throws: ServerError.self) { _ = try await server.start() }
  }

  @Test func aHistoryOfManyPagesComesWholeAndInOrder() async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    let value = String(repeating: "文", count: 5_000)
    try await fixture.serving { port in
      let author = try await ServerPeer.authenticated(device, to: port)
      for first in stride(from: 1, through: 300, by: 100) {
        try await author.send((first..<first + 100).map { put($0, device, value: value) }.joined())
        _ = try await author.lines(100)
      }
      // 4.5 MB, of which a turn takes a part.
      try await author.send("h history . problem\np ping\n")
      let rows = try await author.lines(through: "h ok ")
      #expect(rows.last == "h ok 300")
      #expect(rows.dropLast().map { $0.split(separator: " ")[2] } == (1...300).map { "\($0)" })
      #expect(try await author.line()?.hasPrefix("p ok now=") == true)
    }
  }

  @Test func keepsWhatItAnsweredOverARestart() async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    var cursor = ""
    try await fixture.serving { port in
      let peer = try await ServerPeer.authenticated(device, to: port)
      try await peer.send("o open \(ServerFixture.ledger) -\n" + put(1, device) + put(2, device))
      let lines = try await peer.lines(through: "= 2 ")
      cursor = try #require(lines.last?.split(separator: " ").last.map(String.init))
    }
    try await fixture.serving { port in
      let peer = try await ServerPeer.connected(to: port)
      try await peer.send("a auth \(device.replica) \(device.secret.digits) unsent=0\n")
      #expect(try await peer.lines(2).last?.contains(" last=2 ") == true)
      try await peer.send(put(1, device) + put(2, device, value: "乙") + put(3, device))
      #expect(try await peer.lines(3) == ["p1 ok 1", "p2 stop forked", "p3 ok 3"])
      try await peer.send("o open \(ServerFixture.ledger) \(cursor)\n")
      let resumed = try await peer.lines(through: "= 3 ")
      #expect(seqs(resumed) == [3])
    }
  }

  @Test func aReaderThatCatchesUpWhileOthersWriteMissesNothing() async throws {
    let fixture = try ServerFixture()
    let (one, other) = (try fixture.device(), try fixture.device())
    let count = 600
    // A tail of the least size, so that catching up reads the history too.
    try await fixture.serving("tail_bytes = 65536") { port in
      let author = try await ServerPeer.authenticated(one, to: port)
      let padding = String(repeating: "文", count: 100)
      async let written: Void = {
        for n in 1...count {
          try await author.send(put(n, one, value: padding))
          if n.isMultiple(of: 100) { _ = try await author.lines(100) }
        }
      }()
      var reached = 0
      var seen: Set<Int> = []
      var cursor = "-"
      while reached < count {
        let reader = try await ServerPeer.authenticated(other, to: port)
        try await reader.send("o open \(ServerFixture.ledger) \(cursor)\n")
        let lines = try await reader.lines(through: "= ")
        seen.formUnion(seqs(lines))
        let words = try #require(lines.last?.split(separator: " "))
        reached = try #require(Int(words[1]))
        cursor = String(words[2])
        #expect(seen.isSuperset(of: 1..<(reached + 1)))
        await reader.close()
      }
      try await written
      #expect(seen == Set(1...count))
    }
  }

  @Test func servesManyAtOnce() async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    let count = 100
    try await fixture.serving("device_connections = \(count)\nseat_connections = \(count)") { port in
      var readers: [ServerPeer] = []
      for _ in 0..<count {
        let reader = try await ServerPeer.authenticated(device, to: port)
        try await reader.send("o open \(ServerFixture.ledger) -\n")
        _ = try await reader.lines(through: "= 0 ")
        readers.append(reader)
      }
      try await readers[0].send(put(1, device))
      for reader in readers {
        #expect(seqs(try await reader.lines(through: "= 1 ")) == [1])
        await reader.close()
      }
    }
  }

  @Test(arguments: [
    (Array("NO TAG\n".utf8), "* stop tag"),
    (Array(repeating: UInt8(ascii: "x"), count: 70_000), "* stop too-long"),
    (Array("1 auth q2w8rt5n 00000000000000000000000000 unsent=0\n".utf8), "1 stop denied"),
  ])
  func aBadClientIsToldAndClosedAndHurtsNobody(bytes: [UInt8], answer: String) async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    try await fixture.serving { port in
      let good = try await ServerPeer.authenticated(device, to: port)
      let bad = try await ServerPeer.connected(to: port)
      try await bad.send(bytes: ByteBuffer(bytes: bytes))
      #expect(try await bad.lines(2).last == answer)
      #expect(try await bad.line() == nil)
      try await good.send(put(1, device))
      #expect(try await good.line() == "p1 ok 1")
    }
  }

  @Test func halfALineAndAGoneClientLeaveNothingBehind() async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    try await fixture.serving { port in
      let bad = try await ServerPeer.authenticated(device, to: port)
      try await bad.send("1 put \(device.replica).1/1 2 01hcd4gam0000 0 - . problem 甲\n1 put \(device.replica).1/2 2")
      await bad.close()
      let good = try await ServerPeer.authenticated(device, to: port)
      try await good.send(put(1, device))
      #expect(try await good.line() == "p1 ok 1")
    }
  }

  @Test(.timeLimit(.minutes(10))) func aReaderThatNeverReadsIsClosedAndHoldsUpNobody() async throws {
    let fixture = try ServerFixture()
    let (one, other) = (try fixture.device(), try fixture.device())
    try await fixture.serving("stall_seconds = 1") { port in
      let stuck = try await ServerPeer.authenticated(other, to: port, reads: false)
      try await stuck.send("o open \(ServerFixture.ledger) -\n")
      let author = try await ServerPeer.authenticated(one, to: port)
      let value = String(repeating: "x", count: 60_000)
      // More than the sockets' buffers and the server's share can hold.
      for n in 1...300 {
        try await author.send("p put \(one.replica).\(n)/1 1 01hcd4gam0000 0 - . filler \(value)\n")
        try #require(try await author.line() == "p ok \(n)")
      }
      // The server gives up on it: seen from a second connection, which asks who is live.
      var isLive = true
      while isLive {
        try await author.send("s stat\n")
        let rows = try await author.lines(through: "s ok")
        isLive = rows.contains { $0.contains("device=\(other.replica)") && $0.contains("live=1") }
      }
      await stuck.close()
    }
  }

  @Test func oneConnectionOverTheLimitIsToldSo() async throws {
    let fixture = try ServerFixture()
    try await fixture.serving("connections = 2") { port in
      let first = try await ServerPeer.connected(to: port)
      let second = try await ServerPeer.connected(to: port)
      #expect(try await first.line()?.hasPrefix("* taizhang 1 ") == true)
      #expect(try await second.line()?.hasPrefix("* taizhang 1 ") == true)
      let third = try await ServerPeer.connected(to: port)
      #expect(try await third.lines(2) == ["* stop crowded"])
    }
  }

  @Test func aSilentClientIsClosed() async throws {
    let fixture = try ServerFixture()
    try await fixture.serving("auth_seconds = 1") { port in
      let silent = try await ServerPeer.connected(to: port)
      #expect(try await silent.lines(2).last == "* stop timeout")
      #expect(try await silent.line() == nil)
    }
  }

  @Test func aShutdownIsToldToClients() async throws {
    let fixture = try ServerFixture()
    let device = try fixture.device()
    let server = TaizhangServer(configuration: try fixture.configuration())
    let address = try await server.start()
    let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
    #expect(PlainFile.text(of: fixture.folder.port) == address + "\n")
    let peer = try await ServerPeer.authenticated(device, to: port)
    await server.stop()
    #expect(try await peer.line() == "* wait shutdown")
    #expect(try await peer.line() == nil)
  }

  @Test func aDeviceThatIsAddedWhileServingComesIn() async throws {
    let fixture = try ServerFixture()
    try await fixture.serving { port in
      let device = try fixture.device()
      let peer = try await ServerPeer.authenticated(device, to: port)
      try await peer.send("1 replica\n")
      let words = try #require(try await peer.line()).split(separator: " ")
      #expect(words.prefix(2) == ["1", "ok"])
      let second = try await ServerPeer.connected(to: port)
      let (replica, secret) = (words[2].dropFirst("replica=".count), words[3].dropFirst("secret=".count))
      try await second.send("1 auth \(replica) \(secret) unsent=0\n")
      #expect(try await second.lines(2).last?.hasPrefix("1 ok seat=bangongshi role=round_owner last=0 ") == true)
    }
  }

  @Test func twoServersNeverHaveOneFolder() async throws {
    let fixture = try ServerFixture()
    try await fixture.serving { _ in
      let second = TaizhangServer(configuration: try fixture.configuration())
      await #expect(throws: ServerError.folderInUse(fixture.folder.path)) { _ = try await second.start() }
    }
  }

  @Test(arguments: ["0.0.0.0:7373", "192.168.1.5:7373", "example.org:7373", "[::]:7373"])
  func listensOnThisMachineOnly(address: String) async throws {
    let fixture = try ServerFixture()
    var configuration = try fixture.configuration()
    configuration.listen = ListenAddress(address)
    let server = TaizhangServer(configuration: configuration)
    await #expect(throws: ServerError.notLoopback(address)) { _ = try await server.start() }
  }
}
