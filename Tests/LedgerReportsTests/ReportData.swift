import Foundation
import LedgerReports

/// The texts and tables that the suites of reading share.
enum ReportData {
  /// The path of a published report that is not part of the project; nil when nobody named one.
  static let publishedPath: String? = {
    guard let path = ProcessInfo.processInfo.environment["TAIZHANG_REPORT"], !path.isEmpty else {
      return nil
    }
    return path
  }()

  /// The sample that ships, read where it ships.
  static let sample: String = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "deploy/sample/report.txt")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  /// The rows of a table in `Data`, the heading left out.
  static func rows(_ name: String) throws -> [String] {
    let file = Bundle.module.bundleURL.appending(path: "Data/\(name).tsv")
    let text = try String(contentsOf: file, encoding: .utf8)
    return text.split(separator: "\n").dropFirst().map(String.init)
  }

  /// A problem's facts as a row of the tables: number, category, aspect, measures, units, leads, villages, hamlets,
  /// stated villages, dates ("?" behind an inferred year), documents.
  static func row(_ problem: ParsedProblem) -> String {
    func number(_ value: Int?) -> String { value.map(String.init) ?? "-" }
    func list(_ values: [String]) -> String { values.isEmpty ? "-" : values.joined(separator: "、") }
    return [
      "\(problem.number)", number(problem.category), number(problem.aspect),
      "\(problem.measures.count)",
      list(problem.units), list(problem.leads), list(problem.villages), list(problem.hamlets),
      number(problem.villagesStated),
      list(problem.dates.map { $0.value + ($0.inferred ? "?" : "") }),
      list(problem.documents),
    ].joined(separator: "\t")
  }

  static func row(_ warning: ReportWarning) -> String {
    "\(warning.line)\t\(warning.code.rawValue)\t\(warning.text)"
  }

  /// The totals that are declared, by name.
  static func totals(_ declared: DeclaredTotals) -> [String: Int] {
    [
      "aspects": declared.aspects, "categories": declared.categories, "problems": declared.problems,
      "measures": declared.measures, "done": declared.done,
      "basically_done": declared.basicallyDone,
      "under_way": declared.underWay, "long_term": declared.longTerm, "not_done": declared.notDone,
      "immediate": declared.immediate,
    ].compactMapValues { $0 }
  }

  /// Without white space, and with one width of signs: what two spellings of a text share.
  static func squeezed(_ text: String) -> String {
    var squeezed = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !scalar.properties.isWhitespace {
      let isWide = (0xFF01...0xFF5E).contains(scalar.value)
      squeezed.append(isWide ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
    }
    return String(squeezed)
  }
}
