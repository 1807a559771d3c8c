/// `LedgerReports` reads published rectification reports into plain values and prints ledgers as documents.
///
/// It is pure: text in, values out. It may not open files, ask for the time, guess a problem's status, or know
/// anything about one particular town; what differs between documents is inferred from each document, and words that
/// every town shares are tables in this target (`UnitNames`, `PlaceWords`, `BodyWords`).
///
/// Reading goes in one direction, each step in a file of its own under `Reading`:
/// source lines, paragraphs, markers, outline, roles, problems and measures, then names, dates and totals.
package enum LedgerReports {
  /// The longest report that `ReportReader` takes, in UTF-8 bytes: 4 MiB, some 150 times a town's report.
  package static let reportLimitBytes = 4 << 20
}
