import EditModel
import LedgerRules
import LedgerTestKit
import LineProtocol
import Testing

/// The tables of `protocol/` against the code: what the text states is what the programs do.
@Suite struct SpecTableTests {
  /// The rows of the table in `file` whose first column is headed `heading`: each row's cells, without back-ticks.
  private func table(_ heading: String, in file: String) throws -> [[String]] {
    let lines = try ProjectFile.text("protocol/\(file)").split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("| \(heading) |") }, "\(file) has no table of \(heading)")
    let rows = lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map { cell in
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    }
    #expect(!rows.isEmpty, "the table of \(heading) in \(file) is empty")
    return rows
  }

  /// The names that `static let` declares in a source file.
  private func constants(in path: String) throws -> [String] {
    try ProjectFile.text(path).split(separator: "\n").compactMap { line in
      let words = line.split(whereSeparator: { " :=".contains($0) })
      guard let index = words.firstIndex(of: "let"), index > 0, words[index - 1] == "static" else { return nil }
      return String(words[index + 1])
    }
  }

  @Test func errorTableIsTheCodes() throws {
    let rows = try table("code", in: "07-errors.md")
    #expect(rows.map { $0[0] }.sorted() == ErrorCode.allCases.map(\.rawValue).sorted())
    for row in rows {
      #expect(row.count == 6, "\(row[0])")
      let code = try #require(ErrorCode(rawValue: row[0]))
      #expect(row[1] == code.errorClass.rawValue, "\(code)")
      #expect(row[3] == (code.closes ? "yes" : "no"), "\(code)")
      #expect(row.allSatisfy { !$0.isEmpty }, "\(code)")
    }
  }

  @Test func classTableIsTheCodes() throws {
    let rows = try table("class", in: "07-errors.md")
    #expect(rows.map { $0[0] } == ErrorClass.allCases.map(\.rawValue))
  }

  @Test func wordsOfTheArgumentsAreTheRules() throws {
    let rows = try table("list", in: "07-errors.md")
    let words = Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1].split(separator: " ").map(String.init)) })
    #expect(words["STAGE, FROM, TO"] == Stage.allCases.map(\.rawValue))
    #expect(words["RULE"] == Refusal.Ban.allCases.map(\.rawValue))
    #expect(words["REASON"] == Refusal.SeatGround.allCases.map(\.rawValue))
    #expect(words["WHAT"] == Requirement.allCases.map(\.rawValue))
    #expect(words.count == 4)
  }

  @Test func tableOfRightsIsTheCodes() throws {
    let rows = try table("right", in: "05-merge.md")
    #expect(rows.map { $0[0] } == Right.allCases.map(\.rawValue))
    for (row, known) in zip(rows, Rights.table) {
      let reaches = Role.allCases.map { known.reach(of: $0) }.map { $0 == .none ? "-" : $0.rawValue }
      #expect(row == [known.right.rawValue, known.right.label.chinese] + reaches)
    }
    let heading = "| right | 中文 | " + Role.allCases.map(\.rawValue).joined(separator: " | ") + " |"
    #expect(try ProjectFile.text("protocol/05-merge.md").contains(heading), "a column for each role, in their order")
    #expect(try table("reach", in: "05-merge.md").map { $0[0] } == Reach.allCases.map(\.rawValue))
  }

  /// The words of `forbidden` are explained where the rules are.
  @Test func everyBanIsExplained() throws {
    let merge = try ProjectFile.text("protocol/05-merge.md")
    for ban in Refusal.Ban.allCases { #expect(merge.contains("`\(ban.rawValue)`"), "\(ban)") }
  }

  @Test func stagesAndRolesAreNamed() throws {
    let merge = try ProjectFile.text("protocol/05-merge.md")
    for stage in Stage.allCases { #expect(merge.contains("`\(stage.rawValue)`"), "\(stage)") }
    let messages = try ProjectFile.text("protocol/04-messages.md")
    for role in Role.allCases { #expect(messages.contains("`\(role.rawValue)` \(role.label.chinese)"), "\(role)") }
  }

  @Test func limitsTableIsTheCodes() throws {
    let values: [String: String] = [
      "version": "\(Limits.version)", "lineBytes": "\(Limits.lineBytes)", "authorBytes": "\(Limits.authorBytes)",
      "actEdits": "\(Limits.actEdits)", "actBytes": "\(Limits.actBytes)", "tagBytes": "\(Limits.tagBytes)",
      "blockBytes": "\(Limits.blockBytes)", "deflatedBytes": "\(Limits.deflatedBytes)",
      "cursorBytes": "\(Limits.cursorBytes)", "nameBytes": "\(Limits.nameBytes)",
      "welcomeBytes": "\(Limits.welcomeBytes)",
      "secretCharacters": "\(Limits.secretCharacters.lowerBound)-\(Limits.secretCharacters.upperBound)",
      "ClientVersion.byteLimit": "\(ClientVersion.byteLimit)",
      "offsetMilliseconds": "\(Limits.offsetMilliseconds)", "actsInFlight": "\(Limits.actsInFlight)",
      "forkedActs": "\(Limits.forkedActs)",
      "unsent": "\(Limits.unsent)",
      "stampAheadMilliseconds": "\(Limits.stampAheadMilliseconds)", "authSeconds": "\(Limits.authSeconds)",
      "idleSeconds": "\(Limits.idleSeconds)", "stallSeconds": "\(Limits.stallSeconds)",
      "Name.byteLimit": "\(Name.byteLimit)", "Name.pathLimit": "\(Name.pathLimit)",
      "ReplicaID.lengths": "\(ReplicaID.lengths.lowerBound)-\(ReplicaID.lengths.upperBound)",
      "EditID.counterLimit": "\(EditID.counterLimit)", "Stamp.counterLimit": "\(Stamp.counterLimit)",
      "Stamp.millisecondLimit": "\(Stamp.millisecondLimit)", "Shift.limit": "\(Shift.limit)",
    ]
    // These two are LedgerStore's, whose tests compare them.
    let stored: Set = ["QuarantineStore.actLimit", "QuarantineStore.byteLimit"]
    let rows = try table("name", in: "08-limits.md").filter { !stored.contains($0[0]) }
    #expect(Set(rows.map { $0[0] }) == Set(values.keys))
    for row in rows { #expect(row[1] == values[row[0]], "\(row[0])") }
    for name in try constants(in: "Sources/LineProtocol/Limits.swift") {
      #expect(values[name] != nil, "the limit \(name) is not in protocol/08-limits.md")
    }
    #expect(Limits.nameBytes == Name.byteLimit)
  }

  @Test func verbTableIsTheCodes() throws {
    let rows = try table("verb", in: "04-messages.md")
    #expect(rows.map { $0[0] } == Verb.allCases.map(\.rawValue))
    for row in rows {
      let verb = try #require(Verb(rawValue: row[0]))
      #expect(row[1] == words(verb), "\(verb)")
      #expect(row[2] == when(verb), "\(verb)")
      #expect(row[3] == (verb.isBuilt ? "\(Limits.version)" : "later"), "\(verb)")
    }
    print("conformance: \(rows.count { $0[3] == "later" }) of \(rows.count) verbs are specified for later")
  }

  @Test func everyVerbForLaterSaysWhen() throws {
    let rows = try table("what", in: "10-later.md")
    let later = Verb.allCases.filter { !$0.isBuilt }.map(\.rawValue)
    #expect(rows.map { $0[1] }.filter { $0 != "-" }.sorted() == later.sorted())
    #expect(rows.allSatisfy { $0.count == 5 && $0[3].hasPrefix("0.") && !$0[4].isEmpty })
    print("conformance: \(rows.count) parts are specified in outline for later versions and passed over")
  }

  @Test func everyErrorOfTheMessagesIsInTheTable() throws {
    let codes = Set(ErrorCode.allCases.map(\.rawValue))
    let classes = Set(ErrorClass.allCases.map(\.rawValue))
    var seen = 0
    for file in ["00-overview.md", "04-messages.md", "06-sync.md"] {
      for line in try ProjectFile.text("protocol/\(file)").split(separator: "\n") where line.hasPrefix("S: ") {
        let words = line.split(separator: " ")
        guard words.count > 3, classes.contains(String(words[2])) else { continue }
        #expect(codes.contains(String(words[3])), "\(file): \(line)")
        seen += 1
      }
    }
    #expect(seen >= 2)
  }

  @Test func linesOfTheSessionsAreInTheirOneSpelling() throws {
    var seen = 0
    for file in ["00-overview.md", "04-messages.md"] {
      for line in try ProjectFile.text("protocol/\(file)").split(separator: "\n") {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4, words[0] == "S:" || words[0] == "C:" else { continue }
        if words[1] == "+" {
          #expect(EditLine.accepted("\(words[2]) \(words[3])") != nil, "\(file): \(line)")
          seen += 1
        } else if words[2] == "put" {
          #expect(EditLine.edit(String(words[3])) != nil, "\(file): \(line)")
          seen += 1
        }
      }
    }
    #expect(seen >= 7)
  }

  private func words(_ verb: Verb) -> String {
    switch (verb, verb.arity.lowerBound, verb.arity.upperBound) {
    case (.put, _, _): "author"
    case (_, _, Int.max): "any"
    case (_, let least, let most): least == most ? "\(least)" : "\(least)-\(most)"
    }
  }

  private func when(_ verb: Verb) -> String {
    switch verb.stage {
    case .always: "always"
    case .beforeAuth: "before authentication"
    case .afterAuth: "after authentication"
    }
  }
}
