import EditModel
import LedgerRules
import LineProtocol

/// Who is who in the simulated township.
enum Town {
  static let ledger: ExactString = "tucheng-2023"
  static let villages = ["张百万村", "河东村", "石桥村"]
  static let offices = ["党政办", "经发办"]
  static let leader = "分管副书记"

  /// The seats, in the order in which clients get them; the first enters what was fed back.
  static let seats: [SeatFacts] = [
    seat("bangongshi", .roundOwner),
    seat("dangzheng", .townOffice, offices[0]),
    seat("jingfa", .townOffice, offices[1]),
    seat("zhangbaiwan", .villageClerk, villages[0]),
    seat("hedong", .villageClerk, villages[1]),
    seat("fenguan", .lineLeader, leader),
    seat("jiwei", .discipline),
    seat("shuji", .secretary),
    seat("xianji", .county),
  ]

  private static func seat(_ name: String, _ role: Role, _ place: String? = nil) -> SeatFacts {
    guard let seat = SeatID(name) else { preconditionFailure("\(name) is a seat's name") }
    return SeatFacts(seat: seat, role: role, place: place.map { ExactString($0) })
  }

  /// The field `text`, which is one.
  static func field(_ text: String) -> FieldName {
    guard let name = FieldName(text) else { preconditionFailure("\(text) is a field's name") }
    return name
  }
}

/// A device as the server's seats have it: whose it is and what proves it. The file of the seats is not simulated; what it
/// says outlives every crash.
struct EnrolledDevice {
  let secret: Secret
  let seat: SeatFacts

  init(secret: Secret, seat: SeatFacts) {
    self.secret = secret
    self.seat = seat
  }

  init(seat: SeatFacts, random: inout SimRandom) {
    let digits = (0..<26).map { _ in Crockford.digits[random.below(32)] }
    guard let secret = Secret(String(decoding: digits, as: UTF8.self)) else {
      preconditionFailure("twenty-six digits are a secret")
    }
    self.secret = secret
    self.seat = seat
  }
}
