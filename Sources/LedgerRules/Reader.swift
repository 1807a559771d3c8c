package import EditModel

/// Who reads what is shown, printed or exported: which classes of fields it is given.
package struct Reader: Hashable, Sendable {
  private let classes: Set<FieldRule.Exposure>
  /// Classes of fields that the vocabulary does not have, or has otherwise: a town's own, and those of tests.
  private let others: [FieldName: FieldRule.Exposure]

  /// The public: only what may stand in the published report.
  package static let everybody = Reader(classes: [.public])

  /// A seat of the town; nil for a device that does not yet know its role, which is shown nothing restricted.
  package init(role: Role?, others: [FieldName: FieldRule.Exposure] = [:]) {
    let seesRestricted = role.map { Rights.reach(of: .seeRestricted, for: $0) != .none } ?? false
    self.init(classes: seesRestricted ? [.public, .internal, .restricted] : [.public, .internal], others: others)
  }

  private init(classes: Set<FieldRule.Exposure>, others: [FieldName: FieldRule.Exposure] = [:]) {
    self.classes = classes
    self.others = others
  }

  /// Whether it is given what is of `exposure`.
  package func reads(_ exposure: FieldRule.Exposure) -> Bool { classes.contains(exposure) }

  /// Whether it is given the value of `field` of a `kind`.
  package func reads(_ field: FieldName, of kind: Kind) -> Bool {
    reads(others[field] ?? Vocabulary.exposure(of: field, kind))
  }

  /// Whether it is given what `edit` wrote, in a list of edits.
  package func reads(_ edit: Edit, in state: LedgerState) -> Bool {
    guard let kind = state[edit.entity]?.kind else { return reads(.internal) }
    return reads(edit.field, of: kind)
  }

  /// Whether it is given things of `kind` at all: notes and transitions are the town's own.
  package func reads(_ kind: Kind) -> Bool { reads(Vocabulary.creationRule(of: kind)?.exposure ?? .public) }
}
