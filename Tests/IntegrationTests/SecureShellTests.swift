import Foundation
import LedgerIdentity
import LedgerTestKit
import Testing

/// The way in for machines without Linux: a real sshd, with an account whose login shell is `taizhang-login` and the
/// settings of `deploy/sshd-taizhang.conf`.
///
/// No account of this machine is touched: sshd is shown a list of users of the test's own (libnss-wrapper), in which this
/// user has that shell; and it speaks over a pipe, so that no port is opened.
@Suite(
  .onOwnThreads,
  .enabled(if: SecureShell.isPossible, "SKIPPED: needs openssh-server, openssh-client and libnss-wrapper"))
struct SecureShellTests {
  private let town: ProgramTown
  private let ssh: SecureShell

  init() throws {
    town = try ProgramTown()
    ssh = try SecureShell(town.home("ssh"))
  }

  @Test func anAccountHasTheLedgerAndNothingElse() throws {
    try town.serving { _ in
      let enrolled = try ssh.run("enrol '\(try town.line().text)'")
      #expect(enrolled.status == 0 && enrolled.text.contains("已登记"), "\(enrolled.text)")
      #expect(try ssh.run("add problem 水渠堵塞").status == 0)
      let listed = try ssh.run("taizhang list --json")
      #expect(listed.status == 0 && listed.text.contains("水渠堵塞"), "\(listed.text)")
      // The command's own status comes through.
      #expect(try ssh.run("show 99").status == 3)
      let piped = try ssh.run("import - --dry-run", input: "no report\n")
      #expect(piped.status == 7, "\(piped.text)")
    }
  }

  @Test func nothingElseCanBeRunOrReached() throws {
    for command in [
      "/bin/sh -c id", "id; id", "sh", "scp -t .", "rsync --server . /", "/usr/lib/openssh/sftp-server",
    ] {
      let refused = try ssh.run(command)
      #expect(refused.status == 2 && !refused.text.contains("uid="), "\(command): \(refused.text)")
    }
    // What the client would like to set does not count.
    let set = try ssh.run("status", options: ["SetEnv TAIZHANG_HOME=/etc LC_EDITOR=sh", "SendEnv TAIZHANG_HOME"])
    #expect(set.status == 6 && set.text.contains(ssh.home + "/.local/share/taizhang"), "\(set.text)")
    let copied = try SecureShell.run("/usr/bin/sftp", ssh.options + ["clerk:/etc/passwd", ssh.home + "/stolen"])
    #expect(copied.status != 0 && !FileManager.default.fileExists(atPath: ssh.home + "/stolen"), "\(copied.text)")
    let forwarded = try SecureShell.run(
      "/usr/bin/ssh", ssh.options + ["-o", "ExitOnForwardFailure=yes", "-W", "127.0.0.1:22", "clerk"])
    #expect(forwarded.status != 0 && forwarded.text.contains("forwarding failed"), "\(forwarded.text)")
  }

  @Test func somebodySitsAtATerminalThere() throws {
    try town.serving { _ in
      let terminal = try PseudoTerminal(
        "/usr/bin/ssh", ssh.options + ["-tt", "clerk"],
        environment: ["HOME": ssh.home, "TERM": "xterm", "PATH": "/usr/bin:/bin", "LANG": "zh_CN.UTF-8"])
      try terminal.awaits("台账> ")
      terminal.types("enrol '\(try town.line().text)'\r")
      try terminal.awaits("已登记")
      terminal.types("add problem 水渠堵塞错\u{7F}了\r")
      try terminal.awaits("已到镇里")
      try terminal.awaits("台账> ")
      terminal.types("list\r")
      try terminal.awaits("水渠堵塞了")
      terminal.types("board\r")
      try terminal.awaits("概况")
      terminal.types("q")
      try terminal.awaits("台账> ")
      terminal.types("退出\r")
      #expect(try terminal.ends() == 0)
    }
  }
}

