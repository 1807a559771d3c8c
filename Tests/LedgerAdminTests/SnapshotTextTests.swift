import EditModel
import Glibc
import LedgerTestKit
import SealedFile
import SnapshotFile
import Testing

@testable import LedgerAdmin

/// The plain lines of a file, as `zcat` has them.
@Suite struct SnapshotTextTests {
  private let town: ShippingSample

  init() throws {
    town = try ShippingSample()
  }

  /// What `zcat` shows of a file in blocks or in one member.
  private static func unpacked(_ path: String) throws -> [UInt8] {
    let bytes = try DataFolderSample.bytes(path)
    var (text, start): ([UInt8], Int) = ([], 0)
    while start < bytes.count {
      // A block says its length in the last four of its first twenty bytes; a member without a field is the whole file.
      let length =
        bytes[start + 3] == 0
        ? bytes.count : (16..<20).reversed().reduce(0) { $0 << 8 | Int(bytes[start + $1]) }
      let block = bytes[start..<start + length]
      text += try member(block)
      start += length
    }
    return text
  }

  private static func member(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
    // zlib's header without the field: what is unpacked is the same.
    let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    let body = bytes[bytes.startIndex + 3] == 0 ? bytes.dropFirst(10) : bytes.dropFirst(20)
    let gzip = try GzipDecoder()
    try gzip.receive(head + body)
    var text: [UInt8] = []
    while let piece = try gzip.next() { text += piece }
    try gzip.finish()
    return text
  }

  private func read(_ path: String, with secrets: [RecoverySecret] = []) throws -> [UInt8] {
    var text: [UInt8] = []
    try SnapshotText.read(path, with: secrets) {
      text += $0
      return true
    }
    return text
  }

  /// What was shown of a file before it was refused.
  private func shown(_ path: String, with secrets: [RecoverySecret] = []) throws -> (text: [UInt8], error: AdminError) {
    var text: [UInt8] = []
    let error = #expect(throws: AdminError.self) {
      try SnapshotText.read(path, with: secrets) {
        text += $0
        return true
      }
    }
    return (text, try #require(error))
  }

  @Test func everyFileIsShownAsZcatShowsItSealedOrNot() throws {
    let destination = try town.destination("usb")
    _ = town.ship(to: destination)
    for file in town.set.files {
      let plain = try SnapshotTextTests.unpacked("\(town.set.path)/\(file.name)")
      #expect(plain.starts(with: "taizhang-snapshot ".utf8) && plain.last == UInt8(ascii: "\n"))
      #expect(try read("\(town.set.path)/\(file.name)") == plain, "\(file.name)")
      let sealed = "\(town.place(destination))/\(file.name).age"
      #expect(try read(sealed, with: [town.secret]) == plain, "\(file.name)")
      let refused = #expect(throws: AdminError.self) { try read(sealed) }
      #expect(refused?.description.contains("--key") == true)
    }
  }

  @Test func aFileOfFormatOneIsShown() throws {
    let folder = "\(ProjectFile.root)/protocol/recordings/snapshot-1"
    for name in Disk.names(in: folder) where name.hasSuffix(".gz") {
      #expect(try read("\(folder)/\(name)") == SnapshotTextTests.unpacked("\(folder)/\(name)"), "\(name)")
    }
  }

  /// Of a file that is broken anywhere, what is shown is a beginning of what it was.
  @Test func ofABrokenFileABeginningIsShown() throws {
    let path = "\(town.set.path)/tucheng-2023.ledger.gz"
    let plain = try read(path)
    let bytes = try DataFolderSample.bytes(path)
    var found: Set<Int> = []
    for index in stride(from: 0, to: bytes.count, by: 53) {
      var damaged = bytes
      damaged[index] ^= 0x10
      for file in [damaged, Array(bytes[..<index])] {
        try DataFolderSample.write(file, to: path)
        let shown = try shown(path)
        #expect(plain.starts(with: shown.text))
        found.insert(shown.text.count)
      }
    }
    // Some of it: the blocks before.
    #expect(found.count > 2)
  }

  @Test func ofASealedFileThatWasCutTheWholeBlocksAreShown() throws {
    let destination = try town.destination("usb")
    _ = town.ship(to: destination)
    let path = "\(town.place(destination))/seats.gz.age"
    let bytes = try DataFolderSample.bytes(path)
    try DataFolderSample.write(Array(bytes.dropLast()), to: path)
    let shown = try shown(path, with: [town.secret])
    #expect(shown.text.isEmpty && shown.error.description.contains("seats.gz.age cannot be opened"))
  }

  @Test func whatIsNoFileOfASetIsRefused() throws {
    #expect(try shown("\(town.set.path)/set").text.isEmpty)
    #expect(try shown(town.set.path).text.isEmpty)
    #expect(try shown(town.set.path + "/nothing").text.isEmpty)
  }

  @Test func nothingMoreIsReadOnceNobodyListens() throws {
    var count = 0
    try SnapshotText.read("\(town.set.path)/tucheng-2023.ledger.gz", with: []) { _ in
      count += 1
      return false
    }
    #expect(count == 1)
  }
}
