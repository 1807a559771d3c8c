package import EditModel
import LedgerStore
import ReplicaKeeping
import SyncRules

extension Replica {
  /// The town's time, as far as this device can tell it: by the last contact and the time that has passed since by the boot
  /// clock, else by the wall clock and how far that was off, as edits are stamped. Before the first contact what the wall
  /// clock shows.
  package func townTime() throws(ClientError) -> Stamp {
    let reading = device.reading()
    let anchor = try withStore { store throws(StoreError) in try store.header().anchor }
    return Stamp(milliseconds: StampCorrection.time(at: reading, anchor: anchor).milliseconds)
  }

  /// The town's time minus what this device's wall clock shows now, in milliseconds, as far as it can be told; nil before
  /// the first contact.
  package func clockOffsetMilliseconds() throws(ClientError) -> Int64? {
    let anchor = try withStore { store throws(StoreError) in try store.header().anchor }
    return Replica.offset(at: device.reading(), anchor)
  }

  /// The same of a file whose header was read.
  static func offset(at reading: ClockReading, _ anchor: ClockAnchor?) -> Int64? {
    guard let anchor else { return nil }
    let time = StampCorrection.time(at: reading, anchor: anchor).milliseconds
    return Int64(clamping: time) - Int64(clamping: reading.wallMilliseconds)
  }
}
