/// Where a server is reached, as written: `HOST:PORT`, an IPv6 address in brackets. One word, of printable ASCII.
package struct HostPort: Hashable, Sendable, CustomStringConvertible {
  /// The host's name or address, without brackets.
  package let host: String
  /// The port, 1 to 65535.
  package let port: Int

  /// The longest address in bytes.
  package static let byteLimit = 270

  /// Reads an address; nil when it has no port, or a character that no address has.
  package init?(_ text: String) {
    guard text.utf8.count <= HostPort.byteLimit, let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
      let port = Decimal.number(String(text[text.index(after: colon)...])), (1...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.first == "[", host.last == "]" {
      host = host.dropFirst().dropLast()
      guard host.utf8.allSatisfy(HostPort.isInBrackets) else { return nil }
    } else {
      guard host.utf8.allSatisfy(HostPort.isInName) else { return nil }
    }
    guard !host.isEmpty else { return nil }
    self.host = String(host)
    self.port = Int(port)
  }

  /// Whether it can be no other machine than this one.
  package var isThisMachine: Bool {
    if host == "localhost" || host == "::1" { return true }
    // A name may begin like an address.
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { Decimal.number(String($0)) }
    return parts.count == 4 && parts[0] == 127 && parts.allSatisfy { ($0 ?? 256) < 256 }
  }

  /// Whether it stands for every address of a machine, in whatever spelling, so that nobody can connect to it.
  package var standsForAll: Bool {
    let digits = host.utf8.filter { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: ":") }
    return digits.allSatisfy { $0 == UInt8(ascii: "0") }
  }

  /// The address as it is written.
  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  private static func isInName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isInBrackets(_ byte: UInt8) -> Bool {
    isInName(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "%")
  }
}
