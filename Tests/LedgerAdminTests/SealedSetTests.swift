import EditModel
import Glibc
import SealedFile
import Testing

@testable import LedgerAdmin

/// The list of a sealed set, and what is found of damage in one.
@Suite struct SealedSetTests {
  private let town: ShippingSample
  private let destination: String

  init() throws {
    town = try ShippingSample()
    destination = try town.destination("usb")
    #expect(town.ship(to: destination).map(\.isNew) == [true])
  }

  @Test func theListHasALineForEachSealedFile() throws {
    let list = String(decoding: try DataFolderSample.bytes("\(town.place(destination))/set"), as: UTF8.self)
    let words = list.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(
      words.map { $0[0] } == ["taizhang-set", "taken"] + Array(repeating: "file", count: 3)
        + Array(repeating: "sealed", count: 3) + ["end"])
    #expect(words[0][1] == "2" && words[5][1] == "tucheng-2023.ledger.gz.age")
    #expect(town.set.listText.hasPrefix("taizhang-set 1\n"))
  }

  /// One line too few, twice, of another file, in another order, in a list of format 1; lines without theirs.
  @Test func aListIsReadInItsOneForm() throws {
    let set = try town.arrived(destination)
    let path = "\(set.path)/set"
    let lines = set.listText.split(separator: "\n").dropLast().map(String.init)
    func isRead(_ lines: some Sequence<String>) throws -> Bool {
      let text = lines.map { $0 + "\n" }.joined()
      try DataFolderSample.write(Array((text + "end sha256 \(SnapshotSet.hash(text))\n").utf8), to: path)
      // Only whether it is.
      return (try? SnapshotSet(reading: set.path)) != nil
    }
    #expect(try isRead(lines))
    #expect(try !isRead(lines.dropLast()))
    #expect(try !isRead(lines + [lines[7]]))
    #expect(try !isRead(lines.map { $0.replacing("sealed seats.gz.age", with: "sealed seats.gz") }))
    #expect(try !isRead(lines.map { $0.replacing("sealed seats", with: "sealed  seats") }))
    #expect(try !isRead(lines[..<5] + [lines[6], lines[5], lines[7]]))
    #expect(try !isRead(["taizhang-set 1"] + lines.dropFirst()))
    #expect(try !isRead(lines[..<5]))
    #expect(try !isRead(["taizhang-set 3"] + lines.dropFirst()))
  }

  @Test func everyByteOfASealedFileMatters() throws {
    let set = try town.arrived(destination)
    let path = "\(set.path)/seats.gz.age"
    let seats = try #require(set.files.last)
    try verify(seats, of: set)
    let file = try DataFolderSample.bytes(path)
    for index in file.indices {
      var damaged = file
      damaged[index] ^= UInt8(truncatingIfNeeded: 1 << (index % 8))
      try DataFolderSample.write(damaged, to: path)
      #expect(throws: AdminError.self, "byte \(index)") { try set.checkStored() }
      #expect(throws: AdminError.self, "byte \(index)") { try verify(seats, of: set) }
    }
    for bytes in [[], Array(file.dropLast()), file + [0]] {
      try DataFolderSample.write(bytes, to: path)
      #expect(throws: AdminError.self) { try set.checkStored() }
      #expect(throws: AdminError.self) { try verify(seats, of: set) }
    }
  }

  private func verify(_ file: SnapshotSet.File, of set: SnapshotSet) throws {
    try SnapshotProof.verify(file, of: set, with: [town.secret])
  }

  /// Whoever restores is told the file and the chunk, in both languages.
  @Test func damageIsSaidWithItsPlace() throws {
    let town = try ShippingSample(acts: 4_000)
    let destination = try town.destination("usb")
    #expect(town.ship(to: destination).map(\.isNew) == [true])
    let set = try town.arrived(destination)
    let path = "\(set.path)/tucheng-2023.ledger.gz.age"
    var bytes = try DataFolderSample.bytes(path)
    try #require(bytes.count > 2 * 65_552 + 1_000)
    bytes[65_552 + 1_000] ^= 1
    try DataFolderSample.write(bytes, to: path)
    let error = #expect(throws: AdminError.self) { try SnapshotProof.verify(set, with: [town.secret]) }
    let words = try #require(error?.description)
    #expect(words.contains("tucheng-2023.ledger.gz.age") && words.contains("chunk 2") && words.contains("第 2 段"))
    try DataFolderSample.write(Array(bytes[..<65_552]), to: path)
    #expect(throws: AdminError.self) { try SnapshotProof.verify(set, with: [town.secret]) }
  }

  /// A file that proves itself and is not what the list says is another set's.
  @Test func whatWasSealedAnewIsNotTheSetsFile() throws {
    let set = try town.arrived(destination)
    let second = try town.destination("county")
    #expect(town.ship(to: second).map(\.isNew) == [true])
    let other = try DataFolderSample.bytes("\(town.place(second))/seats.gz.age")
    try DataFolderSample.write(other, to: "\(set.path)/seats.gz.age")
    #expect(throws: AdminError.self) { try SnapshotProof.verify(set, with: [town.secret]) }
  }
}
