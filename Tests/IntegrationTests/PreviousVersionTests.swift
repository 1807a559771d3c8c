import EditModel
import Foundation
import LedgerAdmin
import LedgerClient
import LedgerRules
import LedgerServer
import LedgerStore
import LineProtocol
import NIOCore
import ReplicaKeeping
import SessionRules
import SyncRules
import Synchronization
import Testing

/// This version and the one before it on the wire, each way, by what that one said when it was recorded.
@Suite struct PreviousVersionTests {
  /// Hands out again what a device was drawn with.
  private struct Redraw: RandomNumberGenerator {
    var values: [UInt64]

    mutating func next() -> UInt64 { values.removeFirst() }

    init(_ device: Recording.Recorded) {
      func bits(_ digits: Substring) -> UInt64 {
        digits.utf8.reduce(0) { $0 << 5 | UInt64(Crockford.value(of: $1) ?? 0) }
      }
      let secret = Array(device.secret.digits)
      values =
        [bits(device.replica.description[...])]
        + stride(from: 0, to: secret.count, by: 8).map { bits(Substring(String(secret[$0..<$0 + 8]))) }
    }
  }

  private func folder(_ recording: Recording) throws -> ServerFixture {
    let fixture = try ServerFixture(epoch: recording.epoch())
    let seats = try SeatStore.opened(fixture.folder.seats)
    for device in recording.devices {
      let facts = SeatFacts(seat: device.seat, role: device.role, place: device.place)
      // The round owner's seat is there already.
      if device.role != .roundOwner { try seats.addSeat(facts, ledger: ServerFixture.ledger) }
      var redraw = Redraw(device)
      let grant = try seats.addDevice(
        device.seat, of: ServerFixture.ledger, draw: DeviceDraw(using: &redraw), at: .zero)
      #expect(grant.replica == device.replica && grant.secret.digits == device.secret.digits)
    }
    try seats.close()
    return fixture
  }

  /// A client of that version is answered as its own server answered it.
  @Test(arguments: ["first"]) func thisServerAnswersTheClientOfTheVersionBefore(_ name: String) async throws {
    let recording = try Recording(name)
    try await folder(recording).serving { port in
      for (number, lines) in recording.connections.enumerated() {
        let peer = try await ServerPeer.connected(to: port)
        var rest = lines[...]
        while !rest.isEmpty {
          let said = rest.prefix { $0.isClients }
          rest.removeFirst(said.count)
          if !said.isEmpty { try await peer.send(said.map { $0.text + "\n" }.joined()) }
          let answers = rest.prefix { !$0.isClients }
          rest.removeFirst(answers.count)
          try await expect(answers.map(\.text), from: peer, "connection \(number + 1)")
        }
        await peer.close()
      }
    }
  }

  /// The lines come, each once, in any order that the protocol leaves free; a stretch may be told in more `=` or fewer, but for
  /// the last.
  private func expect(_ answers: [String], from peer: ServerPeer, _ place: String) async throws {
    var open = answers.map(Recording.Line.essence)
    let reached = open.last { $0.hasPrefix("= ") }
    open.removeAll { $0.hasPrefix("= ") }
    var last: String?
    while !open.isEmpty || last != reached {
      let line = try #require(try await peer.line(), "\(place): closed; still expected \(open), \(reached ?? "-")")
      let essence = Recording.Line.essence(line)
      if essence.hasPrefix("= ") {
        last = essence
      } else {
        let index = try #require(open.firstIndex(of: essence), "\(place): heard \(line); expected \(open)")
        open.remove(at: index)
      }
    }
  }

  private static let patience = Duration.seconds(600)
  /// A connection that is given up because the machine is busy would be heard by what was recorded of the next.
  private static let patient = {
    var waits = SyncWaits()
    (waits.connecting, waits.handshake, waits.idle, waits.answer) = (patience, patience, patience, patience)
    return waits
  }()

  /// This client says to a server of that version what its own client said, and has in the end what that one had.
  @Test(arguments: ["first"]) func thisClientSyncsWithTheServerOfTheVersionBefore(_ name: String) async throws {
    let recording = try Recording(name)
    let server = try await RecordedServer.started(recording)
    let homes = FileManager.default.temporaryDirectory.appending(path: "recorded-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: homes) }
    try FileManager.default.createDirectory(at: homes, withIntermediateDirectories: true)
    var replicas: [ReplicaID: Replica] = [:]
    // Their clocks show what they showed then: an act is known by its moment too.
    let wall = Wall()
    for device in recording.devices {
      let file = homes.appending(path: "\(device.seat).device")
      let address = "127.0.0.1:\(server.port)"
      let text = DeviceFile(
        server: address, ledger: ServerFixture.ledger, replica: device.replica, secret: device.secret
      ).text
      try text.write(to: file, atomically: true, encoding: .utf8)
      replicas[device.replica] = try Replica.create(
        home: homes.appending(path: "\(device.seat)").path, deviceFile: file.path,
        device: wall.device.waiting(PreviousVersionTests.patient))
    }
    for lines in recording.connections {
      let mine = lines.filter(\.isClients).compactMap { try? ClientLine(ByteBuffer(string: $0.text)) }
      guard case .auth(let id, _, _, _)? = mine.first?.request else {
        Issue.record("a connection begins with auth")
        continue
      }
      let replica = try #require(replicas[id])
      try record(mine, in: replica, at: wall)
      _ = try await replica.settle(upTo: PreviousVersionTests.patience)
    }
    #expect(server.differences == [])
    for replica in replicas.values { #expect(try replica.status().stateHash == recording.fingerprint) }
    try await server.stop()
  }

  /// Records the acts that a connection's lines put.
  private func record(_ lines: [ClientLine], in replica: Replica, at wall: Wall) throws {
    var acts: [[Edit]] = []
    for line in lines {
      guard case .put(let author) = line.request else { continue }
      if author.edit.id.i == 1 { acts.append([]) }
      acts[acts.count - 1].append(author.edit)
    }
    for edits in acts {
      try wall.show(#require(edits.first))
      let act = try replica.record(
        edits.map { Change(entity: $0.entity, field: $0.field, value: $0.value) })
      #expect(act == edits[0].id.act)
    }
  }
}

/// A wall clock that a recording sets.
private final class Wall: Sendable {
  private let milliseconds = Mutex<UInt64>(0)

  /// A machine with that clock, and no other.
  var device: Device {
    Device(wallMilliseconds: { self.milliseconds.withLock { $0 } }, random: Device.system.random)
  }

  /// Shows what it showed when `edit` was made.
  func show(_ edit: Edit) {
    milliseconds.withLock { $0 = UInt64(Int64(edit.stamp.milliseconds) - edit.shift.seconds * 1_000) }
  }
}
