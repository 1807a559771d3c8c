package import EditModel
package import LedgerStore
package import LineProtocol

/// A head as it is written down: of which history of a ledger it is, how far it goes, and the link.
package struct LedgerHead: Hashable, Sendable, CustomStringConvertible {
  /// The history.
  package let epoch: Epoch
  /// How far, and the link.
  package let chain: ChainHead

  /// The head `chain` of the history `epoch`.
  package init(epoch: Epoch, chain: ChainHead) {
    self.epoch = epoch
    self.chain = chain
  }

  /// Reads `EPOCH.SEQ:LINK`; nil for anything else.
  package init?(_ text: String) {
    guard let dot = text.lastIndex(of: "."), let epoch = Epoch(String(text[..<dot])),
      let chain = ChainHead(String(text[text.index(after: dot)...]))
    else { return nil }
    self.init(epoch: epoch, chain: chain)
  }

  /// `EPOCH.SEQ:LINK`.
  package var description: String { "\(epoch).\(chain)" }
}

/// Proves a ledger's file against its own links (protocol/12-proof.md), whether a server runs on it or not.
package enum LedgerProof {
  /// What was found.
  package struct Report: Hashable, Sendable {
    private let header: LedgerHeader
    /// What is linked, and what is wrong.
    package let check: ChainCheck

    init(header: LedgerHeader, check: ChainCheck) {
      self.header = header
      self.check = check
    }

    /// The ledger's present history.
    package var epoch: Epoch { header.epoch }
    /// Whether `head` is of a line that the ledger shares with the history it was written down in: then it was compared.
    package func isCompared(_ head: LedgerHead) -> Bool { head.isOf(header) }
    /// How far the lines are linked, as it is written down.
    package var head: LedgerHead { LedgerHead(epoch: epoch, chain: check.head) }
  }

  /// Looks at every line of `ledger`, and holds those of `heads`, which were written down elsewhere, against its links: those of
  /// its present history, and of earlier ones as far as it shares their lines; of any other nothing can be told. `isServed`: a server runs on the folder.
  package static func check(
    _ ledger: ExactString, in folder: DataFolder, against heads: [LedgerHead], isServed: Bool
  ) throws(AdminError) -> Report {
    try storing { () throws(StoreError) in
      let path = folder.ledger(ledger)
      if !isServed { try ServerStore.checkLog(path: path) }
      let reader = try HistoryReader(path: path)
      let header = try reader.header()
      let check = try reader.checkedChain(against: heads.filter { $0.isOf(header) }.map(\.chain))
      try reader.close()
      return Report(header: header, check: check)
    }
  }
}

extension LedgerHead {
  /// Whether it is of the ledger's present history, or of lines whose links that shares with an earlier one.
  fileprivate func isOf(_ header: LedgerHeader) -> Bool {
    header.sharedLinks(with: epoch).map { chain.seq <= $0 } ?? false
  }
}
