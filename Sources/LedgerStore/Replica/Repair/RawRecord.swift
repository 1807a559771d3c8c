import GRDB

/// A row of a table as a leaf page of SQLite's holds it (the file format, section 2.1: record format). Only whole ones that
/// lie on one page.
struct RawRecord {
  /// The row's id.
  let id: Int64
  /// Its columns; a column that is another name of the row's id is NULL.
  let values: [DatabaseValue]

  /// The rows of `page` that have one of these numbers of columns; none where it is no leaf of a table. The first page of
  /// a file holds the schema, and no row of ours.
  static func all(in page: [UInt8], columns: Set<Int>) -> [RawRecord] {
    guard page.first == 0x0D, page.count > 8 else { return [] }
    let count = Int(page[3]) << 8 | Int(page[4])
    guard count > 0, 8 + 2 * count <= page.count else { return [] }
    return (0..<count).compactMap { index in
      let place = Int(page[8 + 2 * index]) << 8 | Int(page[9 + 2 * index])
      return RawRecord(page, at: place, columns: columns)
    }
  }

  private init?(_ page: [UInt8], at place: Int, columns: Set<Int>) {
    var reader = Reader(bytes: page, place: place, end: page.count)
    guard let size = reader.varint(), let id = reader.varint(), size > 0, size < page.count,
      reader.place + Int(size) <= page.count
    else { return nil }
    let (start, end) = (reader.place, reader.place + Int(size))
    guard let headSize = reader.varint(), headSize > 0, start + Int(clamping: headSize) <= end else { return nil }
    var types: [Int64] = []
    while reader.place < start + Int(headSize) {
      guard let type = reader.varint() else { return nil }
      types.append(type)
    }
    guard columns.contains(types.count) else { return nil }
    reader.end = end
    var values: [DatabaseValue] = []
    for type in types {
      guard let value = reader.value(of: type) else { return nil }
      values.append(value)
    }
    self.id = id
    self.values = values
  }

  private struct Reader {
    let bytes: [UInt8]
    var place: Int
    var end: Int

    mutating func varint() -> Int64? {
      var number: UInt64 = 0
      for index in 0..<9 {
        guard place < end else { return nil }
        let byte = bytes[place]
        place += 1
        if index == 8 { return Int64(bitPattern: number << 8 | UInt64(byte)) }
        number = number << 7 | UInt64(byte & 0x7F)
        if byte < 0x80 { return Int64(bitPattern: number) }
      }
      return nil
    }

    mutating func value(of type: Int64) -> DatabaseValue? {
      switch type {
      case 0: return .null
      case 1...6: return integer(bytes: [1, 2, 3, 4, 6, 8][Int(type) - 1])
      case 8, 9: return (type - 8).databaseValue
      case 13...:
        guard type % 2 == 1, type < 1 << 32, let text = take(Int(type - 13) / 2) else { return nil }
        return String(validating: text, as: UTF8.self)?.databaseValue
      default: return nil
      }
    }

    private mutating func integer(bytes count: Int) -> DatabaseValue? {
      guard let taken = take(count), let first = taken.first else { return nil }
      var number = Int64(Int8(bitPattern: first))
      for byte in taken.dropFirst() { number = number << 8 | Int64(byte) }
      return number.databaseValue
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard count <= end - place else { return nil }
      defer { place += count }
      return bytes[place..<place + count]
    }
  }
}
