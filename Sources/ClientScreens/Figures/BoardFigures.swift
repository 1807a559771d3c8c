package import EditModel
package import LedgerRules

/// Everything that a board shows, as numbers and names without words: screen, page and JSON are made from the same one.
///
/// It counts nothing itself; what is counted and how is `LedgerTotals`.
package struct BoardFigures: Hashable, Sendable {
  /// The ledger's name at its server.
  package let ledger: ExactString
  /// The ledger's title; nil while nobody has written one.
  package let title: String?
  /// The town; nil while nobody has written it.
  package let town: String?
  /// The moment that the figures are of.
  package let now: Stamp
  /// The day in China that they are of.
  package let today: CivilDate
  /// From which day on things count as moved; nil when nobody asked.
  package let since: CivilDate?
  /// The numbers.
  package let totals: LedgerTotals
  /// How many problems show each light.
  package let lights: [Light: Int]
  /// The villages, in the order of the names' bytes: never in an order of merit.
  package let villages: [VillageFigures]
  /// The problems that ask for a look; at most `attentionLimit` of them.
  package let attention: [AttentionFigures]
  /// How many ask for a look, those beyond the limit too.
  package let attentionCount: Int
  /// What was done last, the newest first.
  package let latest: [LatestAct]
  /// When the server last told of its devices; nil: not since the board was opened.
  package let devicesAsOf: Stamp?
  /// When a village counts as silent.
  package let silence: SilenceRule
  /// Whether they are of the whole ledger; if not, of what the looker's seat sees, and what the document declares is no
  /// measure for them.
  package let isWhole: Bool
  /// How many clashes nobody has decided.
  package let clashes: Int
  /// How many of them the looker's seat wrote a side of, or leads the problem of.
  package let ownClashes: Int
  /// Own edits shown that are not confirmed.
  package let pendingEdits: Int

  /// The most problems that are listed for a look.
  package static let attentionLimit = 200
  /// The most acts that are listed as done last.
  package static let latestLimit = 100

  /// The figures of `sources`.
  package init(_ sources: BoardSources) {
    let state = sources.state
    let today = CivilDate(sources.now)
    let totals = LedgerTotals(of: state, asked: NumbersQuestion(today: today, since: sources.since))
    self.ledger = sources.ledger
    self.title = BoardFigures.ledgerText("title", in: state)
    self.town = BoardFigures.ledgerText("unit", in: state)
    self.now = sources.now
    self.today = today
    self.since = sources.since
    self.totals = totals
    self.lights = totals.progress.reduce(into: [:]) { counts, problem in
      if let light = problem.light { counts[light, default: 0] += 1 }
    }
    self.villages = VillageFigures.all(totals.byVillage, sources)
    let attention = AttentionFigures.order(totals.progress)
    self.attention = attention.prefix(BoardFigures.attentionLimit).map {
      AttentionFigures($0, in: state)
    }
    self.attentionCount = attention.count
    self.latest = LatestAct.newest(
      of: sources.recent.filter { sources.reader.reads($0.edit, in: state) }, limit: BoardFigures.latestLimit, in: state
    )
    self.devicesAsOf = sources.devices?.asOf
    self.silence = sources.silence
    self.isWhole = sources.seesEverything
    self.clashes = sources.clashes
    self.ownClashes = sources.ownClashes
    self.pendingEdits = sources.pendingEdits
  }

  /// What the ledger is called on the board.
  package var name: String { title ?? ledger.string }

  private static func ledgerText(_ field: String, in state: LedgerState) -> String? {
    FieldName(field).flatMap { state[.root]?.text($0) }
  }
}
