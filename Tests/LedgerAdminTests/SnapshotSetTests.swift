import EditModel
import Glibc
import Testing

@testable import LedgerAdmin

@Suite struct SnapshotSetTests {
  @Test func listComesBackAsItWasWritten() throws {
    let sample = try DataFolderSample()
    try sample.ledger("tucheng-2023", acts: 20)
    try sample.ledger("土城镇", acts: 0, seed: 2)
    let set = try sample.take()
    #expect(try SnapshotSet(reading: set.path) == set)
    #expect(set.ledgers.map(\.name) == ["tucheng-2023", "土城镇"])
    #expect(set.files.map(\.name) == ["tucheng-2023.ledger.gz", "土城镇.ledger.gz", "seats.gz"])
    #expect(set.name == "20231011-125320-g0000")
  }

  @Test func newestComesFirstAndPartsAreNoSets() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 1)
    let old = try sample.take()
    let new = try sample.take(at: 1)
    try Disk.makeFolder(sample.folder.snapshots + "/.taking")
    try Disk.makeFolder(sample.folder.snapshots + "/notes")
    #expect(SnapshotSet.all(in: sample.folder) == [new, old])
  }

  @Test func whatAFailedTakeLeftIsRemovedByTheNext() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 1)
    try Disk.makeFolder(sample.folder.snapshots + "/.taking")
    try DataFolderSample.write([1], to: sample.folder.snapshots + "/.taking/a.ledger.gz")
    let set = try sample.take()
    #expect(Disk.names(in: sample.folder.snapshots) == [".lock", set.name])
  }

  @Test func everyByteOfTheListMatters() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 1)
    let path = try sample.take().path
    let list = try DataFolderSample.bytes(path + "/set")
    for index in list.indices {
      var damaged = list
      damaged[index] ^= 1
      try DataFolderSample.write(damaged, to: path + "/set")
      #expect(throws: AdminError.self, "byte \(index)") { try SnapshotSet(reading: path) }
      try DataFolderSample.write(Array(list[..<index]), to: path + "/set")
      #expect(throws: AdminError.self, "cut to \(index)") { try SnapshotSet(reading: path) }
    }
    unlink(path + "/set")
    #expect(throws: AdminError.self) { try SnapshotSet(reading: path) }
    #expect(SnapshotSet.all(in: sample.folder).isEmpty)
  }

  @Test(arguments: ["without a\n", "without b\nwithout b\n", "without \n", "without b c\n"])
  func leavesOutOnlyWhatItDoesNotHold(lines: String) throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 1)
    let set = try sample.take()
    let good = SnapshotSet(path: set.path, takenAt: set.takenAt, leftOut: ["b", "c"], files: set.files)
    func read(_ text: String) throws -> SnapshotSet {
      try DataFolderSample.write(Array(text.utf8), to: set.path + "/set")
      return try SnapshotSet(reading: set.path)
    }
    #expect(try read(good.listText) == good)
    var words = set.listText.split(separator: "\n").map { "\($0)\n" }
    words.insert(lines, at: 2)
    let text = words.dropLast().joined()
    #expect { try read(text + "end sha256 \(SnapshotSet.hash(text))\n") } throws: { error in
      guard case .damagedSet(_, let reason)? = error as? AdminError else { return false }
      return reason.contains("leaves out")
    }
  }

  @Test(arguments: ["a.ledger.gz", "seats.gz"])
  func everyByteOfTheFilesMatters(name: String) throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 3)
    let set = try sample.take()
    let path = "\(set.path)/\(name)"
    let file = try DataFolderSample.bytes(path)
    try SnapshotProof.verify(set)
    for index in file.indices {
      var damaged = file
      damaged[index] ^= UInt8(truncatingIfNeeded: 1 << (index % 8))
      try DataFolderSample.write(damaged, to: path)
      #expect(throws: AdminError.self, "byte \(index)") { try SnapshotProof.verify(set) }
    }
    for bytes in [[], Array(file.dropLast()), file + [0]] {
      try DataFolderSample.write(bytes, to: path)
      #expect(throws: AdminError.self) { try SnapshotProof.verify(set) }
    }
    unlink(path)
    #expect(throws: AdminError.self) { try SnapshotProof.verify(set) }
  }

  @Test func aFileOfAnotherLedgerIsFound() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 3)
    let set = try sample.take()
    let file = try #require(set.file(of: "a"))
    let lie = SnapshotSet.File(
      name: file.name, bytes: file.bytes, sha256: file.sha256,
      ledger: .init(name: "b", seq: file.ledger?.seq ?? 0))
    let forged = SnapshotSet(
      path: set.path, takenAt: set.takenAt, files: [lie] + set.files.dropFirst())
    #expect(throws: AdminError.self) { try SnapshotProof.verify(forged) }
  }
}
