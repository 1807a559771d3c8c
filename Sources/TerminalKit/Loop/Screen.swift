/// One full screen as a value: what happened goes in, requests come out, and a picture can be drawn at any time.
/// It never waits, reads a clock or touches a terminal.
package protocol Screen: Sendable {
  /// What the rest of the program tells the screen.
  associatedtype News: Sendable
  /// What the screen asks the rest of the program to do.
  associatedtype Effect: Sendable

  /// Takes one event in.
  /// - Returns: what is to be done now, in order.
  mutating func update(_ event: ScreenEvent<News>) -> [ScreenEffect<Effect>]

  /// The picture at a size; any size, 0 x 0 too.
  func draw(size: GridSize) -> CellGrid
}

/// What a screen is told.
package enum ScreenEvent<News: Sendable>: Sendable {
  /// The person did something.
  case input(InputEvent)
  /// The program has something new.
  case news(News)
  /// The process is asked to end, or the terminal is gone; whatever the screen answers, it is left after this.
  case stopRequested
}

/// What a screen asks for.
package enum ScreenEffect<Effect: Sendable>: Sendable {
  /// Work for the program, on the loop's thread: it starts the work and does not wait for it.
  case perform(Effect)
  /// Work that has the terminal to itself meanwhile, an editor say; the screen is drawn anew after it.
  case performAside(Effect)
  /// Back to the shell until `fg`.
  case suspend
  /// The end of the screen.
  case leave
}
