/// What the program's exit tells a script. The help shows the same table.
package enum ExitStatus: Int32, CaseIterable, Sendable {
  /// Done; also: saved on this device and not at the town yet.
  case done = 0
  /// The program itself failed.
  case failed = 1
  /// The command line, a field or a value cannot be understood.
  case usage = 2
  /// What was named is not there.
  case notFound = 3
  /// The rules refuse it: here, or the server, and then it is on the shelf.
  case refused = 4
  /// The server was needed for the answer and could not be asked.
  case offline = 5
  /// The replica or another file on this device cannot be read or written, or there is none.
  case storage = 6
  /// An import found nothing that it could read.
  case nothingRead = 7
}

/// The end of a command that has said everything already.
struct QuietExit: Error {
  let status: ExitStatus
}
