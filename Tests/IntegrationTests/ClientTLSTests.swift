import EditModel
import Foundation
import LedgerAdmin
import LedgerClient
import LedgerIdentity
import LedgerStore
import ReplicaKeeping
import Testing

/// An enrolled device and its server, as they meet over a network.
@Suite struct ClientTLSTests {
  private let town: ClientTown
  private static let day: UInt64 = 86_400_000

  init() throws {
    town = try ClientTown()
  }

  private func reason(_ outcome: SyncOutcome) -> OfflineReason? {
    guard case .savedHere(_, let reason, _) = outcome else { return nil }
    return reason
  }

  private func certificate(of replica: Replica) throws -> [UInt8] {
    let store = try ReplicaStore.open(path: replica.home + "/replica.sqlite")
    defer { try? store.close() }
    return try #require(try store.header().trust).certificate
  }

  @Test func syncsAndAsksOverTLS() async throws {
    try await town.serving {
      let replica = try town.enrolledOverTLS("bangongshi")
      try replica.set("problem", "15")
      let summary = try await replica.settle()
      #expect(summary.sent == 1)
      let status = try await replica.devices(upTo: ClientTown.patience)
      #expect(status.lastSeq == 1)
    }
  }

  @Test func stopsAtAServerUnderAnotherKeyAndNamesBoth() async throws {
    var replica: Replica?
    var known: Fingerprint?
    try await town.serving {
      let enrolled = try town.enrolledOverTLS("bangongshi")
      _ = try await enrolled.settle()
      known = try IdentityFolder(town.data).load().fingerprint
      replica = enrolled
    }
    try FileManager.default.removeItem(atPath: town.data.identity)
    _ = try IdentityFolder(town.data).ready(at: Device.system.now)
    let enrolled = try #require(replica)
    try await town.serving {
      try enrolled.set("problem", "15")
      let found = try IdentityFolder(town.data).load().fingerprint
      let wanted = OfflineReason.otherServer(known: try #require(known).digits, found: found.digits)
      #expect(reason(await enrolled.sync(upTo: ClientTown.patience)) == wanted)
      await #expect(throws: ClientError.offline(wanted)) { try await enrolled.devices(upTo: ClientTown.patience) }
      #expect(try enrolled.status().unsent == 1)
    }
  }

  @Test func renewsItsCertificateWhenAThirdOfItsTimeIsOver() async throws {
    try await town.serving {
      let year = 365 * ClientTLSTests.day
      let old = Stamp(milliseconds: Device.system.now.milliseconds - 2 * year)
      let replica = try town.enrolledOverTLS("bangongshi", at: old)
      let before = try certificate(of: replica)
      _ = try await replica.settle()
      let authority = try IdentityFolder(town.data).load().organisation.publicKey
      // The answer may come behind what settles: the next sync has it.
      if try certificate(of: replica) == before { _ = try await replica.settle() }
      let after = try PeerCertificate(der: certificate(of: replica), as: .device, signedBy: authority)
      #expect(after.ends.milliseconds > Device.system.now.milliseconds + 2 * year)
      let kept = try certificate(of: replica)
      _ = try await replica.settle()
      #expect(try certificate(of: replica) == kept)
    }
  }

  @Test func saysThatItsCertificateHasRunOut() async throws {
    try await town.serving {
      let old = Stamp(milliseconds: Device.system.now.milliseconds - 4 * 365 * ClientTLSTests.day)
      let replica = try town.enrolledOverTLS("bangongshi", at: old)
      #expect(reason(await replica.sync(upTo: ClientTown.patience)) == .certificate("expired"))
    }
  }

  @Test func triesTheSecondAddressWhenTheFirstIsDead() async throws {
    try await town.serving {
      let replica = try town.enrolledOverTLS("bangongshi", server: "127.0.0.1:1")
      _ = try await replica.settle()
    }
  }

  @Test func saysThatItsKeyIsGone() async throws {
    try await town.serving {
      let replica = try town.enrolledOverTLS("bangongshi")
      try FileManager.default.removeItem(atPath: replica.home + "/device.key")
      #expect(reason(await replica.sync(upTo: ClientTown.patience)) == .noDeviceKey)
    }
  }

  @Test func withoutACertificateItConnectsToItsOwnMachineOnly() async throws {
    try await town.serving {
      let replica = try town.enrolled("bangongshi")
      let store = try ReplicaStore.open(path: replica.home + "/replica.sqlite")
      try store.keep(server: "192.0.2.1:7374")
      try store.close()
      #expect(reason(await replica.sync(upTo: ClientTown.patience)) == .plainElsewhere("192.0.2.1:7374"))
    }
  }

  @Test func whoSpeaksNoTLSIsNoServer() async throws {
    try await town.serving {
      let replica = try town.enrolledOverTLS("bangongshi", server: town.plainAddress, hasSecond: false)
      #expect(reason(await replica.sync(upTo: ClientTown.patience)) == .notTaizhang)
      // With another address it is found there.
      _ = try await town.enrolledOverTLS("jiwei", server: town.plainAddress).settle()
    }
  }

  @Test func isLedOffItsMachineByNoAddressThatAServerNames() async throws {
    try await town.serving {
      let replica = try town.enrolledOverTLS("bangongshi", hasSecond: false)
      let store = try ReplicaStore.open(path: replica.home + "/replica.sqlite")
      try store.note(movingTo: "192.0.2.1:7374")
      try store.close()
      let confined = try Replica(home: replica.home, device: Device.system.stayingOnMachine())
      _ = try await confined.settle()
      try confined.moveServer(to: try #require(HostPort("192.0.2.1:7374")))
      #expect(reason(await confined.sync(upTo: ClientTown.patience)) == .confined("192.0.2.1:7374"))
    }
  }
}
