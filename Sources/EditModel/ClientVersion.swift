/// What a device says of its software: one word of 1 to 64 printable ASCII bytes, such as `taizhang/0.1.0`.
package enum ClientVersion {
  /// The longest such word in bytes.
  package static let byteLimit = 64

  /// Whether `text` is one. `-` stands for nothing in lists and is none.
  package static func isValid(_ text: String) -> Bool {
    text != "-" && (1...byteLimit).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