/// A sshd that one client at a time speaks to over a pipe, and that client's options.
private struct SecureShell {
  private static let server = "/usr/sbin/sshd"
  private static let wrapper = [
    "/usr/lib/\(machine)-linux-gnu/libnss_wrapper.so", "/usr/lib/libnss_wrapper.so",
  ].first { FileManager.default.fileExists(atPath: $0) }

  /// Whether everything that it needs is on this machine.
  static let isPossible =
    wrapper != nil
    && [server, "/usr/bin/ssh", "/usr/bin/ssh-keygen"].allSatisfy { FileManager.default.fileExists(atPath: $0) }

  /// The account's home.
  let home: String
  /// What `ssh` and `sftp` are told.
  let options: [String]

  init(_ folder: String) throws {
    home = folder + "/home"
    let files = FileManager.default
    try files.createDirectory(atPath: home, withIntermediateDirectories: true)
    for key in ["host", "user"] {
      try #require(
        SecureShell.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(key)"]).status == 0)
    }
    try files.copyItem(atPath: folder + "/user.pub", toPath: folder + "/authorized")
    try files.createSymbolicLink(
      atPath: folder + "/taizhang-login", withDestinationPath: ProgramTown.program("taizhang").path)
    let (user, group) = (getuid(), getgid())
    let name = getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "clerk"
    try """
    \(name):x:\(user):\(group)::\(home):\(folder)/taizhang-login
    sshd:x:\(user == 0 ? 74 : user + 1):74::/run/sshd:/usr/sbin/nologin

    """.write(toFile: folder + "/passwd", atomically: true, encoding: .utf8)
    try "taizhang-remote:x:\(group):\nsshd:x:74:\n".write(toFile: folder + "/group", atomically: true, encoding: .utf8)
    try """
    HostKey \(folder)/host
    AuthorizedKeysFile \(folder)/authorized
    StrictModes no
    UsePAM no
    PidFile none
    PermitRootLogin prohibit-password
    AcceptEnv *
    Subsystem sftp internal-sftp

    """.write(toFile: folder + "/sshd_config", atomically: true, encoding: .utf8)
    // The settings as an administrator installs them, behind the system's own; only the program lies elsewhere here.
    let settings = try String(contentsOfFile: SecureShell.settings, encoding: .utf8)
      .replacingOccurrences(of: "/usr/local/bin/taizhang-login", with: folder + "/taizhang-login")
    let all = try String(contentsOfFile: folder + "/sshd_config", encoding: .utf8) + settings
    try all.write(toFile: folder + "/sshd_config", atomically: true, encoding: .utf8)
    // Only root's sshd looks for it, and only its service makes it.
    if user == 0 { try files.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true) }
    let serving = [
      "/usr/bin/env", "LD_PRELOAD=\(SecureShell.wrapper ?? "")", "NSS_WRAPPER_PASSWD=\(folder)/passwd",
      "NSS_WRAPPER_GROUP=\(folder)/group", SecureShell.server, "-i", "-f", "\(folder)/sshd_config",
    ].joined(separator: " ")
    options = [
      "-F", "/dev/null", "-o", "ProxyCommand=\(serving)", "-o", "User=\(name)", "-o", "IdentityFile=\(folder)/user",
      "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
      "-o", "LogLevel=ERROR", "-o", "BatchMode=yes",
    ]
  }

  /// Runs a command in the account, as `ssh clerk COMMAND` does.
  func run(_ command: String, input: String = "", options more: [String] = []) throws -> ProgramTown.Ended {
    try SecureShell.run("/usr/bin/ssh", options + more.flatMap { ["-o", $0] } + ["clerk", command], input: input)
  }

  /// Runs a program of the system's to its end.
  static func run(_ program: String, _ arguments: [String], input: String = "") throws -> ProgramTown.Ended {
    try ProgramTown.run(URL(filePath: program), arguments, input: input)
  }

  private static let settings = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../deploy/sshd-taizhang.conf").standardized.path

  private static var machine: String {
    var name = utsname()
    uname(&name)
    return withUnsafeBytes(of: name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
