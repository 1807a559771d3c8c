import LedgerTestKit
import Testing

@testable import SealedFile

@Suite struct SealerTests {
  static let sizes = [0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 3 * 65_536 - 1, 3 * 65_536, 3 * 65_536 + 1]

  @Test(arguments: sizes) func whatIsSealedIsOpened(size: Int) throws {
    let secret = try SealSample.secret()
    let plain = SealSample.text(size)
    let file = try SealSample.sealed(plain, to: [secret.key])
    #expect(try SealSample.opened(file, with: [secret]) == plain)
    let chunks = max(1, (size + 65_535) / 65_536)
    #expect(file.count == 168 + 16 + size + chunks * 16, "header, nonce, text, a tag for each chunk")
  }

  @Test(arguments: [1_000, 65_535, 65_536, 65_537, 65_552, 65_553, 100_000]) func piecesMakeNoDifference(
    piece: Int
  ) throws {
    let secret = try SealSample.secret()
    for size in [0, 1, 65_536, 65_537, 3 * 65_536] {
      let plain = SealSample.text(size)
      let file = try SealSample.sealed(plain, to: [secret.key])
      #expect(try SealSample.sealed(plain, to: [secret.key], piece: piece) == file)
      #expect(try SealSample.opened(file, with: [secret], piece: piece) == plain)
    }
    let plain = SealSample.text(100)
    let file = try SealSample.sealed(plain, to: [secret.key], piece: 1)
    #expect(try SealSample.opened(file, with: [secret], piece: 1) == plain)
  }

  /// What is kept is a chunk and not the file.
  @Test func aChunkIsHandedOutWhenAByteStandsBehindIt() throws {
    let secret = try SealSample.secret()
    var generator = SplitMix64(seed: 1)
    var sealer = try Sealer(to: [secret.key], using: &generator)
    var opener = SealOpener([secret])
    let plain = SealSample.text(65_536)
    let head = sealer.seal(plain)
    #expect(head.count == 168 + 16)
    let chunk = sealer.seal([1])
    #expect(chunk.count == 65_552)
    let last = sealer.finish()
    #expect(last.count == 17)
    opener.receive(head + chunk)
    #expect(try opener.next() == nil)
    opener.receive([last[0]])
    #expect(try opener.next() == plain)
    #expect(try opener.next() == nil)
    opener.receive([UInt8](last[1...]))
    #expect(try opener.next() == nil)
    let rest = try opener.finish()
    #expect(rest == [1])
  }

  @Test func eachOfTheSecretsOpens() throws {
    var generator = SplitMix64(seed: 3)
    let secrets = (0..<5).map { _ in RecoverySecret(using: &generator) }
    let file = try SealSample.sealed(SealSample.plain, to: secrets.map(\.key))
    for secret in secrets { #expect(try SealSample.opened(file, with: [secret]) == SealSample.plain) }
    let stranger = try SealSample.secret()
    #expect(try SealSample.opened(file, with: [stranger, secrets[4]]) == SealSample.plain)
    #expect(throws: SealError(.forOtherKeys, at: 0)) { try SealSample.opened(file, with: [stranger]) }
    #expect(throws: SealError(.forOtherKeys, at: 0)) { try SealSample.opened(file, with: []) }
  }

  @Test(arguments: [(0, false), (1, true), (2, true), (63, true), (64, true), (65, false)])
  func aFileIsSealedToOneKeyUpToTheLimit(count: Int, works: Bool) throws {
    let secret = try SealSample.secret()
    let keys = [RecoveryKey](repeating: secret.key, count: count)
    guard works else {
      #expect(throws: SealError(.keyCount, at: count)) { try SealSample.sealed(SealSample.plain, to: keys) }
      return
    }
    let file = try SealSample.sealed(SealSample.plain, to: keys)
    #expect(try SealSample.opened(file, with: [secret]) == SealSample.plain)
  }

  /// No file and no stanza shares a drawn number with another, so that no key meets its nonce again.
  @Test func everyFileAndStanzaIsDrawnAnew() throws {
    let key = try SealSample.secret().key
    var generator = SplitMix64(seed: 5)
    var seen: Set<[UInt8]> = []
    for _ in 0..<3 {
      let file = try Sealer(to: [key, key], using: &generator).finish()
      let lines = file.split(separator: UInt8(ascii: "\n"), maxSplits: 6, omittingEmptySubsequences: false)
      // The shares, the wrapped keys, and what stands behind the header: nonce and chunk.
      for line in [lines[1], lines[2], lines[3], lines[4], lines[6]] { seen.insert([UInt8](line)) }
    }
    #expect(seen.count == 15)
  }
}
