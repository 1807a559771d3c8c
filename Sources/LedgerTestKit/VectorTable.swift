/// A table of test vectors, `protocol/vectors/NAME.tsv`: lines of cells with a tab between, `#` begins a comment line.
///
/// In a cell `%HH` stands for the byte HH, so that vectors with controls and broken UTF-8 are readable text.
package struct VectorTable: Sendable {
  /// One vector: its line in the file, for messages, and its cells, decoded.
  package struct Row: Sendable, CustomStringConvertible {
    /// The line in the file, from 1.
    package let line: Int
    /// The cells' bytes.
    package let cells: [[UInt8]]

    /// The bytes of cell `index` (from 0); none when the row is shorter.
    package subscript(index: Int) -> [UInt8] { cells.indices.contains(index) ? cells[index] : [] }

    /// Cell `index` as text.
    package func text(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }

    /// Whether cell `index` says that the vector is refused.
    package func isRefused(_ index: Int) -> Bool { self[index] == [UInt8(ascii: "!")] }

    /// The line and the first cell.
    package var description: String { "line \(line): \(text(0))" }
  }

  /// The vectors in the order of the file.
  package let rows: [Row]

  /// Reads `protocol/vectors/NAME.tsv`, each of whose rows has `columns` cells; throws when one has not.
  package init(_ name: String, columns: Int) throws(ProjectFile.Failure) {
    let text = try ProjectFile.text("protocol/vectors/\(name).tsv")
    var rows: [Row] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map { VectorTable.decoded($0) }
      guard cells.count == columns else {
        throw ProjectFile.Failure(description: "\(name).tsv line \(index + 1) has \(cells.count) cells, not \(columns)")
      }
      rows.append(Row(line: index + 1, cells: cells))
    }
    self.rows = rows
  }

  private static func decoded(_ cell: Substring) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(cell.utf8)[...]
    while let byte = rest.first {
      rest = rest.dropFirst()
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}
