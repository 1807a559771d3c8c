import LedgerClient
import LedgerReports
import LedgerStore

/// Why a command could not do what it was asked, in words: what happened, what it affects, what to do next.
struct CommandFailure: Error {
  let status: ExitStatus
  /// A short fixed word for programs.
  let code: String
  let sentence: String

  init(_ status: ExitStatus, _ code: String, _ sentence: String) {
    self.status = status
    self.code = code
    self.sentence = sentence
  }

  /// What `error` means for people; nil when it is no error of ours (the argument parser words its own).
  init?(_ error: any Error, words: Words) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as ClientError: self.init(error, words)
    case let error as StoreError: self.init(.storage, "storage", words.storage(error))
    default: return nil
    }
  }

  private init(_ error: ClientError, _ words: Words) {
    let (status, code): (ExitStatus, String) =
      switch error {
      case .noReplica: (.storage, "no-replica")
      case .replicaExists: (.storage, "replica-exists")
      case .fileUnreadable: (.storage, "file-unreadable")
      case .deviceFile: (.storage, "device-file")
      case .refused: (.refused, "refused")
      case .notWritable: (.usage, "not-writable")
      case .nothingToUndo: (.notFound, "nothing-to-undo")
      case .notUndoable: (.refused, "not-undoable")
      case .store: (.storage, "storage")
      case .offline: (.offline, "offline")
      case .enrolment: (.refused, "enrolment")
      }
    self.init(status, code, words.sentence(error))
  }

  func text(asJSON: Bool) -> String {
    guard asJSON else { return sentence + "\n" }
    let error = JSONValue.object([
      JSONMember("code", .string(code)), JSONMember("status", .number(Int64(status.rawValue))),
      JSONMember("message", .string(sentence)),
    ])
    return JSONValue.object([JSONMember("error", error)]).text + "\n"
  }
}
