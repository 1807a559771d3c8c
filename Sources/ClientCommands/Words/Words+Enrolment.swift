import ArgumentParser
import EditModel
import LedgerClient
import LedgerIdentity

/// What is said when a device is let in, or is not.
extension Words {
  var askServer: String { either("服务器地址（如 10.1.2.3:7374）：", "The server's address, such as 10.1.2.3:7374: ") }

  var askCode: String {
    either("登记码（17 位，如 k7m2-9qwe-r5tn-3xc8-p）：", "The code, 17 digits such as k7m2-9qwe-r5tn-3xc8-p: ")
  }

  var notEnrolled: String {
    either("没有登记，什么也没有建立。请再运行 taizhang enrol。", "Not enrolled; nothing was made. Run taizhang enrol again.")
  }

  var noLineOnInput: String {
    either("标准输入里什么也没有，没有登记。请把登记行送进来。", "Nothing came on standard input; not enrolled. Send the enrolment line to it.")
  }

  func badAddress(_ text: String) -> String {
    either("“\(text)”不是地址。请写成 主机:端口。", "\"\(text)\" is no address. Write HOST:PORT.")
  }

  func enrolled(_ info: ReplicaInfo) -> String {
    let seat = info.seat.map { either("，岗位 \($0)", ", seat \($0)") } ?? ""
    return either(
      "已登记：台账 \(info.ledger)\(seat)，在“\(info.home)”（服务器 \(info.server)）。",
      "Enrolled: ledger \(info.ledger)\(seat), in \"\(info.home)\" (server \(info.server)).")
  }

  /// What is wrong with a code as it was typed, and in which group where that can be told.
  func sentence(_ problem: EnrolmentCodeProblem, typed: String) -> String {
    switch problem {
    case .notDigit(let character):
      let group = CodeGroups(typed).group(of: character)
      return either(
        "\(group.map { "第 \($0) 组里的" } ?? "")“\(character)”不会出现在登记码里，什么也没有发出。请核对后重打。",
        "\"\(character)\"\(group.map { " in group \($0)" } ?? "") is no digit of a code; nothing was sent. Check it and type "
          + "the code again.")
    case .wrongCount(let count):
      if let group = CodeGroups(typed).wrongGroup {
        return either(
          "第 \(group.number) 组有 \(group.digits) 位，应是 \(group.expected) 位，登记码没有发出。请核对后重打。",
          "Group \(group.number) has \(group.digits) digits and should have \(group.expected); nothing was sent. Check it "
            + "and type the code again.")
      }
      return either(
        "登记码有 \(count) 位，应是 \(EnrolmentCode.digitCount) 位，没有发出。请核对后重打。",
        "The code has \(count) digits and should have \(EnrolmentCode.digitCount); nothing was sent. Check it and type it "
          + "again.")
    case .wrongCheck:
      return either(
        "登记码对不上（有一位听错、打错，或两位颠倒），没有发出。请对方再念一遍。",
        "The code does not fit together: a digit is wrong, or two are exchanged. Nothing was sent. Have it read to you again."
      )
    }
  }

  /// What is wrong with an enrolment line.
  func sentence(_ problem: EnrolmentLineProblem) -> String {
    switch problem {
    case .notEnrolment:
      either(
        "这不是登记行，什么也没有发出。登记行以 taizhang:// 开头；电话里念的登记码请用不带参数的 taizhang enrol。",
        "This is no enrolment line; nothing was sent. One begins with taizhang://; for a code from the telephone run taizhang "
          + "enrol without anything.")
    case .incomplete, .badAddress, .badLedger, .badFingerprint:
      either(
        "登记行不完整或有误，什么也没有发出。请从 taizhang:// 起把整行重新复制，并加上引号。",
        "The enrolment line is not whole; nothing was sent. Copy all of it anew from taizhang:// on, and put it in quotes."
      )
    case .badCode(let problem): sentence(problem, typed: "")
    }
  }

  /// Why a device was not let in.
  func sentence(_ failure: EnrolmentFailure) -> String {
    switch failure {
    case .codeRefused:
      either(
        "服务器不认这个登记码：可能打错、已过期，或已被另一台设备用过。没有建立台账；请向管理员要一个新的。",
        "The server does not take the code: it is wrong, over, or was used by another device. No ledger was made; ask the "
          + "administrator for a new one.")
    case .notProved:
      either(
        "对方证明不了它知道登记码，可能不是镇里的服务器。没有建立台账，登记码也没有泄露；请核对地址，并告诉管理员。",
        "Whoever answered could not show that it knows the code: it may not be the town's server. No ledger was made, and the "
          + "code was not given away; check the address and tell the administrator.")
    case .otherReplica(let own):
      either(
        "这个文件夹里已有一份台账（编号 \(own)），登记码却是给新设备或另一台设备的，或已被这个文件夹的另一份拷贝用过。没有改动它。要让这一份继续用，请管理员运行 "
          + "taizhangd enrol 岗位 --again \(own)；要另建一份，用 --home 指定别的文件夹。",
        "This folder holds replica \(own), and the code is for a new device or another one, or another copy of this folder "
          + "has used it. The replica was left as it is. To go on with this replica the administrator runs taizhangd enrol "
          + "SEAT --again \(own); to make another, use --home.")
    case .otherLedger(let ledger):
      either(
        "登记码是对的，但不是“\(ledger)”这本台账的。没有建立台账，登记码仍然有效。请核对登记行里的台账名，或向管理员重新要一行。",
        "The code is right, but not for the ledger \"\(ledger)\". No ledger was made and the code is still good. Check the "
          + "ledger's name in the line, or ask the administrator for the line again.")
    case .otherAnswer:
      either(
        "服务器的答复不是给这台设备或这本台账的，没有建立台账。请告诉管理员。",
        "The server's answer is not for this device or this ledger. No ledger was made; tell the administrator.")
    }
  }

