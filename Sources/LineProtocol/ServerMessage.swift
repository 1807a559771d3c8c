package import EditModel
package import NIOCore

/// What a server sends.
package enum ServerMessage: Sendable {
  /// `* taizhang 1 SOFTWARE now=STAMP line=BYTES cap=…`: the first line of every connection.
  case greeting(Greeting)
  /// `TAG ok …`: the request was done; for an act its first seq.
  case ok(Tag, Words)
  /// `TAG CLASS CODE …`: it was not.
  case failed(Tag, WireError)
  /// `TAG row …`: one line of an answer that has several; `ok` follows the last.
  case row(Tag, ExactString)
  /// `+ LINE`: an accepted edit that this view may see.
  case line(AcceptedEdit)
  /// `- ENTITY`: the entity and everything under it are this view's no more.
  case withdrawn(EntityID)
  /// `= SEQ CURSOR`: everything that this view may see up to `seq` has been sent.
  case reached(seq: UInt64, cursor: ExactString)
  /// `* CLASS CODE …`: about the connection as a whole.
  case notice(WireError)
  /// `* moved HOST:PORT`: where the server is reached from now on.
  case moved(String)
  /// A line of a later version that begins with `*`: a client passes over it.
  case passedOver
}

/// The words of an answer: some in their places, some as `key=value`.
package struct Words: Hashable, Sendable {
  /// All words in order, none empty, none with a space.
  package let all: [ExactString]

  /// Words from texts.
  package init(_ all: [ExactString]) {
    self.all = all
  }

  /// The word in place `index` (from 0), nil when there are fewer.
  package subscript(index: Int) -> String? { all.indices.contains(index) ? all[index].string : nil }

  /// What stands behind `key=`, nil when that key is not there.
  package func value(of key: String) -> String? {
    for word in all {
      if let value = word.value(of: key) { return value }
    }
    return nil
  }

  /// The words with a space before each.
  var text: String { all.map { " " + $0.string }.joined() }
}

extension ExactString {
  /// The word `key=value`.
  package static func pair(_ key: String, _ value: some CustomStringConvertible) -> ExactString {
    ExactString("\(key)=\(value)")
  }
}

/// The first line of a connection.
package struct Greeting: Hashable, Sendable {
  /// The protocol's version.
  package let version: UInt64
  /// Name and version of the server's software, one word.
  package let software: ExactString
  /// The server's time.
  package let now: Stamp
  /// The longest line that the server takes, in bytes.
  package let lineBytes: UInt64
  /// What the server can beyond the basis.
  package let capabilities: [ExactString]

  /// What this version's server says of itself.
  package init(software: ExactString, now: Stamp, capabilities: [ExactString]) {
    self.version = UInt64(Limits.version)
    self.software = software
    self.now = now
    self.lineBytes = UInt64(Limits.lineBytes)
    self.capabilities = capabilities
  }

  /// Reads the words behind `* taizhang`; nil when they make no greeting.
  init?(_ words: Words) {
    guard let version = words[0].flatMap(Decimal.number), let software = words[1],
      let now = words.value(of: "now").flatMap(Stamp.init), let line = words.value(of: "line").flatMap(Decimal.number)
    else { return nil }
    self.version = version
    self.software = ExactString(software)
    self.now = now
    self.lineBytes = line
    let names = words.value(of: "cap")?.split(separator: ",") ?? []
    self.capabilities = names.map { ExactString(String($0)) }
  }

  var text: String {
    var text = "* taizhang \(version) \(software) now=\(now) line=\(lineBytes)"
    if !capabilities.isEmpty { text += " cap=" + capabilities.map(\.string).joined(separator: ",") }
    return text
  }
}

extension ServerMessage {
  /// Writes the message and its LF.
  package func write(to buffer: inout ByteBuffer) {
    switch self {
    case .greeting(let greeting): buffer.writeString(greeting.text)
    case .ok(let tag, let words): buffer.writeString("\(tag) ok\(words.text)")
    case .failed(let tag, let error): buffer.writeString("\(tag) \(error.text)")
    case .row(let tag, let text): buffer.writeString("\(tag) row \(text)")
    case .line(let accepted): buffer.writeString("+ \(EditLine.text(accepted))")
    case .withdrawn(let entity): buffer.writeString("- \(entity)")
    case .reached(let seq, let cursor): buffer.writeString("= \(seq) \(cursor)")
    case .notice(let error): buffer.writeString("* \(error.text)")
    case .moved(let address): buffer.writeString("* moved \(address)")
    case .passedOver: buffer.writeString("*")
    }
    buffer.writeInteger(UInt8(ascii: "\n"))
  }
}
