/// Text that the person pasted, never to be read as keys.
package struct Paste: Hashable, Sendable {
  /// The text, ill-formed UTF-8 repaired, line ends as `\n`. It may hold other controls.
  package var text: String
  /// Whether it was longer than `KeyDecoder.pasteLimitBytes` and the rest is lost.
  package var isCut: Bool

  /// A pasted text.
  package init(text: String, isCut: Bool = false) {
    self.text = text
    self.isCut = isCut
  }
}
