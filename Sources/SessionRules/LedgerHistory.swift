package import EditModel
package import LineProtocol

/// Which histories a ledger has had: its epoch and the epochs that it came from.
package struct LedgerHistory: Hashable, Sendable {
  /// An earlier history, and how far the one that followed it went along with it.
  package struct Parent: Hashable, Sendable {
    /// The earlier history.
    package let epoch: Epoch
    /// The greatest seq that it shares with the history that began from it.
    package let forkSeq: UInt64

    /// `epoch`, left at `forkSeq`.
    package init(epoch: Epoch, forkSeq: UInt64) {
      self.epoch = epoch
      self.forkSeq = forkSeq
    }
  }

  /// The ledger's name.
  package let ledger: ExactString
  /// The history that is being written.
  package let epoch: Epoch
  /// The histories before it, the oldest first.
  package let parents: [Parent]
  /// Acts whose stamp is not after this are held back for a decision; nil where none is.
  package let heldThrough: Stamp?

  /// The histories of `ledger`.
  package init(ledger: ExactString, epoch: Epoch, parents: [Parent], heldThrough: Stamp? = nil) {
    self.ledger = ledger
    self.epoch = epoch
    self.parents = parents
    self.heldThrough = heldThrough
  }

  /// What `open` answers, and where the view begins.
  package enum Opening: Hashable, Sendable {
    /// The cursor is of this history: go on after it, or within the stretch behind it.
    case goingOn(after: UInt64, PartWay? = nil)
    /// The cursor is of an earlier history, which shares everything up to `fork`; go on after the lesser of both.
    case forked(fork: UInt64, after: UInt64)
    /// Nothing of what the client has counts: everything from the beginning.
    case anew
    /// The cursor is of this history, but its seat saw through other eyes: everything that it may see from the beginning.
    case otherView
    /// The client has nothing.
    case fromNothing
  }

  /// Judges the cursor that a client sent, when the ledger's greatest seq is `lastSeq` and the view has `mark`.
  ///
  /// A view that sees less than everything begins anew after a restore: what it was sent under an assignment that the
  /// restore took back is not to stay with it.
  package func opening(from text: ExactString?, lastSeq: UInt64, mark: ViewMark? = nil) -> Opening {
    guard let text else { return .fromNothing }
    guard let cursor = Cursor(text.string) else { return .anew }
    if cursor.epoch == epoch {
      guard cursor.partWay?.through ?? cursor.seq <= lastSeq else { return .anew }
      return cursor.view == mark ? .goingOn(after: cursor.seq, cursor.partWay) : .otherView
    }
    guard cursor.view == nil, mark == nil else { return .anew }
    guard let index = parents.firstIndex(where: { $0.epoch == cursor.epoch }) else { return .anew }
    // A grandparent shares with us no more than each history on the way did with the next.
    let fork = parents[index...].map(\.forkSeq).reduce(lastSeq, min)
    return .forked(fork: fork, after: min(fork, cursor.reached))
  }

  /// The words behind `ok` for `opening`.
  package func words(for opening: Opening, lastSeq: UInt64) -> Words {
    var words = [ExactString(epoch.description)]
    switch opening {
    case .goingOn, .fromNothing: break
    case .forked(let fork, _): words.append(ExactString("fork=\(fork)"))
    case .anew: words.append("anew")
    case .otherView: words.append("view")
    }
    return Words(words + [ExactString("last=\(lastSeq)")])
  }
}
