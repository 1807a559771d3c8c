package import EditModel
package import LineProtocol

/// What `taizhangd device add` hands to a device: where the server is, which ledger, and who the device is.
///
/// Text, one `key value` a line behind the line `taizhang-device 1`; lines that begin with `#` and keys that this
/// version does not know are passed over. It holds a secret: its file is readable by its owner only.
package struct DeviceFile: Sendable {
  /// `host:port` of the server.
  package let server: String
  /// The ledger to follow.
  package let ledger: ExactString
  /// The id given to this device.
  package let replica: ReplicaID
  /// What proves it.
  package let secret: Secret

  /// The first line of every device file of this version.
  package static let heading = "taizhang-device 1"

  /// Which line could not be read, from 1; 0 when a key is missing.
  package struct Flaw: Error, Hashable, Sendable {
    /// The line's number.
    package let line: Int
  }

  /// A device file from its parts.
  package init(server: String, ledger: ExactString, replica: ReplicaID, secret: Secret) {
    self.server = server
    self.ledger = ledger
    self.replica = replica
    self.secret = secret
  }

  /// Reads a device file's text.
  package init(text: String) throws(Flaw) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.last == "\r" ? line.dropLast() : line
    }
    guard let first = lines.first, first == DeviceFile.heading else { throw Flaw(line: 1) }
    var values: [Substring: Substring] = [:]
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty && line.first != "#" {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, values.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw Flaw(line: index + 1)
      }
    }
    guard let server = values["server"], let ledger = values["ledger"],
      Name.isValid(String(ledger)),
      let replica = values["replica"].flatMap({ ReplicaID(String($0)) }),
      let secret = values["secret"].flatMap({ Secret(String($0)) })
    else { throw Flaw(line: 0) }
    self.init(
      server: String(server), ledger: ExactString(String(ledger)), replica: replica, secret: secret)
  }

  /// The file's text.
  package var text: String {
    """
    \(DeviceFile.heading)
    server \(server)
    ledger \(ledger)
    replica \(replica)
    secret \(secret.digits)

    """
  }
}
