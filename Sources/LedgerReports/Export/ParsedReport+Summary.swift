extension ParsedReport {
  /// What was found and what is doubtful: `taizhang import --dry-run --json`. Totals that the text does not declare are
  /// left out.
  package var summary: JSONValue {
    .object([
      JSONMember("aspects", .count(aspects.count)),
      JSONMember("categories", .count(categories.count)),
      JSONMember("problems", .count(problems.count)),
      JSONMember("measures", .count(measureCount)),
      JSONMember("declared", declared.summary),
      JSONMember("warnings", .array(warnings.map(\.summary))),
    ])
  }
}

extension DeclaredTotals {
  fileprivate var summary: JSONValue {
    let numbers: [(String, Int?)] = [
      ("aspects", aspects), ("categories", categories), ("problems", problems),
      ("measures", measures), ("done", done),
      ("basically_done", basicallyDone), ("under_way", underWay), ("long_term", longTerm),
      ("not_done", notDone),
      ("immediate", immediate),
    ]
    return .object(numbers.compactMap { key, number in number.map { JSONMember(key, .count($0)) } })
  }
}

extension ReportWarning {
  fileprivate var summary: JSONValue {
    .object([
      JSONMember("code", .string(code.rawValue)), JSONMember("line", .count(line)),
      JSONMember("text", .string(text)),
    ])
  }
}
