import Crypto
import EditModel
import FoundationEssentials
import Testing

@testable import LedgerIdentity

@Suite struct PeerCertificateTests {
  private let now = Stamp(milliseconds: 1_700_000_000_000)
  private let organisation: OrganisationKey

  init() throws {
    organisation = try OrganisationKey.make(name: "土城镇", now: Date(now))
  }

  @Test func believesADeviceOfTheOrganisation() throws {
    let key = PublicKey(P256.Signing.PrivateKey().publicKey)
    let der = try organisation.deviceCertificate(for: key, name: "q2w8rt5n", now: now)
    let device = try PeerCertificate(der: der, as: .device, signedBy: organisation.publicKey)
    #expect(device.name == "q2w8rt5n")
    #expect(device.key == key)
    #expect(device.key.digest.utf8.count == 64)
    #expect(!device.hasEnded(at: now))
    #expect(device.hasEnded(at: Stamp(milliseconds: device.ends.milliseconds + 1)))
    #expect(!device.isDueForRenewal(at: now))
    #expect(device.isDueForRenewal(at: Stamp(milliseconds: now.milliseconds + 370 * 86_400_000)))
  }

  @Test func believesNoOtherAuthorityAndNoOtherUse() throws {
    let other = try OrganisationKey.make(name: "土城镇", now: Date(now))
    let key = PublicKey(P256.Signing.PrivateKey().publicKey)
    let der = try organisation.deviceCertificate(for: key, name: "q2w8rt5n", now: now)
    #expect(throws: PeerCertificate.Flaw.otherAuthority) {
      try PeerCertificate(der: der, as: .device, signedBy: other.publicKey)
    }
    #expect(throws: PeerCertificate.Flaw.otherUse) {
      try PeerCertificate(der: der, as: .server, signedBy: organisation.publicKey)
    }
    let own = try organisation.certificateDER()
    #expect(throws: PeerCertificate.Flaw.otherUse) {
      try PeerCertificate(der: own, as: .server, signedBy: organisation.publicKey)
    }
    #expect(throws: PeerCertificate.Flaw.malformed) {
      try PeerCertificate(der: Array(der.dropLast()), as: .device, signedBy: organisation.publicKey)
    }
  }

  @Test func aServerKeepsItsKeyWhenItsCertificateIsMadeAnew() throws {
    let first = try ServerIdentity.make(of: organisation, now: now)
    let second = try ServerIdentity.make(of: organisation, key: first.key, now: now)
    #expect(first.certificate.key == second.certificate.key)
    #expect(first.fingerprint == second.fingerprint)
    let stranger = KeyPair()
    #expect(throws: PeerCertificate.Flaw.malformed) {
      try ServerIdentity(organisation: organisation, key: stranger, certificate: first.certificate.der)
    }
  }
}

@Suite struct SealedKeyTests {
  private let organisation: OrganisationKey

  init() throws {
    organisation = try OrganisationKey.make(name: "土城镇", now: Date(timeIntervalSince1970: 1_700_000_000))
  }

  private func seal(_ passphrase: String) throws -> String {
    var generator = SystemRandomNumberGenerator()
    return try SealedKey.seal(organisation, passphrase: passphrase, using: &generator)
  }

  @Test func isOpenedByItsPassphraseAndNoOther() throws {
    let text = try seal("一个很长的口令 2023")
    #expect(text.hasPrefix("taizhang-identity 1 scrypt "))
    #expect(!text.contains("PRIVATE"))
    let opened = try SealedKey.open(text, passphrase: "一个很长的口令 2023")
    #expect(opened.publicKey == organisation.publicKey)
    #expect(throws: SealedKey.Flaw.otherPassphrase) { try SealedKey.open(text, passphrase: "一个很长的口令 2024") }
  }

  @Test func refusesWhatIsChangedOrNewer() throws {
    let text = try seal("correct horse")
    let newer = text.replacing("taizhang-identity 1", with: "taizhang-identity 2")
    #expect(throws: SealedKey.Flaw.newer) { try SealedKey.open(newer, passphrase: "correct horse") }
    #expect(throws: SealedKey.Flaw.malformed) { try SealedKey.open("taizhang-device 1\n", passphrase: "correct horse") }
    #expect(throws: SealedKey.Flaw.malformed) { try SealedKey.open("", passphrase: "correct horse") }
    let salt = text.replacing("salt=", with: "salt=AAAA")
    #expect(throws: SealedKey.Flaw.self) { try SealedKey.open(salt, passphrase: "correct horse") }
  }

  @Test func toleratesTheLineEndsOfAnotherSystem() throws {
    let text = try seal("correct horse").replacing("\n", with: "\r\n")
    #expect(try SealedKey.open(text, passphrase: "correct horse").publicKey == organisation.publicKey)
  }
}
