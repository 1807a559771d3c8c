import ArgumentParser
import EditModel
import Glibc
import LedgerAdmin
import LedgerServer
import LedgerStore

/// Where the data folder is: said, or in the configuration file, or the default.
struct DataOptions: ParsableArguments {
  @Option(help: "The configuration file (TOML).")
  var config: String?

  @Option(help: "The data folder; goes before the configuration file's `data`.")
  var data: String?

  /// What the file says, with what the command line says in front.
  func configuration() throws(ServerError) -> ServerConfiguration {
    var configuration =
      try config.map { path throws(ServerError) in try ServerConfiguration(file: path) }
      ?? ServerConfiguration()
    if let data { configuration.data = DataFolder(path: data) }
    return configuration
  }

  /// The data folder, which must be there: a mistyped path makes no second, empty one.
  func folder() throws -> DataFolder {
    let folder = try configuration().data
    var facts = stat()
    // Whoever may not look into a folder would find nothing in it, and be told that there is nothing.
    if access(folder.path, R_OK | X_OK) != 0, errno == EACCES {
      throw CommandProblem(
        "This user may not look into \(folder.path). Nothing was changed. Run it as the user that the server runs as, such "
          + "as sudo -u taizhang.",
        chinese: "当前用户无权查看这个数据目录，什么也没有改动。请用运行服务的用户执行，例如 sudo -u taizhang。")
    }
    guard stat(folder.path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
      throw CommandProblem(
        "There is no data folder at \(folder.path). Nothing was changed. Name the server's own with --data or --config; "
          + "a new one is made by taizhangd ledger add, restore or serve.",
        chinese: "没有这个数据目录，什么也没有改动。请用 --data 或 --config 指明服务器的数据目录。")
    }
    return folder
  }

  /// The data folder and its seats, which must be there: whoever only looks makes nothing.
  func seats() throws -> (DataFolder, SeatStore) {
    let folder = try seatsFolder()
    return (folder, try SeatStore(path: folder.seats, author: CommandAuthor.current()))
  }

  /// The data folder, in which seats must be.
  func seatsFolder() throws -> DataFolder {
    let folder = try folder()
    guard access(folder.seats, F_OK) == 0 else {
      throw CommandProblem(
        "\(folder.path) holds no server's data: there is no \(folder.seats). Nothing was changed. Name the server's own "
          + "folder with --data or --config; a new one is made by taizhangd ledger add, restore or serve.",
        chinese: "目录里没有台账数据，什么也没有改动。请用 --data 或 --config 指明服务器的数据目录。")
    }
    return folder
  }

  /// The data folder and its seats, made when they are not there.
  func newSeats() throws -> (DataFolder, SeatStore) {
    let folder = try configuration().data
    try folder.prepare()
    return (folder, try SeatStore.opened(folder.seats, author: CommandAuthor.current()))
  }

  /// Where the server that runs on `folder` listens; nil when none does: its lock is the proof, the file `port`, which a
  /// killed server leaves behind, only says where.
  static func runningServer(on folder: DataFolder) -> String? {
    do throws(ServerError) {
      try folder.takeLock().release()
      return nil
    } catch {
      return PlainFile.text(of: folder.port)?.split(separator: "\n").first.map(String.init) ?? "an unknown port"
    }
  }

  /// Where the server that runs on `folder` takes TLS connections; nil when none runs, or it takes none.
  static func runningTLS(on folder: DataFolder) -> String? {
    guard runningServer(on: folder) != nil else { return nil }
    let lines = PlainFile.text(of: folder.port)?.split(separator: "\n") ?? []
    return lines.first { $0.hasPrefix("tls ") }.map { String($0.dropFirst(4)) }
  }

  /// The time for what is written now: this machine's clock.
  static func now() -> Stamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Stamp(milliseconds: UInt64(max(0, time.tv_sec)) * 1_000 + UInt64(time.tv_nsec) / 1_000_000)
  }
}

/// Reads names that become part of the protocol.
enum NameArgument {
  /// A ledger's name.
  static func ledger(_ text: String) throws -> ExactString {
    guard Name.isValid(text) else { throw problem(text, "a ledger") }
    return ExactString(text)
  }

  /// A seat's name.
  static func seat(_ text: String) throws -> SeatID {
    guard let seat = SeatID(text) else { throw problem(text, "a seat") }
    return seat
  }

  /// A place's name.
  static func place(_ text: String) throws -> ExactString {
    guard Name.isValid(text) else { throw problem(text, "a place") }
    return ExactString(text)
  }

  private static func problem(_ text: String, _ what: String) -> CommandProblem {
    CommandProblem(
      "\"\(text)\" cannot name \(what). Nothing was changed. Use Chinese characters, a-z, 0-9, _ and -, without spaces, "
        + "128 bytes at most.",
      chinese: "名称不合规定，什么也没有改动。名称只能用汉字、小写字母、数字、_ 和 -，不含空格，最长 128 字节。")
  }
}
