package import EditModel

/// What a client calls a request, so that it knows the answer: 1 to 16 of a-z and 0-9.
package struct Tag: Hashable, Sendable, CustomStringConvertible {
  /// The tag's text.
  package let text: ExactString

  /// Reads a tag; nil when it is none.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard (1...Limits.tagBytes).contains(bytes.count),
      bytes.allSatisfy({ (48...57).contains($0) || (97...122).contains($0) }),
      let text = ExactString(bytes: bytes)
    else { return nil }
    self.text = text
  }

  /// The tag that is `number` in decimals.
  package init(_ number: UInt64) {
    self.text = ExactString(String(number % 10_000_000_000_000_000))
  }

  package var description: String { text.string }
}

/// A request, understood.
package enum ClientRequest: Sendable {
  /// The device says who it is; `unsent` is how many acts wait in its outbox.
  case auth(replica: ReplicaID, secret: Secret, unsent: UInt64, report: DeviceReport = DeviceReport())
  /// The device says who it is and where it stood, and goes on from there, in blocks.
  case resume(ResumeRequest)
  /// A device that is not known yet asks to be let in by a code.
  case enrol(EnrolRequest)
  /// Follow `ledger` from `cursor` (nil: from nothing), then live.
  case open(ledger: ExactString, cursor: ExactString?)
  /// One edit of an act; all edits of an act come under one tag, without another line between.
  case put(AuthorLine)
  /// Every accepted edit of an entity, or of one field of it.
  case history(entity: EntityID, field: FieldName?)
  /// Who is there and how far the server is.
  case stat
  /// Still there; the answer has the server's time.
  case ping(unsent: UInt64?)
  /// A new replica id and secret for this device, whose folder was copied or went back.
  case replica
  /// The newest snapshots that the server knows of.
  case snap
  /// The client is going.
  case bye
  /// A new certificate for the device's own key, with which it came in over TLS.
  case certificate
  /// From here on both sides speak in blocks.
  case deflate
  /// A verb that is specified and not built.
  case unbuilt(Verb)
}

/// A client's line: a tag and a request.
package struct ClientLine: Sendable {
  /// What the answer will carry.
  package let tag: Tag
  /// What is asked.
  package let request: ClientRequest

  /// A line from its parts.
  package init(tag: Tag, request: ClientRequest) {
    self.tag = tag
    self.request = request
  }
}

/// Why a client's line was not understood, and the tag to say so under (nil when not even that could be read).
package struct LineFault: Error, Sendable {
  /// The tag of the line, nil when it has none.
  package let tag: Tag?
  /// What to answer.
  package let error: WireError
  /// Whether the line was a `put`, so that the rest of its act is passed over too.
  package let isPut: Bool
}
