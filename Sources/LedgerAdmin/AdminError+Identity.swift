import LedgerIdentity

// What is said when the organisation's identity could not be read, made, exported or imported.
extension AdminError {
  var identityEnglish: String {
    switch self {
    case .noIdentity(let path):
      "\(path) holds no identity yet. Nothing was changed. The first start of the server makes one; after a restore onto a "
        + "new machine bring back the old one: taizhangd identity import FILE."
    case .damagedIdentity(let file):
      "\(file) is missing or damaged, and without it no device can tell that this server is the right one. Nothing was "
        + "changed. Bring back the identity that was exported: taizhangd identity import FILE --overwrite. Without an export, "
        + "move the folder identity out of the data folder; then every device must be enrolled anew."
    case .identityNotMade(let reason):
      "The organisation's key could not be made or used (\(reason)). Nothing was changed. Check the machine's clock and do "
        + "it again."
    case .otherIdentity(let here, let found):
      "The data folder has another identity (\(here)) than the file (\(found)). Nothing was touched: devices that trust the "
        + "one would refuse the other. With --overwrite the present one is put aside into DATA/replaced."
    case .sealedKey(let file, let flaw): AdminError.english(file, flaw)
    default: ""
    }
  }

  var identityChinese: String {
    switch self {
    case .noIdentity(let path):
      "\(path) 里还没有身份密钥，什么也没有改动。服务首次启动时会生成；若是换机恢复，请用 taizhangd identity import 文件 导入原来的。"
    case .damagedIdentity(let file):
      "\(file) 缺失或损坏，设备无法确认这是正确的服务器，什么也没有改动。请用 taizhangd identity import 文件 --overwrite "
        + "导入备份；没有备份时把 identity 目录移走，之后所有设备都要重新登记。"
    case .identityNotMade: "身份密钥无法生成或使用，什么也没有改动。请检查系统时间后再试。"
    case .otherIdentity: "数据目录里的身份与文件中的不同，什么也没有改动。加 --overwrite 会把现有的移到 DATA/replaced。"
    case .sealedKey(let file, let flaw): AdminError.chinese(file, flaw)
    default: ""
    }
  }

  private static func english(_ file: String, _ flaw: SealedKey.Flaw) -> String {
    switch flaw {
    case .malformed:
      "\(file) is no exported identity. Nothing was touched. Name the file that taizhangd identity export wrote."
    case .newer:
      "\(file) was written by a later version of this program. Nothing was touched. Use that version or a later one."
    case .otherPassphrase:
      "\(file) is not opened by this passphrase, or it is damaged. Nothing was touched. Type the passphrase again, or use "
        + "another copy of the file."
    }
  }

  private static func chinese(_ file: String, _ flaw: SealedKey.Flaw) -> String {
    switch flaw {
    case .malformed: "\(file) 不是导出的身份文件，什么也没有改动。请指明 taizhangd identity export 写出的文件。"
    case .newer: "\(file) 由较新版本的程序写成，什么也没有改动。请使用那个版本或更新的版本。"
    case .otherPassphrase: "口令不对，或 \(file) 已损坏，什么也没有改动。请重新输入口令，或换一份拷贝。"
    }
  }
}
