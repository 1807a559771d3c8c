import Foundation
import LedgerAdmin
import LedgerClient
import LedgerIdentity
import LedgerServer
import LedgerStore
import LedgerTestKit
import Testing

/// Letting devices in, with the programs as people run them.
@Suite(.onOwnThreads) struct EnrolmentProgramTests {
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
      #expect(ended.text.contains("taizhangd enrol SEAT --again \(own)"), "\(ended.text)")
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
      #expect(ended.text.contains("is not the one that the line names"), "\(ended.text)")
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
    try PlainFile.write("correct horse battery\n", to: words, mode: 0o644)
    let open = try town.taizhangd(
      "identity", "export", town.home("new.sealed"), "--passphrase-file", words, failing: true)
    #expect(open.contains("chmod 600"), "\(open)")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: words)
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
    try PlainFile.write("correct horse battery\n", to: words, mode: 0o600)
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
      // Nobody answers there now; that may change.
      let away = try town.taizhang(home, "server", "127.0.0.1:1")
      #expect(away.status == 0 && away.text.contains("it was not reached"), "\(away.text)")
      let ended = try town.taizhang(home, "sync")
      #expect(ended.status == 5 && ended.text.contains("taizhang server ADDRESS"), "\(ended.text)")
      let back = try town.taizhang(home, "server", address)
      #expect(back.text.contains("is the same server"), "\(back.text)")
      // Another town's server is not taken for it, nor a port where something else listens.
      let other = try ProgramTown()
      try other.serving { foreign in
        let kept = try town.taizhang(home, "server", foreign)
        #expect(kept.status == 5 && kept.text.contains("the address is still \(address)"), "\(kept.text)")
      }
      let plain = try #require(PlainFile.text(of: DataFolder(path: town.data).port)?.split(separator: "\n").first)
      #expect(try town.taizhang(home, "server", String(plain)).status == 5)
      expectDone(try town.taizhang(home, "sync"))
    }
  }

  /// Whatever a wrong announcement names, devices go on at the address that they know, and what they know is not lost.
  @Test func aWrongAnnouncementStrandsNobody() throws {
    try town.serving { address in
      let home = town.home("clerk")
      expectDone(try town.taizhang(home, "enrol", town.line().text))
      let plain = try #require(PlainFile.text(of: DataFolder(path: town.data).port)?.split(separator: "\n").first)
      let other = try ProgramTown()
      try other.serving { foreign in
        for wrong in ["127.0.0.1:1", String(plain), foreign] {
          try town.taizhangd("moved", wrong)
          for _ in 1...3 { expectDone(try town.taizhang(home, "sync")) }
          let told = try town.taizhang(home, "server").text
          #expect(told.contains("Server: \(address); said to move to \(wrong)"), "\(told)")
        }
      }
      // One that takes connections and says nothing: an edit goes as fast as ever, since the known address comes first.
      let silent = try SilentListener()
      defer { silent.close() }
      try town.taizhangd("moved", "127.0.0.1:\(silent.port)")
      expectDone(try town.taizhang(home, "sync"))
      #expect(try town.taizhang(home, "add", "problem", "一件事").text.contains("At the town"))
      try town.taizhangd("moved", "-")
      expectDone(try town.taizhang(home, "sync"))
      #expect(try town.taizhang(home, "server").text == "Server: \(address)\n")
      let all = try town.taizhangd("moved", "0.0.0.0:7374", failing: true)
      #expect(all.contains("Nothing was announced"), "\(all)")
      #expect(
        try town.taizhangd("enrol", "bangongshi", "--server", "0.0.0.0:7374", failing: true).contains(
          "No code was made"))
    }
  }

  /// A server of the same organisation that does not know the device, as one restored from an older snapshot: who is still
  /// known at the present address goes on there, and a new address is kept only where the ledger was opened.
  @Test func aServerThatDoesNotKnowTheDeviceIsNotKept() throws {
    let (home, older) = (town.home("late"), try ProgramTown())
    try town.serving { _ in }
    try FileManager.default.removeItem(atPath: older.data)
    try FileManager.default.copyItem(atPath: town.data, toPath: older.data)
    try older.serving { other in
      var known = ""
      try town.serving { address in
        known = address
        expectDone(try town.taizhang(home, "enrol", town.line().text))
        try town.taizhangd("moved", other)
        for _ in 1...2 { expectDone(try town.taizhang(home, "sync")) }
        let told = try town.taizhang(home, "server", other)
        #expect(told.status == 5 && told.text.contains("does not take this device"), "\(told.text)")
        expectDone(try town.taizhang(home, "sync"))
      }
      let told = try town.taizhang(home, "sync")
      #expect(told.status == 5 && told.text.contains("removed this device or does not know it"), "\(told.text)")
      #expect(
        try town.taizhang(home, "server").text == "Server: \(known); said to move to \(other), not found there yet\n")
    }
  }

  /// A server that moves is found where it said, by those who heard it and only then kept; nobody enrols anew.
  @Test func aServerThatMovesIsFound() throws {
    let home = town.home("clerk")
    var port = 0
    // A port that is free once this server has ended.
    try town.serving { address in port = try #require(address.split(separator: ":").last.flatMap { Int($0) }) }
    try town.serving { _ in
      expectDone(try town.taizhang(home, "enrol", town.line().text))
      try town.taizhangd("moved", "127.0.0.1:\(port)")
      expectDone(try town.taizhang(home, "sync"))
    }
    try town.serving(tlsPort: port) { address in
      expectDone(try town.taizhang(home, "sync"))
      #expect(try town.taizhang(home, "server").text == "Server: \(address)\n")
    }
    // A stranger where it is only said to be alarms nobody: the town's server is merely not there now.
    let stranger = try ProgramTown()
    try town.serving { _ in
      try town.taizhangd("moved", "127.0.0.1:\(port)")
      expectDone(try town.taizhang(home, "enrol", town.line(again: Replica(home: home).info().replica).text))
      expectDone(try town.taizhang(home, "sync"))
    }
    try stranger.serving(tlsPort: port) { _ in
      let ended = try town.taizhang(home, "sync")
      #expect(ended.status == 5 && ended.text.contains("cannot be reached"), "\(ended.text)")
    }
  }

  @Test func aFirstTryThatReachesNobodySaysWhatToDoAndUsesNothingUp() throws {
    try town.serving { address in
      let line = try town.line()
      let elsewhere = line.text.replacingOccurrences(of: address, with: "127.0.0.1:1")
      let home = town.home("clerk")
      let none = try town.taizhang(home, "enrol", elsewhere)
      #expect(none.status == 5 && none.text.contains("127.0.0.1:1 cannot be reached"), "\(none.text)")
      #expect(!none.text.contains("Nothing is lost"), "\(none.text)")
      let ledger = line.text.replacingOccurrences(of: ProgramTown.ledger, with: "tucheng-2024")
      let other = try town.taizhang(home, "enrol", ledger)
      #expect(other.status == 4 && other.text.contains("not for the ledger \"tucheng-2024\""), "\(other.text)")
      #expect(try town.taizhang(home, "list").text.contains("taizhang enrol LINE"))
      #expect(try !town.taizhangd("device", "list").contains("never (从未)"))
      expectDone(try town.taizhang(home, "enrol", line.text))
    }
  }

  @Test func theLineMayBePastedWhereTheTelephoneFormIsAsked() throws {
    try town.serving { _ in
      let line = try town.line().text
      expectDone(try town.taizhang(town.home("one"), "enrol", input: "“\(line)”\n"))
      let code = try town.line()
      let typed = "\(code.server)\n'\(code.text)'\n"
      expectDone(try town.taizhang(town.home("two"), "enrol", input: typed))
      let nothing = try town.taizhang(town.home("three"), "enrol", input: "")
      #expect(nothing.status == 2 && nothing.text.contains(": \nNot enrolled"), "\(nothing.text)")
    }
  }

  @Test func anAdministratorSeesTheOpenCodesAndTakesOneBack() throws {
    try town.serving { _ in
      let (open, used) = (try town.line(), try town.line())
      expectDone(try town.taizhang(town.home("one"), "enrol", used.text))
      let listed = try town.taizhangd("code", "list").split(separator: "\n")
      #expect(listed.contains { $0.hasPrefix(open.code.lookup) && $0.hasSuffix("open (可用)") }, "\(listed)")
      #expect(listed.contains { $0.hasPrefix(used.code.lookup) && $0.contains("used by") }, "\(listed)")
      try town.taizhangd("code", "withdraw", open.code.spoken.uppercased())
      #expect(try town.taizhang(town.home("two"), "enrol", open.text).status == 4)
      try town.taizhangd("code", "withdraw", open.code.lookup, failing: true)
      let audit = try town.taizhangd("audit")
      #expect(audit.contains("code-withdraw \(open.code.lookup)"))
      #expect(audit.contains("\(ProgramTown.ledger) until 20"), "\(audit)")
    }
  }

  @Test func statusNamesTheAddressesThatDevicesAreTold() throws {
    try town.serving { address in
      try town.taizhangd("moved", "town.example:7374")
      let said = try town.taizhangd("status")
      #expect(said.contains("over TLS on \(address)"), "\(said)")
      #expect(said.contains("moved\tdevices are told that the server is at town.example:7374"), "\(said)")
      try town.taizhangd("moved", "-")
      #expect(try !town.taizhangd("status").contains("moved\t"))
    }
  }
}
