package import EditModel
package import LedgerClient
package import LedgerRules

/// What the program tells the board.
package enum BoardNews: Sendable {
  /// Newly made figures; they replace the earlier ones.
  case figures(BoardFigures)
  /// How the connection stands.
  case connection(BoardConnection)
  /// When the next connection is tried; nil while there is one.
  case nextTry(NextTry?)
  /// What time it is, on the server's clock where it is known.
  case clock(Stamp)
  /// The server is not the one that it was: the board is left, so that nobody misses it.
  case otherServer
}

/// When a connection is tried that is not there.
package enum NextTry: Hashable, Sendable {
  /// It is being tried.
  case trying
  /// Then, on the server's clock where it is known.
  case at(Stamp)
}

/// What the board asks the program to do.
package enum BoardEffect: Hashable, Sendable {
  /// Make the figures anew with another day since which things count as moved.
  case count(since: CivilDate?)
}

/// Whether what is shown is what the town has now.
package enum BoardConnection: Hashable, Sendable {
  /// Not known yet.
  case connecting
  /// Changes arrive as they are made.
  case online
  /// Shown is what this device has, and why it is no more.
  case offline(OfflineReason)
}
