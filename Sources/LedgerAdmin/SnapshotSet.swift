import Crypto
package import EditModel
import Glibc
import LineProtocol
import SealedFile
import SnapshotFile

/// A set: every ledger and the seats, as gzip files of protocol lines in a folder, and a list of them with their hashes.
package struct SnapshotSet: Hashable, Sendable {
  /// One file of a set.
  package struct File: Hashable, Sendable {
    /// The file's name in the set's folder.
    package let name: String
    /// Its size in bytes.
    package let bytes: UInt64
    /// The SHA-256 of its bytes, in lower-case hexadecimal.
    package let sha256: String
    /// For a ledger: its name and the seq that the file is consistent at; nil for the seats.
    package let ledger: Ledger?
    /// As what it is stored in a sealed set; nil where it is stored as it is.
    package internal(set) var sealed: Sealed?
  }

  /// A sealed file as it is stored.
  package struct Sealed: Hashable, Sendable {
    /// Its size in bytes.
    package let bytes: UInt64
    /// The SHA-256 of its bytes, in lower-case hexadecimal.
    package let sha256: String
  }

  /// Which ledger a file holds, and how far.
  package struct Ledger: Hashable, Sendable {
    /// The ledger's name.
    package let name: ExactString
    /// The file holds the lines 1 ... `seq`.
    package let seq: UInt64
  }

  /// The folder.
  package let path: String
  /// When it was taken, on the server's time line.
  package let takenAt: Stamp
  /// The ledgers that the server had and that were left out when it was taken, in the order of their names.
  package let leftOut: [ExactString]
  /// The ledgers in the order of their names, then the seats.
  package let files: [File]

  /// The folder's own name: what people call the set.
  package var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  /// The ledgers that it holds, in the order of their names.
  package var ledgers: [Ledger] { files.compactMap(\.ledger) }
  /// The file of `ledger`, nil when the set does not hold it.
  package func file(of ledger: ExactString) -> File? { files.first { $0.ledger?.name == ledger } }
  /// The bytes of all files together.
  package var bytes: UInt64 { files.reduce(0) { $0 + $1.bytes } }

  /// The name of the list in a set's folder; it is written last, so a folder without it is no set.
  static let listName = "set"
  /// The name of the seats' file.
  static let seatsName = "seats.gz"

  /// The format's number of the list, and that of a sealed set's.
  private static let (format, sealedFormat) = (1, 2)

  /// Whether its files are sealed.
  package var isSealed: Bool { files.contains { $0.sealed != nil } }

  /// The list as it is written: a header, a line for each ledger that is left out and for each file, and the hash of all
  /// lines before the last.
  var listText: String {
    var text = "taizhang-set \(isSealed ? SnapshotSet.sealedFormat : SnapshotSet.format)\ntaken \(takenAt)\n"
    for name in leftOut { text += "without \(name)\n" }
    for file in files {
      text += "file \(file.name) \(file.bytes) \(file.sha256)"
      if let ledger = file.ledger { text += " \(ledger.name) \(ledger.seq)" }
      text += "\n"
    }
    for file in files where file.sealed != nil {
      text += "sealed \(file.storedName) \(file.storedBytes) \(file.storedSHA256)\n"
    }
    return text + "end sha256 \(SnapshotSet.hash(text))\n"
  }

  /// The hash of a list's lines.
  static func hash(_ text: String) -> String {
    SHA256.hash(data: Array(text.utf8)).hexadecimal
  }

  init(path: String, takenAt: Stamp, leftOut: [ExactString] = [], files: [File]) {
    self.path = path
    self.takenAt = takenAt
    self.leftOut = leftOut
    self.files = files
  }

  /// Reads the list of the set in the folder `path`; the files themselves are not looked at.
  package init(reading path: String) throws(AdminError) {
    guard Disk.exists("\(path)/\(SnapshotSet.listName)") else { throw .noSet(path: path) }
    let reader = try DiskReader("\(path)/\(SnapshotSet.listName)")
    var bytes: [UInt8] = []
    while true {
      let piece = try reader.read()
      if piece.isEmpty { break }
      bytes += piece
      guard bytes.count < 16 << 20 else {
        throw .damagedSet(path: path, reason: "its list is too long")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .damagedSet(path: path, reason: "its list is not text")
    }
    try self.init(path: path, list: text)
  }

  private init(path: String, list: String) throws(AdminError) {
    var lines = list.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.popLast() == "", let end = lines.popLast(), lines.count >= 2 else {
      throw .damagedSet(path: path, reason: "its list is cut off")
    }
    let isSealed = lines[0] == "taizhang-set \(SnapshotSet.sealedFormat)"
    guard isSealed || lines[0] == "taizhang-set \(SnapshotSet.format)" else {
      throw .damagedSet(path: path, reason: "its format is not one that this version knows")
    }
    guard end == "end sha256 \(SnapshotSet.hash(lines.map { $0 + "\n" }.joined()))" else {
      throw .damagedSet(path: path, reason: "its list does not match its own hash")
    }
    guard lines[1].hasPrefix("taken "), let taken = Stamp(String(lines[1].dropFirst(6))) else {
      throw .damagedSet(path: path, reason: "its list has no time")
    }
    let rest = lines.dropFirst(2)
    let leftOut = rest.prefix { $0.hasPrefix("without ") }.map { ExactString(String($0.dropFirst(8))) }
    guard let files = SnapshotSet.files(rest.dropFirst(leftOut.count), isSealed: isSealed) else {
      throw .damagedSet(path: path, reason: "its list has a line that is none, or lacks one")
    }
    guard files.count(where: { $0.ledger == nil }) == 1 else {
      throw .damagedSet(path: path, reason: "its list does not name one file of seats")
    }
    let held = Set(files.compactMap { $0.ledger?.name })
    guard leftOut.allSatisfy({ Name.isValid($0.string) && !held.contains($0) }), Set(leftOut).count == leftOut.count
    else {
      throw .damagedSet(path: path, reason: "its list leaves out what is no ledger, or what it holds")
    }
    self.init(path: path, takenAt: taken, leftOut: leftOut, files: files)
  }

  /// The files of a list's last lines: `file` lines, and behind them in a sealed set a `sealed` line for each; nil for others.
  private static func files(_ lines: ArraySlice<String>, isSealed: Bool) -> [File]? {
    let plain = isSealed ? lines.prefix { $0.hasPrefix("file ") } : lines
    var files: [File] = []
    for line in plain {
      guard let file = file(line) else { return nil }
      files.append(file)
    }
    guard isSealed else { return files }
    let rest = lines.dropFirst(plain.count)
    guard rest.count == files.count else { return nil }
    for (index, line) in zip(files.indices, rest) {
      let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      guard words.count == 4, words[0] == "sealed", words[1] == files[index].sealedName,
        let bytes = Decimal.number(words[2]), words[3].utf8.count == 64
      else { return nil }
      files[index].sealed = Sealed(bytes: bytes, sha256: words[3])
    }
    return files
  }

  private static func file(_ line: String) -> File? {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 4 || words.count == 6, words[0] == "file", !words[1].contains("/"),
      !words[1].hasPrefix("."),
      let bytes = Decimal.number(words[2]), words[3].utf8.count == 64
    else { return nil }
    guard words.count == 6 else {
      return File(name: words[1], bytes: bytes, sha256: words[3], ledger: nil)
    }
    guard Name.isValid(words[4]), let seq = Decimal.number(words[5]) else { return nil }
    let ledger = Ledger(name: ExactString(words[4]), seq: seq)
    return File(name: words[1], bytes: bytes, sha256: words[3], ledger: ledger)
  }

  /// Opens a file of the set; one that is sealed is opened with `secrets`, without which `sealed` is thrown.
  func reader(of file: File, opening secrets: [RecoverySecret]) throws(AdminError) -> StoredFileReader {
    guard file.sealed == nil || !secrets.isEmpty else { throw .sealed(path: path) }
    return try reader(of: file, secrets: file.sealed == nil ? nil : secrets)
  }

  /// Opens a file of the set as it is stored.
  func storedReader(of file: File) throws(AdminError) -> StoredFileReader { try reader(of: file, secrets: nil) }

  private func reader(of file: File, secrets: [RecoverySecret]?) throws(AdminError) -> StoredFileReader {
    let name = file.storedName
    do throws(AdminError) {
      return try StoredFileReader("\(path)/\(name)", named: name, opening: secrets)
    } catch {
      guard case .disk(_, _, let number) = error else { throw error }
      throw .damagedSet(path: path, reason: "\(name) cannot be opened (\(String(cString: strerror(number))))")
    }
  }

  /// Reads every file as it is stored, from the medium where the system lets it, and holds it against the list; a sealed set needs
  /// no secret for that. Throws at the first that is not as it was written.
  func checkStored() throws(AdminError) {
    for file in files {
      Disk.forget("\(path)/\(file.storedName)")
      let reader = try storedReader(of: file)
      while try !reader.read().isEmpty {}
      try file.requireStored(reader)
    }
  }

  /// Whether both are one set, sealed or not, wherever they lie.
  func isSame(as other: SnapshotSet) -> Bool {
    takenAt == other.takenAt && leftOut == other.leftOut && files.map(\.plain) == other.files.map(\.plain)
  }

  /// All sets of a data folder, newest first; folders that are no whole set are passed over.
  package static func all(in folder: DataFolder) -> [SnapshotSet] {
    // A set that cannot be read is not offered; `verify` of its path says why.
    Disk.names(in: folder.snapshots).filter { !$0.hasPrefix(".") }
      .compactMap { try? SnapshotSet(reading: "\(folder.snapshots)/\($0)") }
      .sorted { $0.takenAt > $1.takenAt }
  }
}

extension SnapshotSet.File {
  /// The name under which it is stored when it is sealed.
  var sealedName: String { name + ".age" }
  /// The name under which it is stored.
  var storedName: String { sealed == nil ? name : sealedName }
  /// How many bytes it has as it is stored.
  var storedBytes: UInt64 { sealed?.bytes ?? bytes }
  /// The SHA-256 of its bytes as it is stored.
  var storedSHA256: String { sealed?.sha256 ?? sha256 }

  /// The same, not sealed.
  fileprivate var plain: SnapshotSet.File {
    var plain = self
    plain.sealed = nil
    return plain
  }

  /// Throws unless the bytes that `reader` took from the disk, to their end, are those of the list.
  func requireStored(_ reader: StoredFileReader) throws(AdminError) {
    guard reader.isStored(bytes: storedBytes, sha256: storedSHA256) else {
      throw .damaged(file: storedName, SnapshotError(.mismatch, at: Int(clamping: storedBytes)))
    }
  }
}
