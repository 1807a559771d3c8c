package import EditModel

/// What a device that is not known yet says to be let in by a code (protocol/04-messages.md, enrol).
package struct EnrolRequest: Hashable, Sendable {
  /// The first digits of the code, by which the server finds it.
  package let lookup: String
  /// The device's public key: the bytes of its x963 form, not looked at yet.
  package let key: [UInt8]
  /// The device's proof that it knows the code: 32 bytes.
  package let proof: [UInt8]
  /// The ledger that the device was told of; nil when it does not say.
  package let ledger: ExactString?
  /// The replica that its folder holds already; nil when it has none, or does not say.
  package let replica: ReplicaID?

  /// How many digits a look-up has.
  package static let lookupDigits = 4
  /// How many bytes a public key has.
  package static let keyBytes = 65
  /// How many bytes a proof has.
  package static let proofBytes = 32

  /// A request from its parts.
  package init(
    lookup: String, key: [UInt8], proof: [UInt8], ledger: ExactString? = nil, replica: ReplicaID? = nil
  ) {
    self.lookup = lookup
    self.key = key
    self.proof = proof
    self.ledger = ledger
    self.replica = replica
  }

  /// Reads the words behind the verb; nil when one is not what its place asks for, or an option comes twice. Options
  /// that it does not know are passed over.
  init?(_ words: [ExactString]) {
    let lookup = words[0].string
    guard lookup.utf8.count == EnrolRequest.lookupDigits, lookup.utf8.allSatisfy({ Crockford.value(of: $0) != nil }),
      let key = Base64URL.bytes(words[1].string), key.count == EnrolRequest.keyBytes,
      let proof = Base64URL.bytes(words[2].string), proof.count == EnrolRequest.proofBytes,
      words.dropFirst(3).allSatisfy({ $0.string.utf8.contains(UInt8(ascii: "=")) })
    else { return nil }
    var (ledger, replica): (ExactString?, ReplicaID?)
    for word in words.dropFirst(3) {
      if let text = word.value(of: "ledger") {
        guard ledger == nil, Name.isValid(text) else { return nil }
        ledger = ExactString(text)
      }
      if let text = word.value(of: "replica") {
        guard replica == nil, let id = ReplicaID(text) else { return nil }
        replica = id
      }
    }
    self.init(lookup: lookup, key: key, proof: proof, ledger: ledger, replica: replica)
  }

  /// The words as they stand behind the verb.
  package var text: String {
    "\(lookup) \(Base64URL.text(key)) \(Base64URL.text(proof))" + (ledger.map { " ledger=\($0)" } ?? "")
      + (replica.map { " replica=\($0)" } ?? "")
  }
}

/// What a device says of itself when it comes in, for lists.
package struct DeviceReport: Hashable, Sendable {
  /// Its software, nil when it does not say.
  package private(set) var version: ExactString?
  /// How far its clock is ahead of the server's time, in milliseconds; nil when it does not say.
  package private(set) var offsetMilliseconds: Int64?

  /// Takes what a later report says; what that leaves out is as it was.
  package mutating func update(with later: DeviceReport) {
    version = later.version ?? version
    offsetMilliseconds = later.offsetMilliseconds ?? offsetMilliseconds
  }

  /// A report; both may be left out.
  package init(version: ExactString? = nil, offsetMilliseconds: Int64? = nil) {
    self.version = version
    self.offsetMilliseconds = offsetMilliseconds
  }

  /// Reads the options of a line, passing over those that it does not know; nil when one of its own is not right, or
  /// comes twice.
  init?(_ words: ArraySlice<ExactString>) {
    var (version, offset): (ExactString?, Int64?)
    for word in words {
      if let text = word.value(of: "version") {
        guard version == nil, ClientVersion.isValid(text) else { return nil }
        version = ExactString(text)
      }
      if let text = word.value(of: "offset") {
        guard offset == nil, let number = DeviceReport.offset(text) else { return nil }
        offset = number
      }
    }
    self.init(version: version, offsetMilliseconds: offset)
  }

  /// A whole number in its one spelling, `-` in front when it is below zero.
  private static func offset(_ text: String) -> Int64? {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    let digits = isNegative ? String(text.dropFirst()) : text
    guard let number = Decimal.number(digits), number <= Limits.offsetMilliseconds, !(isNegative && number == 0) else {
      return nil
    }
    return isNegative ? -Int64(number) : Int64(number)
  }

  /// The options with a space before each.
  var text: String {
    (version.map { " version=\($0)" } ?? "") + (offsetMilliseconds.map { " offset=\($0)" } ?? "")
  }
}
