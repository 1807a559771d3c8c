import EditModel
import LedgerClient
import LedgerRules
import LedgerStore

/// What can go wrong on the device and on the way to the server.
extension Words {
  /// That an act is at the town.
  var atTown: String { either("已到镇里。", "At the town.") }

  /// That an act is safe here and not at the town, and why.
  func savedHere(_ reason: OfflineReason?) -> String {
    let said = reason.map { sentence($0) } ?? either("下次同步时送出。", "It is sent with the next sync.")
    return either("已存在本机，尚未到镇里：\(said)", "Saved here, not at the town yet: \(within(said))")
  }

  /// That the server has shut this device out or does not know it.
  func removed(handedOver count: Int) -> String {
    let handed = either(
      count == 0 ? "没有可交的修改" : "其中 \(count) 次已交给服务器，等候处理",
      count == 0
        ? "there was none to hand over"
        : "\(counted(count, "act")) of them \(count == 1 ? "was handed over and waits" : "were handed over and wait") for a decision"
    )
    return either(
      "服务器已停用这台设备，或者不认识它，不再让它收发。什么也没有丢：修改都留在本机，\(handed)。"
        + "要继续使用，请向管理员要登记行，运行 taizhang enrol。",
      "the server has removed this device or does not know it, and lets it take part no more. Nothing is lost: every edit "
        + "stays here, \(handed). To go on, ask the administrator for an enrolment line and run taizhang enrol with it."
    )
  }

  /// That the ledger holds an act back since a restore.
  var heldBack: String {
    either(
      "镇里的台账恢复到了较早的时刻，这次修改在那以前写成，已交给镇里，等候决定。本机留着，没有丢。",
      "The town's ledger was restored to an earlier moment, and this was made before that: the town has it and somebody decides. "
        + "It stays here and nothing is lost.")
  }

  /// That the ledger holds back so many own acts since a restore.
  func heldBack(_ count: Int) -> String {
    either(
      "镇里的台账恢复到了较早的时刻：本机有 \(count) 次修改在那以前写成，已交给镇里，等候决定。本机都留着，没有丢；采用的以后会同步回来，不采用的会进退件架。",
      "The town's ledger was restored to an earlier moment: \(counted(count, "act")) made before that \(count == 1 ? "is" : "are") "
        + "with the town, where somebody decides. Nothing is lost, all stays here; what is taken comes back with a sync, what is "
        + "not comes to the shelf.")
  }

  /// Why the town could not be reached, and what to do next; `hasUnsent` where something may wait here to be sent.
  func sentence(_ reason: OfflineReason, hasUnsent: Bool = true) -> String { beginning(why(reason, hasUnsent)) }

