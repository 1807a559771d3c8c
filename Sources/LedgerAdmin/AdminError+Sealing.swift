import SealedFile

// What is said when something is sealed, or is to be, and that could not be done.
extension AdminError {
  var sealingEnglish: String {
    switch self {
    case .sealed(let path):
      "\(path) is sealed: only a recovery secret opens it. Nothing was touched. Bring the file with the secret from the safe and "
        + "name it: --key FILE."
    case .cannotOpen(let file, let error) where error.kind == .forOtherKeys:
      "\(file) is sealed, and to other keys than those of the secret that was given (\(error.code)). Nothing was touched. Name "
        + "the file with another secret: --key FILE; each has its public key in a comment, and taizhangd recovery list shows those "
        + "that sets are sealed to now."
    case .cannotOpen(let file, let error):
      "\(file) cannot be opened: \(error.kind.english) (\(error.code)). Nothing was touched. Use another copy of the set, or an "
        + "older set: taizhangd snapshots."
    case .damagedRecoveryKeys(let file, let line):
      "Line \(line) of \(file) is no recovery key. Nothing was changed, and no set leaves the machine until it is put right, since "
        + "it might leave it unsealed. Each line is a key, age1…, or begins with #: put the line right or delete it."
    case .tooManyRecoveryKeys(let file):
      "\(file) has \(Sealer.limitKeys) recovery keys, and a set is sealed to no more. Nothing was changed. Remove one that is "
        + "needed no more first: taizhangd recovery remove KEY."
    case .noRecoveryKey(let key, let file):
      "\(file) has no recovery key \(key). Nothing was changed. Which there are: taizhangd recovery list."
    default: ""
    }
  }

  var sealingChinese: String {
    switch self {
    case .sealed(let path): "\(path) 是密封的，只有恢复私钥能打开，什么也没有改动。请从保险柜取出私钥文件，加 --key 文件 再试。"
    case .cannotOpen(let file, let error) where error.kind == .forOtherKeys:
      "\(file) 不是用这个私钥对应的公钥密封的，什么也没有改动。请用 --key 指明另一个私钥文件；公钥写在私钥文件的注释里。"
    case .cannotOpen(let file, let error):
      "\(file)\(error.chunk.map { " 第 \($0) 段" } ?? "") 打不开：\(error.kind.chinese)。什么也没有改动。请用另一份拷贝，或更早的快照。"
    case .damagedRecoveryKeys(let file, let line):
      "\(file) 第 \(line) 行不是恢复公钥，什么也没有改动；改好之前快照不会送出，以免未经密封就离开本机。请改正或删去这一行。"
    case .tooManyRecoveryKeys(let file):
      "\(file) 已有 \(Sealer.limitKeys) 个恢复公钥，不能再多，什么也没有改动。请先用 taizhangd recovery remove 删去不用的。"
    case .noRecoveryKey(_, let file): "\(file) 里没有这个恢复公钥，什么也没有改动。用 taizhangd recovery list 可看现有的。"
    default: ""
    }
  }
}

extension SealError {
  /// What a report of it should name.
  fileprivate var code: String { "\(kind.rawValue) at \(position)\(chunk.map { ", chunk \($0)" } ?? "")" }
}

extension SealError.Kind {
  /// What is the matter with a file, for people.
  fileprivate var english: String {
    switch self {
    case .notSealed: "it is not sealed, though the list says so"
    case .otherVersion: "another version of the format sealed it"
    case .overLimit: "its head is longer than is read"
    case .forOtherKeys: "it is sealed to other keys"
    case .damaged: "its bytes are not those that were written"
    case .truncated: "it ends before its end"
    case .trailing: "something stands behind its end"
    case .keyCount: "a file is sealed to 1 to \(Sealer.limitKeys) keys"
    case .malformedSecret: "a line of the file of secrets is none"
    case .noSecret: "the file of secrets has none"
    }
  }

  fileprivate var chinese: String {
    switch self {
    case .notSealed: "文件没有密封，与清单不符"
    case .otherVersion: "由另一版本的格式密封"
    case .overLimit: "文件头过长"
    case .forOtherKeys: "用别的公钥密封"
    case .damaged: "内容与写入时不同"
    case .truncated: "文件不完整，提前结束"
    case .trailing: "文件末尾之后还有多余内容"
    case .keyCount: "公钥个数须为 1 到 \(Sealer.limitKeys)"
    case .malformedSecret: "私钥文件有一行不合格式"
    case .noSecret: "私钥文件里没有私钥"
    }
  }
}
