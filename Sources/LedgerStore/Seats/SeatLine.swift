import EditModel
import GRDB
import LedgerRules

/// One line of an exported seats file, checked word by word.
enum SeatLine {
  case ledger(name: String, added: Stamp, isArchived: Bool)
  case seat(SeatFacts, ledger: String)
  case holder(SeatTerm)
  case device(DeviceWords)
  case setting(name: String, HostPort)
  case audit(AuditLine)

  init?(_ line: String) {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard !words.contains("") else { return nil }
    switch (words.first, words.count) {
    case ("ledger", 4):
      guard Name.isValid(words[1]), let added = Stamp(words[2]), ["live", "archived"].contains(words[3]) else {
        return nil
      }
      self = .ledger(name: words[1], added: added, isArchived: words[3] == "archived")
    case ("seat", 5):
      guard let seat = SeatID(words[1]), Name.isValid(words[2]), let role = Role(rawValue: words[3]),
        let place = Entry(words[4], name)
      else { return nil }
      self = .seat(SeatFacts(seat: seat, role: role, place: place.value), ledger: words[2])
    case ("holder", 7):
      guard let term = SeatTerm(words) else { return nil }
      self = .holder(term)
    case ("device", 8), ("device", 13):
      guard let device = DeviceWords(words) else { return nil }
      self = .device(device)
    case ("setting", 3):
      guard ["moved", "second"].contains(words[1]), let address = HostPort(words[2]) else { return nil }
      self = .setting(name: words[1], address)
    case ("audit", 6...):
      guard let line = AuditLine(words) else { return nil }
      self = .audit(line)
    default: return nil
    }
  }

  /// Writes the line's row.
  func insert(_ db: Database) throws {
    switch self {
    case .ledger(let name, let added, let isArchived):
      try db.execute(sql: "INSERT INTO ledger VALUES (?, ?, ?)", arguments: [name, added.column, isArchived])
    case .seat(let seat, let ledger):
      try db.execute(
        sql: "INSERT INTO seat (name, ledger, role, place) VALUES (?, ?, ?, ?)",
        arguments: [seat.seat.name.string, ledger, seat.role.rawValue, seat.place?.string])
    case .holder(let term):
      try db.execute(
        sql: "INSERT INTO holder (ledger, seat, began, person, until, ended) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          term.ledger.string, term.seat.name.string, term.began.column, term.person.string,
          term.until?.description, term.ended?.column,
        ])
    case .device(let device): try device.insert(db)
    case .setting(let name, let address):
      try db.execute(sql: "INSERT INTO setting VALUES (?, ?)", arguments: [name, address.description])
    case .audit(let line): try db.insert(line, link: line.link)
    }
  }
}

/// A word that may be `-`; a type of its own because "nothing" is a value and "unreadable" is not.
private struct Entry<Value> {
  let value: Value?

  init?(_ word: String, _ read: (String) -> Value?) {
    guard word != "-" else {
      value = nil
      return
    }
    guard let read = read(word) else { return nil }
    value = read
  }
}

private func name(_ word: String) -> ExactString? { Name.isValid(word) ? ExactString(word) : nil }

/// The words of a device's line; five of them are missing in sets of earlier versions.
struct DeviceWords {
  private let replica: ReplicaID
  private let ledger: String
  private let seat: SeatID
  private let digest: String
  private let enrolled: Stamp
  private let contact: Stamp?
  private let unsent: UInt64
  private var key: String?
  private var name: String?
  private var version: String?
  private var offset: Int64?
  private var revoked: Stamp?

  init?(_ words: [String]) {
    guard let replica = ReplicaID(words[1]), Name.isValid(words[2]), let seat = SeatID(words[3]),
      DeviceWords.digest(words[4]) != nil, let enrolled = Stamp(words[5]), let contact = Entry(words[6], Stamp.init),
      let unsent = Decimal.number(words[7])
    else { return nil }
    (self.replica, self.seat, self.enrolled, self.unsent) = (replica, seat, enrolled, unsent)
    (ledger, digest, self.contact) = (words[2], words[4], contact.value)
    guard words.count > 8 else { return }
    guard let key = Entry(words[8], DeviceWords.digest), let name = Entry(words[9], { Name.isValid($0) ? $0 : nil }),
      let version = Entry(words[10], { ClientVersion.isValid($0) ? $0 : nil }),
      let offset = Entry(words[11], { Int64($0) }), let revoked = Entry(words[12], Stamp.init)
    else { return nil }
    (self.key, self.name, self.version) = (key.value, name.value, version.value)
    (self.offset, self.revoked) = (offset.value, revoked.value)
  }

  private static func digest(_ word: String) -> String? {
    [UInt8](hexadecimal: word)?.count == 32 ? word : nil
  }

  func insert(_ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO device
          (replica, ledger, seat, secret, enrolled, contact, unsent, key, name, version, clock_offset, revoked)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        replica.text.string, ledger, seat.name.string, digest, enrolled.column, contact?.column,
        Int64(bitPattern: unsent), key, name, version, offset, revoked?.column,
      ])
  }
}

extension SeatTerm {
  fileprivate init?(_ words: [String]) {
    guard let seat = SeatID(words[1]), let ledger = LedgerStore.name(words[2]),
      let person = LedgerStore.name(words[3]), let began = Stamp(words[4]),
      let until = Entry(words[5], { CivilDate($0) }), let ended = Entry(words[6], Stamp.init)
    else { return nil }
    self.init(
      ledger: ledger, seat: seat, person: person, began: began, until: until.value, ended: ended.value)
  }
}

extension AuditLine {
  fileprivate init?(_ words: [String]) {
    guard let link = [UInt8](hexadecimal: words[1]), link.count == AuditLine.noLink.count,
      let number = Decimal.number(words[2]), let at = Stamp(words[3])
    else { return nil }
    self.init(number: number, at: at, who: words[4], what: words[5...].joined(separator: " "), link: link)
  }
}
