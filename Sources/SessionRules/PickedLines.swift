import LineProtocol

/// The lines that a stretch of a view sends before all others, in the order of seq, and how far that has come.
struct PickedLines: Sendable {
  private let seqs: [UInt64]
  /// How many were sent, here or on an earlier connection.
  private(set) var sentCount: Int
  /// The first that the others have not passed yet.
  private var passedCount = 0
  /// How many are asked for next: few at first, so that what a link carries that breaks off soon ends in an `=`.
  private var atOnce = PickedLines.firstAtOnce

  private static let firstAtOnce = 4
  /// The most that are asked for at once.
  static let atOnceLimit = 512

  /// The lines `seqs`, ascending, sent as far as `place` says; nil: none.
  init(_ seqs: [UInt64], sentAsFarAs place: PartWay.Place?) {
    self.seqs = seqs
    switch place {
    case nil: sentCount = 0
    case .picked(let last): sentCount = seqs.firstIndex { $0 > last } ?? seqs.count
    case .others: sentCount = seqs.count
    }
  }

  var isEmpty: Bool { seqs.isEmpty }
  var areSent: Bool { sentCount >= seqs.count }
  /// The last that was sent; 0 before the first.
  var lastSent: UInt64 { sentCount == 0 ? 0 : seqs[sentCount - 1] }

  /// Those that are sent next.
  var next: [UInt64] { Array(seqs[sentCount...].prefix(atOnce)) }

  /// `count` more were sent.
  mutating func send(_ count: Int) {
    sentCount = min(sentCount + count, seqs.count)
    atOnce = min(atOnce * 2, PickedLines.atOnceLimit)
  }

  /// Whether `seq` is one of them; asked in ascending order.
  mutating func passes(_ seq: UInt64) -> Bool {
    while passedCount < seqs.count, seqs[passedCount] < seq { passedCount += 1 }
    return passedCount < seqs.count && seqs[passedCount] == seq
  }
}
