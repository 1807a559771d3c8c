/// What a wait for a terminal can bring.
package enum TerminalInput: Hashable, Sendable {
  /// Bytes from the person in UTF-8, for a `KeyDecoder`; none where a character is cut.
  case bytes([UInt8])
  /// Another size.
  case resized(GridSize)
  /// The program was stopped and goes on: nothing of the picture is left.
  case resumed(GridSize)
  /// Another process wants this one to end.
  case stopRequested(TerminalSignal)
  /// The terminal is gone.
  case closed
  /// `TerminalWaker.wake` was called.
  case woken
}
