import Foundation
import Testing

/// The rules that are broken on purpose, against the source that they break.
@Suite struct MutantTests {
  private static let folder = SourceTree.root.appending(path: "scripts/mutants").path
  private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()

  @Test func thereAreMutants() {
    #expect(MutantTests.names.count >= 8)
  }

  /// A patch whose lines are elsewhere now breaks nothing: it has to follow its rule.
  @Test(arguments: names) func everyMutantStillApplies(_ name: String) throws {
    let text = try String(contentsOfFile: MutantTests.folder + "/" + name, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let target = try #require(lines.first { $0.hasPrefix("--- a/") }).dropFirst(6)
    let source = try #require(SourceTree.files.first { $0.path == target }, "\(name) patches \(target)")
    let hunks = lines.drop { !$0.hasPrefix("@@") }.split { $0.hasPrefix("@@") }
    #expect(!hunks.isEmpty)
    for hunk in hunks {
      let old = hunk.filter { !$0.hasPrefix("+") && !$0.isEmpty }.map { String($0.dropFirst()) }
      let isThere = source.lines.indices.contains { source.lines[$0...].starts(with: old) }
      #expect(isThere, "\(name) does not apply to \(target) any more")
    }
  }
}
