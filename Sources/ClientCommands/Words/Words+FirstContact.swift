import EditModel
import LedgerClient
import LedgerRules

/// Why a device that wanted to be let in could not ask: it has nothing to lose yet, so other words than for one that has.
extension Words {
  /// What stood between this device and the server at `server`, and what to do next.
  func notLetIn(_ reason: OfflineReason, at server: HostPort) -> String {
    switch reason {
    case .unreachable(let said):
      notAsked(
        either("连不上 \(server)（\(listening(said))）", "\(server) cannot be reached (\(listening(said)))"),
        either("请核对地址和网络，再运行同一条命令。", "Check the address and the network, then run the same command again."))
    case .timedOut:
      notAsked(either("\(server) 没有及时答复", "\(server) did not answer in time"), onceMore)
    case .closed:
      notAsked(either("与 \(server) 的连接中途断开", "The connection to \(server) broke off"), onceMore)
    case .notTaizhang:
      notAsked(
        either(
          "\(server) 上不是台账服务器的加密端口，或版本不同",
          "What answers at \(server) is not a Taizhang server's port for TLS, or another version"),
        either("请向管理员核对地址和端口。", "Check the address and the port with the administrator."))
    case .serverExpired:
      notAsked(
        either("\(server) 的证书已过期", "The certificate of \(server) has run out"),
        either(
          "请核对本机日期；日期没错，就告诉管理员。", "Check this machine's date; if it is right, tell the administrator."))
    case .otherServer(let known, let found): notTheLines(server, known: known, found: found)
    case .serverWaits(let code), .serverStopped(let code):
      code == "tls"
        ? serverError(code)
        : notAsked(
          either("\(server) 现在不能登记设备（\(code)）", "\(server) can let no device in now (\(code))"), onceMore)
    case .storage(let error?): storage(error)
    default: sentence(reason, hasUnsent: false)
    }
  }

  private var onceMore: String { either("请稍后再运行同一条命令。", "Run the same command again later.") }

  private func notAsked(_ what: String, _ next: String) -> String {
    either(
      "\(what)。没有登记，登记码对这台设备仍然有效。\(next)",
      "\(what). This device was not let in; the code is still good for it. \(next)")
  }

  /// What the system said about a connection that was not made, for people.
  func listening(_ said: String) -> String {
    if said.hasPrefix("unknownHost ") { return unknownName(String(said.dropFirst("unknownHost ".count))) }
    let known: [(sign: String, meaning: Label)] = [
      ("refused", Label("那里没有服务在运行", "nobody listens there")),
      ("imeout", Label("对方没有应答", "nobody answers there")),
      ("unreachable", Label("网络不通", "the network is not there")),
      ("No route", Label("网络不通", "there is no way to that address")),
    ]
    return known.first { said.contains($0.sign) }.map { text($0.meaning) } ?? said
  }

  private func notTheLines(_ server: HostPort, known: String, found: String) -> String {
    either(
      """
      已停止：\(server) 上的服务器不是登记行里写的那一台。没有向它发送登记码，它仍然有效。
        登记行 \(spaced(known))
        现在是 \(spaced(found))
        可能的原因：地址写错，连到了别的镇；登记行是旧的；也可能有人冒充服务器。
        怎么办：请打电话把上面两行念给管理员核对，不要经过网络；对不上就请他重新给一行登记行。
      """,
      """
      stopped: the server at \(server) is not the one that the line names. The code was not sent to it and is still good.
        in the line  \(spaced(known))
        found now    \(spaced(found))
        Why that may be: the address is another town's; the line is an old one; or somebody pretends to be the server.
        What to do: read both lines to the administrator on the telephone, not over the network; if they differ from
        the server's, ask for a new enrolment line.
      """)
  }
}