  private func why(_ reason: OfflineReason, _ hasUnsent: Bool) -> String {
    switch reason {
    case .unreachable(let said):
      unreachable(listening(said), hasUnsent)
    case .timedOut:
      either("服务器没有及时答复。", "the server did not answer in time. ") + tryLater(hasUnsent)
    case .closed:
      either("连接中途断开。", "the connection broke off. ") + tryLater(hasUnsent)
    case .denied: serverError("denied")
    case .removed(let count): removed(handedOver: count)
    case .certificate(let problem): certificate(problem)
    case .otherServer(let known, let found): otherServer(known: known, found: found)
    case .serverExpired:
      either(
        "服务器的证书已过期，本机没有连接。内容留在本机；请告诉管理员（服务器正常运行时会自行续期）。",
        "the server's certificate has run out, so nothing was sent. Everything stays here; tell the administrator: a server "
          + "that runs renews it by itself.")
    case .plainElsewhere(let address):
      either(
        "\(address) 不在本机，而这份台账没有登记证书，不加密不连接。内容留在本机；请向管理员要登记行，运行 taizhang enrol。",
        "the server is on another machine (\(address)), and this copy has no certificate: without encryption it does "
          + "not connect. Everything stays here; ask the administrator for an enrolment line and run taizhang enrol with it."
      )
    case .confined(let address):
      either(
        "远程登录只能连本机上的服务器，而这份台账的服务器是 \(address)。内容留在这里；请向管理员要地址是 127.0.0.1 的登记行。",
        "a remote login connects to the server on its own machine only, and this copy's server is \(address). Everything stays "
          + "here; ask the administrator for a line whose address is 127.0.0.1.")
    case .noDeviceKey:
      either(
        "本机的私钥文件 device.key 不见了或已损坏，无法证明自己。内容留在本机；请向管理员要新的登记行，运行 taizhang enrol。",
        "this device's private key (device.key) is missing or damaged, so it cannot show who it is. Everything stays here; ask "
          + "the administrator for a new enrolment line and run taizhang enrol with it.")
    case .noLedger: serverError("no-ledger")
    case .serverWaits(let code), .serverStopped(let code): serverError(code)
    case .notTaizhang:
      either(
        "那个地址上不是台账服务器，或版本不同。内容留在本机；请核对地址（taizhang server），或更新程序。",
        "what answers at that address is no Taizhang server, or another version. Everything stays here; check the address "
          + "(taizhang server), or update the program.")
    case .olderHistory:
      either(
        "服务器上的台账比本机见过的还旧，可能连错了服务器（taizhang server 可查地址）。内容留在本机；请告诉管理员。",
        "the server's history is older than what this device has seen: it may be the wrong one (taizhang server shows its "
          + "address). Everything stays here; tell the administrator.")
    case .otherProcess:
      either(
        "本机另一个窗口（board、watch 或 sync）管着连接，连得上镇里就由它送出。有没有送出，看 taizhang status。",
        "another program on this device (board, watch or sync) has the link and sends it as soon as the town is reached. "
          + "taizhang status tells whether it is there.")
    case .storage(let error): storage(error)
    }
  }

  /// The screen that a server under another key stops the program with. It is no question: nobody at this machine can
  /// know the answer.
  private func otherServer(known: String, found: String) -> String {
    either(
      """
      已停止：这个地址上的服务器不是登记时的那一台，没有向它发送任何内容。
        变化：服务器的密钥变了。
          登记时 \(spaced(known))
          现在是 \(spaced(found))
        可能的原因：服务器重装时没有导入原来的身份密钥；地址写错，连到了别的镇；也可能有人冒充服务器。
        怎么办：内容都留在本机，可以继续填写。请打电话把上面两行告诉管理员，不要经过网络。服务器若没有恢复原来的身份，请管理员给新的登记行，再运行 taizhang enrol。
      """,
      """
      stopped: the server at this address is not the one that this device was enrolled with. Nothing was sent to it.
        What changed: the server's key.
          enrolled with  \(spaced(known))
          found now      \(spaced(found))
        Why that may be: the server was set up anew without its former identity; the address is another town's; or somebody
        pretends to be the server.
        What to do: everything stays on this device and you can go on working. Read both lines to the administrator on the
        telephone, not over the network. If the former identity does not come back, ask for a new enrolment line and run
        taizhang enrol with it.
      """)
  }

  /// A fingerprint in groups of four.
  func spaced(_ fingerprint: String) -> String {
    stride(from: 0, to: fingerprint.count, by: 4).map { start in
      String(fingerprint.dropFirst(start).prefix(4))
    }.joined(separator: " ")
  }

  private func tryLater(_ hasUnsent: Bool) -> String {
    hasUnsent
      ? either("内容不会丢，稍后再试 taizhang sync。", "Nothing is lost: try taizhang sync later.")
      : either("稍后再试 taizhang sync。", "Try taizhang sync later.")
  }

