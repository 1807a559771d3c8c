import Foundation
import LedgerAdmin
import LedgerClient
import LedgerIdentity
import LedgerStore
import Testing

/// Letting devices in, with the programs as people run them.
@Suite struct EnrolmentProgramTests {
  private let town: ProgramTown

  init() throws {
    town = try ProgramTown()
  }

  private func expectDone(_ ended: ProgramTown.Ended, _ location: SourceLocation = #_sourceLocation) {
    #expect(ended.status == 0, "\(ended.text)", sourceLocation: location)
  }

  @Test func aFreshDeviceComesInByOneLine() throws {
    try town.serving { _ in
      let home = town.home("clerk")
      let enrolled = try town.taizhang(home, "enrol", town.line().text)
      expectDone(enrolled)
      #expect(enrolled.text.contains("Enrolled: ledger \(ProgramTown.ledger), seat bangongshi"))
      #expect(enrolled.text.contains("Level with the town"))
      expectDone(try town.taizhang(home, "add", "problem", "一件事"))
      let attributes = try FileManager.default.attributesOfItem(atPath: home + "/device.key")
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try town.taizhang(home, "sync").text.contains("Level with the town"))
    }
  }

  @Test func theLineMayComeOnStandardInput() throws {
    try town.serving { _ in
      expectDone(try town.taizhang(town.home("clerk"), "enrol", "-", input: town.line().text + "\n"))
    }
  }

  @Test func aFreshDeviceComesInByTelephoneAndATypingErrorIsSaidAtOnce() throws {
    try town.serving { address in
      let code = try town.line().code
      var wrong = Array(code.spoken)
      wrong.swapAt(0, wrong[0] == wrong[1] ? 2 : 1)
      let short = code.spoken.replacingOccurrences(of: "-", with: " ").dropFirst()
      let typed = "\(address)\n\(String(wrong))\n\(short)\n\(code.spoken.uppercased())\n"
      let ended = try town.taizhang(town.home("clerk"), "enrol", input: typed)
      expectDone(ended)
      #expect(ended.text.contains("does not fit together") || wrong == Array(code.spoken))
      #expect(ended.text.contains("Group 1 has 3 digits"))
      #expect(ended.text.contains("Enrolled"))
    }
  }

  @Test func theSameLineGoesOnAndLetsNobodyElseIn() throws {
    try town.serving { _ in
      let line = try town.line().text
      let home = town.home("clerk")
      expectDone(try town.taizhang(home, "enrol", line))
      expectDone(try town.taizhang(home, "enrol", line))
      // As after a kill before the answer was written down: the key is there, the replica is not.
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: home + "/replica.sqlite" + suffix)
      }
      expectDone(try town.taizhang(home, "enrol", line))
      let other = try town.taizhang(town.home("thief"), "enrol", line)
      #expect(other.status == 4)
      #expect(other.text.contains("does not take the code"))
      #expect(!FileManager.default.fileExists(atPath: town.home("thief") + "/replica.sqlite"))
    }
  }

  @Test func aWrongCodeIsRefused() throws {
    try town.serving { _ in
      let line = try town.line()
      var generator = SystemRandomNumberGenerator()
      let wrong = EnrolmentLine(
        server: line.server, ledger: line.ledger, fingerprint: line.fingerprint, code: EnrolmentCode(using: &generator))
      let ended = try town.taizhang(town.home("clerk"), "enrol", wrong.text)
      #expect(ended.status == 4)
      #expect(ended.text.contains("does not take the code"))
    }
  }

  @Test func aCodeThatIsOverIsRefusedLikeAWrongOne() throws {
    try town.serving { _ in
      let ended = try town.taizhang(town.home("clerk"), "enrol", town.line(minutes: 0).text)
      #expect(ended.status == 4)
      #expect(ended.text.contains("does not take the code"))
    }
  }

  /// A certificate and key of another device of the same organisation do not make a device out of a copied secret.
  @Test func theCertificateOfAnotherDeviceIsRefused() throws {
    try town.serving { _ in
      let (one, other) = (town.home("one"), town.home("other"))
      expectDone(try town.taizhang(one, "enrol", town.line().text))
      expectDone(try town.taizhang(other, "enrol", town.line().text))
      try FileManager.default.removeItem(atPath: one + "/device.key")
      try FileManager.default.copyItem(atPath: other + "/device.key", toPath: one + "/device.key")
      let store = try ReplicaStore.open(path: other + "/replica.sqlite")
      let certificate = try #require(try store.header().trust).certificate
      try store.close()
      let thief = try ReplicaStore.open(path: one + "/replica.sqlite")
      try thief.keep(certificate: certificate)
      try thief.close()
      let ended = try town.taizhang(one, "sync")
      #expect(ended.status == 5)
      #expect(ended.text.contains("it is not this device's"), "\(ended.text)")
    }
  }

  @Test func aDeviceIsLetInAgainUnderItsOwnId() throws {
    try town.serving { _ in
      let home = town.home("clerk")
      expectDone(try town.taizhang(home, "enrol", town.line().text))
      expectDone(try town.taizhang(home, "add", "problem", "一件事"))
      let own = try Replica(home: home).info().replica
      expectDone(try town.taizhang(home, "enrol", town.line(again: own).text))
      #expect(try Replica(home: home).info().replica == own)
      expectDone(try town.taizhang(home, "sync"))
      // A code for a device of its own does not make this folder another one.
      let ended = try town.taizhang(home, "enrol", town.line().text)
      #expect(ended.status == 4)
      #expect(ended.text.contains("Use --home for another folder"))
      #expect(try Replica(home: home).info().replica == own)
    }
  }

  @Test func aLineForAnotherOrganisationStopsBeforeAnythingIsSent() throws {
    try town.serving { _ in
      let line = try town.line()
      let stranger = KeyPair().publicKey.fingerprint
      let other = EnrolmentLine(server: line.server, ledger: line.ledger, fingerprint: stranger, code: line.code)
      let ended = try town.taizhang(town.home("clerk"), "enrol", other.text)
      #expect(ended.status == 5)
      #expect(ended.text.contains("What changed: the server's key"))
      // The code was not used up.
      expectDone(try town.taizhang(town.home("clerk"), "enrol", line.text))
    }
  }

  @Test func aServerUnderAnotherKeyIsRefusedWithItsScreen() throws {
    let home = town.home("clerk")
    var port = 0
    try town.serving { address in
      expectDone(try town.taizhang(home, "enrol", town.line().text))
      port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
    }
    try FileManager.default.removeItem(atPath: town.data + "/identity")
    let words = town.home("words")
    try "correct horse battery\n".write(toFile: words, atomically: true, encoding: .utf8)
    try town.taizhangd("identity", "export", town.home("new.sealed"), "--passphrase-file", words)
    try town.serving(tlsPort: port) { _ in
      let ended = try town.taizhang(home, "sync")
      #expect(ended.status == 5)
      for part in ["What changed", "Why that may be", "What to do", "taizhang enrol"] {
        #expect(ended.text.contains(part), "\(ended.text)")
      }
      #expect(!ended.text.contains("?"))
      #expect(try town.taizhang(home, "board", "--text").status == 5)
    }
  }

  @Test func devicesStillComeInWhenTheDataFolderIsLostAndTheIdentityWasExported() throws {
    let home = town.home("clerk")
    let (words, sealed, sets) = (town.home("words"), town.home("identity.sealed"), town.home("sets"))
    try "correct horse battery\n".write(toFile: words, atomically: true, encoding: .utf8)
    var port = 0
    try town.serving { address in
      expectDone(try town.taizhang(home, "enrol", town.line().text))
      try town.taizhangd("identity", "export", sealed, "--passphrase-file", words)
      try town.taizhangd("snapshot")
      port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
    }
    try FileManager.default.moveItem(atPath: town.data + "/snapshots", toPath: sets)
    try FileManager.default.removeItem(atPath: town.data)
    let set = try #require(FileManager.default.contentsOfDirectory(atPath: sets).first { !$0.hasPrefix(".") })
    try town.taizhangd("restore", sets + "/" + set)
    try town.taizhangd("identity", "import", sealed, "--passphrase-file", words)
    try town.serving(tlsPort: port) { _ in
      let ended = try town.taizhang(home, "sync")
      #expect(ended.text.contains("Level with the town"), "\(ended.text)")
    }
  }

  @Test func theAddressCanBeSeenAndSet() throws {
    try town.serving { address in
      let home = town.home("clerk")
      expectDone(try town.taizhang(home, "enrol", town.line().text))
      #expect(try town.taizhang(home, "server").text.contains(address))
      expectDone(try town.taizhang(home, "server", "127.0.0.1:1"))
      #expect(try town.taizhang(home, "sync").status == 5)
      expectDone(try town.taizhang(home, "server", address))
      expectDone(try town.taizhang(home, "sync"))
    }
  }
}
