import EditModel
package import NIOCore

extension ClientLine {
  /// Reads one line that the framer cut; throws what to answer when it is not understood.
  package init(_ line: ByteBuffer) throws(LineFault) {
    let head = line.withUnsafeReadableBytes(Head.init)
    guard let head else { throw LineFault(tag: nil, error: WireError(.tag), isPut: false) }
    guard let name = head.verb else {
      throw LineFault(tag: head.tag, error: WireError(.unknownVerb), isPut: false)
    }
    self.tag = head.tag
    if name == .put {
      self.request = try .put(ClientLine.author(line, from: head))
    } else {
      self.request = try ClientLine.request(name, line: line, head: head)
    }
  }

  /// A line's tag and verb, and where the words behind them begin.
  private struct Head {
    let tag: Tag
    let verb: Verb?
    let position: Int
    let isAtEnd: Bool

    init?(_ bytes: UnsafeRawBufferPointer) {
      var reader = WordReader(bytes)
      guard let tag = reader.word().flatMap(Tag.init(bytes:)) else { return nil }
      self.tag = tag
      self.verb =
        reader.isAtEnd
        ? nil : reader.word().flatMap { ExactString(bytes: $0) }.flatMap { Verb(rawValue: $0.string) }
      self.position = reader.position
      self.isAtEnd = reader.isAtEnd
    }
  }

  private static func author(_ line: ByteBuffer, from head: Head) throws(LineFault) -> AuthorLine {
    var author = line
    author.moveReaderIndex(forwardBy: head.position)
    if let parsed = AuthorLine(author) { return parsed }
    let isText = author.withUnsafeReadableBytes { ExactString(bytes: $0) != nil }
    throw LineFault(tag: head.tag, error: WireError(isText ? .malformed : .encoding), isPut: true)
  }

  private static func request(_ verb: Verb, line: ByteBuffer, head: Head) throws(LineFault) -> ClientRequest {
    guard verb.isBuilt else { return .unbuilt(verb) }
    var rest = line
    rest.moveReaderIndex(forwardBy: head.position)
    let isText = rest.withUnsafeReadableBytes { ExactString(bytes: $0) != nil }
    guard isText else { throw LineFault(tag: head.tag, error: WireError(.encoding), isPut: false) }
    let words = head.isAtEnd ? [] : rest.withUnsafeReadableBytes(words)
    guard let words else { throw LineFault(tag: head.tag, error: WireError(.malformed), isPut: false) }
    guard verb.arity.contains(words.count) else {
      throw LineFault(tag: head.tag, error: WireError(.arity, [ExactString(verb.rawValue)]), isPut: false)
    }
    guard let request = understood(verb, words) else {
      throw LineFault(tag: head.tag, error: WireError(.malformed), isPut: false)
    }
    return request
  }

  private static func words(_ bytes: UnsafeRawBufferPointer) -> [ExactString]? {
    var reader = WordReader(bytes)
    return reader.remainingWords()
  }

  /// The request that `words` make, whose number is right; nil when one of them is not what its place asks for.
  private static func understood(_ verb: Verb, _ words: [ExactString]) -> ClientRequest? {
    switch verb {
    case .auth: auth(words)
    case .resume: ResumeRequest(words).map { .resume($0) }
    case .open: open(words)
    case .history: history(words)
    case .ping: ping(words)
    case .stat: .stat
    case .replica: .replica
    case .snap: .snap
    case .bye: .bye
    case .certificate: .certificate
    case .deflate: .deflate
    case .enrol: EnrolRequest(words).map { .enrol($0) }
    case .put, .verify, .blob, .audit, .seat, .device: nil
    }
  }

  private static func auth(_ words: [ExactString]) -> ClientRequest? {
    guard let replica = ReplicaID(words[0].string), let secret = Secret(words[1].string),
      let unsent = unsent(words.dropFirst(2)), let count = unsent.count, let report = DeviceReport(words.dropFirst(2))
    else { return nil }
    return .auth(replica: replica, secret: secret, unsent: count, report: report)
  }

  private static func open(_ words: [ExactString]) -> ClientRequest? {
    guard Name.isValid(words[0].string), WelcomeMark.isOpaque(words[1], limitBytes: Limits.cursorBytes) else {
      return nil
    }
    return .open(ledger: words[0], cursor: words[1] == "-" ? nil : words[1])
  }

  private static func history(_ words: [ExactString]) -> ClientRequest? {
    guard let entity = EntityID(words[0].string) else { return nil }
    guard words.count == 2 else { return .history(entity: entity, field: nil) }
    guard let field = FieldName(words[1].string) else { return nil }
    return .history(entity: entity, field: field)
  }

  private static func ping(_ words: [ExactString]) -> ClientRequest? {
    unsent(words[...]).map { .ping(unsent: $0.count) }
  }

  /// What the options of a line say of the outbox; options that this version does not know are passed over.
  private struct Unsent { let count: UInt64? }

  private static func unsent(_ words: ArraySlice<ExactString>) -> Unsent? {
    var count: UInt64?
    for word in words {
      guard word.string.utf8.contains(UInt8(ascii: "=")) else { return nil }
      guard let text = word.value(of: "unsent") else { continue }
      guard count == nil, let number = Decimal.number(text), number <= Limits.unsent
      else { return nil }
      count = number
    }
    return Unsent(count: count)
  }
}