  private func unreachable(_ said: String, _ hasUnsent: Bool) -> String {
    guard hasUnsent else {
      return either(
        "连不上镇里的服务器（\(said)）。网络通了再运行 taizhang sync；在那之前看到的是上次取回的内容。\(elsewhere)",
        "the server cannot be reached (\(said)). Run taizhang sync when the network is back; until then you see what was "
          + "fetched last. \(elsewhere)")
    }
    return either(
      "连不上镇里的服务器（\(said)）。内容不会丢：网络通了运行 taizhang sync，或随下一次修改一起送出。\(elsewhere)",
      "the server cannot be reached (\(said)). Nothing is lost: run taizhang sync when the network is back, or it goes out "
        + "with your next edit. \(elsewhere)")
  }

  private var elsewhere: String {
    either("服务器若换了地址：taizhang server 新地址。", "If the server has moved: taizhang server ADDRESS.")
  }

  /// That standard output took only a part.
  func outputIncomplete(_ reason: String) -> String {
    either(
      "输出没有写完（\(reason)），得到的内容不全。台账不受影响，已做的修改不必重做；请检查磁盘空间，再导出或查看一次。",
      "The output could not be written (\(reason)) and is not whole. The ledger is not affected, and edits need not be made "
        + "again; check free space, then export or look once more.")
  }

  /// What went wrong on this device.
  func sentence(_ error: ClientError) -> String {
    switch error {
    case .noReplica(let home):
      either(
        "“\(home)”里没有台账。先用管理员给的登记行登记本机：taizhang enrol 登记行（电话里念的登记码：taizhang enrol）\(Confinement.isOn ? "" : "；台账在别处时用 --home")。",
        "There is no ledger in \"\(home)\". Let this device in with the line that the administrator gave you: taizhang enrol "
          + "LINE, or taizhang enrol for a code from the telephone\(Confinement.isOn ? "" : "; use --home if the ledger is elsewhere")."
      )
    case .replicaExists(let home):
      either(
        "“\(home)”里已经有一份台账，没有改动它。要另建一份，请用 --home 指定别的文件夹。",
        "There is a ledger in \"\(home)\" already; it was left as it is. Use --home to make another elsewhere."
      )
    case .fileUnreadable(let path, let reason):
      either(
        "“\(path)”打不开（\(reason)）。请核对路径和权限。",
        "\"\(path)\" cannot be opened (\(reason)). Check the path and the rights.")
    case .deviceFile(let line):
      either(
        "这不是设备文件，或第 \(line) 行有误。什么也没有建立；请向管理员重新要一份。",
        "This is no device file, or its line \(line) is wrong. Nothing was made; ask the administrator for another."
      )
    case .refused(let refusal, let fields):
      either("没有保存：\(sentence(refusal, of: fields))", "Not saved: \(within(sentence(refusal, of: fields)))")
    case .notWritable(let field):
      notWritable(field.map(anyLabel))
    case .nothingToUndo:
      either(
        "没有可撤销的修改：本文件夹用现在的编号还没有改过，或改过的内容已被后来的修改取代。更早的请直接重填。",
        "There is nothing to undo: nothing was edited here since this folder has its id, or all of it was edited anew. "
          + "What is older: set the field anew.")
    case .notUndoable(let field):
      either(
        "最近一次是流转（\(fieldLabel(field, of: .problem))），不能撤销，它之前的修改也不能再撤销。taizhang show 列出从这里能走的下一步和岗位；要改字段请直接重填。",
        "The last act was a transition (\(fieldLabel(field, of: .problem))), which cannot be undone, nor can what lies before it. taizhang show "
          + "lists the steps that lead on from here and whose they are; set a field anew to change it."
      )
    case .store(let error): storage(error)
    case .enrolment(let failure): sentence(failure)
    case .offline(let reason):
      either(
        "需要问服务器，但没有问到：\(sentence(reason))", "The server was needed for this: \(within(sentence(reason)))")
    }
  }

  private func notWritable(_ field: String?) -> String {
    guard let field else {
      return either(
        "没有保存：一次修改的内容太多。请分几次填。", "Not saved: it is too much for one act. Make it in several steps.")
    }
    return either(
      "没有保存：“\(field)”里有不能保存的控制字符。请去掉后再填。",
      "Not saved: \"\(field)\" has control characters, which cannot be kept. Take them out and try again."
    )
  }

