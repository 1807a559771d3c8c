import Testing

extension FaultTests {
  @Suite struct HostileConnectionTests {
    /// What somebody may do to a server without ever signing in.
    static let hostilities: [(String, @Sendable (LineConnection) throws -> Void)] = [
      ("says nothing", { _ in }),
      ("stops in the middle of a line", { try $0.send("auth auth q2w8".utf8) }),
      (
        "a line of 70 KB",
        { try $0.send([UInt8](repeating: UInt8(ascii: "x"), count: 70_000) + [10]) }
      ),
      (
        "70 KB without an end",
        { try $0.send([UInt8](repeating: UInt8(ascii: "x"), count: 70_000)) }
      ),
      ("bytes that are no text", { try $0.send([0, 0xFF, 0xC3, 0x28, 13, 10, 0xF8, 10]) }),
      ("a verb that is none", { try $0.send("1 frobnicate now") }),
      (
        "asks without signing in",
        { try $0.send("1 open tucheng -\n2 stat\n3 put q2w8rt5n.1/1 1 0 0 - . problem x".utf8) }
      ),
      ("speaks something else", { try $0.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8) }),
    ]

    /// Five thousand connections that never sign in, each in one of the ways above: somebody from elsewhere and somebody
    /// from the flood's own address come in and get an edit acknowledged, at any moment of it.
    @Test func aFloodCostsItsOwnConnectionsOnly() throws {
      let folder = try ServerFolder()
      let files = try ["bangongshi", "jiwei"].map { try folder.device(seat: $0, role: "round_owner") }
      let server = try ServerProcess(folder)
      var flood: [LineConnection] = []
      for number in 0..<5_000 {
        guard let connection = try? LineConnection(port: server.port, from: 2) else { break }
        flood.append(connection)
        // The server may close in the middle of what is sent: that is its right.
        try? HostileConnectionTests.hostilities[number % 8].1(connection)
        guard number % 1_000 == 999 else { continue }
        for (file, source) in zip(files, [UInt32(3), 2]) {
          let begun = ContinuousClock.now
          let honest = try LineConnection(port: server.port, from: source)
          let now = try honest.signIn(file)
          let n = number / 1_000 + 1
          try honest.send("p put \(try ServerFolder.word("replica", of: file)).\(n)/1 1 \(now) 0 - . problem 河道有垃圾")
          #expect(try honest.line(starting: "p ").hasPrefix("p ok "), "from 127.0.0.\(source) behind \(number)")
          print(
            "measured: behind \(number + 1) bad connections an edit was acknowledged in \(ContinuousClock.now - begun) from",
            source == 2 ? "the flood's own address, connecting included" : "another address, connecting included")
        }
      }
      #expect(flood.count == 5_000)
    }

    @Test func hurtNobodyElse() throws {
      let folder = try ServerFolder()
      let file = try folder.device(seat: "bangongshi", role: "round_owner")
      let greedy = try folder.device(seat: "zhangbaiwan", role: "village_clerk", place: "张百万村")
      let server = try ServerProcess(folder)
      let honest = try LineConnection(port: server.port)
      let now = try honest.signIn(file)
      let replica = try ServerFolder.word("replica", of: file)
      // One that asks for everything and reads none of it.
      let deaf = try LineConnection(port: server.port)
      _ = try deaf.signIn(greedy)
      try deaf.send("open open tucheng -")
      var n = 0
      var connections: [LineConnection] = []
      for (name, act) in HostileConnectionTests.hostilities {
        let connection = try LineConnection(port: server.port)
        // The server may close in the middle of what is sent: that is its right.
        try? act(connection)
        connections.append(connection)
        for _ in 0..<20 {
          n += 1
          try honest.send(
            "\(n) put \(replica).\(n)/1 1 \(now) 0 - . problem \(String(repeating: "长", count: 5_000))"
          )
        }
        for answered in (n - 19)...n {
          #expect(
            try honest.line(starting: "\(answered) ") == "\(answered) ok \(answered)",
            "beside: \(name)")
        }
      }
      try honest.send("bye bye")
      #expect(try honest.line(starting: "bye ").hasPrefix("bye ok"))
      withExtendedLifetime((connections, deaf)) {}
    }
  }
}
