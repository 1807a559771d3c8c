package import EditModel
package import LedgerStore
import SyncRules

extension ReplicaStore {
  /// Records acts, all or none, when the device's clocks show `reading`: stamped by what the last contact showed of them,
  /// else by the wall clock.
  package func record(
    _ drafts: [(ActID) -> [Change]], at reading: ClockReading, undoing undone: UndoneAt? = nil
  ) throws(StoreError) -> RecordOutcome {
    try record(drafts, at: recordTime(at: reading), undoing: undone)
  }

  /// What to stamp with when the device's clocks show `reading`.
  package func recordTime(at reading: ClockReading) throws(StoreError) -> RecordTime {
    let estimate = StampCorrection.time(at: reading, anchor: try header().anchor)
    return RecordTime(
      reading: reading, milliseconds: estimate.milliseconds, isAnchored: estimate.isAnchored)
  }
}
