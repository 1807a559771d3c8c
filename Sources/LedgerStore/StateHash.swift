import Crypto
import EditModel
package import LedgerRules

/// One number for everything a replica shows as confirmed: equal exactly when the winners of all cells are.
package enum StateHash {
  /// SHA-256 over `state.canonicalLines()`, each with its LF, as 64 lower-case hexadecimal digits.
  package static func of(_ state: LedgerState) -> String { of(lines: state.canonicalLines()) }

  /// SHA-256 over `lines`, each with its LF, as 64 lower-case hexadecimal digits. The caller sorts.
  package static func of(lines: [String]) -> String {
    var hash = SHA256()
    for line in lines { hash.update(bytes: line + "\n") }
    return hash.finalize().hexadecimal
  }
}
