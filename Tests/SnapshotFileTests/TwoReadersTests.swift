import Foundation
import LedgerTestKit
import LineProtocol
import Testing

@testable import SnapshotFile

/// The reader of these programs and the one that was written from the specification alone say the same of every file.
@Suite struct TwoReadersTests {
  @Test func bothProveWhatWasWritten() throws {
    var files: [(String, [UInt8])] = []
    for (acts, refusals, parents, unlinked) in [
      (0, 0, 0, 0), (700, 0, 2, 9), (40, 25, 3, 1), (0, 2, 1, 0), (5, 0, 0, 99),
    ] {
      let sample = try SnapshotSample(acts: acts, refusals: refusals, parents: parents, unlinked: unlinked)
      files.append(("\(acts) acts, \(refusals) refusals", try sample.file()))
    }
    let found = try forgeable()
    files.append(("index in several blocks", try forged(found, width: 1)))
    files.append(("greatest line", try forged(with: refusalLine(1, bytes: SnapshotHeader.limitLineBytes))))
    files.append(("greatest block", try fileWithABlock(bytes: GzipBlock.limitPlainBytes)))
    #expect(try stranger(refuses: files).isEmpty)
    for (name, file) in files { #expect(try refusal(of: file) == nil, "\(name)") }
  }

  @Test func bothRefuseWhatWasForged() throws {
    var files = try SnapshotDamageTests.forgeries.map { name, _, forge in
      var blocks = try forgeable()
      forge(&blocks)
      return (name, try forged(blocks))
    }
    for (name, change) in SnapshotDamageTests.otherIndexes {
      files.append(("index: \(name)", try forged(forgeable(), index: change)))
      files.append(("index in several blocks: \(name)", try forged(forgeable(), width: 3, index: change)))
    }
    files.append(("line too long", try forged(with: refusalLine(1, bytes: SnapshotHeader.limitLineBytes + 1))))
    files.append(("block too long", try fileWithABlock(bytes: GzipBlock.limitPlainBytes + 1)))
    files.append(("nothing", []))
    files.append(("format 1", try SnapshotSample(acts: 1).firstFormatFile()))
    #expect(try stranger(refuses: files) == Set(files.indices))
    // Format 1 is read by the programs only.
    for (name, file) in files.dropLast() { #expect(try refusal(of: file) != nil, "\(name)") }
  }

  /// A byte of the text is another, or gone, or there twice, and everything is sealed anew: so one spelling is one to both.
  @Test func bothSayTheSameOfChangedText() throws {
    var random = SplitMix64(seed: 9)
    var found = try forgeable()
    // With links any other line would be refused for them.
    found[0][7] = "head \(ChainHead.start)"
    found[2].removeLast()
    let files = try (0..<300).map { _ in
      var blocks = found
      let block = Int.random(in: blocks.indices, using: &random)
      let line = Int.random(in: blocks[block].indices, using: &random)
      var bytes = Array(blocks[block][line].utf8)
      let place = Int.random(in: bytes.indices, using: &random)
      let byte = Array(" .-/\\09~azgG:\u{7f}".utf8).randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = byte
      case 1: bytes.insert(byte, at: place)
      case 2: bytes.insert(bytes[place], at: place)
      default: bytes.remove(at: place)
      }
      blocks[block][line] = String(decoding: bytes, as: UTF8.self)
      // The cell of a line is the line.
      if block == 2, let cell = blocks[1].firstIndex(of: "=" + found[2][line].dropFirst()) {
        blocks[1][cell] = "=" + blocks[2][line].dropFirst()
      }
      return (blocks[block][line], try forged(blocks))
    }
    let refused = try stranger(refuses: files)
    for (index, (line, file)) in files.enumerated() {
      #expect(try (refusal(of: file) != nil) == refused.contains(index), "\(line)")
    }
    #expect(refused.count > 100 && refused.count < files.count - 20)
  }

  /// Every third byte with one of its bits turned, and a cut at every twentieth.
  @Test func bothSayTheSameOfDamage() throws {
    let file = try SnapshotSample(acts: 2, refusals: 1, parents: 1).file()
    var files = stride(from: 0, to: file.count, by: 3).map { place in
      var damaged = file
      damaged[place] ^= 1 << UInt8(place % 8)
      return ("bit \(place % 8) of byte \(place)", damaged)
    }
    files += stride(from: 0, to: file.count, by: 20).map { ("cut to \($0) bytes", Array(file[..<$0])) }
    let refused = try stranger(refuses: files)
    for (index, (name, file)) in files.enumerated() {
      #expect(try (refusal(of: file) != nil) == refused.contains(index), "\(name)")
    }
    #expect(refused.count > files.count - 8)
  }

  /// Which of the files the stranger's reader refuses. One process reads all of them.
  private func stranger(refuses files: [(name: String, bytes: [UInt8])]) throws -> Set<Int> {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (index, file) in files.enumerated() { try Data(file.bytes).write(to: folder.appending(path: "\(index)")) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "\(ProjectFile.root)/protocol/read-snapshot.py"] + files.indices.map(String.init)
    process.currentDirectoryURL = folder
    let (output, errors) = (folder.appending(path: "output"), folder.appending(path: "errors"))
    for url in [output, errors] { try Data().write(to: url) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    let said = try String(contentsOf: errors, encoding: .utf8)
    let refused = Set(said.split(separator: "\n").compactMap { Int($0.split(separator: ":")[1].dropFirst()) })
    let proved = try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
    #expect(proved.count == files.count - refused.count && proved.allSatisfy { $0.hasPrefix("proved: ") }, "\(said)")
    #expect(process.terminationStatus == (refused.isEmpty ? 0 : 1))
    return refused
  }
}
