import Foundation
import LedgerTestKit
import Testing

/// A set as an administrator takes, reads and restores it.
@Suite struct SnapshotProgramTests {
  /// A program in another language, written from the specification, proves the file of a served ledger; the head that it names
  /// proves the ledger that is restored from it.
  @Test func aStrangerProvesTheFileAndItsHeadTheRestoredLedger() throws {
    let town = try ProgramTown()
    let home = town.home("office")
    try town.serving { address in
      let line = try town.taizhangd("enrol", "bangongshi", "--server", address).split(separator: "\n")[0]
      #expect(try town.taizhang(home, "enrol", String(line)).status == 0)
      // What a value may have in it and is no end of a line.
      let text = "河道有垃圾\u{2028}第二行"
      for number in 1...3 { #expect(try town.taizhang(home, "add", "problem", "\(text)\(number)").status == 0) }
      try town.taizhangd("snapshot")
    }
    let sets = try FileManager.default.contentsOfDirectory(atPath: town.data + "/snapshots").filter {
      !$0.hasPrefix(".")
    }
    let set = try #require(sets.first)
    let file = "\(town.data)/snapshots/\(set)/\(ProgramTown.ledger).ledger.gz"
    let reader = "\(ProjectFile.root)/protocol/read-snapshot.py"
    let python = URL(filePath: "/usr/bin/env")
    let proved = try ProgramTown.run(python, ["python3", reader, file])
    #expect(
      proved.status == 0 && proved.text.contains("proved: \(ProgramTown.ledger), 6 lines, 6 cells"), "\(proved.text)")
    let lines = try ProgramTown.run(python, ["python3", reader, file, "--lines"]).text
    #expect(lines.contains("\u{2028}第二行"))
    let head = try #require(proved.text.split(separator: " ").last).trimmingCharacters(in: .newlines)
    // A reader that proves everything would prove nothing.
    var bytes = Array(try Data(contentsOf: URL(filePath: file)))
    bytes[bytes.count - 1] ^= 1
    let damaged = town.folder.appending(path: "damaged.gz")
    try Data(bytes).write(to: damaged)
    #expect(try ProgramTown.run(python, ["python3", reader, damaged.path]).status != 0)
    let other = town.folder.appending(path: "other").path
    let restored = try ProgramTown.run("taizhangd", ["restore", "\(town.data)/snapshots/\(set)", "--data", other])
    #expect(restored.status == 0, "\(restored.text)")
    let verified = try ProgramTown.run(
      "taizhangd", ["verify", "--data", other, "--ledger", ProgramTown.ledger, "--head", head])
    #expect(verified.status == 0 && verified.text.contains("whole (完整)"), "\(verified.text)")
  }
}
