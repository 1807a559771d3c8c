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
  /// The configuration is not one that this version understands.
  case configuration(file: String, line: Int, problem: String)
  /// The system has no thread left.
  case noThread
  /// A database refused.
  case store(StoreError)

  /// The sentence for people, in English.
  package var description: String {
    switch self {
    case .notLoopback(let address):
      "\(address) is not an address of this machine only. Until the server speaks TLS it listens on 127.0.0.1, ::1 or "
        + "localhost only, and other machines reach it through `ssh -L`. Set `listen` to 127.0.0.1:7373."
    case .notAddress(let address, let reason):
      "\(address) is not an address to listen on: \(reason). Set `listen` to HOST:PORT, such as 127.0.0.1:7373."
    case .cannotListen(let address, let reason):
      "Nothing can listen on \(address) (\(reason)). The server was not started. Stop what uses the port, or choose another."
    case .folderInUse(let path):
      "Another taizhangd has \(path) open. This one was not started, the other goes on. Stop the other first, or use a "
        + "data folder of its own."
    case .file(let path, let reason):
      "\(path) cannot be used (\(reason)). Nothing was changed. Check that the folder exists and belongs to this user."
    case .configuration(let file, let line, let problem):
      "\(file):\(line): \(problem). No server starts with it. Correct the line; deploy/taizhangd.toml.example "
        + "explains every key."
    case .noThread:
      "The system gives out no more threads. The server was not started. Raise the limit (`ulimit -u`) or stop other programs."
    case .store(let error): error.description
    }
  }
}
