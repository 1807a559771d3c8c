import ArgumentParser
import Testing

@testable import ClientCommands

/// What the parser says reaches a person in the person's language.
@Suite struct ParserWordsTests {
  @Test(arguments: [
    ["frobnicate"], ["list", "--jsn"], ["list", "--frobnicate"], ["list", "--home"], ["list", "--json=1"],
    ["list", "a b"], ["list", "a", "b"], ["set"], ["set", "15"], ["stage", "15"], ["add", "problem"],
    ["list", "--lang", "fr"], ["sync", "--seconds", "soon"], ["-x", "list"], ["init"], ["import"],
    ["board", "--since"],
  ])
  func aFaultIsWordedInChinese(arguments: [String]) throws {
    let text = try fault(arguments)
    let said = ParserWords.worded(text, in: .chinese)
    #expect(said.hasPrefix("用法不对："), "\(said)")
    // The help line is this program's own; it is in the language of the test's process.
    for line in said.split(separator: "\n") where !line.hasPrefix("说明：") {
      let rest = unquoted(line)
      #expect(rest.firstMatch(of: /[A-Za-z]{2}/) == nil, "\(line)")
    }
    #expect(ParserWords.worded(text, in: .english) == text)
  }

  @Test func theFrameOfTheHelpIsChinese() {
    for command in [TaizhangCommand.self, SetCommand.self, BoardCommand.self] as [any ParsableCommand.Type] {
      let said = ParserWords.worded(command.helpMessage(), in: .chinese)
      for word in [
        "OVERVIEW", "USAGE", "ARGUMENTS", "OPTIONS", "SUBCOMMANDS", "Show the version", "Show help", "  See ",
        "(values", "(default:",
      ] {
        #expect(
          !said.contains("\n\(word)") && !said.hasPrefix(word) && !said.contains("  \(word)"), "\(word) in \(said)")
      }
    }
  }

  @Test func whatIsNotKnownStays() {
    #expect(ParserWords.worded("Error: Something new 'x'", in: .chinese) == "用法不对：Something new 'x'")
    #expect(ParserWords.worded("two\n\nlines", in: .chinese) == "two\n\nlines")
  }

  private func fault(_ arguments: [String]) throws -> String {
    do {
      _ = try TaizhangCommand.parseAsRoot(arguments)
    } catch {
      return TaizhangCommand.fullMessage(for: error)
    }
    Issue.record("\(arguments) is no fault")
    return ""
  }

  /// `line` without what stands in quotes, brackets, or is a usage.
  private func unquoted(_ line: Substring) -> String {
    guard !line.hasPrefix("用法：") else { return "" }
    return String(line).replacing(/'[^']*'/, with: "")
  }
}
