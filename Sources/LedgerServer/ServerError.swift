package import LedgerStore

/// Why a server cannot start or go on: what happened, what it affects, what to do next.
package enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address is not one of this machine's own loopback.
  case notLoopback(String)
  /// The address is not `HOST:PORT`.
  case notAddress(String, reason: String)
  /// The address could not be listened on.
  case cannotListen(address: String, reason: String)
  /// Another server has the data folder.
  case folderInUse(String)
  /// A file or folder could not be made or written.
  case file(path: String, reason: String)
  /// The folder has ledgers and no seats: nobody could open them, and a snapshot would hold nobody.
  case noSeats(folder: String)
  /// The configuration is not one that this version understands.
  case configuration(file: String, line: Int, problem: String)
  /// The system has no thread left.
  case noThread
  /// A database refused.
  case store(StoreError)
  /// The identity cannot be read or made; in both languages.
  case identity(String)
  /// There are devices that trust an identity, and it is not there: a new one would be a stranger to all of them.
  case identityLost(folder: String, devices: Int)
  /// Not all three files of an outside certificate are named.
  case incompleteCertificate
  /// A file of an outside certificate is not what it should be.
  case certificate(file: String, CertificateFlaw)

  /// What is the matter with a file of an outside certificate.
  package enum CertificateFlaw: Hashable, Sendable {
    /// It has no certificate with a key of the P-256 curve.
    case noCertificate
    /// It has no private key of the P-256 curve.
    case noKey
    /// The authority did not sign the certificate itself, or not for a server.
    case notOfAuthority
    /// The private key is that of another certificate.
    case otherKey
  }

  /// What happened, what it affects, what to do next: in English, then in Chinese.
  package var description: String {
    if case .identity(let words) = self { return words }
    return "\(english) \(chinese)"
  }

  private var english: String {
    switch self {
    case .notLoopback(let address):
      "\(address) is not an address of this machine only. Plain connections are taken on 127.0.0.1, ::1 or "
        + "localhost only. Set `listen` to 127.0.0.1:7373 and `listen_tls` to the address for other machines."
    case .notAddress(let address, let reason):
      "\(address) is not an address to listen on: \(reason). Set `listen` to HOST:PORT, such as 127.0.0.1:7373."
    case .cannotListen(let address, let reason):
      "Nothing can listen on \(address) (\(reason)). The server was not started. Stop what uses the port, or choose another."
    case .folderInUse(let path):
      "Another taizhangd has \(path) open. This one was not started, the other goes on. Stop the other first, or use a "
        + "data folder of its own."
    case .file(let path, let reason):
      "\(path) cannot be used (\(reason)). Nothing was changed. Check that the folder exists and belongs to this user."
    case .noSeats(let folder):
      "\(folder) holds ledgers and no seats.sqlite, without which nobody may open them. The server was not started, so that "
        + "no snapshot is taken without the seats. Put the file back, or restore it from the newest snapshot: taizhangd restore SET "
        + "--overwrite."
    case .configuration(let file, let line, let problem):
      "\(file):\(line): \(problem). No server starts with it. Correct the line; deploy/taizhangd.toml.example "
        + "explains every key."
    case .noThread:
      "The system gives out no more threads. The server was not started. Raise the limit (`ulimit -u`) or stop other programs."
    case .store(let error): error.description
    case .identity(let words): words
    case .identityLost(let folder, let devices):
      "\(folder) has no identity, and \(devices) enrolled devices know the server by the one that it had. The server was not "
        + "started, so that it does not come up as a stranger. Bring the identity back: taizhangd identity import FILE. If it "
        + "was never exported, taizhangd identity export FILE makes a new one, and every device must be enrolled anew."
    case .incompleteCertificate:
      "`certificate`, `private_key` and `authority` belong together, and not all three are set. No server starts with it. "
        + "Set all of them, or none: then the organisation's own certificate is used."
    case .certificate(let file, let flaw):
      "\(file) cannot be used: \(flaw.english). No server starts with it; a running one goes on with the former. Name the right "
        + "file, or leave out `certificate`, `private_key` and `authority`: then the organisation's own certificate is used."
    }
  }

  private var chinese: String {
    switch self {
    case .notLoopback(let address):
      "\(address) 不是本机地址，不加密的连接只在本机接受。请把 listen 设为 127.0.0.1:7373，供其他机器连接的地址写在 listen_tls。"
    case .notAddress(let address, _): "\(address) 不是可监听的地址。请把 listen 写成 主机:端口，例如 127.0.0.1:7373。"
    case .cannotListen(let address, _): "无法监听 \(address)，服务没有启动。请停止占用端口的程序，或换一个端口。"
    case .folderInUse(let path): "另一个 taizhangd 正在使用 \(path)，这一个没有启动。请先停止它，或另用一个数据目录。"
    case .file(let path, _): "无法使用 \(path)，什么也没有改动。请检查目录是否存在、是否属于当前用户。"
    case .noSeats(let folder):
      "\(folder) 里有台账，却没有岗位文件 seats.sqlite，谁也打不开台账，服务没有启动。请放回这个文件，或用 taizhangd restore 快照 --overwrite 恢复。"
    case .configuration(let file, let line, _):
      "配置文件 \(file) 第 \(line) 行有误，服务不会启动。请改正；各项说明见 deploy/taizhangd.toml.example。"
    case .noThread: "系统不能再开线程，服务没有启动。请提高上限（ulimit -u），或停止其他程序。"
    case .store(let error): error.chinese
    case .identity(let words): words
    case .identityLost(let folder, let devices):
      "\(folder) 里没有身份密钥，而已登记的 \(devices) 台设备只认原来的，服务没有启动。请用 taizhangd identity import 文件 导入；从未备份过时，"
        + "taizhangd identity export 文件 会生成新的，之后所有设备都要重新登记。"
    case .incompleteCertificate: "certificate、private_key、authority 三项须同时填写，服务不会启动。请写全，或都不写，使用自带的证书。"
    case .certificate(let file, let flaw):
      "无法使用证书文件 \(file)：\(flaw.chinese)。服务不会以它启动，运行中的继续用原来的。请指明正确的文件，或三项都不写，使用自带的证书。"
    }
  }
}

extension ServerError.CertificateFlaw {
  fileprivate var english: String {
    switch self {
    case .noCertificate: "it holds no PEM certificate with a P-256 key"
    case .noKey: "it holds no PEM private key of the P-256 curve"
    case .notOfAuthority: "the certificate of `authority` did not sign it directly for a server (serverAuth)"
    case .otherKey: "it is not the key of `certificate`"
    }
  }

  fileprivate var chinese: String {
    switch self {
    case .noCertificate: "其中没有 P-256 的 PEM 证书"
    case .noKey: "其中没有 P-256 的 PEM 私钥"
    case .notOfAuthority: "不是由 authority 直接为服务器签发的"
    case .otherKey: "与 certificate 不是一对"
    }
  }
}
