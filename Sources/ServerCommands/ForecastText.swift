import EditModel
import LedgerAdmin
import LedgerRules

/// What a restore will come to, in words.
enum ForecastText {
  /// The lines for one ledger: what will be there, what of it is not here now, what is here now and will not be there.
  static func lines(_ ledger: RestoreForecast.Ledger) -> [String] {
    [will(ledger)] + back(ledger) + missing(ledger)
  }

  private static func will(_ ledger: RestoreForecast.Ledger) -> String {
    let upTo = ledger.seq == ledger.setSeq ? "all of the set's" : "of the set's \(ledger.setSeq)"
    let accepted = ledger.lastAccepted.map { ", accepted up to \(ChinaClock.full($0))" } ?? ""
    return "will have\t\(ledger.name)\t\(count(ledger.seq, "line")), \(upTo)\(accepted)\t"
      + "\(count(UInt64(ledger.problems), "problem")) (将有 \(ledger.seq) 条、\(ledger.problems) 个问题)"
  }

  private static func back(_ ledger: RestoreForecast.Ledger) -> [String] {
    guard case .ledger = ledger.before, ledger.returning > 0 else { return [] }
    let lines = count(ledger.returning, "line")
    return [
      "comes back\t\(ledger.name)\t\(lines) that \(ledger.returning == 1 ? "is" : "are") not here now (找回 \(ledger.returning) 条)"
    ]
  }

  private static func missing(_ ledger: RestoreForecast.Ledger) -> [String] {
    switch ledger.before {
    case .nothing: return []
    case .unreadable:
      return [
        "compared\t\(ledger.name)\twhat stands here cannot be read, so nobody can say what else it has (现有的读不出来，无从比较)"
      ]
    case .ledger: break
    }
    guard let missing = ledger.missing, missing.edits > 0, let first = missing.first, let last = missing.last else {
      return ["missing\t\(ledger.name)\tnothing of what stands here (不少什么)"]
    }
    let seats = missing.seats.map { "\($0.seat) \($0.edits)" }.joined(separator: ", ")
    return [
      "missing\t\(ledger.name)\t\(count(missing.edits, "line")) of \(ChinaClock.full(first)) to \(ChinaClock.full(last)), "
        + "\(count(UInt64(missing.problems), "problem")) among them (将少 \(missing.edits) 条，其中问题 \(missing.problems) 个)",
      "missing of\t\(ledger.name)\t\(seats)",
    ]
  }

  private static func count(_ number: UInt64, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
