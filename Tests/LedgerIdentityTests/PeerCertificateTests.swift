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
    let due = try #require(PeerCertificate.renewalTime(of: der))
    #expect(due > Stamp(milliseconds: now.milliseconds + 360 * 86_400_000))
    #expect(due < Stamp(milliseconds: now.milliseconds + 370 * 86_400_000))
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

@Suite struct ServerChainTests {
  private let now = Stamp(milliseconds: 1_700_000_000_000)
  private let identity: ServerIdentity
  private let chain: [[UInt8]]

  init() throws {
    identity = try ServerIdentity.make(of: .make(name: "taizhang", now: Date(now)), now: now)
    chain = [identity.certificate.der, try identity.organisation.certificateDER()]
  }

  @Test func believesTheServerOfItsOrganisation() throws {
    let key = identity.organisation.publicKey
    for pin in [ServerPin.key(key), .fingerprint(identity.fingerprint), .proof] {
      let shown = try ServerChain(chain, pin: pin, lastContact: now)
      #expect(shown.authority == key)
      #expect(shown.server.key == identity.key.publicKey)
    }
    #expect(try ServerChain([chain[0]], pin: .key(key), lastContact: nil).authority == key)
  }

  @Test func saysWhichKeyItFoundInsteadOfWhich() throws {
    let other = try ServerIdentity.make(of: .make(name: "taizhang", now: Date(now)), now: now)
    let wanted = Distrust.otherAuthority(pinned: other.fingerprint, found: identity.fingerprint)
    #expect(throws: wanted) {
      try ServerChain(chain, pin: .key(other.organisation.publicKey), lastContact: nil)
    }
    #expect(throws: wanted) { try ServerChain(chain, pin: .fingerprint(other.fingerprint), lastContact: nil) }
    // The authority's certificate is everybody's to show: the server's must be signed by it.
    let mixed = [other.certificate.der, chain[1]]
    #expect(throws: Distrust.self) { try ServerChain(mixed, pin: .fingerprint(identity.fingerprint), lastContact: nil) }
    #expect(throws: Distrust.self) {
      try ServerChain(mixed, pin: .key(identity.organisation.publicKey), lastContact: nil)
    }
    #expect(throws: Distrust.malformed) { try ServerChain([], pin: .proof, lastContact: nil) }
    #expect(throws: Distrust.malformed) { try ServerChain([[1, 2]], pin: .proof, lastContact: nil) }
  }

  @Test func aDeviceOfTheOrganisationIsNoServerOfIt() throws {
    let der = try identity.organisation.deviceCertificate(for: identity.key.publicKey, name: "q2w8rt5n", now: now)
    #expect(throws: Distrust.malformed) {
      try ServerChain([der, chain[1]], pin: .key(identity.organisation.publicKey), lastContact: nil)
    }
  }

  @Test func onlyTheServersOwnTimeSaysThatItsCertificateIsOver() throws {
    let key = ServerPin.key(identity.organisation.publicKey)
    let late = Stamp(milliseconds: now.milliseconds + 500 * 86_400_000)
    _ = try ServerChain(chain, pin: key, lastContact: nil)
    #expect(throws: Distrust.expired(identity.certificate.ends)) { try ServerChain(chain, pin: key, lastContact: late) }
  }
}
