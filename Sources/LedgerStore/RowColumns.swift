/// The columns of a statement's row, read one after the other.
struct RowColumns {
  private let statement: RawStatement
  private var next: Int32 = 0

  /// Those of the row that `statement` stands on.
  init(_ statement: RawStatement) {
    self.statement = statement
  }

  /// The next column as a text; nil where it is empty.
  mutating func text() -> String? {
    let index = advance()
    return statement.isNull(index) ? nil : String(decoding: statement.bytes(index), as: UTF8.self)
  }

  /// The next column as a number; nil where it is empty.
  mutating func integer() -> Int64? {
    let index = advance()
    return statement.isNull(index) ? nil : Int64(bitPattern: statement.number(index))
  }

  private mutating func advance() -> Int32 {
    defer { next += 1 }
    return next
  }
}
