import Foundation
import LedgerTestKit
import Testing

@testable import SealedFile

/// What the tests share: keys that were made for them alone, files that the program `age` 1.1.1 made with these, and ways to
/// seal and open in one go.
enum SealSample {
  /// As `age-keygen` wrote it.
  static let identityFile = """
    # created: 2026-11-28T08:57:33Z
    # public key: age1hqddaasx75hcq0zdll8e60arkll565lhmn2fa0p55k6d68p0sfcqkyj2vt
    AGE-SECRET-KEY-1PZVDM7STVYKDQR6AHRXGGRXDR294K8CHEQQJZAHRCGQ6GRZ33CMQ6T5HEV

    """
  static let keyText = "age1hqddaasx75hcq0zdll8e60arkll565lhmn2fa0p55k6d68p0sfcqkyj2vt"
  static let secretText = "AGE-SECRET-KEY-1PZVDM7STVYKDQR6AHRXGGRXDR294K8CHEQQJZAHRCGQ6GRZ33CMQ6T5HEV"
  static let otherSecretText = "AGE-SECRET-KEY-1NJZVV4EX0VNEHZ63L5J7KG7FN4HMP80WR8SVGUKW575CRG78MV4SU5FQWM"

  static let plain = Array("河道有垃圾\n".utf8)

  /// `plain`, sealed to the key.
  static let fileOfAge = """
    YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBDb2h3bGVzWGZZZTUwVklDMXJ1NG14MjBDQ3R3R0N1Si9yZUJxZTlQSWh3
    CkY4ZTgxN0tUazZQZ29aeG5HQVNjb2ZjdVoyUytoUzBNVkhsSEIvOFR6a00KLS0tIFUyVXhXVmZrQ1ZySy9VSjRvNFpEVU5UcmhR
    TmdPWUdUZU5vakdZSVpLZmsKuN7TrDYpe/ZdGfgFC6KGCZ35Hj/5GLY8zA0okqqkkGJ5D0xD8vBy7VGmD3+c+mrL
    """
  /// `plain`, sealed to the key, to the other and to one of OpenSSH.
  static let fileOfAgeForThree = """
    YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSB5bG1ETlJ2VU1iVHJQUFJxV3FtYU8xN3FyQXB5RTBXM0dsRXdWYmxwWnl3
    ClN1L2dWWnAxYmFYMTZINHdGY09NZnlTREw2bEdXQWJPejZhNDI2RkYxbU0KLT4gWDI1NTE5IEo5NlhvZzRoWFJ4eWZPakNiSWds
    SHVROEFwNUhTem9MK0d3Y0Y3WlNHa0kKK3dMTjhiMmpEejBaRXUwbCtVM0NjbjNiN2Y3eE9QTnd2czZWQ0FjelBuRQotPiBzc2gt
    ZWQyNTUxOSAzaUhiWXcgNW1ycFFsSHoybU1makR5LzBGM01lUmdvWXNVbXRtSWpTaERpcXhNVTMxcwpJRVdackQxYkpadjdrVVZv
    aGQ0dGJaMXlid0pybUZBTDd6Rndzb2tPblNvCi0tLSBORVVzN1crT2JJN2VXUU5zRFR3NUR5K0xUMEFFSzdESEVNTFpZaDAwMHp3
    Cl1fc54Qs1WLe5DVRrYhog32TMul4CeqpvCMan6i3y/SYy6MmsRpf60Z8/UmP2gROQ==
    """
  /// Nothing, sealed to the key.
  static let emptyFileOfAge = """
    YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSB3SHpCRTMwaSsrM1NZbHVmdjNiT2dyak9vVUtOV2pmUHNJMGwyQk5hSWhZ
    CjNtZVozczZ0TTFYWEdxZE1UbkdlR2pwZ1NCenJIUGtKeEEwamNwRHgxY1UKLS0tIEovdEVxdytYQmhkSzBZUVl1Z09MNW1CMnBD
    T2ZMellQeGp0U2hOd0REazQKTxj4Pa1caSDtOWTDgWgsP6vh8d9egpSoR0tfXGrSesA=
    """

  static func secret() throws -> RecoverySecret { try #require(RecoverySecret(secretText)) }
  static func otherSecret() throws -> RecoverySecret { try #require(RecoverySecret(otherSecretText)) }

  static func bytes(base64 text: String) throws -> [UInt8] {
    [UInt8](try #require(Data(base64Encoded: text, options: .ignoreUnknownCharacters)))
  }

  /// `count` bytes that do not repeat from chunk to chunk.
  static func text(_ count: Int) -> [UInt8] {
    var generator = SplitMix64(seed: UInt64(count))
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }

  /// `plain` sealed in pieces of `piece` bytes; the same `seed` draws the same numbers.
  static func sealed(
    _ plain: [UInt8], to keys: [RecoveryKey], piece: Int = .max, seed: UInt64 = 1
  ) throws(SealError) -> [UInt8] {
    var generator = SplitMix64(seed: seed)
    var sealer = try Sealer(to: keys, using: &generator)
    var file: [UInt8] = []
    for piece in pieces(plain, piece) { file += sealer.seal(piece) }
    return file + sealer.finish()
  }

  /// What is sealed in `file`, which comes in pieces of `piece` bytes.
  static func opened(
    _ file: [UInt8], with secrets: [RecoverySecret], piece: Int = .max
  ) throws(SealError) -> [UInt8] {
    var opener = SealOpener(secrets)
    var plain: [UInt8] = []
    for piece in pieces(file, piece) {
      opener.receive(piece)
      while let chunk = try opener.next() { plain += chunk }
    }
    return plain + (try opener.finish())
  }

  /// Why `file` is refused; nil when it is not.
  static func refusal(of file: [UInt8], with secrets: [RecoverySecret]) -> SealError? {
    do throws(SealError) {
      _ = try opened(file, with: secrets)
      return nil
    } catch {
      return error
    }
  }

  private static func pieces(_ bytes: [UInt8], _ piece: Int) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: min(piece, max(bytes.count, 1))).map {
      [UInt8](bytes[$0..<min($0 + min(piece, bytes.count), bytes.count)])
    }
  }
}
