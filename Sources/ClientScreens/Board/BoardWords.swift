import EditModel
import LedgerClient
import LedgerRules

/// The board's words that are not the ledger's own.
enum BoardWords {
  static let opening = Label("正在打开台账…", "opening the ledger…")
  static let asOf = Label("截至", "as of")
  static let count = Label("台账", "ledger")
  static let seen = Label("本岗位", "seen here")
  static let before = Label("建账前", "adopted")
  static let declared = Label("通报", "stated")
  static let stages = Label("各阶段", "By stage")
  static let progress = Label("进度", "progress")
  static let finished = Label("完成/全部", "done/all")
  static let finishedShort = Label("完成", "done")
  static let reported = Label("已报", "reported")
  static let overdue = Label("超期", "overdue")
  static let moved = Label("变动", "moved")
  static let contact = Label("最近联系", "last heard")
  static let unsent = Label("未送", "unsent")
  static let live = Label("在线", "online")
  static let never = Label("从未", "never")
  static let noDevice = Label("无设备", "no device")
  static let silent = Label("静默", "silent")
  static let unknown = Label("—", "-")
  static let none = Label("（无）", "(none)")
  static let unnamed = Label("（未定）", "(none named)")
  static let village = Label("村", "village")
  static let office = Label("牵头单位", "lead unit")
  static let problem = Label("问题", "problem")
  static let number = Label("编号", "no.")
  static let stage = Label("阶段", "stage")
  static let deadline = Label("时限", "deadline")
  static let dueToday = Label("今天到期", "due today")
  static let recounting = Label("正在重新计数…", "counting anew…")

  static func daysLeft(_ days: Int) -> Label {
    if days == 0 { return dueToday }
    return days < 0 ? Label("超\(-days)天", "\(-days) d over") : Label("剩\(days)天", "\(days) d left")
  }

  static func movedSince(_ day: CivilDate, count: Int) -> Label {
    Label("自\(day)变动 \(count)", "moved since \(day): \(count)")
  }

  static func more(_ edits: Int) -> Label { Label("（另\(edits)处）", " (+\(edits))") }

  static func pending(_ edits: Int) -> Label { Label("本机未送出 \(edits)", "\(edits) unsent here") }

  static func foreign(_ encoding: String) -> Label {
    let text =
      "This terminal reads \(encoding), not UTF-8: Chinese shows as ??. Set it and LANG to UTF-8."
    return Label(text, text)
  }

  /// When a connection is tried that is not there.
  static func trying(_ next: NextTry, now: Stamp) -> Label {
    guard case .at(let moment) = next, moment > now else { return Label("正在重试", "trying") }
    let seconds = (moment.milliseconds - now.milliseconds + 999) / 1_000
    return Label("\(seconds) 秒后重试", "next try in \(seconds) s")
  }

  /// One character or word that says a light without its colour.
  static func mark(_ light: Light) -> Label { Label(light.mark, light.rawValue) }
}

extension BoardConnection {
  /// How the connection stands, for the line above.
  var label: Label {
    switch self {
    case .connecting: Label("连接中", "connecting")
    case .online: Label("在线", "online")
    case .offline(let reason):
      Label("离线：\(reason.short.chinese)", "offline: \(reason.short.english)")
    }
  }
}

extension OfflineReason {
  /// The reason in a few words: what the person can tell the one who runs the server.
  fileprivate var short: Label {
    switch self {
    case .unreachable: Label("连不上服务器", "server not reachable")
    case .timedOut: Label("服务器没有回应", "no answer")
    case .closed: Label("连接中断", "connection closed")
    case .denied: Label("服务器不认识本机", "device not known")
    case .removed: Label("本机已停用或未登记", "device removed or unknown")
    case .certificate: Label("服务器不认可本机证书", "device certificate refused")
    case .otherServer: Label("服务器的密钥变了", "server under another key")
    case .serverExpired: Label("服务器证书已过期", "server certificate expired")
    case .plainElsewhere: Label("未加密，不连外机", "not encrypted")
    case .confined: Label("只能连本机上的服务器", "this machine only")
    case .noDeviceKey: Label("本机私钥丢失", "own key missing")
    case .noLedger(let name): Label("服务器没有台账 \(name)", "no ledger \(name)")
    case .serverWaits: Label("服务器暂不能写入", "server cannot write now")
    case .serverStopped(let code): Label("服务器断开（\(code)）", "server ended it (\(code))")
    case .notTaizhang: Label("对方不是台账服务器", "not a taizhang server")
    case .olderHistory: Label("服务器的历史较旧", "server's history is older")
    case .otherProcess: Label("本机另一程序正在同步", "another program syncs")
    case .storage: Label("本机文件出错", "own file failed")
    }
  }
}
