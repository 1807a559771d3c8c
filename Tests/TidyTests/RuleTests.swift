import Testing

/// A made-up file and the line on which it breaks a rule.
struct Breach: CustomTestStringConvertible, Sendable {
  let rule: Rule
  let line: Int
  let path: String
  let text: String

  init(_ rule: Rule, line: Int = 1, in target: String = "EditModel", _ text: String) {
    self.init(rule, line: line, at: "Sources/\(target)/Made.swift", text)
  }

  init(_ rule: Rule, line: Int = 1, at path: String, _ text: String) {
    self.rule = rule
    self.line = line
    self.path = path
    self.text = text
  }

  var testDescription: String { "\(rule): \(text)" }
}

/// Each rule finds what it is there for, on the right line, and leaves alone what only looks like it.
@Suite struct RuleTests {
  // Put together, so that this file is not a finding itself.
  private static let (toDo, fixMe, home, root) = ("TO" + "DO", "FIX" + "ME", "ho" + "me", "ro" + "ot")

  static let breaches: [Breach] = [
    Breach(.imports, "import Foundation\n"),
    Breach(.imports, line: 2, in: "LedgerRules", "import EditModel\nimport struct FoundationEssentials.Data\n"),
    Breach(.imports, in: "SyncRules", "package import LedgerStore\n"),
    Breach(.imports, in: "LedgerStore", "@preconcurrency import Foundation\n"),
    Breach(.imports, in: "Unknown", "\n"),
    Breach(.bannedCalls, "let a = try! f()\n"),
    Breach(.bannedCalls, in: "taizhang", "let a = b as! C\n"),
    Breach(.bannedCalls, in: "ClientCommands", "fatalError(\"x\")\n"),
    Breach(.bannedCalls, line: 2, in: "LedgerServer", "// print\nprint(\"x\")\n"),
    Breach(.bannedCalls, in: "LedgerClient", "let d = Date()\n"),
    Breach(.bannedCalls, in: "LedgerClient", "let d = ContinuousClock.now\n"),
    Breach(.bannedCalls, in: "LedgerClient", "let d = ContinuousClock().now\n"),
    Breach(.bannedCalls, in: "LedgerClient", "wait(until: .now + limit)\n"),
    Breach(.bannedCalls, "let n = Int.random(in: 0..<f(3))\n"),
    Breach(.bannedCalls, "let n = list.randomElement()\n"),
    Breach(.bannedCalls, "var g = SystemRandomNumberGenerator()\n"),
    Breach(.bannedCalls, "let s = \"at \\(Date())\"\n"),
    Breach(.bannedCalls, in: "ServerCommands", "Task.detached { }\n"),
    Breach(.unstructuredTasks, in: "LedgerServer", "Task { await f() }\n"),
    Breach(.unstructuredTasks, in: "LedgerServer", "let t = Task<Void, Never> { }\n"),
    Breach(.unstructuredTasks, in: "LedgerServer", "let t = Task(priority: .high) { }\n"),
    Breach(.documentation, "package struct A {}\n"),
    Breach(.documentation, line: 3, "/// A\npackage struct A {\n  package let b: Int\n}\n"),
    Breach(.documentation, line: 3, "/// A\n\npackage static func f() {}\n"),
    Breach(.documentation, "package func run() {}\n"),
    Breach(.documentation, "package private(set) var a = 1\n"),
    Breach(.documentation, line: 2, "// A\n@discardableResult package func f() -> Int { 1 }\n"),
    Breach(.access, "public struct A {}\n"),
    Breach(.access, "open class A {}\n"),
    Breach(.access, "public import B\n"),
    Breach(.access, "@inlinable func f() {}\n"),
    Breach(.safety, "final class A: @unchecked Sendable {}\n"),
    Breach(.safety, line: 3, "// SAFETY: locked\n\nnonisolated(unsafe) var a = 1\n"),
    Breach(.droppedErrors, "let a = try? f()\n"),
    Breach(.names, "struct LineManager {}\n"),
    Breach(.names, "enum LineUtils {}\n"),
    Breach(.testLibrary, at: "Tests/EditModelTests/A.swift", "import XCTest\n"),
    Breach(.issueNumbers, "// \(toDo): later\n"),
    Breach(.issueNumbers, at: "README.md", "\(fixMe) # 3\n"),
    Breach(.machinePaths, at: "Makefile", "X := /\(home)/main\n"),
    Breach(.machinePaths, "let a = \"/\(root)/.ssh\"\n"),
    Breach(.finalNewline, "let a = 1"),
    Breach(.finalNewline, at: "README.md", "# A"),
  ]

