import Foundation
import LedgerAdmin
import LedgerIdentity
import LedgerTestKit
import Testing

/// `taizhangd identity export` and `import`, which ask for their passphrase on the terminal.
@Suite(.onOwnThreads) struct PassphraseTests {
  private let town: ProgramTown
  private static let words = "correct horse battery"
  private static let first = "Passphrase (口令): "
  private static let again = "Passphrase again (再输入一次): "

  init() throws {
    town = try ProgramTown()
  }

  private var sealed: String { town.home("identity.sealed") }

  private func terminal(_ command: String, data: String? = nil) throws -> PseudoTerminal {
    try PseudoTerminal(
      ProgramTown.program("taizhangd").path, ["identity", command, sealed, "--data", data ?? town.data])
  }

  /// Answers a prompt, at which the terminal shows nothing of what is typed.
  private func answer(_ prompt: String, _ typed: String, _ terminal: PseudoTerminal) throws {
    try terminal.awaits(prompt)
    #expect(try !terminal.echoes)
    terminal.types(typed)
  }

  private func expectNothingWritten() {
    #expect(!FileManager.default.fileExists(atPath: sealed))
    #expect(IdentityFolder(DataFolder(path: town.data)).exportedAt == nil)
  }

  /// Waits for the end and checks how it was: whatever it was, the terminal shows what is typed again, and never showed
  /// `secret`.
  private func expectEnd(
    _ code: Int32, saying part: String, _ terminal: PseudoTerminal, secret: String = words,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try terminal.ends() == code, "\(terminal.all)", sourceLocation: location)
    #expect(terminal.all.contains(part), "\(terminal.all)", sourceLocation: location)
    #expect(!terminal.all.contains(secret), "\(terminal.all)", sourceLocation: location)
    #expect(try terminal.echoes, sourceLocation: location)
  }

  @Test func anExportAsksTwiceAndShowsNothingOfIt() throws {
    let terminal = try terminal("export")
    try answer(PassphraseTests.first, PassphraseTests.words + "\r", terminal)
    try answer(PassphraseTests.again, PassphraseTests.words + "\r", terminal)
    try expectEnd(0, saying: "Exported the identity", terminal)
    let attributes = try FileManager.default.attributesOfItem(atPath: sealed)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(IdentityFolder(DataFolder(path: town.data)).exportedAt != nil)
  }

  @Test func whatIsTypedIsCorrectedAsEver() throws {
    let terminal = try terminal("export")
    // A line taken back with Ctrl-U, a character with the key for it.
    try answer(PassphraseTests.first, "something else\u{15}" + PassphraseTests.words + "x\u{7F}\r", terminal)
    try answer(PassphraseTests.again, PassphraseTests.words + "\r", terminal)
    try expectEnd(0, saying: "Exported the identity", terminal)
  }

  @Test func twoThatDifferAreRefused() throws {
    let terminal = try terminal("export")
    try answer(PassphraseTests.first, PassphraseTests.words + "\r", terminal)
    try answer(PassphraseTests.again, PassphraseTests.words + "!\r", terminal)
    try expectEnd(1, saying: "The two passphrases differ", terminal)
    expectNothingWritten()
  }

  @Test func oneThatIsTooShortIsRefusedAtOnce() throws {
    let terminal = try terminal("export")
    try answer(PassphraseTests.first, "elevenchars\r", terminal)
    try expectEnd(1, saying: "fewer than 12 characters", terminal, secret: "elevenchars")
    #expect(!terminal.all.contains(PassphraseTests.again))
    expectNothingWritten()
  }

  /// Ctrl-C and Ctrl-\ end it at once, without Enter, at either prompt.
  @Test(arguments: ["\u{3}", "\u{1C}"], [0, 1]) func anInterruptLeavesTheTerminalAsItWas(
    _ key: String, _ promptsAnswered: Int
  ) throws {
    let terminal = try terminal("export")
    if promptsAnswered > 0 { try answer(PassphraseTests.first, PassphraseTests.words + "\r", terminal) }
    let prompt = promptsAnswered > 0 ? PassphraseTests.again : PassphraseTests.first
    try answer(prompt, "correct" + key, terminal)
    try expectEnd(1, saying: "Interrupted. Nothing was changed.", terminal, secret: "correct")
    expectNothingWritten()
  }

  @Test func anImportRefusesAWrongPassphraseAndTakesTheRightOne() throws {
    let export = try terminal("export")
    try answer(PassphraseTests.first, PassphraseTests.words + "\r", export)
    try answer(PassphraseTests.again, PassphraseTests.words + "\r", export)
    try expectEnd(0, saying: "Exported the identity", export)
    let other = town.home("other")
    let identity = IdentityFolder(DataFolder(path: other))

    let wrong = try terminal("import", data: other)
    try answer(PassphraseTests.first, "correct horse bakery\r", wrong)
    try expectEnd(1, saying: "is not opened by this passphrase", wrong, secret: "correct horse bakery")
    #expect(!identity.exists)

    let interrupted = try terminal("import", data: other)
    try answer(PassphraseTests.first, "correct\u{3}", interrupted)
    try expectEnd(1, saying: "Interrupted. Nothing was changed.", interrupted, secret: "correct")
    #expect(!identity.exists)

    let right = try terminal("import", data: other)
    try answer(PassphraseTests.first, PassphraseTests.words + "\r", right)
    try expectEnd(0, saying: "Imported the identity", right)
    #expect(try identity.load().fingerprint == IdentityFolder(DataFolder(path: town.data)).load().fingerprint)
  }

  @Test func withoutATerminalItSaysWhatToDo() throws {
    // A program that leads no session with a terminal has no /dev/tty.
    let ended = try ProgramTown.run(
      URL(filePath: "/usr/bin/setsid"),
      ["--wait", ProgramTown.program("taizhangd").path, "identity", "export", sealed, "--data", town.data])
    #expect(ended.status == 1)
    #expect(ended.text.contains("There is no terminal to ask for the passphrase on"), "\(ended.text)")
    #expect(ended.text.contains("--passphrase-file"))
    expectNothingWritten()
  }
}
