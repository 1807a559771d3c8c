import LedgerTestKit
import Testing

@testable import SealedFile

@Suite struct RecoverySecretTests {
  @Test func theKeyOfASecretIsThatOfAge() throws {
    #expect(try SealSample.secret().key.description == SealSample.keyText)
  }

  @Test func aFileOfAgeKeygenIsRead() throws {
    let secrets = try RecoverySecret.secrets(inIdentityFile: SealSample.identityFile)
    #expect(secrets.map(\.key.description) == [SealSample.keyText])
  }

  @Test func aFileIsPrintedAsAgeKeygenDoes() throws {
    #expect(try SealSample.secret().identityFileText(created: "2026-11-28T08:57:33Z") == SealSample.identityFile)
  }

  @Test func aFileMayHaveManySecretsAndOtherLineEnds() throws {
    let text = "\r\n# 第一\r\n\(SealSample.secretText)\r\n\r\n#\r\n\(SealSample.otherSecretText)"
    let keys = try RecoverySecret.secrets(inIdentityFile: text).map(\.key)
    #expect(try keys == [SealSample.secret().key, SealSample.otherSecret().key])
  }

  @Test(arguments: [
    "x", " \(SealSample.secretText)", "\(SealSample.secretText) ", SealSample.secretText.lowercased(), " # comment",
    SealSample.keyText, "\(SealSample.secretText)\(SealSample.secretText)", "AGE-PLUGIN-X-1QQQQ", "\r\r",
  ])
  func aLineThatIsNoSecretIsNamed(line: String) {
    let text = "# comment\n\n\(SealSample.secretText)\n\(line)\n"
    #expect(throws: SealError(.malformedSecret, at: 4)) { try RecoverySecret.secrets(inIdentityFile: text) }
  }

  @Test(arguments: [("", 1), ("# \(SealSample.secretText)\n\n", 3)]) func aFileWithoutASecretIsRefused(
    text: String, lines: Int
  ) {
    #expect(throws: SealError(.noSecret, at: lines)) { try RecoverySecret.secrets(inIdentityFile: text) }
  }

  @Test func aNewSecretIsWhatTheGeneratorDrew() throws {
    var generator = SplitMix64(seed: 7)
    let secret = RecoverySecret(using: &generator)
    let again = RecoverySecret(using: &generator)
    #expect(secret.key != again.key)
    let read = try RecoverySecret.secrets(inIdentityFile: secret.identityFileText(created: "-"))
    #expect(read.map(\.key) == [secret.key])
    generator = SplitMix64(seed: 7)
    #expect(RecoverySecret(using: &generator).key == secret.key)
  }

  /// Whatever a log or a failed test prints of a secret is its key.
  @Test func nothingButTheFileShowsASecret() throws {
    let secret = try SealSample.secret()
    let said = "the secret of \(SealSample.keyText)"
    #expect("\(secret)" == said)
    #expect(String(reflecting: secret) == said)
    #expect("\([secret])" == "[\(said)]")
    var dumped = ""
    dump(["a": secret], to: &dumped)
    #expect(dumped.contains(said) && !dumped.contains("number"))
    #expect(Mirror(reflecting: secret).children.map(\.label) == ["key"])
  }
}