  static let keepers: [Breach] = [
    Breach(.imports, in: "LedgerServer", "import NIOCore\nimport Foundation\nlet a = \"import XCTest\"\n"),
    Breach(.bannedCalls, "// print(x) and try! f()\nlet a = \"fatalError(1)\"\n/* a /* Date() */ .now */\n"),
    Breach(.bannedCalls, "let n = Int.random(in: 0..<3, using: &generator)\nlet m = context.now\n"),
    Breach(.bannedCalls, "let a = #\"Date() \"# + \"\"\"\n  \"print(\" Date()\n  \"\"\"\nline.print(x)\n"),
    Breach(.bannedCalls, in: "ClientCommands", "print(Date(), ContinuousClock.now)\n"),
    Breach(.bannedCalls, "guard try !has(a) else { return }\nlet e = order.random()\n"),
    Breach(.imports, in: "LedgerStore", "import Darwin\n"),
    Breach(
      .documentation, "package static func < (a: A, b: A) -> Bool { true }\npackage var description: String { b }\n"),
    Breach(.documentation, in: "LedgerBench", "package static let configuration = A()\npackage func run() {}\n"),
    Breach(.unstructuredTasks, in: "LedgerServer", "var t: Task<Void, Never>?\nTask.isCancelled\n"),
    Breach(.documentation, "/// A\npackage struct A {\n  /// B\n  @Flag(name: \"b\")\n  package var b = 1\n}\n"),
    Breach(.documentation, "package import NIOCore\npackage extension A {}\nlet package = 1\n"),
    Breach(.access, "case open\ncase shut(Int)\nfunc a() {}\ncase .open: open(words)\nindirect case open\nvar b = 1\n"),
    Breach(.access, "case `public`\nlet a = B.public\nfunc open() {}\nlet open = 1\n"),
    Breach(.safety, "// SAFETY: only under the lock\n// of the owner\nfinal class A: @unchecked Sendable {}\n"),
    Breach(.droppedErrors, "// A missing file is an empty one.\nlet a = try? f()\n"),
    Breach(.issueNumbers, "// \(toDo)(#12): later\n"),
    Breach(.machinePaths, at: "README.md", "docs/\(home)/a and ./\(home)/b\n"),
    Breach(.names, "struct Implement {}\nlet manager = 1\n"),
    Breach(.finalNewline, ""),
  ]

  @Test(arguments: breaches) func finds(_ breach: Breach) {
    let findings = breach.rule.findings(in: SourceFile(path: breach.path, text: breach.text))
    #expect(findings.map(\.line) == [breach.line], "\(findings)")
  }

  @Test(arguments: keepers) func leavesAlone(_ keeper: Breach) {
    let findings = keeper.rule.findings(in: SourceFile(path: keeper.path, text: keeper.text))
    #expect(findings.isEmpty, "\(findings)")
  }

  @Test func everyRuleCanFail() {
    #expect(Set(Self.breaches.map(\.rule)) == Set(Rule.allCases))
  }

  @Test func aTargetWithoutACommentIsFound() {
    #expect(!opensWithParagraph(SourceFile(path: "Sources/EditModel/A.swift", text: "struct A {}\n")))
    #expect(opensWithParagraph(SourceFile(path: "Sources/EditModel/A.swift", text: "/// What it is.\n")))
  }

  @Test func measuresFunctions() {
    let text = """
      protocol P { func a() }
      func b(_ x: () -> Void = {}) -> [Int] {
        if true { b() }
      }
      struct S {
        init() {
        }
      }
      """
    let functions = Sizes.functions(in: SourceFile(path: "Sources/EditModel/A.swift", text: text))
    #expect(functions.map(\.name) == ["b", "init"])
    #expect(functions.map(\.lines) == [3, 2])
  }
}
