import EditModel
import LedgerRules
import Testing

@testable import ClientCommands

/// What people type, as the ledger means it.
@Suite struct TypedTextTests {
  @Test(arguments: [
    ("deadline", "deadline"), ("整改时限", "deadline"), ("Lead unit", "lead_unit"),
    ("lead-unit", "lead_unit"),
    ("涉及村/张百万村", "village/张百万村"), ("village/张百万村", "village/张百万村"), ("PROGRESS", "progress"),
  ])
  func aFieldIsFoundByItsNameOrLabel(typed: String, name: String) {
    #expect(FieldText(typed, of: .problem)?.name.description == name)
  }

  @Test(arguments: ["nothing", "village", "deadline/x", "", "涉及村/", "reported"])
  func whatIsNoFieldOfAProblemIsNone(typed: String) {
    #expect(FieldText(typed, of: .problem) == nil)
  }

  @Test(arguments: [
    ("2024-01-31", "2024-01-31"), ("2024/1/5", "2024-01-05"), ("2024年1月5日", "2024-01-05"),
    (" 2024.1.5 ", "2024-01-05"),
    ("2024-02-30", "2024-02-30"), ("明天", "明天"),
  ])
  func daysAreReadAsPeopleWriteThem(typed: String, value: String) {
    #expect(ValueText.canonical(typed, as: .date) == value)
  }

  @Test(arguments: [
    ("已完成", "done"), ("Long-term", "long_term"), ("not_started", "not_started"), ("别的", "别的"),
  ])
  func choicesAreReadByKeyOrLabel(typed: String, value: String) throws {
    let rule = try #require(Vocabulary.field(.state, of: .measure))
    #expect(ValueText.canonical(typed, as: rule.type) == value)
  }

  @Test(arguments: [("是", "yes"), ("否", "no"), ("Yes", "yes"), ("也许", "也许")])
  func yesAndNoAreReadInBothLanguages(typed: String, value: String) {
    #expect(ValueText.canonical(typed, as: .yesNo) == value)
  }

  @Test(arguments: [
    ("待初审", Stage.firstReview), ("first_review", .firstReview), ("Under way", .working),
  ])
  func aStageIsReadByKeyOrLabel(typed: String, stage: Stage) {
    #expect(Stage(typed: typed) == stage)
  }

  @Test(arguments: [
    ("长期坚持", Outcome.longTerm), ("long-term", .longTerm), ("long_term", .longTerm),
    ("已完成", .done), ("Done", .done),
  ])
  func anOutcomeIsReadByKeyOrLabel(typed: String, outcome: Outcome) {
    #expect(Outcome(typed: typed) == outcome)
  }

  @Test func whatIsNoOutcomeIsNone() {
    #expect(Outcome(typed: "under_way") == nil)
  }

  @Test func whatIsNoStageIsNone() {
    #expect(Stage(typed: "完事") == nil)
  }

  @Test(arguments: [
    ("", ""), (" ", ""), ("a b", "a b"), ("a  b", "a b"), (" a", "a"), ("a ", "a"), ("一、二", "一、二"),
    ("一\u{3000}二", "一 二"), ("一\r\n二", "一 二"), ("é\u{A0}è", "é è"),
  ])
  func everyRunOfWhiteSpaceIsOneSpace(text: String, line: String) {
    #expect(text.onOneLine == line)
  }

  @Test func lineFoldingKeepsWordsApart() {
    #expect(" 一\n二\t三 ".onOneLine == "一 二 三")
    #expect("\n 一 ".trimmed == "一")
  }

  @Test func aMomentIsShownInChinaTime() {
    let stamp = Stamp(milliseconds: 1_697_068_799_007)
    #expect(ChinaTime(stamp).description == "2023-10-12 07:59:59")
    #expect(ChinaTime(stamp).precise == "2023-10-12 07:59:59.007")
  }
}

/// The language of a run.
@Suite struct LanguageTests {
  @Test(arguments: [
    (["LC_ALL": "zh_CN.UTF-8", "LANG": "en_US"], Language.chinese),
    (["LC_ALL": "", "LANG": "zh"], .chinese),
    (["LC_ALL": "C", "LANG": "zh_CN"], .english),
    (["LC_MESSAGES": "en_US", "LANG": "zh_CN"], .english), ([:], .english),
  ])
  func followsTheTextOfTheFirstVariableThatIsSet(environment: [String: String], language: Language) {
    #expect(Language(environment: environment) == language)
  }

  @Test(arguments: [
    (["list", "--lang", "en"], Language.english), (["--lang=en", "list"], .english),
    (["--lang", "fr"], .chinese),
    (["--lang"], .chinese),
  ])
  func theOptionIsStrongerThanTheEnvironment(arguments: [String], language: Language) {
    #expect(Language(arguments: arguments, environment: ["LANG": "zh_CN"]) == language)
  }
}

/// Bytes of files, as text.
@Suite struct CharsetTests {
  @Test func utf8IsReadWithAndWithoutItsMark() throws {
    #expect(try Charset.text(of: Array("问题".utf8)) == "问题")
    #expect(try Charset.text(of: [0xEF, 0xBB, 0xBF] + Array("问题".utf8)) == "问题")
    #expect(try Charset.text(of: []) == "")
  }

  @Test func gb18030IsRead() throws {
    #expect(try Charset.text(of: [0xCE, 0xCA, 0xCC, 0xE2]) == "问题")
  }

  @Test func whatIsNeitherIsRefused() {
    #expect(throws: TextSource.Flaw.self) { try Charset.text(of: [0xFF, 0xFE, 0x00]) }
  }
}
