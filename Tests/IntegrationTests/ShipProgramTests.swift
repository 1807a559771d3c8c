import Foundation
import Glibc
import LedgerTestKit
import Testing

/// Sets that are sealed, shipped, looked into and restored, with the programs as people run them.
@Suite struct ShipProgramTests {
  private let town: ProgramTown

  init() throws {
    town = try ProgramTown()
  }

  private func destination(_ name: String) throws -> String {
    let path = town.home(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try town.taizhangd("ship", "init", path, "--same-disk")
    return path
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  /// The newest set's name.
  private func taken() throws -> String {
    let words = try town.taizhangd("snapshot").split(separator: "\n")[0].split(separator: "\t")
    return String(words[1])
  }

  private static func run(_ arguments: [String]) throws -> ProgramTown.Ended {
    try ProgramTown.run(URL(filePath: "/usr/bin/env"), arguments)
  }

  @Test func aShippedSetIsSealedOpenedByAgeShownAndRestored() throws {
    let (first, second) = (town.home("one.txt"), town.home("two.txt"))
    for file in [first, second] { try town.taizhangd("recovery", "make", file) }
    let set = try taken()
    let usb = try destination("usb")
    let said = try town.taizhangd("ship", usb)
    #expect(said.contains("shipped\t\(usb)\tread back, whole, sealed") && !said.contains("NOT SEALED"), "\(said)")
    #expect(try town.taizhangd("ship", usb).contains("there\t\(usb)"))

    let file = "\(usb)/\(set)/\(ProgramTown.ledger).ledger.gz"
    let plain = town.home("plain.gz")
    let opened = try ShipProgramTests.run(["age", "-d", "-i", second, "-o", plain, file + ".age"])
    #expect(opened.status == 0, "\(opened.text)")
    #expect(
      FileManager.default.contentsEqual(
        atPath: plain, andPath: "\(town.data)/snapshots/\(set)/\(ProgramTown.ledger).ledger.gz"))

    let lines = try ProgramTown.run("taizhangd", ["snapshot", "cat", file + ".age", "--key", first])
    let zcat = try ShipProgramTests.run(["zcat", plain])
    #expect(lines.status == 0 && lines.text == zcat.text && lines.text.hasPrefix("taizhang-snapshot 2 ledger\n"))

    let other = town.home("other")
    let refused = try ProgramTown.run("taizhangd", ["restore", "\(usb)/\(set)", "--data", other])
    #expect(refused.status == 1 && refused.text.contains("--key FILE"), "\(refused.text)")
    let restored = try ProgramTown.run(
      "taizhangd", ["restore", "\(usb)/\(set)", "--key", second, "--data", other])
    #expect(restored.status == 0 && restored.text.contains("Restored (已恢复)"), "\(restored.text)")
  }

  @Test func whatIsWrongWithAKeyIsSaid() throws {
    let (right, wrong) = (town.home("right.txt"), town.home("wrong.txt"))
    let key = try town.taizhangd("recovery", "make", right).split(separator: "\n")[0].split(separator: "\t")[1]
    try town.taizhangd("recovery", "make", right, failing: true)
    #expect(try ShipProgramTests.run(["age-keygen", "-o", wrong]).status == 0)
    let set = try taken()
    let usb = try destination("usb")
    try town.taizhangd("ship", usb)
    let text = town.home("text")
    try "\(key)\n".write(toFile: text, atomically: true, encoding: .utf8)
    for (file, words) in [
      (wrong, "forOtherKeys"), (text, "line 1 of \(text) is none"), ("/dev/null", "/dev/null has none"),
      (town.home("nothing"), "cannot be read"),
    ] {
      let said = try town.taizhangd("restore", "\(usb)/\(set)", "--overwrite", "--key", file, failing: true)
      #expect(said.contains(words) && said.contains("什么也没有改动"), "\(said)")
    }
  }

  @Test func keysAreListedAndEachChangeIsAudited() throws {
    let made = town.home("made.txt")
    #expect(try town.taizhangd("recovery", "list").contains("NOT SEALED"))
    #expect(try town.taizhangd("status").contains("sealing\tNOT SEALED"))
    #expect(try town.taizhangd("snapshot").contains("NOT SEALED"))
    try town.taizhangd("recovery", "make", town.home("own.txt"))
    #expect(try ShipProgramTests.run(["age-keygen", "-o", made]).status == 0)
    let key = try ShipProgramTests.run(["age-keygen", "-y", made]).text.trimmingCharacters(in: .newlines)
    try town.taizhangd("recovery", "add", key)
    #expect(try town.taizhangd("recovery", "add", key).contains("already"))
    #expect(try town.taizhangd("recovery", "list").split(separator: "\n").count == 2)
    #expect(try town.taizhangd("status").contains("sealed to 2 recovery keys"))
    try town.taizhangd("recovery", "remove", key)
    try town.taizhangd("recovery", "remove", key, failing: true)
    let secret = try String(contentsOfFile: made, encoding: .utf8).split(separator: "\n")[2]
    let said = try town.taizhangd("recovery", "add", String(secret), failing: true)
    #expect(!said.contains(secret))
    let audit = try town.taizhangd("audit").split(separator: "\n").compactMap { $0.split(separator: "\t").last }
    #expect(
      audit.suffix(3).map { $0.split(separator: " ")[0] } == ["recovery-make", "recovery-add", "recovery-remove"])
    #expect(audit.suffix(2).allSatisfy { $0.hasSuffix(" \(key)") })
    #expect(try town.taizhangd("audit", "--check").hasPrefix("whole"))
  }

