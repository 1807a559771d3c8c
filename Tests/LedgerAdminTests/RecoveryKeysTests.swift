import Glibc
import LedgerTestKit
import SealedFile
import Testing

@testable import LedgerAdmin

@Suite struct RecoveryKeysTests {
  private let sample: DataFolderSample
  private var folder: DataFolder { sample.folder }
  private var keys: [RecoveryKey] { get throws { try RecoveryKeys(of: folder).keys } }

  init() throws {
    sample = try DataFolderSample()
  }

  private static func made(_ count: Int) -> [RecoveryKey] {
    var generator = SplitMix64(seed: 3)
    return (0..<count).map { _ in RecoverySecret(using: &generator).key }
  }

  @Test func keysAreAddedOnceAndRemoved() throws {
    #expect(try keys.isEmpty)
    let made = RecoveryKeysTests.made(2)
    for key in made { #expect(try RecoveryKeys.add(key, to: folder)) }
    #expect(try !RecoveryKeys.add(made[0], to: folder))
    #expect(try keys == made)
    try RecoveryKeys.remove(made[0], from: folder)
    #expect(try keys == [made[1]])
    #expect(throws: AdminError.self) { try RecoveryKeys.remove(made[0], from: folder) }
    try RecoveryKeys.remove(made[1], from: folder)
    #expect(try keys.isEmpty)
    #expect(Disk.names(in: folder.path) == ["ledgers", "recovery.keys", "recovery.lock"])
  }

  @Test func thereAreAsManyKeysAsAFileIsSealedTo() throws {
    let made = RecoveryKeysTests.made(Sealer.limitKeys + 1)
    for key in made.dropLast() { #expect(try RecoveryKeys.add(key, to: folder)) }
    let refused = #expect(throws: AdminError.self) { try RecoveryKeys.add(made[Sealer.limitKeys], to: folder) }
    #expect(refused?.description.contains("64") == true)
    #expect(try keys.count == Sealer.limitKeys)
    try write(made.map { "\($0)\n" }.joined())
    #expect(throws: AdminError.self) { try keys }
  }

  @Test func whatPeopleWroteStays() throws {
    let made = RecoveryKeysTests.made(3)
    try write("# the mayor's\r\n\(made[0])\r\n\n\(made[1])")
    #expect(try keys == [made[0], made[1]])
    #expect(try RecoveryKeys.add(made[2], to: folder))
    try RecoveryKeys.remove(made[0], from: folder)
    #expect(try keys == [made[1], made[2]])
    #expect(try text(folder.recoveryKeys).hasPrefix("# the mayor's\n"))
  }

  /// What was meant to seal and cannot is never taken for no keys.
  @Test(arguments: ["age1x", "AGE-SECRET-KEY-1", " # indented", "\u{FEFF}"])
  func aLineThatIsNoKeyIsRefused(line: String) throws {
    let key = RecoveryKeysTests.made(1)[0]
    try write("\(key)\n\(line)\n")
    let refused = #expect(throws: AdminError.self) { try keys }
    #expect(refused?.description.contains("Line 2") == true && refused?.description.contains(line) == false)
    #expect(throws: AdminError.self) { try RecoveryKeys.add(key, to: folder) }
  }

  @Test func aSecretIsMadeForItsOwnerOnlyAndOpensWhatIsSealed() throws {
    let file = sample.path + "/secret"
    var generator = SplitMix64(seed: 9)
    let key = try RecoveryKeys.make(secretAt: file, of: folder, at: DataFolderSample.now, using: &generator)
    #expect(try keys == [key])
    #expect(try RecoverySecret.secrets(inIdentityFile: text(file)).map(\.key) == [key])
    var facts = stat()
    #expect(stat(file, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    #expect(throws: AdminError.self) {
      try RecoveryKeys.make(secretAt: file, of: folder, at: DataFolderSample.now, using: &generator)
    }
    #expect(try RecoverySecret.secrets(inIdentityFile: text(file)).map(\.key) == [key])
  }

  @Test func aSecretWhoseKeyCannotBeAddedIsNotLeftBehind() throws {
    let file = sample.path + "/secret"
    // Where the new file would be written a folder stands.
    try Disk.makeFolder(folder.recoveryKeys + ".new")
    var generator = SplitMix64(seed: 9)
    #expect(throws: AdminError.self) {
      try RecoveryKeys.make(secretAt: file, of: folder, at: DataFolderSample.now, using: &generator)
    }
    #expect(!Disk.exists(file))
    #expect(try keys.isEmpty)
  }

  private func write(_ text: String) throws {
    try DataFolderSample.write(Array(text.utf8), to: folder.recoveryKeys)
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try DataFolderSample.bytes(path), as: UTF8.self)
  }
}
