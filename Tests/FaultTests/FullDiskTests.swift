import CFaultDisk
import GRDB
import Glibc
import LedgerAdmin
import LedgerServer
import Logging
import Testing

extension FaultTests {
  @Suite struct FullDiskTests {
    /// No room, a failed write, a disk that can only be read: acts wait, reading goes on, and when it is over the server
    /// takes acts again without being told. What was acknowledged before is there.
    @Test(arguments: [ResultCode.SQLITE_FULL, .SQLITE_IOERR_WRITE, .SQLITE_READONLY])
    func actsWaitAndReadingGoesOn(code: ResultCode) async throws {
      fault_disk_register()
      let folder = try ServerFolder()
      let file = try folder.device(seat: "bangongshi", role: "round_owner")
      let disk = folder.data + "/ledgers"
      try #require(fault_disk_begin(disk) == 0)
      defer { fault_disk_end(disk) }
      var configuration = ServerConfiguration()
      configuration.listen = ListenAddress("127.0.0.1:0")
      configuration.data = DataFolder(path: folder.data)
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let server = TaizhangServer(configuration: configuration, logger: logger)
      let address = try await server.start()
      let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
      try talk(port: port, file: file, disk: disk, code: code)
      await server.stop()
    }

    private func talk(port: UInt16, file: String, disk: String, code: ResultCode) throws {
      let connection = try LineConnection(port: port)
      let now = try connection.signIn(file)
      let replica = try ServerFolder.word("replica", of: file)
      func put(_ tag: String, _ n: Int) throws -> String {
        try connection.send("\(tag) put \(replica).\(n)/1 1 \(now) 0 - . problem 第\(n)个问题")
        return try connection.line(starting: tag + " ")
      }
      #expect(try put("a1", 1) == "a1 ok 1")
      fault_disk_fail(disk, FAULT_DISK_WRITE, 1, code.rawValue, true)
      #expect(try put("a2", 2).hasPrefix("a2 wait storage"))
      try connection.send("h history \(replica).1/1")
      #expect(try connection.line(starting: "h ").hasPrefix("h row 1 "))
      #expect(try connection.line(starting: "h ") == "h ok 1")
      #expect(try put("a3", 2).hasPrefix("a3 wait "))
      fault_disk_fail(disk, FAULT_DISK_WRITE, 0, 0, false)
      // The server looks again by itself; a device asks again, as the code says.
      let deadline = ContinuousClock.now + .seconds(60)
      var answer = ""
      var attempt = 0
      repeat {
        attempt += 1
        answer = try put("b\(attempt)", 2)
      } while !answer.contains(" ok ") && ContinuousClock.now < deadline
      #expect(answer.hasSuffix(" ok 2"))
      #expect(try put("c", 1) == "c ok 1")
    }
  }
}