  @Test func aSecretIsNowhereButInItsFile() throws {
    let file = town.home("secret.txt")
    var said = try town.taizhangd("recovery", "make", file)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let secret = String(try #require(text.split(separator: "\n").last))
    try #require(secret.hasPrefix("AGE-SECRET-KEY-1") && secret.count == 74)
    for command in [["audit"], ["recovery", "list"], ["status"]] {
      said += try ProgramTown.run("taizhangd", command + ["--data", town.data]).text
    }
    #expect(!said.lowercased().contains(secret.dropFirst(16).lowercased()))
    #expect(try !String(contentsOfFile: town.data + "/recovery.keys", encoding: .utf8).contains("SECRET"))
  }

  /// One line for each folder; those in order are served, and the end says that not all were.
  @Test func foldersOfTheConfigurationAreServedWhateverOneIsLike() throws {
    let (first, last) = (try destination("first"), try destination("last"))
    let gone = town.home("gone")
    let set = try taken()
    let file = town.home("taizhangd.toml")
    try "ship_to = [\"\(first)\", \"\(gone)\", \"\(last)\"]\n".write(toFile: file, atomically: true, encoding: .utf8)
    let said = try town.taizhangd("ship", "--config", file, failing: true)
    for folder in [first, last] {
      #expect(said.contains("shipped\t\(folder)"), "\(said)")
      #expect(try names(folder) == [set, "taizhang-destination"])
    }
    #expect(said.contains("not shipped to \(gone) (未送达)") && said.contains("NOT SEALED"), "\(said)")
    #expect(!FileManager.default.fileExists(atPath: gone))
    #expect(try town.taizhangd("ship", failing: true).contains("ship_to"))
    #expect(try town.taizhangd("ship", first, "--set", "nothing", failing: true).contains("no snapshot set"))
    #expect(try town.taizhangd("ship", last, "--set", set).contains("there\t\(last)"))
  }

  /// A limit on the size of files, as a full disk: nothing is listed, what was written is removed, and the next goes through.
  @Test func afterAFullDiskNothingIsListedAndTheNextGoesThrough() throws {
    let usb = try destination("usb")
    let set = try taken()
    let words = ["ship", usb, "--data", town.data].map { "'\($0)'" }.joined(separator: " ")
    let program = ProgramTown.program("taizhangd").path
    let ended = try ShipProgramTests.run(["bash", "-c", "trap '' XFSZ; ulimit -f 0; exec '\(program)' \(words)"])
    #expect(ended.status == 1 && ended.text.contains("not shipped to \(usb)"), "\(ended.text)")
    #expect(try names(usb) == ["taizhang-destination"])
    #expect(try town.taizhangd("ship", usb).contains("shipped\t\(usb)"))
    #expect(try names(usb) == [set, "taizhang-destination"])
  }

  /// A folder that may only be read. Root may write everywhere, so there it runs without the rights that root has.
  @Test func aFolderThatMayOnlyBeReadIsNamedAndTheNextIsServed() throws {
    let (closed, open) = (try destination("closed"), try destination("open"))
    _ = try taken()
    #expect(chmod(closed, 0o500) == 0)
    defer { chmod(closed, 0o700) }
    let without = geteuid() == 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : []
    let ended = try ShipProgramTests.run(
      without + [ProgramTown.program("taizhangd").path, "ship", closed, open, "--data", town.data])
    #expect(ended.status == 1 && ended.text.contains("not shipped to \(closed)"), "\(ended.text)")
    #expect(ended.text.contains("shipped\t\(open)"))
    #expect(try names(closed) == ["taizhang-destination"])
  }

  @Test func ofABrokenFileWhatIsWholeIsPrintedAndTheEndSaysSo() throws {
    let set = try taken()
    let file = "\(town.data)/snapshots/\(set)/\(ProgramTown.ledger).ledger.gz"
    let whole = try ProgramTown.run("taizhangd", ["snapshot", "cat", file])
    #expect(whole.status == 0)
    let bytes = try Data(contentsOf: URL(filePath: file))
    let cut = town.home("cut.gz")
    try bytes.dropLast(30).write(to: URL(filePath: cut))
    let ended = try ProgramTown.run("taizhangd", ["snapshot", "cat", cut])
    #expect(ended.status == 1 && ended.text.contains("truncated"), "\(ended.text)")
    #expect(ended.text.hasPrefix("taizhang-snapshot 2 ledger\n"))
  }
}
