import EditModel
import GRDB
import Glibc

/// What can be told of a replica from the bytes of its file and log alone, without their order: acts by their marks, and
/// the rows that say who the device is by their shape. Among it may be what SQLite had written over or taken out.
struct FoundRows {
  /// The acts, each as it was written last.
  private(set) var acts: [ActID: ActRow] = [:]
  /// The row of `replica` with the greatest revision.
  private(set) var header: RescuedHeader?
  /// The replica's ids by generation.
  private(set) var identities: [Int64: RescuedIdentity] = [:]
  /// The columns of the table `trust` behind the first.
  private(set) var trust: [DatabaseValue]?
  /// The numbers of own acts of which there is a line.
  private(set) var confirmed: Set<ActID> = []

  /// Looks through the file at `path`; finds nothing where it cannot be opened.
  init(path: String) {
    guard let pages = RawPages(path: path) else { return }
    pages.eachImage { image, page in
      findActs(in: image, pages)
      for record in RawRecord.all(in: image, columns: [3, 5, 7, RescuedHeader.columns]) { take(record) }
    }
    let own = Set(identities.values.map(\.replica))
    confirmed = confirmed.filter { own.contains($0.replica) }
  }

  private mutating func take(_ record: RawRecord) {
    let values = record.values
    switch values.count {
    case 3: if let identity = RescuedIdentity(values[1], values[2]) { identities[record.id] = identity }
    case 5: if FoundRows.isTrust(values) { trust = Array(values.dropFirst()) }
    case 7:
      guard let name = String.fromDatabaseValue(values[2]), let replica = ReplicaID(name),
        let n = Int64.fromDatabaseValue(values[3]), n > 0
      else { return }
      confirmed.insert(ActID(replica: replica, n: UInt64(n)))
    default:
      guard let found = RescuedHeader(values), found.revision >= header?.revision ?? 0 else { return }
      header = found
    }
  }

  /// Whether these are the columns of the table `trust`.
  static func isTrust(_ values: [DatabaseValue]) -> Bool {
    let texts = values.dropFirst().map { String.fromDatabaseValue($0) }
    return values.count == 5 && texts[0].flatMap { Base64URL.bytes($0) }?.count == 65
      && texts[1].flatMap { Base64URL.bytes($0) } != nil && (values[3].isNull || texts[2] != nil) && texts[3] != nil
  }

  private mutating func findActs(in image: [UInt8], _ pages: RawPages) {
    var place = 0
    while let mark = FoundRows.mark(in: image, from: place) {
      place = mark + 1
      for fromLog in [true, false] {
        guard let text = FoundRows.text(at: mark, in: image, pages, fromLog: fromLog), let row = ActRow(text: text)
        else { continue }
        if row.revision >= acts[row.act.id]?.revision ?? 0 { acts[row.act.id] = row }
        break
      }
    }
  }

  /// Where the next mark stands.
  private static func mark(in image: [UInt8], from place: Int) -> Int? {
    let mark = Array(CheckedText.mark.utf8)
    return image.withUnsafeBytes { bytes -> Int? in
      guard let base = bytes.baseAddress else { return nil }
      var place = place
      while place + mark.count <= bytes.count {
        guard let found = memchr(base + place, Int32(mark[0]), bytes.count - mark.count + 1 - place) else { return nil }
        place = UnsafeRawPointer(found) - base
        if memcmp(base + place, mark, mark.count) == 0 { return place }
        place += 1
      }
      return nil
    }
  }

  /// The text that begins at `mark`; where it is longer than what lies there, with the pages that it goes on. A text of
  /// ours holds no zero, and the number of a page begins with one (the file format, section 1.6: overflow pages).
  private static func text(at mark: Int, in image: [UInt8], _ pages: RawPages, fromLog: Bool) -> String? {
    guard let head = CheckedText.head(image[mark...]) else { return nil }
    let wanted = CheckedText.headBytes + head.length
    var text = image[mark...].prefix(wanted).prefix { $0 != 0 }.map(\.self)
    guard text.count < wanted, mark + text.count + 4 <= image.count else {
      return String(validating: text, as: UTF8.self)
    }
    var next = RawPages.number(image, at: mark + text.count)
    while text.count < wanted, next > 0, let page = pages.image(of: next, fromLog: fromLog) {
      text += page[4...].prefix(wanted - text.count)
      next = RawPages.number(page, at: 0)
    }
    return String(validating: text, as: UTF8.self)
  }
}
