import EditModel
package import NIOCore

extension ClientLine {
  /// Writes the line and its LF.
  package func write(to buffer: inout ByteBuffer) {
    buffer.writeString("\(tag) ")
    switch request {
    case .auth(let replica, let secret, let unsent, let report):
      buffer.writeString("auth \(replica) \(secret.digits) unsent=\(unsent)\(report.text)")
    case .resume(let request): buffer.writeString("resume \(request.text)")
    case .enrol(let request): buffer.writeString("enrol \(request.text)")
    case .open(let ledger, let cursor): buffer.writeString("open \(ledger) \(cursor ?? "-")")
    case .put(let author):
      buffer.writeString("put ")
      buffer.writeImmutableBuffer(author.bytes)
    case .history(let entity, let field):
      buffer.writeString("history \(entity)")
      if let field { buffer.writeString(" \(field)") }
    case .stat: buffer.writeString("stat")
    case .ping(let unsent):
      buffer.writeString("ping")
      if let unsent { buffer.writeString(" unsent=\(unsent)") }
    case .replica: buffer.writeString("replica")
    case .snap: buffer.writeString("snap")
    case .bye: buffer.writeString("bye")
    case .certificate: buffer.writeString("certificate")
    case .deflate: buffer.writeString("deflate")
    case .unbuilt(let verb): buffer.writeString(verb.rawValue)
    }
    buffer.writeInteger(UInt8(ascii: "\n"))
  }
}
