package import EditModel
package import LineProtocol

/// What a driver does for a connection's machine.
///
/// After the actions that ask a question (`authenticate` … `listSnapshots`) the machine reads no further line until the
/// driver has written the answer and called `answered`.
package enum ConnectionAction: Sendable {
  /// Nothing, until something arrives.
  case rest
  /// Write this.
  case reply(ServerMessage)
  /// Hand this act to the ledger with the others of this read.
  case submit(SubmittedAct)
  /// Keep this act of a held replica, with the others of this read, for a decision; it is answered when it is on the disk.
  case quarantine(SubmittedAct)
  /// Say the time under this tag; `unsent` is what the device says of its outbox.
  case tellTime(Tag, unsent: UInt64?)
  /// Find out whether this is a device that may come in, then call `authenticated`.
  case authenticate(Tag, replica: ReplicaID, secret: Secret, unsent: UInt64, report: DeviceReport)
  /// Find out whether this is a device that may come in and where its view begins; answer, speak in blocks from then on,
  /// and call `authenticated`, `opened` and `deflated`.
  case resume(Tag, ResumeRequest)
  /// Find out whether the code lets this device in, and answer.
  case enrol(Tag, EnrolRequest)
  /// Find out where the view begins, answer, then call `opened`.
  case open(Tag, ledger: ExactString, cursor: ExactString?)
  /// Answer with the accepted edits of an entity.
  case readHistory(Tag, entity: EntityID, field: FieldName?)
  /// Answer with who is there.
  case readStatus(Tag)
  /// Answer with a new replica id for this device's seat.
  case issueReplica(Tag)
  /// Answer with a new certificate for the key that the device showed.
  case issueCertificate(Tag)
  /// Answer with the newest snapshots.
  case listSnapshots(Tag)
  /// Answer, speak in blocks from then on, and call `deflated`.
  case deflate(Tag)
  /// Send what the view still needs, then close the connection: the peer has ended its side and everything that it said
  /// is answered.
  case closeWhenSent
  /// Write this and close the connection behind it.
  case close(saying: ServerMessage)
}
