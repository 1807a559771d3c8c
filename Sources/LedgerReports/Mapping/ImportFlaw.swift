package import EditModel
import LedgerRules

/// A value of a report that the ledger cannot hold.
package struct ImportFlaw: Hashable, Sendable {
  /// What it is about.
  package let entity: EntityID
  /// The field that does not take it.
  package let field: FieldName
  /// How long the value is, in UTF-8 bytes.
  package let sizeBytes: Int
  /// How long it may be; when it is not longer, the field does not take such a value at all.
  package let limitBytes: Int

  /// The changes of one act that the vocabulary refuses.
  static func flaws(in act: [Change]) -> [ImportFlaw] {
    act.compactMap { change in
      guard let rule = rule(of: change), !rule.accepts(change.value) else { return nil }
      return ImportFlaw(
        entity: change.entity, field: change.field, sizeBytes: change.value.text?.utf8.count ?? 0,
        limitBytes: rule.limitBytes)
    }
  }

  private static func rule(of change: Change) -> FieldRule? {
    guard let name = DerivedName(change.entity) else {
      return Vocabulary.field(change.field, of: .ledger)
    }
    if change.field == name.kind.creatingField { return Vocabulary.creationRule(of: name.kind) }
    return Vocabulary.field(change.field, of: name.kind)
  }
}
