package import EditModel

/// The one line that lets a device in: where the server is, which ledger, whose organisation, and the code.
///
/// ```
/// taizhang://10.1.2.3:7374,town.example:7374/tucheng-2023#FINGERPRINT.CODE
/// ```
package struct EnrolmentLine: Hashable, Sendable {
  /// Where the server is.
  package let server: HostPort
  /// A second address, a follower's; nil when there is none.
  package let second: HostPort?
  /// The ledger.
  package let ledger: ExactString
  /// The organisation key's.
  package let fingerprint: Fingerprint
  /// The code.
  package let code: EnrolmentCode

  /// A line from its parts.
  package init(
    server: HostPort, second: HostPort? = nil, ledger: ExactString, fingerprint: Fingerprint, code: EnrolmentCode
  ) {
    self.server = server
    self.second = second
    self.ledger = ledger
    self.fingerprint = fingerprint
    self.code = code
  }

  /// Reads a line; spaces and line ends around it, and within its code and fingerprint, count for nothing.
  package init(_ text: String) throws(EnrolmentLineProblem) {
    let text = String(text.unicodeScalars.filter { !$0.properties.isWhitespace }.map(Character.init))
    guard text.hasPrefix(EnrolmentLine.scheme) else { throw .notEnrolment }
    let halves = text.dropFirst(EnrolmentLine.scheme.count).split(
      separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2 else { throw .incomplete }
    let place = halves[0].split(separator: "/", omittingEmptySubsequences: false)
    guard place.count == 2, Name.isValid(String(place[1])) else { throw .badLedger }
    let addresses = place[0].split(separator: ",", omittingEmptySubsequences: false).map { HostPort(String($0)) }
    guard (1...2).contains(addresses.count), let first = addresses[0] else { throw .badAddress }
    if addresses.count == 2, addresses[1] == nil { throw .badAddress }
    let proofs = halves[1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard proofs.count == 2 else { throw .incomplete }
    guard let fingerprint = Fingerprint(String(proofs[0]).lowercased()) else { throw .badFingerprint }
    server = first
    second = addresses.count == 2 ? addresses[1] : nil
    ledger = ExactString(String(place[1]))
    self.fingerprint = fingerprint
    do throws(EnrolmentCodeProblem) {
      code = try EnrolmentCode(String(proofs[1]))
    } catch {
      throw .badCode(error)
    }
  }

  /// The line, with the secret in it: to be shown once, to whom it is for, and kept nowhere.
  package var text: String {
    let addresses = second.map { "\(server),\($0)" } ?? "\(server)"
    return "\(EnrolmentLine.scheme)\(addresses)/\(ledger)#\(fingerprint).\(code.digits)"
  }

  private static let scheme = "taizhang://"
}

/// What is wrong with an enrolment line.
package enum EnrolmentLineProblem: Error, Hashable, Sendable {
  /// It does not begin as one.
  case notEnrolment
  /// Its end is missing: it was not copied whole.
  case incomplete
  /// An address is none.
  case badAddress
  /// The ledger's name is none.
  case badLedger
  /// The fingerprint is none: digits are missing or too many.
  case badFingerprint
  /// The code is wrong.
  case badCode(EnrolmentCodeProblem)
}
