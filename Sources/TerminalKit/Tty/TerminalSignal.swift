/// The signals that ask a program to end.
package enum TerminalSignal: Hashable, Sendable {
  /// SIGINT. Ctrl-C in a taken terminal is a key instead.
  case interrupt
  /// SIGTERM.
  case terminate
  /// SIGHUP: the terminal or the connection to it is gone.
  case hangUp
}
