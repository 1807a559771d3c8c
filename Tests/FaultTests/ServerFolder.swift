import Glibc
import Testing

/// A folder of its own with a data folder in it, and the `taizhangd` of this build to run on it.
final class ServerFolder {
  let path: String
  /// A loopback address that no other test uses: a server that is started again finds its port free there.
  let host = "127.\(UInt8.random(in: 1...254)).\(UInt8.random(in: 1...254)).\(UInt8.random(in: 1...254))"
  var data: String { path + "/data" }

  init() throws {
    var template = Array(
      "\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/taizhang-fault-XXXXXX".utf8CString)
    path = try #require(mkdtemp(&template).map { String(cString: $0) })
  }

  deinit {
    // What stays is a temporary folder.
    _ = try? ServerFolder.run("/bin/rm", ["-rf", path])
  }

  /// Runs a command of `taizhangd` on the data folder to its end; answers what it printed. Fails when it does.
  @discardableResult
  func taizhangd(_ arguments: String...) throws -> String {
    let output = path + "/output"
    let status = try ServerFolder.run(
      ServerFolder.program, arguments + ["--data", data], output: output)
    let text = try ServerFolder.text(output)
    try #require(status == 0, "taizhangd \(arguments.joined(separator: " ")): \(text)")
    return text
  }

  /// A ledger, a seat of it and a device for that; answers the device's file.
  func device(seat: String, role: String, place: String = "办公室") throws -> String {
    if try access(data, F_OK) != 0 || !taizhangd("ledger", "list").contains("tucheng") {
      try taizhangd("ledger", "add", "tucheng")
    }
    try taizhangd("seat", "add", seat, "--ledger", "tucheng", "--role", role, "--place", place)
    return try file(of: seat)
  }

  /// A device's file for `seat`, or for a replica of it that is to come back.
  func file(of seat: String, again: String? = nil) throws -> String {
    let file = "\(path)/\(seat)\(again == nil ? "" : "-again").device"
    if let again {
      try taizhangd("device", "add", seat, "--again", again, "--out", file)
    } else {
      try taizhangd("device", "add", seat, "--out", file)
    }
    return file
  }

  /// Runs something else to its end.
  @discardableResult
  static func run(_ program: String, _ arguments: [String], output: String? = nil) throws -> Int32 {
    var status: Int32 = 0
    let child = try ChildProcess(program, arguments, output: output)
    waitpid(child.id, &status, 0)
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
  }

  /// The text of a file.
  static func text(_ path: String) throws -> String {
    let file = open(path, O_RDONLY)
    try #require(file >= 0, "\(path)")
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  /// The names in a folder; none when it is not there.
  static func names(in folder: String) throws -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The word behind `key` in a device's file.
  static func word(_ key: String, of file: String) throws -> String {
    let line = try text(file).split(separator: "\n").first { $0.hasPrefix(key + " ") }
    return String(try #require(line).dropFirst(key.count + 1))
  }

  /// The program beside the one that runs these tests.
  static var program: String {
    var target = [UInt8](repeating: 0, count: 4_096)
    let count = target.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) } ?? 0
    }
    let own = String(decoding: target.prefix(max(0, count)), as: UTF8.self)
    return own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/taizhangd"
  }
}

/// A started process.
struct ChildProcess {
  let id: pid_t

  /// Starts `program`; both its outputs go to the file `output`, or nowhere; standard output to `pipe` when it is given.
  init(_ program: String, _ arguments: [String], output: String? = nil, pipe: Int32? = nil) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    if let pipe { posix_spawn_file_actions_adddup2(&actions, pipe, 1) }
    // Other tests of this process have listening sockets, and a child that kept one would keep its port taken; so a
    // shell lets go of everything but the three standard ones before it becomes the program.
    let closing = #"for f in /proc/self/fd/*; do n=${f##*/}; [ "$n" -gt 2 ] && eval "exec $n>&-"; done; exec "$0" "$@""#
    var words = (["bash", "-c", closing, program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    try #require(posix_spawn(&child, "/bin/bash", &actions, nil, &words, environ) == 0, "\(program)")
    id = child
  }
}

/// A `taizhangd serve` that runs until it is killed.
final class ServerProcess {
  let port: UInt16
  private let child: ChildProcess
  private var isRunning = true

  /// Starts a server on `folder` and waits until it listens; at `port` of `host`, where a device's file says that it
  /// is.
  init(_ folder: ServerFolder, host: String = "127.0.0.1", port wanted: UInt16 = 0) throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    for end in ends { try #require(fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
    let (said, saying) = (ends[0], ends[1])
    defer { close(said) }
    child = try ChildProcess(
      ServerFolder.program, ["serve", "--data", folder.data, "--listen", "\(host):\(wanted)"],
      output: folder.path + "/server.log", pipe: saying)
    close(saying)
    let line = ServerProcess.firstLine(said)
    guard line.hasPrefix("listening on "), let port = line.split(separator: ":").last.flatMap({ UInt16($0) }) else {
      Glibc.kill(child.id, SIGKILL)
      Issue.record(
        "the server does not listen: \((try? ServerFolder.text(folder.path + "/server.log")) ?? "")"
      )
      throw LineConnection.Ended()
    }
    self.port = port
  }

  /// What the server says first, without its LF: nothing when it ends before or says nothing for 60 s.
  private static func firstLine(_ pipe: Int32) -> String {
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n") {
      var waiting = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
      var byte: UInt8 = 0
      guard poll(&waiting, 1, 60_000) == 1, read(pipe, &byte, 1) == 1 else { return "" }
      line.append(byte)
    }
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  /// kill -9, and the wait for its end.
  func kill() {
    guard isRunning else { return }
    isRunning = false
    Glibc.kill(child.id, SIGKILL)
    waitpid(child.id, nil, 0)
  }

  deinit { kill() }
}