  func serverAddress(_ info: ReplicaInfo) -> String {
    either("服务器地址：\(info.server)", "Server: \(info.server)") + second(info.second) + moving(info.movingTo)
  }

  /// What stands behind an address where there is a second.
  func second(_ address: String?) -> String { address.map { either("；备用 \($0)", "; second \($0)") } ?? "" }

  /// What stands behind an address that the server is said to leave.
  func moving(_ address: String?) -> String {
    address.map { either("；通知迁往 \($0)，还没有在那里连上", "; said to move to \($0), not found there yet") } ?? ""
  }

  /// That the address was changed; `missing` is why the server did not answer there now.
  func serverMoved(_ info: ReplicaInfo, from former: String, _ missing: OfflineReason?) -> String {
    guard let missing else {
      return either(
        "服务器地址已改为 \(info.server)，已连上，身份相符。",
        "The server's address is \(info.server) now; it answered, and is the same server.")
    }
    return either(
      "服务器地址已由 \(former) 改为 \(info.server)，但现在没有连上；要改回：taizhang server \(former)。\(sentence(missing, hasUnsent: false))",
      "The server's address is \(info.server) now, but it was not reached; back to the former one: taizhang server \(former). "
        + "Why: " + within(sentence(missing, hasUnsent: false)))
  }

  /// That the address was left as it was, because who answers at `place` is not the server, or does not take this device.
  func serverKept(_ info: ReplicaInfo, _ place: HostPort, _ reason: OfflineReason) -> String {
    if reason.isRefusal {
      return either(
        "没有改：\(place) 上的服务器不接受本机，地址仍是 \(info.server)。\(sentence(reason, hasUnsent: false))",
        "Not changed: the server at \(place) does not take this device; the address is still \(info.server). "
          + sentence(reason, hasUnsent: false))
    }
    // Nobody was asked: without a certificate a device speaks with its own machine only.
    if case .plainElsewhere = reason {
      return either(
        "没有改，地址仍是 \(info.server)。\(sentence(reason, hasUnsent: false))",
        "Not changed; the address is still \(info.server). " + sentence(reason, hasUnsent: false))
    }
    return either(
      "没有改：\(place) 上的不是这份台账的服务器，地址仍是 \(info.server)。\(sentence(reason, hasUnsent: false))",
      "Not changed: who answers at \(place) is not this ledger's server; the address is still \(info.server). "
        + sentence(reason, hasUnsent: false))
  }
}

/// A code as it was typed, in the groups that it was typed in.
private struct CodeGroups {
  private let groups: [Substring]

  init(_ text: String) {
    groups = text.split { $0.isWhitespace || $0 == "-" || $0 == "." || $0 == "_" || $0 == "—" || $0 == "－" }
  }

  /// The group, from 1, that has `character`.
  func group(of character: Character) -> Int? {
    guard groups.count > 1 else { return nil }
    return groups.firstIndex { $0.contains(character) }.map { $0 + 1 }
  }

  /// The one group whose length is wrong, where the groups are those that were read out.
  var wrongGroup: (number: Int, digits: Int, expected: Int)? {
    guard groups.count == 5 else { return nil }
    let wrong = groups.indices.filter { groups[$0].count != expected($0) }
    guard wrong.count == 1, let index = wrong.first else { return nil }
    return (index + 1, groups[index].count, expected(index))
  }

  private func expected(_ index: Int) -> Int { index == 4 ? 1 : 4 }
}

extension Help {
  static var enrol: String {
    Words(.ofProcess).either("用管理员给的登记行或登记码登记本机", "Let this device in with the administrator's line or code")
  }
  static var enrolDiscussion: String {
    Words(.ofProcess).either(
      "不带参数时逐项询问（电话里念的登记码）；- 从标准输入读登记行，这样别人在进程列表里看不到它。中途断了，用同一行再运行一次即可。",
      "Without a line it asks, for a code from the telephone; - reads the line from standard input, where nobody sees it in "
        + "the list of processes. If it was cut off, run it again with the same line.")
  }
  static var enrolLine: ArgumentHelp {
    ArgumentHelp(
      Words(.ofProcess).either("登记行 taizhang://…；- 从标准输入读", "The line taizhang://…; - reads standard input."),
      valueName: "line")
  }
  static var server: String {
    Words(.ofProcess).either("查看或更改服务器地址", "Show or set the server's address")
  }
  static var serverAddress: ArgumentHelp {
    ArgumentHelp(
      Words(.ofProcess).either(
        "新地址，如 10.1.2.3:7374；不写则显示现在的", "The new address, HOST:PORT; without it the present one."),
      valueName: "address")
  }
}
