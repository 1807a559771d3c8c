/// When to draw: at once after a quiet moment, else no sooner than an interval after the last frame, so that a burst
/// of events is one frame. Times are since any fixed moment.
struct FramePacer: Hashable, Sendable {
  /// A sixtieth of a second.
  static let interval = Duration.microseconds(16_667)

  private var lastFrame: Duration?
  private(set) var isFrameDue = false

  /// Something changed.
  mutating func changed() {
    isFrameDue = true
  }

  /// When the frame that is due may be drawn; nil when none is.
  var frameTime: Duration? {
    guard isFrameDue else { return nil }
    return lastFrame.map { $0 + Self.interval } ?? .zero
  }

  /// Whether to draw now; if so, the frame counts as drawn.
  mutating func takeFrame(at now: Duration) -> Bool {
    guard let frameTime, frameTime <= now else { return false }
    lastFrame = now
    isFrameDue = false
    return true
  }
}
