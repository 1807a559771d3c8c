package import EditModel
package import LedgerStore

/// Proves a ledger's file against its own links (protocol/12-proof.md), whether a server runs on it or not.
package enum LedgerProof {
  /// Looks at every line of `ledger`, and holds `heads`, which were written down elsewhere, against its links.
  package static func check(
    _ ledger: ExactString, in folder: DataFolder, against heads: [ChainHead]
  ) throws(AdminError) -> ChainCheck {
    try storing { () throws(StoreError) in
      let reader = try HistoryReader(path: folder.ledger(ledger))
      let check = try reader.checkedChain(against: heads)
      try reader.close()
      return check
    }
  }
}
