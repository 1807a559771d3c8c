package import EditModel
package import LedgerRules

/// A fact of the round on which a report and a filled ledger differ: a sign of the report of another town or round.
package struct ImportConflict: Hashable, Sendable {
  /// The ledger's field.
  package let field: FieldName
  /// What the ledger says.
  package let present: String
  /// What the report says.
  package let reported: String
}

extension ReportImport {
  /// Where `report` names another unit, inspector or day of feedback than `state`. Empty while nothing was imported, and
  /// where either of them is silent: a report of the same round may leave a fact out.
  package static func conflicts(_ report: ParsedReport, _ state: LedgerState) -> [ImportConflict] {
    let isFilled = state.all.keys.contains { DerivedName($0)?.kind == .problem && state.exists($0) }
    guard isFilled else { return [] }
    return roundFacts(of: report).compactMap { text, reported in
      guard let field = FieldName(text), let reported, let present = state[.root]?.text(field),
        ExactString(present) != ExactString(reported)
      else { return nil }
      return ImportConflict(field: field, present: present, reported: reported)
    }
  }
}
