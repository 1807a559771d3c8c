import LedgerStore

/// What can go wrong with the replica's file, as a clerk needs to hear it: what happened, what it affects, what to do.
/// What a programmer needs stands in brackets at the end.
extension Words {
  /// A failure of the replica's file; nil when only that it failed is known.
  func storage(_ error: StoreError?) -> String {
    guard let error else {
      return either(
        "本机的台账文件读写出错。请检查磁盘空间和权限；不要删除文件夹，里面可能有尚未送出的内容。",
        "The replica's file on this device failed. Check free space and rights; do not delete the folder, it may hold what "
          + "was not sent yet.")
    }
    return consequence(error) + technical(error)
  }

  private func consequence(_ error: StoreError) -> String {
    switch error {
    case .full:
      either(
        "本机磁盘没有空间了，这次的内容没有存上；以前存的都在。请清理出空间，再做一次。",
        "This device's disk is full: this was not saved, and all that was saved before is there. Free some space and do it "
          + "again.")
    case .inputOutput:
      either(
        "本机磁盘读写出错，这次的内容没有存上。磁盘可能要坏：请先把台账文件夹整个拷到别的盘，再检查磁盘。",
        "This device's disk failed: this was not saved. The disk may be dying: copy the whole folder to another one first, "
          + "then check it.")
    case .readOnly, .unopened:
      either(
        "本机的台账文件打不开，或只能读不能写，什么也没有改。请检查文件夹在不在、是不是归您的用户所有。",
        "The replica's file cannot be opened, or not written to; nothing was changed. Check that its folder is there and "
          + "belongs to your user.")
    case .busy:
      either(
        "另一个程序占着本机的台账文件，什么也没有改。请关掉那个程序，或过一会儿再试。",
        "Another program holds the replica's file; nothing was changed. End that program, or try again later.")
    case .corrupt, .unreadable, .wrongKind, .gap, .foreignLog:
      either(
        "本机的台账文件已损坏，或被别的程序改过；程序没有再动它。请不要删除，里面可能有尚未送出的内容：运行 taizhang repair，还能读出的都会存进新文件，旧文件保留。",
        "The replica's file is damaged, or was changed by another program; it is left as it is. Do not delete it, it may hold "
          + "what was not sent yet: run taizhang repair, which saves all that can be read in a new file and keeps the old one."
      )
    case .newer:
      either(
        "本机的台账文件是更新版本的程序写的，没有动它。请更新程序。",
        "A later version of this program wrote the replica's file; it is left as it is. Update the program.")
    case .missing:
      either(
        "本机的台账文件不见了。请核对 --home 和文件夹；没有移走的话，请告诉管理员。",
        "The replica's file is gone. Check --home and the folder; if nobody moved it, tell the administrator.")
    case .engine, .exists, .older, .notDurable, .suspended, .closed, .seats:
      either(
        "程序处理本机的台账文件时出错，什么也没有改。请再试一次；仍不行，把这句话告诉管理员，不要删除文件夹。",
        "The program failed on the replica's file; nothing was changed. Try again; if it stays so, tell the administrator "
          + "this sentence, and do not delete the folder.")
    }
  }

  private func technical(_ error: StoreError) -> String {
    guard let fault = error.fault else { return either("（技术信息：\(error)）", " (For a report: \(error))") }
    let facts = "\(fault.file), \(fault.operation), SQLite \(fault.code)"
    return either("（技术信息：\(facts)）", " (For a report: \(facts))")
  }
}
