import EditModel
import Glibc
import LedgerRules
import LedgerStore
import SnapshotFile

extension AdminError: CustomStringConvertible {
  /// What happened, what it affects, what to do next: in English, then in Chinese.
  package var description: String { "\(english) \(chinese)" }

  /// The English of it.
  fileprivate var english: String {
    switch self {
    case .disk(let operation, let path, let errno):
      "The system refused to \(operation) \(path) (\(String(cString: strerror(errno)))). The live ledgers are as they were, or "
        + "whole in their new state. Check that there is room and that the folder belongs to this user, then do it again."
    case .store(let error): error.description
    case .damaged(let file, let error):
      "\(file) of the set is damaged: \(error.kind.english) (\(error.code)). Nothing was touched. Use another copy of the set, "
        + "or an older set: taizhangd snapshots."
    case .damagedSet(let path, let reason):
      "\(path) cannot be trusted: \(reason). Nothing was touched. Use another copy of the set, or an older set: "
        + "taizhangd snapshots."
    case .wouldOverwrite(let ledgers):
      "The data folder holds \(ledgers.joined(separator: ", ")) already. Nothing was touched. With --overwrite they are put "
        + "aside into DATA/replaced and the set's take their place."
    case .inUse(let path):
      "\(path) is in use by a running taizhangd or by the same command. Nothing was touched. Stop the server or wait for the "
        + "command to end, then do it again."
    case .snapshotGoesOn(let path):
      "Another snapshot is being taken into \(path). This one was not. Wait until that one is done, then do it again."
    case .notTaken(let failures): NotTaken.english(failures)
    case .noLedgerToLeaveOut(let ledgers):
      "There is no ledger \(ledgers.joined(separator: ", ")) to leave out. No set was made. taizhangd ledger list shows those "
        + "there are."
    case .nothingLeft(let path):
      "Every ledger of \(path) was to be left out. No set was made. Leave out only those that cannot be taken."
    case .noLedger(let path):
      "\(path) holds no ledger, so there is nothing to take. No set was made. Check --data; taizhangd ledger add makes a "
        + "ledger."
    case .notInSet(let path, let ledgers):
      "\(path) does not hold \(ledgers.joined(separator: ", ")). Nothing was touched. taizhangd snapshots shows what each set "
        + "holds."
    case .momentBehindSet(let path, let takenAt):
      "\(path) was taken at \(ChinaClock.full(takenAt)): what was accepted after that is not in it. Nothing was touched. Use a newer "
        + "set (taizhangd snapshots), or an earlier moment."
    case .seqBehindSet(let path, let seq):
      "\(path) ends at line \(seq). Nothing was touched. Use a newer set (taizhangd snapshots), or a lower seq."
    case .momentOfSeveral(let ledgers):
      "One seq cannot count for \(ledgers.joined(separator: ", ")). Nothing was touched. Name the ledger with --ledger, or give "
        + "a time."
    case .nothingThen(let ledger, let moment):
      "Ledger \(ledger) had no line yet \(moment.english). Nothing was touched. Give a later moment, or restore the other ledgers "
        + "with --ledger."
    case .noSeats(let path):
      "\(path) has no seats, without which nobody may open a ledger. Nothing was touched. Restore the whole set: without "
        + "--ledger."
    case .noSet(let path):
      "There is no snapshot set at \(path). Nothing was touched. taizhangd snapshots lists those of the data folder; a set "
        + "elsewhere is named by its path."
    case .noIdentity, .damagedIdentity, .identityNotMade, .otherIdentity, .sealedKey: identityEnglish
    case .sealed, .cannotOpen, .damagedRecoveryKeys, .tooManyRecoveryKeys, .noRecoveryKey: sealingEnglish
    case .noDestination, .notDestination, .sameDisk, .destinationInUse, .noRoom, .otherSetThere, .damagedTwice:
      shippingEnglish
    }
  }
}

