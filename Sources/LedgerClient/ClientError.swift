package import EditModel
package import LedgerRules
package import LedgerStore

/// Why something could not be done on this device. The commands word it.
package enum ClientError: Error, Hashable, Sendable {
  /// There is no replica in this folder.
  case noReplica(home: String)
  /// There is one already; it is left as it is.
  case replicaExists(home: String)
  /// A file could not be read or a folder not be made; `reason` is the system's word for it.
  case fileUnreadable(path: String, reason: String)
  /// The device file is not one; the number of the line that is wrong, 0 when one is missing.
  case deviceFile(line: Int)
  /// The rules refuse the act already here; nothing was recorded. `of` is what it was to write.
  case refused(Refusal, of: [FieldName] = [])
  /// A value cannot be written on a line, or the act is too large; nothing was recorded.
  case notWritable(FieldName?)
  /// There is no own act to take back, or everything that it set was set anew since.
  case nothingToUndo
  /// What the last act did cannot be taken back by another: a stage moves on by its own rules.
  case notUndoable(FieldName)
  /// The replica's file; its description says what happened and what to do.
  case store(StoreError)
  /// The server could not be asked.
  case offline(OfflineReason)
  /// The device was not let in.
  case enrolment(EnrolmentFailure)
}

/// Why something is not at the town.
package enum OfflineReason: Hashable, Sendable {
  /// The server's name did not resolve, or nobody listens there; the system's words.
  case unreachable(String)
  /// Nothing came for too long, or the time allowed is over.
  case timedOut
  /// The connection was closed.
  case closed
  /// The server does not know this device.
  case denied
  /// The server has shut this device out or does not know it; so many acts were handed over for a decision.
  case removed(handedOver: Int)
  /// The server does not take this device's certificate: `missing`, `expired` or `other`.
  case certificate(String)
  /// Another server answers: under another key than the one that this device knows; both fingerprints.
  case otherServer(known: String, found: String)
  /// The server's own certificate has run out.
  case serverExpired
  /// The address is another machine's, and this device may only come over plain connections to its own.
  case plainElsewhere(String)
  /// The server is on another machine than this one, and this device may not leave it.
  case confined(String)
  /// The private key of this device is missing or damaged.
  case noDeviceKey
  /// The server has no such ledger.
  case noLedger(String)
  /// The server cannot take acts now; the code of the error table.
  case serverWaits(code: String)
  /// The server ended the connection; the code of the error table.
  case serverStopped(code: String)
  /// Something else listens at that address, or another version.
  case notTaizhang
  /// The server's history is older than what this device has seen: it is not the one to talk to.
  case olderHistory
  /// Another program on this device is syncing and did not get it there in time.
  case otherProcess
  /// The replica's own file failed; nil where it failed before the server was asked and that was told already.
  case storage(StoreError?)

  /// What `error` means to somebody who waits for the town: the reason that it carries, else that the own file failed.
  package init(_ error: ClientError) {
    switch error {
    case .offline(let reason): self = reason
    case .store(let error): self = .storage(error)
    default: self = .storage(nil)
    }
  }
}
