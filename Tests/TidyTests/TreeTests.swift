import Testing

/// The repository against the rules. `RuleTests` shows that each of them can fail.
@Suite struct TreeTests {
  @Test func treeIsRead() {
    let paths = SourceTree.files.map(\.path)
    #expect(paths.contains("Package.swift"))
    #expect(paths.contains(".ci/run"))
    #expect(paths.contains("Tests/TidyTests/TreeTests.swift"))
  }

  @Test(arguments: Rule.allCases) func treeKeeps(_ rule: Rule) {
    for finding in SourceTree.files.flatMap(rule.findings(in:)) {
      Issue.record("\(finding)")
    }
  }

  @Test func everyTargetHasARow() {
    let targets = Set(SourceTree.files.compactMap(\.target))
    for target in targets.sorted() {
      #expect(Layers.row(of: target) != nil, "target \(target) has no row in the table of layers")
    }
  }

  @Test func everyTargetOpensWithAParagraph() {
    let targets = Dictionary(grouping: SourceTree.files.filter { $0.target != nil }, by: \.target)
    for (target, files) in targets {
      let opens = files.contains(where: opensWithParagraph)
      #expect(opens, "no file of \(target ?? "") opens with a comment: what the target is, what it may not do")
    }
  }

  @Test func layersPointDownwards() throws {
    for row in Layers.table {
      for import_ in row.ours {
        let below = try #require(Layers.row(of: import_), "\(row.target) names \(import_), which has no row")
        #expect(below.layer < row.layer, "\(row.target) imports \(import_) from layer \(below.layer)")
      }
    }
  }

  @Test func sizesArePrinted() {
    let report = Sizes.report(of: SourceTree.files)
    #expect(!report.isEmpty)
    for line in report { print("size: \(line)") }
  }
}

/// Whether the file's first lines are a comment.
func opensWithParagraph(_ file: SourceFile) -> Bool {
  let first = file.lines.first ?? ""
  return first.hasPrefix("//") || first.hasPrefix("/*") || first.hasPrefix("#")
}