extension AdminError {
  /// The Chinese of it.
  fileprivate var chinese: String {
    switch self {
    case .disk(_, let path, _): "系统没有允许对 \(path) 的操作。在用的台账完好：要么是原样，要么已全部换新。请检查磁盘空间和目录归属，再试一次。"
    case .store(let error): error.chinese
    case .damaged(let file, let error):
      "快照中的 \(file)\(error.block.map { " 第 \($0) 块" } ?? "") 已损坏：\(error.kind.chinese)。什么也没有改动。"
        + "请用另一份拷贝，或更早的快照。"
    case .damagedSet(let path, _): "快照 \(path) 不可信，什么也没有改动。请用另一份拷贝，或更早的快照。"
    case .wouldOverwrite(let ledgers):
      "数据目录里已有 \(ledgers.joined(separator: "、"))，什么也没有改动。加 --overwrite 会把它们移到 DATA/replaced，再换上快照里的。"
    case .inUse(let path): "\(path) 正被运行中的 taizhangd 或同一命令使用，什么也没有改动。请先停止服务或等命令结束。"
    case .snapshotGoesOn: "另一次快照正在进行，这一次没有做。请等它完成后再试。"
    case .notTaken(let failures): NotTaken.chinese(failures)
    case .noLedgerToLeaveOut(let ledgers):
      "没有台账 \(ledgers.joined(separator: "、"))，无从排除，没有做快照。用 taizhangd ledger list 可看现有台账。"
    case .nothingLeft: "全部台账都被排除，没有做快照。请只排除无法读取的台账。"
    case .noLedger(let path): "\(path) 里没有台账，没有做快照。请检查 --data，或用 taizhangd ledger add 建立台账。"
    case .notInSet(let path, let ledgers):
      "快照 \(path) 里没有 \(ledgers.joined(separator: "、"))，什么也没有改动。用 taizhangd snapshots 可看各快照的内容。"
    case .momentBehindSet(let path, let takenAt):
      "快照 \(path) 取于 \(ChinaClock.full(takenAt))，此后收到的不在其中，什么也没有改动。请用更新的快照，或更早的时刻。"
    case .seqBehindSet(let path, let seq): "快照 \(path) 只到第 \(seq) 条，什么也没有改动。请用更新的快照，或更小的序号。"
    case .momentOfSeveral(let ledgers):
      "一个序号不能用于 \(ledgers.joined(separator: "、")) 几个台账，什么也没有改动。请用 --ledger 指明台账，或改给时刻。"
    case .nothingThen(let ledger, let moment):
      "台账 \(ledger) \(moment.chinese)还没有内容，什么也没有改动。请给更晚的时刻，或用 --ledger 只恢复其他台账。"
    case .noSeats(let path): "\(path) 里没有岗位，单独恢复的台账谁也打不开，什么也没有改动。请不加 --ledger，恢复整个快照。"
    case .noSet(let path): "\(path) 处没有快照，什么也没有改动。用 taizhangd snapshots 可看现有快照。"
    case .noIdentity, .damagedIdentity, .identityNotMade, .otherIdentity, .sealedKey: identityChinese
    case .sealed, .cannotOpen, .damagedRecoveryKeys, .tooManyRecoveryKeys, .noRecoveryKey: sealingChinese
    case .noDestination, .notDestination, .sameDisk, .destinationInUse, .noRoom, .otherSetThere, .damagedTwice:
      shippingChinese
    }
  }
}

extension RestoreMoment? {
  fileprivate var english: String {
    switch self {
    case .time(let time): "at \(ChinaClock.full(time))"
    case .seq(let seq): "at seq \(seq)"
    case nil: "then"
    }
  }

  fileprivate var chinese: String {
    switch self {
    case .time(let time): "在 \(ChinaClock.full(time)) "
    case .seq(let seq): "到第 \(seq) 条"
    case nil: "那时"
    }
  }
}

extension NotTaken {
  /// What is said when `failures` kept a set from being made.
  fileprivate static func english(_ failures: [NotTaken]) -> String {
    let reasons = failures.map { "Ledger \($0.ledger) cannot be taken: \($0.english)" }.joined(separator: " ")
    // A file that no ledger can be called after is nobody's to leave out.
    let strays = strays(failures)
    let move = strays.isEmpty ? "" : "move \(strays.joined(separator: ", ")) out of the folder ledgers, then run "
    return "No set was made: nothing of the other ledgers was saved either. \(reasons) To save the others now: \(move)"
      + command(failures)
  }

  fileprivate static func chinese(_ failures: [NotTaken]) -> String {
    let strays = strays(failures)
    let move = strays.isEmpty ? "" : "先把 \(strays.joined(separator: "、")) 移出 ledgers 目录，再"
    return "没有做成快照，其他台账也没有保存。\(failures.map(\.chinese).joined())要先保存其他台账，请\(move)运行 \(command(failures))"
  }

  private static func strays(_ failures: [NotTaken]) -> [String] {
    failures.filter { !Name.isValid($0.ledger) }.map { "\($0.ledger).sqlite" }
  }

  private static func command(_ failures: [NotTaken]) -> String {
    "taizhangd snapshot" + failures.filter { Name.isValid($0.ledger) }.map { " --leave-out \($0.ledger)" }.joined()
  }

  private var english: String {
    guard case .damaged(_, let error) = reason else { return reason.english }
    return "its history could not be read back whole: \(error.kind.english) (\(error.code))."
  }

  private var chinese: String {
    guard case .damaged(_, let error) = reason else { return reason.chinese }
    return "台账 \(ledger) 的历史不完整：\(error.kind.chinese)。"
  }
}

extension SnapshotError {
  /// What a report of it should name.
  fileprivate var code: String { "\(kind.rawValue) at \(position)\(block.map { ", block \($0)" } ?? "")" }
}

extension SnapshotError.Kind {
  /// What is the matter with a file, for people.
  fileprivate var english: String {
    switch self {
    case .compression: "there was no memory to unpack it"
    case .damaged: "its packed bytes are not those that were written"
    case .truncated: "it ends before its end"
    case .trailingBytes: "something stands behind its end"
    case .malformed: "a line of it is none that may stand there"
    case .newerFormat: "a later version of this program wrote it"
    case .mismatch: "its length, counts or hashes are not those that were written down"
    }
  }

  fileprivate var chinese: String {
    switch self {
    case .compression: "内存不足，无法解压"
    case .damaged: "压缩数据与写入时不同"
    case .truncated: "文件不完整，提前结束"
    case .trailingBytes: "文件末尾之后还有多余内容"
    case .malformed: "有一行不合格式"
    case .newerFormat: "由较新版本的程序写成"
    case .mismatch: "长度、条数或校验值与记录不符"
    }
  }
}
