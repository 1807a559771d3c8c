package import EditModel
import LineProtocol

/// How far an own act got.
package enum OwnActPhase: Hashable, Sendable {
  /// Durable here; no byte of it ever left.
  case pending
  /// It may have arrived; marked before its first byte left.
  case sent
  /// The server accepted it; its first edit has this seq. Shown as pending until the stream is past it.
  case acknowledged(firstSeq: UInt64)
  /// The server has another act under its identity: it waits for a new one.
  case forked
  /// The server refused it, for the reason given: it is on the shelf.
  case shelved
  /// The stream is past it; its lines are the server's now.
  case confirmed
  /// It was refused and a person gave it up: it is off the shelf. Kept, never sent again.
  case discarded
  /// It was refused and a person tried again: its changes were made anew, as another act. Kept, never sent again.
  case retried

  /// Whether it is shown over the confirmed cells.
  package var isInOverlay: Bool {
    switch self {
    case .pending, .sent, .acknowledged, .forked: true
    case .shelved, .confirmed, .discarded, .retried: false
    }
  }

  /// Whether the server has not decided it yet, as far as is known.
  package var isUndecided: Bool {
    switch self {
    case .pending, .sent, .forked: true
    case .acknowledged, .shelved, .confirmed, .discarded, .retried: false
    }
  }

  /// Whether it was refused and has left the shelf since.
  package var isOffShelf: Bool { self == .discarded || self == .retried }

  /// The number in the file's `phase` column.
  var code: Int {
    switch self {
    case .pending: 0
    case .sent: 1
    case .acknowledged: 2
    case .forked: 3
    case .shelved: 4
    case .confirmed: 5
    case .discarded: 6
    case .retried: 7
    }
  }

  /// The phase of a row; nil for a number that this version does not write.
  init?(code: Int, firstSeq: UInt64) {
    switch code {
    case 0: self = .pending
    case 1: self = .sent
    case 2: self = .acknowledged(firstSeq: firstSeq)
    case 3: self = .forked
    case 4: self = .shelved
    case 5: self = .confirmed
    case 6: self = .discarded
    case 7: self = .retried
    default: return nil
    }
  }
}

/// An act that was made on this device and is not confirmed.
package struct OwnAct: Hashable, Sendable {
  /// The act.
  package let act: Act
  /// How far it got.
  package let phase: OwnActPhase
  /// Whether an earlier epoch of the server had accepted it: its stamp stays, it is never issued anew.
  package let wasAccepted: Bool
  /// Why it was refused; nil unless it was.
  package let refusal: StoredRefusal?
}

/// A refusal as the server worded it: a code of the error table and its arguments.
package struct StoredRefusal: Hashable, Sendable {
  /// The code, as in the error table: `stage-moved` …
  package let code: String
  /// What stood behind it.
  package let arguments: [String]

  /// Reads `CLASS CODE ARGUMENTS…`, as `WireError.text` writes it.
  init(answer: String) {
    let words = answer.split(separator: " ").map(String.init)
    self.code = words.count > 1 ? words[1] : answer
    self.arguments = Array(words.dropFirst(2))
  }
}

/// Something about the replica as a whole that its owner must be told.
package enum ReplicaNotice: Hashable, Sendable {
  /// The folder was copied, or went back to an old state: what was not sent yet is now under the new id.
  case folderCopied(old: ReplicaID, new: ReplicaID)
  /// The server was restored to an earlier state: everything up to this seq stayed.
  case historyWentBack(seq: UInt64)
  /// The server has another history of this ledger; everything was fetched anew.
  case historyReplaced
  /// This entity is the seat's no more: it was taken out of the replica with everything under it. `said`: how a self-found
  /// problem is known, on one line, since its number went with it.
  case takenAway(EntityID, said: String?)

  var kind: String {
    switch self {
    case .folderCopied: "folder-copied"
    case .historyWentBack: "history-went-back"
    case .historyReplaced: "history-replaced"
    case .takenAway: "taken-away"
    }
  }

  var detail: String {
    switch self {
    case .folderCopied(let old, let new): "\(old) \(new)"
    case .historyWentBack(let seq): "\(seq)"
    case .historyReplaced: ""
    case .takenAway(let entity, let said): said.map { "\(entity) \($0)" } ?? entity.description
    }
  }

  /// The beginning of what something says, on one line.
  static func beginning(of text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 40 ? line.prefix(40) + "…" : line
  }

  init?(kind: String, detail: String) {
    let words = detail.split(separator: " ").map(String.init)
    switch kind {
    case "folder-copied":
      guard words.count == 2, let old = ReplicaID(words[0]), let new = ReplicaID(words[1]) else {
        return nil
      }
      self = .folderCopied(old: old, new: new)
    case "history-went-back":
      guard let seq = words.first.flatMap({ Decimal.number($0) }) else { return nil }
      self = .historyWentBack(seq: seq)
    case "history-replaced": self = .historyReplaced
    case "taken-away":
      guard let first = words.first, let entity = EntityID(first) else { return nil }
      self = .takenAway(entity, said: words.count > 1 ? words.dropFirst().joined(separator: " ") : nil)
    default: return nil
    }
  }
}
