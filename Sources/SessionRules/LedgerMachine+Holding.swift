import EditModel
import LedgerRules

extension LedgerMachine {
  /// The acts that are not to be judged until somebody has decided about them. None, but where the ledger was restored to an
  /// earlier moment: there those that were made before the restore, for it was to undo some of them; and those about things
  /// that are not there, which are of what the restore took away or of what is held itself.
  ///
  /// A copy of what was decided is not held: `priors` says what the store knows.
  package func heldBack(among submissions: [Submission], priors: [ActPlace: Prior]) -> [ActPlace] {
    guard let through = history.heldThrough else { return [] }
    var held: [ActPlace] = []
    var coming: Set<EntityID> = []
    for (index, submission) in submissions.enumerated() where submission.ruling == .none {
      for (position, submitted) in submission.acts.enumerated() {
        let (act, place) = (submitted.act, ActPlace(submission: index, act: position))
        if priors[place] != nil || recent.find(act.id) != nil { continue }
        var made = coming
        if act.edits.contains(where: { $0.stamp <= through }) || speaksOfAbsent(act, &made) {
          held.append(place)
        } else {
          coming = made
        }
      }
    }
    return held
  }

  /// Whether `act` is about a thing that is neither there nor among `made`, to which what it makes itself is added.
  private func speaksOfAbsent(_ act: Act, _ made: inout Set<EntityID>) -> Bool {
    for edit in act.edits {
      let creation = Vocabulary.creation(by: edit)
      let subject = creation?.parent ?? edit.entity
      guard subject == .root || state.exists(subject) || made.contains(subject) else { return true }
      if let creation { made.insert(creation.entity) }
    }
    return false
  }
}