  /// What the owner must be told about the replica as a whole.
  func notice(_ notice: ReplicaNotice) -> String {
    switch notice {
    case .folderCopied(let old, let new):
      either(
        "这个台账文件夹被复制、还原或修复过：本机编号由 \(old) 换成 \(new)，未送出的内容已按新编号保留。",
        "This folder was copied, put back or repaired: its id changed from \(old) to \(new); what was not sent is kept under the "
          + "new one.")
    case .historyWentBack(let seq):
      either(
        "服务器恢复到了较早的状态（第 \(seq) 条）。您自己在那之后的修改由本机重新送出；他人的见 taizhang status。",
        "The server was restored to an earlier state (line \(seq)). What you wrote after it is sent again by this device; "
          + "what others wrote is listed by taizhang status.")
    case .historyReplaced:
      either(
        "服务器上换了一份台账历史：已全部重新获取，您自己的修改由本机重新送出。",
        "The server has another history of this ledger: everything is fetched anew and what you wrote is sent again by "
          + "this device."
      )
    case .takenAway(let entity, let said):
      takenAway(said.map { quoted(Kind.problem.label, $0) } ?? ReferenceText.text(for: entity, in: LedgerState()))
    }
  }

  private func takenAway(_ reference: String) -> String {
    either(
      "\(reference) 不再分派给本岗位，已从本机移除；您写过的都留在镇里。没送出的修改（如有）会进退件架。有疑问请与办公室联系。",
      "\(reference) is no longer assigned to this seat and was removed from this device; what you wrote is kept at the town. "
        + "What was not sent, if anything, goes to the shelf. Ask the office that owns the round.")
  }

  /// Behind a notice of which nothing is on its way any more; so many acts are on the shelf.
  func settledNotice(shelved: Int) -> String {
    guard shelved > 0 else {
      return either("（已全部办妥，下次不再提示。）", " (All of it is settled; this is not said again.)")
    }
    return either(
      "（该送的都已送达，下次不再提示；退件架上还有 \(shelved) 件待处理：taizhang shelf。）",
      " (Nothing of it is on its way any more, and this is not said again; \(counted(shelved, "act")) on the shelf "
        + "\(shelved == 1 ? "waits" : "wait") for you: taizhang shelf.)")
  }

  var argumentsNotText: String {
    either(
      "命令行里的文字不是 UTF-8，什么也没有做。请把终端的编码改为 UTF-8，或把内容写进文件后用 - 从标准输入读入（UTF-8 或 GB 18030 都可以）；文件名不是 UTF-8 的，先改名。",
      "The command line is not UTF-8 text; nothing was done. Set the terminal to UTF-8, or give the text on standard input "
        + "with - (UTF-8 or GB 18030); rename a file whose name is not UTF-8.")
  }

  /// Why a text could not be had.
  func sentence(_ flaw: TextSource.Flaw, path: String) -> String {
    switch flaw {
    case .unreadable(let reason): sentence(ClientError.fileUnreadable(path: path, reason: reason))
    case .tooLong:
      either(
        "“\(path)”太大（超过 16 MiB），没有读入。请核对文件。",
        "\"\(path)\" is over 16 MiB and was not read. Check the file.")
    case .encoding:
      either(
        "“\(path)”既不是 UTF-8 也不是 GB 18030，没有读入。请另存为 UTF-8 文本再试。",
        "\"\(path)\" is neither UTF-8 nor GB 18030 and was not read. Save it as UTF-8 text and try again."
      )
    case .editor(let editor):
      either(
        "编辑器“\(editor)”没有正常结束，什么也没有保存。请检查 VISUAL/EDITOR，或直接写：taizhang note 编号 文字。",
        "The editor \"\(editor)\" failed; nothing was saved. Check VISUAL/EDITOR, or write: taizhang note NO TEXT."
      )
    }
  }
}
