import GRDB
import Testing

/// `taizhangd verify` as an administrator runs it, beside the server and after somebody was at the file.
@Suite struct VerifyTests {
  @Test(.timeLimit(.minutes(3))) func whatWasChangedBehindTheServersBackIsNamed() throws {
    let folder = try ServerFolder()
    let file = try folder.device(seat: "bangongshi", role: "round_owner")
    let ledger = folder.data + "/ledgers/tucheng.sqlite"
    var server = try ServerProcess(folder)
    let connection = try LineConnection(port: server.port)
    let now = try connection.signIn(file)
    let replica = try ServerFolder.word("replica", of: file)
    for n in 1...20 {
      try connection.send("\(n) put \(replica).\(n)/1 1 \(now) 0 - . problem 第\(n)个问题")
      #expect(try connection.line() == "\(n) ok \(n)")
    }
    // While it has nothing else to do, it links them.
    while try !folder.taizhangd("verify").contains("head 20:") {}
    server.kill()
    let whole = try folder.taizhangd("verify", "--ledger", "tucheng", "--json")
    #expect(whole.contains(#""whole":true,"lines":20,"head":"20:"#), "\(whole)")
    let head = try #require(whole.firstMatch(of: /"head":"(20:[0-9a-f]{64})"/)).1
    #expect(try folder.taizhangd("verify", "--ledger", "tucheng", "--head", String(head)).contains("whole"))

    try DatabaseQueue(path: ledger).write { db in
      try db.execute(sql: "UPDATE history SET lines = CAST(replace(CAST(lines AS TEXT), '第7个', '第8个') AS BLOB)")
    }
    let found = try failing(folder, "verify")
    #expect(found.contains("line 7 is another than was accepted") && found.contains("Not whole: tucheng"), "\(found)")
    // Whoever makes the whole chain anew is found by the head.
    try DatabaseQueue(path: ledger).write { db in try db.execute(sql: "DELETE FROM chain") }
    server = try ServerProcess(folder)
    while try !folder.taizhangd("verify").contains("head 20:") {}
    server.kill()
    #expect(try folder.taizhangd("verify").contains("whole"))
    let other = try failing(folder, "verify", "--ledger", "tucheng", "--head", String(head))
    #expect(other.contains("line 20 has another link than \(head)"), "\(other)")
    #expect(try failing(folder, "verify", "--ledger", "anderes").contains("no ledger anderes"))
    #expect(try failing(folder, "verify", "--head", String(head)).contains("belongs to one ledger"))
    #expect(try failing(folder, "verify", "--ledger", "tucheng", "--head", "20").contains("is no head"))
  }

  /// Runs a command that has to fail, and answers what it said.
  private func failing(_ folder: ServerFolder, _ arguments: String...) throws -> String {
    let output = folder.path + "/failed"
    let status = try ServerFolder.run(ServerFolder.program, arguments + ["--data", folder.data], output: output)
    let text = try ServerFolder.text(output)
    #expect(status == 1, "\(arguments): \(text)")
    return text
  }
}
