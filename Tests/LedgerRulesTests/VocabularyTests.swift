import EditModel
import LedgerRules
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The vocabulary: one table in Swift, one data file, the same rows.
struct VocabularyTests {
  @Test func dataFileHasExactlyTheRowsOfTheTable() throws {
    let file = try #require(textOfFile(below: "protocol/vocabulary.tsv"))
    let lines = file.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.last == "", "the file ends with a line feed")
    let expected = tableLines()
    for (line, row) in zip(lines, expected) { #expect(line == row) }
    #expect(lines.count - 1 == expected.count)
  }

  @Test func everyRowIsOfItsKindOnce() {
    let keys = Vocabulary.fields.map { "\($0.kind) \($0.name)" }
    #expect(Set(keys).count == keys.count)
  }

  /// A plain field of a kind never makes an entity on that kind, or the same line would mean two things.
  @Test(arguments: Vocabulary.fields) func plainFieldCreatesNothing(_ rule: FieldRule) throws {
    let samples: [Kind: String] = [
      .ledger: ".", .aspect: "a1", .category: "c1", .problem: "p1", .measure: "p1.1", .part: "p1.村",
      .note: "aaaaaaaa.1/1", .transition: "aaaaaaaa.1/1",
    ]
    let made = Vocabulary.creation(by: edit(try #require(samples[rule.kind]), rule.name.description, "x"))
    #expect(made == nil)
    #expect(rule.kind != .ledger || Vocabulary.field(rule.name, of: .ledger) == rule)
  }

  @Test(arguments: [
    ("p15", "problem", Kind.problem, "p15", "."), ("a1", "aspect", .aspect, "a1", "."),
    ("c4", "category", .category, "c4", "."), ("p15.2", "measure", .measure, "p15.2", "p15"),
    ("p15.张百万村", "part", .part, "p15.张百万村", "p15"), (".", "problem", .problem, "aaaaaaaa.1/1", "."),
    ("p15", "note", .note, "aaaaaaaa.1/1", "p15"), ("p15.2", "note", .note, "aaaaaaaa.1/1", "p15.2"),
    ("p15", "measure", .measure, "aaaaaaaa.1/1", "p15"), ("p15", "stage", .transition, "aaaaaaaa.1/1", "p15"),
    ("bbbbbbbb.3/1", "part", .part, "aaaaaaaa.1/1", "bbbbbbbb.3/1"),
  ])
  func creatingEditNamesItsEntity(_ entity: String, _ field: String, _ kind: Kind, _ id: String, _ parent: String) {
    let made = Vocabulary.creation(by: edit(entity, field, "x"))
    #expect(made?.kind == kind)
    #expect(made?.entity.description == id)
    #expect(made?.parent.description == parent)
  }

  @Test(arguments: [
    ("p15", "category"), ("c4", "aspect"), ("p15", "part"), ("p15.2", "stage"), (".", "part"), ("p015", "problem"),
    ("r7", "note"), ("p15", "note/x"), ("p15.2.3", "measure"), ("bbbbbbbb.3/1", "problem"),
  ])
  func otherEditSetsAField(_ entity: String, _ field: String) {
    #expect(Vocabulary.creation(by: edit(entity, field, "x")) == nil)
  }

  @Test(arguments: [
    ("village/张百万村", true), ("village", false), ("goal/x", false), ("goal", true), ("nonesuch", false),
    ("co_unit/农经站", true), ("village/a/b", true),
  ])
  func memberFieldIsKnownByItsHead(_ field: String, _ isKnown: Bool) throws {
    let name = try #require(FieldName(field))
    #expect((Vocabulary.field(name, of: .problem) != nil) == isKnown)
  }

  @Test(arguments: [
    ("date", "2023-12-31", true), ("date", "2023-13-01", false), ("date", "2023-2-1", false), ("yes_no", "yes", true),
    ("yes_no", "是", false), ("number", "30", true), ("number", "030", false), ("number", "-1", false),
    ("money", "1234.50", true), ("money", "12.345", false), ("money", ".5", false), ("money", "7", true),
    ("phone", "0314-123 4567", true), ("phone", "一二", false), ("line", "一行", true), ("line", "两\n行", false),
    ("text", "两\n行", true), ("reference", "c4", true), ("reference", "a4", false), ("reference", "x", false),
    ("choice", "done", true), ("choice", "已完成", false),
  ])
  func typeTakesItsValuesOnly(_ type: String, _ value: String, _ isTaken: Bool) throws {
    let outcome = try #require(Vocabulary.fields(of: .transition).first { $0.name == .outcome })
    let types: [String: FieldType] = [
      "date": .date, "yes_no": .yesNo, "number": .number, "money": .money, "phone": .phone, "line": .line,
      "text": .text, "reference": .reference(.category), "choice": outcome.type,
    ]
    #expect(try #require(types[type]).accepts(ExactString(value)) == isTaken)
  }

  @Test func limitCountsBytes() throws {
    let rule = try #require(Vocabulary.field(.leadUnit, of: .problem))
    #expect(rule.accepts(.text(ExactString(String(repeating: "村", count: 42) + "ab"))))
    #expect(!rule.accepts(.text(ExactString(String(repeating: "村", count: 43)))))
    #expect(rule.accepts(.cleared))
  }

  /// The lines that the file must have, the head first.
  private func tableLines() -> [String] {
    let head = "kind\tfield\tlabel_zh\tlabel_en\ttype\tlimit_bytes\tcardinality\tclass\tright\tform"
    var lines = [head]
    for kind in Kind.allCases {
      lines.append(kindLine(kind))
      for rule in Vocabulary.fields(of: kind) { lines.append(line(rule, field: rule.name.description, form: "-")) }
    }
    // Of every kind, with the right of the field that its name names.
    let settled = line(Vocabulary.settled, field: "settled", form: "-").split(separator: "\t").map(String.init)
    lines.append((["*"] + settled[1..<8] + ["*", "-"]).joined(separator: "\t"))
    return lines
  }

  private func kindLine(_ kind: Kind) -> String {
    var forms = kind.derivedForm.map { [$0] } ?? []
    if !kind.parents.isEmpty { forms.append("under " + kind.parents.map(\.rawValue).joined(separator: ",")) }
    let form = forms.joined(separator: " | ")
    guard let rule = Vocabulary.creationRule(of: kind) else {
      return "\(kind.rawValue)\t-\t\(kind.label.chinese)\t\(kind.label.english)\t-\t-\t-\tpublic\t-\t\(form)"
    }
    return line(rule, field: "-", form: "\(rule.name): \(form)")
  }

  private func line(_ rule: FieldRule, field: String, form: String) -> String {
    [
      rule.kind.rawValue, field, rule.label.chinese, rule.label.english, rule.type.description,
      String(rule.limitBytes), rule.cardinality.rawValue, rule.exposure.rawValue, rule.right.rawValue,
      form,
    ].joined(separator: "\t")
  }
}

/// The text of a file of the project, found from this file's own path; nil when it can't be read.
private func textOfFile(below path: String, from file: String = #filePath) -> String? {
  let root = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
  guard let stream = fopen(root + "/" + path, "r") else { return nil }
  defer { fclose(stream) }
  var bytes: [UInt8] = []
  while true {
    let byte = getc(stream)
    guard byte != EOF else { break }
    bytes.append(UInt8(truncatingIfNeeded: byte))
  }
  return String(validating: bytes, as: UTF8.self)
}

private func edit(_ entity: String, _ field: String, _ value: String) -> Edit {
  LedgerWriter.edit(LedgerWriter.id("aaaaaaaa.1/1"), entity, field, value)
}
