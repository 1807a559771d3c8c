/// How many colours a terminal may be sent.
package enum ColorDepth: Hashable, Sendable {
  /// None: bold, dim, underline and reverse only, as `NO_COLOR` asks.
  case none
  /// The 16 that every colour terminal has.
  case ansi16
  /// The palette of 256.
  case ansi256
}
