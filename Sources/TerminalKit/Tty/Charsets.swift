import Glibc

/// Other encodings than UTF-8, by way of the C library's tables.
package enum Charsets {
  /// `bytes` of the charset `source` in `target`, both by the C library's names; nil when they are none of it, a character
  /// is not there in the other, or the library has no table for them.
  package static func converted(_ bytes: [UInt8], from source: String, to target: String) -> [UInt8]? {
    let converter = iconv_open(target, source)
    guard let converter, Int(bitPattern: converter) != -1 else { return nil }
    defer { iconv_close(converter) }
    // Of the encodings that there are here two bytes become at most three, three at most four.
    var output = [CChar](repeating: 0, count: bytes.count * 2 + 16)
    var input = bytes.map { CChar(bitPattern: $0) }
    let written = input.withUnsafeMutableBufferPointer { from in
      output.withUnsafeMutableBufferPointer { to -> Int? in
        var (start, end) = (from.baseAddress, to.baseAddress)
        var (left, room) = (from.count, to.count)
        let outcome = iconv(converter, &start, &left, &end, &room)
        // A count above 0 is of characters that were put in another's place: not what was meant.
        return outcome == 0 && left == 0 ? to.count - room : nil
      }
    }
    return written.map { output[..<$0].map { UInt8(bitPattern: $0) } }
  }
}
