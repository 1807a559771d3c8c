import Crypto
import FoundationEssentials
import Testing
import X509

@testable import LedgerIdentity

@Suite struct OrganisationKeyTests {
  private let now = Date(timeIntervalSince1970: 1_700_000_000)

  @Test func signsWhatItsOwnKeyVerifies() throws {
    let organisation = try OrganisationKey.make(name: "土城镇", now: now)
    let device = P256.Signing.PrivateKey()
    let certificate = try organisation.sign(device.publicKey, as: .device, name: "q2w8rt5n", now: now)
    #expect(organisation.certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
    let other = try OrganisationKey.make(name: "土城镇", now: now)
    #expect(!other.certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
  }

  @Test func fingerprintsTellKeysApartAndAreReadAsWritten() throws {
    let (one, two) = (P256.Signing.PrivateKey().publicKey, P256.Signing.PrivateKey().publicKey)
    #expect(Fingerprint(of: one) == Fingerprint(of: one))
    #expect(Fingerprint(of: one) != Fingerprint(of: two))
    #expect(Fingerprint(Fingerprint(of: one).digits) == Fingerprint(of: one))
    #expect(Fingerprint("0123") == nil)
  }
}
