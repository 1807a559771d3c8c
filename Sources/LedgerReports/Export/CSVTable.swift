/// Rows of text as a file that any spreadsheet opens with one double click: UTF-8 with a mark in front, so that old
/// programs don't take it for GBK; CRLF; every value in quotes (RFC 4180).
package struct CSVTable: Hashable, Sendable {
  /// The heading, one text a column.
  package let heading: [String]
  /// The rows, each as long as the heading.
  package private(set) var rows: [[String]] = []

  /// A table with a heading and no rows.
  package init(heading: [String]) {
    self.heading = heading
  }

  /// Adds a row; missing values are empty, those too many are left out.
  package mutating func append(_ row: [String]) {
    let missing = max(0, heading.count - row.count)
    rows.append(Array(row.prefix(heading.count)) + Array(repeating: "", count: missing))
  }

  /// The whole file.
  package var text: String {
    var text = "\u{FEFF}"
    for row in [heading] + rows { text += row.map(CSVTable.quoted).joined(separator: ",") + "\r\n" }
    return text
  }

  /// A value in quotes. One that a spreadsheet would take for a formula gets an apostrophe in front, which the spreadsheet
  /// does not show; a plain number is none, whatever its sign.
  private static func quoted(_ value: String) -> String {
    let guarded = isFormula(value) ? "'" + value : value
    var text = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in guarded.unicodeScalars {
      if scalar == "\"" { text.append("\"") }
      text.append(scalar)
    }
    text.append("\"")
    return String(text)
  }

  /// Full-width signs count too: spreadsheets with an East Asian input method take them for the narrow ones.
  private static func isFormula(_ value: String) -> Bool {
    guard let first = value.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
    else { return false }
    return !isNumber(value)
  }

  private static func isNumber(_ value: String) -> Bool {
    let digits = value.unicodeScalars.dropFirst()
    guard value.unicodeScalars.first == "-" || value.unicodeScalars.first == "+", !digits.isEmpty
    else { return false }
    return digits.allSatisfy { ("0"..."9").contains($0) || $0 == "." }
      && digits.count { $0 == "." } <= 1
  }
}
