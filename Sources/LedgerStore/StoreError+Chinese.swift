extension StoreError {
  /// One or two sentences of Chinese: what happened and what to do. Like `description` without anything that is stored.
  package var chinese: String {
    switch self {
    case .full(let fault): "磁盘空间不足，\(fault.file) 写不进去；仍可读取。请腾出空间。"
    case .inputOutput(let fault): "磁盘读写出错，涉及 \(fault.file)。请检查磁盘和连线，并做一次快照。"
    case .readOnly(let fault): "\(fault.file) 只能读、不能写。请检查文件和目录是否属于运行程序的用户，文件系统是否可写。"
    case .corrupt(let fault):
      fault.isNoDatabase
        ? "\(fault.file) 不是数据库文件，程序没有动它。请停止服务，用 taizhangd restore 恢复最新的快照（只恢复一本台账时加 --ledger），恢复时会保留这个文件。"
        : "\(fault.file) 已损坏，程序没有动它。请停止服务，用 taizhangd restore 恢复最新的快照（只恢复一本台账时加 --ledger），恢复时会保留这个文件。"
    case .busy(let fault): "别的程序正占用 \(fault.file)，什么也没有改动。请结束那个程序，或稍后再试。"
    case .unopened(let fault): "打不开 \(fault.file)，什么也没有改动。请检查目录是否存在、是否可写。"
    case .engine(let fault): "数据库拒绝了对 \(fault.file) 的操作，什么也没有改动。这是程序的错误，请把这一行报给维护者。"
    case .missing, .exists, .wrongKind, .newer, .older, .notDurable, .foreignLog, .unreadable, .gap, .suspended,
      .closed, .seats:
      ownChinese
    }
  }

  private var ownChinese: String {
    switch self {
    case .missing(let file): "没有文件 \(file)。请检查路径；原有的台账可用 taizhangd restore 恢复。"
    case .exists(let file): "\(file) 已经存在，程序没有动它。请换个名称，或先把它移走。"
    case .wrongKind(let file, _): "\(file) 不是这里要的文件，程序没有动它。请检查路径和文件名。"
    case .newer(let file, _, _): "\(file) 是较新版本的程序写的，程序没有动它。请安装较新的版本，或恢复快照。"
    case .older(let file, _, _): "\(file) 是较旧的格式。请先用会写它的程序打开一次。"
    case .notDurable(let file, _): "\(file) 无法保证断电不丢数据，所以没有使用。这是程序的错误，请把这一行报给维护者。"
    case .foreignLog(let file):
      "\(file) 是后来换上的文件，旁边的 \(file)-wal 属于原来的文件，合在一起会把两份历史混在一起。程序没有动它们。请恢复最新的快照，恢复时两者都会保留。"
    case .unreadable(let file, let seq): "\(file) 的第 \(seq) 行被外部改动过。请恢复快照。"
    case .gap(let file, _, _): "\(file) 的行号接不上，什么也没有写入。请把这一行报给维护者。"
    case .suspended(let file): "先前写 \(file) 失败，重新打开之前不再写入。"
    case .closed(let file): "\(file) 已经关闭。"
    case .seats(let problem): problem.chinese
    default: ""
    }
  }
}

extension SeatProblem {
  /// What happened and what to do, in Chinese.
  package var chinese: String {
    switch self {
    case .noLedger(let name): "没有台账 \(name)，什么也没有改动。用 taizhangd ledger list 可看现有台账。"
    case .noSeat(let seat, _): "没有岗位 \(seat)，什么也没有改动。请先用 taizhangd seat add 添加。"
    case .noDevice(let replica): "没有设备 \(replica)，什么也没有改动。请核对编号，或添加新设备。"
    case .ledgerTaken(let name): "台账 \(name) 已经存在，什么也没有改动。请换个名称。"
    case .seatTaken(let seat, let ledger): "台账 \(ledger) 已有岗位 \(seat)，什么也没有改动。请换个名称。"
    case .deviceTaken(let replica): "设备 \(replica) 已经存在，什么也没有改动。请再试一次。"
    case .otherSeat(let replica, let seat, let ledger):
      "设备 \(replica) 属于台账 \(ledger) 的岗位 \(seat)，什么也没有改动。请写明那个岗位和 --ledger，或添加新设备。"
    case .seatHeld(let seat, let ledger, let person):
      "台账 \(ledger) 的岗位 \(seat) 现由 \(person) 担任，什么也没有改动。换人请用 taizhangd seat handover，离任请用 taizhangd seat end。"
    case .seatFree(let seat, let ledger):
      "台账 \(ledger) 的岗位 \(seat) 现在无人担任，什么也没有改动。请用 taizhangd seat hold 指定人员。"
    case .codeTaken: "前四位相同的登记码已经存在，什么也没有改动。请再试一次。"
    case .noCode(let lookup): "没有登记码 \(lookup)-…，什么也没有改动。用 taizhangd code list 可看现有的登记码。"
    case .badLine(let number): "岗位文件的第 \(number) 行不是本程序写的，什么也没有改动。请检查快照。"
    }
  }
}
