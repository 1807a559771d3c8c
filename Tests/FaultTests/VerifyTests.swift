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
    try awaitsLinks(folder)
    server.kill()
    let whole = try folder.taizhangd("verify", "--ledger", "tucheng", "--json")
    #expect(whole.contains(#""whole":true,"lines":20,"head":"g1."#), "\(whole)")
    let head = try #require(whole.firstMatch(of: /"head":"(g1\.[0-9a-f]{16}\.20:[0-9a-f]{64})"/)).1
    #expect(try folder.taizhangd("verify", "--ledger", "tucheng", "--head", String(head)).contains("whole"))

    try DatabaseQueue(path: ledger).write { db in
      try db.execute(sql: "UPDATE history SET lines = CAST(replace(CAST(lines AS TEXT), '第7个', '第8个') AS BLOB)")
    }
    let found = try failing(folder, "verify")
    #expect(found.contains("line 7 is another than was accepted") && found.contains("Not whole: tucheng"), "\(found)")
    // Whoever makes the whole chain anew is found by the head.
    try DatabaseQueue(path: ledger).write { db in try db.execute(sql: "DELETE FROM chain") }
    server = try ServerProcess(folder)
    try awaitsLinks(folder)
    server.kill()
    #expect(try folder.taizhangd("verify").contains("whole"))
    let other = try failing(folder, "verify", "--ledger", "tucheng", "--head", String(head))
    #expect(other.contains("line 20 has another link"), "\(other)")
    let later = "g2" + head.dropFirst(2)
    let restored = try failing(folder, "verify", "--ledger", "tucheng", "--head", later)
    #expect(restored.contains("is of another history of tucheng"), "\(restored)")
    #expect(try failing(folder, "verify", "--ledger", "anderes").contains("no ledger anderes"))
    #expect(try failing(folder, "verify", "--head", String(head)).contains("belongs to one ledger"))
    #expect(try failing(folder, "verify", "--ledger", "tucheng", "--head", "20").contains("is no head"))
  }

  /// Waits until all twenty lines are linked.
  private func awaitsLinks(_ folder: ServerFolder) throws {
    // Each look takes a good part of a tenth of a second.
    for _ in 1...1_000 where try folder.taizhangd("verify").contains(".20:") { return }
    Issue.record("the lines are not linked: \(try folder.taizhangd("verify"))")
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
