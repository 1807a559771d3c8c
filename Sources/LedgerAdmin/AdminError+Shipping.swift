// What is said when a set could not be shipped to a destination.
extension AdminError {
  var shippingEnglish: String {
    switch self {
    case .noDestination(let path):
      "There is no folder \(path): its disk is not mounted, or the path is another. No set was put there. Mount the disk or name "
        + "the right folder; the program makes none, so that a missing disk does not fill this one."
    case .notDestination(let path):
      "\(path) has no file \(SetShipping.markerName): its disk is not mounted, or the folder is new. No set was put there. Mount "
        + "the disk, or make the folder a destination once: taizhangd ship init \(path)"
    case .sameDisk(let path):
      "\(path) is on the same disk as the data folder: perhaps its own is not mounted. Nothing was changed. Mount it and do it "
        + "again; if this disk is meant, where a copy is lost with it: --same-disk."
    case .destinationInUse(let path):
      "Another set is being shipped to \(path). This one was not. Wait until that one is done, then do it again."
    case .noRoom(let path, let needed, let free):
      "\(path) has \(AdminError.room(free)) of room, and the set takes \(AdminError.room(needed)). It was not put there. Delete "
        + "sets there that are needed no more, then do it again: taizhangd ship \(path)"
    case .otherSetThere(let path):
      "\(path) is another set than this one, of the same name. It was left as it is, and this one was not put there. Use a "
        + "folder of its own for each server."
    case .damagedTwice(let path, let aside):
      "\(path) is damaged, and so is an earlier copy, \(aside). The set was not put there anew. Delete \(aside), then do it again, "
        + "and look after the disk: it damages what lies on it."
    default: ""
    }
  }

  var shippingChinese: String {
    switch self {
    case .noDestination(let path): "没有目录 \(path)：磁盘未挂载，或路径不对。快照没有送到那里。请挂载磁盘或写对目录；程序不会自己建立目录，以免写满本机磁盘。"
    case .notDestination(let path):
      "\(path) 里没有 \(SetShipping.markerName) 文件：磁盘未挂载，或是新目录。快照没有送到那里。请挂载磁盘，或运行一次 taizhangd ship init \(path)"
    case .sameDisk(let path): "\(path) 与数据目录在同一块磁盘上，可能目标磁盘没有挂载，什么也没有改动。请挂载后再试；确要放在本盘请加 --same-disk。"
    case .destinationInUse(let path): "正有另一份快照送往 \(path)，这一份没有送。请等它完成后再试。"
    case .noRoom(let path, let needed, let free):
      "\(path) 只剩 \(AdminError.room(free))，快照需要 \(AdminError.room(needed))，没有送到那里。请删去那里不再需要的快照后再试。"
    case .otherSetThere(let path): "\(path) 是同名的另一份快照，已保持原样，这一份没有送到那里。请为每台服务器使用单独的目录。"
    case .damagedTwice(let path, let aside): "\(path) 已损坏，更早的一份 \(aside) 也已损坏，没有重新送。请删去 \(aside) 后再试，并检查那块磁盘。"
    default: ""
    }
  }

  private static func room(_ bytes: UInt64) -> String {
    bytes < 10 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
  }
}
