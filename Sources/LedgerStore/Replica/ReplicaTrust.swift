import EditModel
import GRDB

/// What an enrolled replica has beside its secret: the authority that it pins and its own certificate. Its private key
/// is a file beside the replica.
package struct ReplicaTrust: Hashable, Sendable {
  /// The authority's public key, the 65 bytes of its uncompressed form.
  package let authority: [UInt8]
  /// The device's own certificate, DER.
  package let certificate: [UInt8]
  /// A second address of the server, `host:port`; nil when there is none.
  package let second: String?
  /// The digits by which the server found the code that let the device in; not a secret.
  package let lookup: String

  /// From its parts.
  package init(authority: [UInt8], certificate: [UInt8], second: String?, lookup: String) {
    self.authority = authority
    self.certificate = certificate
    self.second = second
    self.lookup = lookup
  }

  /// The columns that `init` reads, in their order.
  static let columns = "authority, certificate, second, lookup"

  /// Reads the columns of the table `trust`; nil where the row is not there, or is damaged.
  init?(_ row: inout RowColumns) {
    let (authority, certificate, second, lookup) = (row.text(), row.text(), row.text(), row.text())
    guard let authority = authority.flatMap({ Base64URL.bytes($0) }), let lookup,
      let certificate = certificate.flatMap({ Base64URL.bytes($0) })
    else { return nil }
    self.init(authority: authority, certificate: certificate, second: second, lookup: lookup)
  }

  /// Writes the row, in the place of one that is there.
  func write(_ db: Database) throws {
    try db.executeKept(
      sql: "INSERT OR REPLACE INTO trust (one, authority, certificate, second, lookup) VALUES (1, ?, ?, ?, ?)",
      arguments: [Base64URL.text(authority), Base64URL.text(certificate), second, lookup])
  }
}

extension ReplicaStore {
  /// Keeps a newer certificate of the device, DER.
  package func keep(certificate: [UInt8]) throws(StoreError) {
    try change("keep a certificate") { db, _ in
      try db.executeKept(sql: "UPDATE trust SET certificate = ?", arguments: [Base64URL.text(certificate)])
    }
  }

  /// Notes where the server says that it has moved, `host:port`; nil: it says so no more. The address that it was found at
  /// stays: whoever announces a wrong one strands nobody.
  package func note(movingTo address: String?) throws(StoreError) {
    let known = try header()
    let wanted = address == known.server ? nil : address
    guard known.movingTo != wanted else { return }
    try change("note an address") { db, _ in
      try db.executeKept(sql: "DELETE FROM moving")
      if let wanted { try db.executeKept(sql: "INSERT INTO moving VALUES (1, ?)", arguments: [wanted]) }
    }
  }

  /// Keeps another address of the server, `host:port`: one that the owner gave, or at which the server was found and let
  /// this device in. Where it is said to have moved is forgotten with it.
  package func keep(server: String) throws(StoreError) {
    let known = try header()
    guard known.server != server || known.movingTo != nil else { return }
    try change("keep an address") { db, _ in
      try db.executeKept(sql: "DELETE FROM moving")
      try db.executeKept(sql: "UPDATE replica SET server = ?", arguments: [server])
    }
  }
}
