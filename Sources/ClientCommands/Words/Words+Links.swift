import LedgerClient

/// What is said while a link comes and goes.
extension Words {
  /// That the connection broke off and when the next is tried, on one line.
  func comesBack(after delay: Duration, _ reason: OfflineReason) -> String {
    either("\(brokenOff(reason))，\(seconds(delay)) 秒后再试…", "\(brokenOff(reason)), trying again in \(seconds(delay)) s…")
  }

  /// When the next connection is tried.
  func comesBack(after delay: Duration) -> String {
    either("没有连接，\(seconds(delay)) 秒后再试…", "Not connected, trying again in \(seconds(delay)) s…")
  }

  /// Behind why there is no connection, where the program goes on trying.
  var triesByItself: String {
    either(
      "本程序会自动重试：先隔一秒，再逐渐拉长，最长一分半钟。",
      "This program tries again by itself, after a second at first, then less and less often, at the longest after a minute "
        + "and a half.")
  }

  /// That a name leads nowhere.
  func unknownName(_ name: String) -> String {
    either("找不到主机名 \(name)，或域名服务不通", "the name \(name) cannot be found, or no name server answers")
  }

  private func brokenOff(_ reason: OfflineReason) -> String {
    switch reason {
    case .unreachable(let said):
      either("连不上服务器（\(listening(said))）", "The server cannot be reached (\(listening(said)))")
    case .timedOut: either("服务器没有应答", "Nothing comes from the server")
    default: either("连接断开", "The connection broke off")
    }
  }

  /// Whole seconds, at least one.
  private func seconds(_ delay: Duration) -> Int64 {
    let (seconds, attoseconds) = delay.components
    return max(1, attoseconds > 0 ? seconds + 1 : seconds)
  }
}
