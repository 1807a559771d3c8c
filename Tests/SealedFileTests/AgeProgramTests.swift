import Foundation
import LedgerTestKit
import Testing

@testable import SealedFile

/// The program `age` itself, as an administrator has it; CI installs it. Each test has a folder of its own.
@Suite final class AgeProgramTests {
  private let folder: URL
  /// What a program printed, on both its streams, and how it ended.
  private struct Ended {
    let text: String
    let status: Int32
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "sealed-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try write(Array(SealSample.identityFile.utf8), "key")
    try write(Array("\(SealSample.otherSecretText)\n".utf8), "other")
  }

  // What is left in the temporary folder is no failure.
  deinit { try? FileManager.default.removeItem(at: folder) }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 3 * 65_536]) func ageOpensWhatIsSealed(size: Int) throws {
    let keys = [try SealSample.secret().key, try SealSample.otherSecret().key]
    let plain = SealSample.text(size)
    try write(SealSample.sealed(plain, to: keys), "sealed.age")
    for identity in ["key", "other"] {
      let opened = "opened-\(identity)"
      let ended = try run("age", ["-d", "-i", path(identity), "-o", path(opened), path("sealed.age")])
      #expect(ended.status == 0, "\(ended.text)")
      // Of nothing age makes no file.
      if size > 0 { #expect(try read(opened) == plain) }
    }
  }

  /// A program that opens everything would prove nothing.
  @Test func ageRefusesWhatWasChanged() throws {
    var file = try SealSample.sealed(SealSample.plain, to: [SealSample.secret().key])
    file[file.count - 1] ^= 1
    try write(file, "sealed.age")
    #expect(try run("age", ["-d", "-i", path("key"), "-o", path("opened"), path("sealed.age")]).status == 1)
    #expect(try run("age", ["-d", "-i", path("other"), "-o", path("opened"), path("sealed.age")]).status == 1)
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 3 * 65_536]) func whatAgeSealedIsOpened(size: Int) throws {
    let plain = SealSample.text(size)
    try write(plain, "plain")
    let other = try SealSample.otherSecret().key
    let ended = try run(
      "age", ["-r", SealSample.keyText, "-r", "\(other)", "-o", path("sealed.age"), path("plain")])
    #expect(ended.status == 0, "\(ended.text)")
    let file = try read("sealed.age")
    #expect(try SealSample.opened(file, with: [SealSample.secret()], piece: 10_000) == plain)
    #expect(try SealSample.opened(file, with: [SealSample.otherSecret()]) == plain)
  }

  @Test func ageKeygenReadsWhatIsPrintedOfASecret() throws {
    var generator = SplitMix64(seed: 11)
    for _ in 0..<8 {
      let secret = RecoverySecret(using: &generator)
      try write(Array(secret.identityFileText(created: "2026-11-28T08:57:33Z").utf8), "made")
      let ended = try run("age-keygen", ["-y", path("made")])
      #expect(ended.status == 0 && ended.text == "\(secret.key)\n", "\(ended.text)")
    }
  }

  @Test func whatAgeKeygenWroteIsRead() throws {
    #expect(try run("age-keygen", ["-o", path("made")]).status == 0)
    let text = String(decoding: try read("made"), as: UTF8.self)
    let secret = try #require(try RecoverySecret.secrets(inIdentityFile: text).first)
    #expect(text.contains("# public key: \(secret.key)\n"))
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func write(_ bytes: [UInt8], _ name: String) throws {
    try Data(bytes).write(to: folder.appending(path: name))
  }

  private func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  private func run(_ program: String, _ arguments: [String]) throws -> Ended {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return Ended(text: text, status: process.terminationStatus)
  }
}
