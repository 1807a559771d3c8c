import LedgerStore

/// What `taizhang repair` says.
extension Words {
  var nothingToRepair: String {
    either(
      "台账文件没有损坏，什么也没有改。单条损坏的修改见 taizhang status。",
      "The replica's file is not damaged; nothing was changed. Single damaged acts are told by taizhang status.")
  }

  var repairMustWait: String {
    either(
      "本机另一个程序正在使用台账，什么也没有改。请关掉 taizhang board、watch 和正在同步的窗口，再运行 taizhang repair。",
      "Another program of this device is at the ledger; nothing was changed. End taizhang board, watch and any sync, then "
        + "run taizhang repair again.")
  }

  func noIdentityLeft(_ count: Int) -> String {
    either(
      "文件里已读不出本机的编号和密钥，没有改动它。还能读出的修改有 \(count) 次\(count == 0 ? "" : "，列在上面")。请不要删除文件夹；向管理员要新的登记行，用 taizhang enrol 登记行 --home 新文件夹 登记，再把没有到镇里的重新填写。",
      "Who this device is cannot be read from the file any more; it is left as it is. Of its acts \(count) can be read"
        + "\(count == 0 ? "" : ", listed above"). Do not delete the folder; ask the administrator for a new enrolment line, "
        + "run taizhang enrol LINE --home NEW-FOLDER, and enter anew what is not at the town.")
  }

  func repaired(kept: String) -> String {
    either(
      "台账文件已修复：还能读出的都存进了新文件；旧文件原样保留在 \(kept)。",
      "Repaired: all that could be read is in a new file; the old one is kept as it was in \(kept).")
  }

  /// What is in the new file.
  func rescued(_ repair: ReplicaRepair) -> [String] {
    let unsent = repair.saved.count(where: \.phase.isUndecided)
    let shelved = repair.saved.count { $0.phase == .shelved }
    return [
      either(
        "保住了：本机编号和密钥，未送出或待确认的修改 \(unsent) 次，退件架上 \(shelved) 次。",
        "Saved: who this device is, \(counted(unsent, "act")) unsent or to be confirmed, \(shelved) on the shelf.")
    ]
  }

  func missingNumbers(_ missing: [ClosedRange<UInt64>]) -> String {
    let text = missing.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
    return either(
      "本机第 \(text.joined(separator: "、")) 次修改读不出来：镇里已有的，同步后会回来；没有的就丢了，请用 taizhang history 核对后重新填写。",
      "Acts number \(text.joined(separator: ", ")) of this device could not be read: those that the town has come back with "
        + "the next sync, the others are lost. Check with taizhang history, and enter anew what is missing.")
  }

  var syncAfterRepair: String {
    either(
      "下一步：taizhang sync，台账会重新取回，未送出的会送出。磁盘可能要坏：请告诉管理员。",
      "Next: taizhang sync fetches the ledger anew and sends what was not sent. The disk may be dying: tell the "
        + "administrator.")
  }
}
