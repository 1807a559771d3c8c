/// Ends a wait for the terminal from any thread.
package enum TerminalWaker {
  /// Makes the present or next `Terminal.waitForInput` return. Does nothing while no terminal has been taken.
  package static func wake() {
    TerminalRescue.notify(TerminalRescue.wakeMark)
  }
}
