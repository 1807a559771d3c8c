import EditModel
import Glibc
import LedgerIdentity
import LedgerTestKit
import Testing

@testable import LedgerAdmin

@Suite struct IdentityFolderTests {
  private let sample: DataFolderSample
  private let now = DataFolderSample.now
  private var identity: IdentityFolder { IdentityFolder(sample.folder) }

  init() throws {
    sample = try DataFolderSample()
  }

  @Test func isMadeOnceForItsOwnerOnly() throws {
    #expect(throws: AdminError.self) { try identity.load() }
    let made = try identity.ready(at: now)
    #expect(try identity.ready(at: now).certificate == made.certificate)
    #expect(try identity.load().fingerprint == made.fingerprint)
    #expect(mode(sample.folder.identity) == 0o700)
    let files = Disk.names(in: sample.folder.identity)
    #expect(files == ["organisation.key", "organisation.pem", "server.key", "server.pem"])
    for name in files { #expect(mode("\(sample.folder.identity)/\(name)") == 0o600) }
  }

  @Test func whatACutOffMakingLeftIsNoIdentity() throws {
    try Disk.makeFolder(sample.folder.makingIdentity)
    try Disk.create("\(sample.folder.makingIdentity)/organisation.key", "half")
    #expect(!identity.exists)
    let made = try identity.ready(at: now)
    #expect(try identity.load().fingerprint == made.fingerprint)
  }

  @Test func theServersCertificateIsMadeAnewBeforeItEnds() throws {
    let made = try identity.ready(at: now)
    let later = Stamp(milliseconds: now.milliseconds + 266 * 86_400_000)
    #expect(try identity.ready(at: later).certificate == made.certificate)
    let due = Stamp(milliseconds: now.milliseconds + 268 * 86_400_000)
    let renewed = try identity.ready(at: due)
    #expect(renewed.certificate.ends > made.certificate.ends)
    #expect(renewed.certificate.key == made.certificate.key)
    #expect(renewed.fingerprint == made.fingerprint)
  }

  @Test(arguments: ["server.key", "server.pem"])
  func whatIsTheServersAloneIsMadeAnew(file: String) throws {
    let made = try identity.ready(at: now)
    try DataFolderSample.write(Array("damaged".utf8), to: "\(sample.folder.identity)/\(file)")
    #expect(throws: AdminError.self) { try identity.load() }
    #expect(try identity.ready(at: now).fingerprint == made.fingerprint)
    #expect(try identity.load().fingerprint == made.fingerprint)
  }

  @Test(arguments: ["organisation.key", "organisation.pem"])
  func anOrganisationKeyThatIsLostIsNeverMadeAnew(file: String) throws {
    _ = try identity.ready(at: now)
    try Disk.remove("\(sample.folder.identity)/\(file)")
    let error = #expect(throws: AdminError.self) { try identity.ready(at: now) }
    let words = try #require(error?.description)
    #expect(words.contains("\(file)"))
    #expect(words.contains("identity import"))
    #expect(words.contains("损坏"))
  }

  @Test func whatWasExportedComesBackOnAnotherMachine() throws {
    let file = "\(sample.path)/identity.sealed"
    let made = try identity.ready(at: now)
    #expect(identity.exportedAt == nil)
    try export(to: file)
    #expect(identity.exportedAt == now)
    #expect(mode(file) == 0o600)
    let other = try DataFolderSample()
    let elsewhere = IdentityFolder(other.folder)
    #expect(throws: AdminError.self) {
      try elsewhere.import(from: file, passphrase: "wrong horse!", overwrite: false, at: now)
    }
    #expect(!elsewhere.exists)
    let (imported, outcome) = try elsewhere.import(from: file, passphrase: "correct horse", overwrite: false, at: now)
    #expect(outcome == .new)
    #expect(imported.fingerprint == made.fingerprint)
    #expect(elsewhere.exportedAt == now)
    #expect(try elsewhere.import(from: file, passphrase: "correct horse", overwrite: false, at: now).1 == .same)
  }

  @Test func anotherIdentityIsOnlyPutAsideWhenThatIsAskedFor() throws {
    let file = "\(sample.path)/identity.sealed"
    let made = try export(to: file)
    let other = try DataFolderSample()
    let elsewhere = IdentityFolder(other.folder)
    let second = try elsewhere.ready(at: now)
    #expect(throws: AdminError.self) {
      try elsewhere.import(from: file, passphrase: "correct horse", overwrite: false, at: now)
    }
    #expect(try elsewhere.load().fingerprint == second.fingerprint)
    let (imported, outcome) = try elsewhere.import(from: file, passphrase: "correct horse", overwrite: true, at: now)
    #expect(imported.fingerprint == made.fingerprint)
    guard case .replaced(let place) = outcome else { return #expect(Bool(false), "nothing was put aside") }
    #expect(Disk.names(in: place).contains("organisation.key"))
  }

  @discardableResult
  private func export(to file: String) throws -> ServerIdentity {
    var generator = SplitMix64(seed: 1)
    return try identity.export(to: file, passphrase: "correct horse", at: now, using: &generator)
  }

  private func mode(_ path: String) -> mode_t {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return 0 }
    return facts.st_mode & 0o777
  }
}
