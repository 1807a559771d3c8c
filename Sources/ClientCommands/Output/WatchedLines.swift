import EditModel
import LedgerClient

/// Which of the lines that arrive are news to who watches. What the server accepted before is none, though it be fetched
/// again after a restore, or come into sight only now with a problem that was handed over.
struct WatchedLines {
  /// Up to when everything was here or was told; nil until the whole ledger was here once.
  private var told: Stamp?
  /// The lines of that moment that were told: an act has one receipt, and may arrive in two parts. Nil where they were here
  /// before.
  private var toldThen: Set<EditID>?
  /// The newest receipt that arrived while not all was here.
  private var newest = Stamp.zero

  /// Of a device that has the newest line of `newest`; nil where it has not fetched the whole ledger yet.
  init(newest: Stamp?) { told = newest }

  /// The news among `lines`, which arrived together; `isFetched` says whether with them the whole ledger is here.
  mutating func news(of lines: [AcceptedEdit], isFetched: Bool) -> [AcceptedEdit] {
    guard let told else { return [] }
    let news = lines.filter { line in
      line.receipt > told || line.receipt == told && toldThen.map { !$0.contains(line.edit.id) } ?? false
    }
    newest = news.reduce(max(newest, told)) { max($0, $1.receipt) }
    // While everything is fetched again the lines do not come in the order in which they were accepted.
    guard isFetched else { return news }
    if newest > told { toldThen = [] }
    toldThen?.formUnion(news.filter { $0.receipt == newest }.map(\.edit.id))
    self.told = newest
    return news
  }

  /// Whether the whole ledger was here once.
  var hasBegun: Bool { told != nil }

  /// The whole ledger is here, with the newest line of `newest`.
  mutating func begin(at newest: Stamp) { if told == nil { told = newest } }

  /// The ledger went back, and its newest line here is of `newest`: the town's time may have gone back with it, and what is
  /// accepted from now on is news although something later was told once.
  mutating func wentBack(to newest: Stamp) {
    guard told != nil else { return }
    self.told = newest
    toldThen = nil
  }
}
