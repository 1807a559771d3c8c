import EditModel
import LineProtocol
import NIOCore
import Testing

@testable import SessionRules

struct ConnectionMachinePutTests {
  @Test func collectsTheLinesOfAnActUnderOneTag() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    let lines = Samples.putLines(try Samples.act(1, edits: 3), tag: "2")
    #expect(machine.hears(lines) == ["submit 2 1 k=3"])
    let inFlight = machine.actsInFlight
    #expect(inFlight == 1)
  }

  @Test func anotherLineCutsAnActShort() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    let first = Samples.putLines(try Samples.act(1, edits: 2), tag: "2").split(separator: "\n")[0]
    #expect(machine.hears("\(first)\n3 ping\n") == ["2 stop not-whole", "time 3 -"])
    let next = Samples.putLines(try Samples.act(2), tag: "4")
    #expect(machine.hears("\(first)\n\(next)") == ["2 stop not-whole", "submit 4 2 k=1"])
  }

  @Test func anEditOutOfOrderIsNotWhole() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    let lines = Samples.putLines(try Samples.act(1, edits: 3), tag: "2").split(separator: "\n")
    #expect(machine.hears("\(lines[0])\n\(lines[2])\n3 ping\n") == ["2 stop not-whole", "time 3 -"])
    #expect(machine.hears("\(lines[1])\n\(lines[2])\n3 ping\n") == ["2 stop not-whole", "time 3 -"])
  }

  @Test func aMalformedLineIsOneAnswerAndTheRestIsPassedOver() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    let lines = Samples.putLines(try Samples.act(1, edits: 4), tag: "2").split(separator: "\n")
    let broken = "2 put q2w8rt5n.1/2 4 zzz\n"
    #expect(machine.hears("\(lines[0])\n\(broken)\(lines[2])\n\(lines[3])\n") == ["2 stop malformed"])
    #expect(machine.hears(Samples.putLines(try Samples.act(1), tag: "2")) == ["submit 2 1 k=1"])
  }

  @Test func bytesThatAreNotTextAreEncoding() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    var line = ByteBuffer(string: "2 put q2w8rt5n.1/1 1 01hcd4gam0000 0 - p15 note ")
    line.writeBytes([0xFF, 0x0A])
    machine.receive(line, nowSeconds: 0)
    #expect(machine.actions() == ["2 stop encoding"])
  }

  @Test func anotherReplicasActIsForeign() throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    let act = try Samples.act(1, of: Samples.otherReplica)
    #expect(machine.hears(Samples.putLines(act, tag: "2")) == ["2 stop foreign"])
    #expect(machine.hears(Samples.putLines(try Samples.act(1), tag: "2")) == ["submit 2 1 k=1"])
  }

  @Test(arguments: [(1_023, true), (1_024, true), (1_025, false)])
  func boundsTheEditsOfAnAct(count: Int, isTaken: Bool) throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    let heard = machine.hears(Samples.putLines(try Samples.act(1, edits: count), tag: "2"))
    #expect(heard == [isTaken ? "submit 2 1 k=\(count)" : "2 stop act-size 1024"])
  }

  @Test(arguments: [(-1, true), (0, true), (1, false)])
  func boundsTheBytesOfAnAct(over: Int, isTaken: Bool) throws {
    var machine = ConnectionMachine.authenticated(try Samples.device())
    let count = 20
    let plain = try Samples.act(1, edits: count).edits.map { AuthorLine($0).bytes.readableBytes }.reduce(0, +)
    let padding = (Limits.actBytes + over - plain) / count
    var edits = try Samples.act(1, edits: count, value: "甲" + String(repeating: "x", count: padding)).edits
    let missing = Limits.actBytes + over - edits.map { AuthorLine($0).bytes.readableBytes }.reduce(0, +)
    let last = edits.removeLast()
    let longer = Change(
      entity: last.entity, field: last.field,
      value: .text(ExactString((last.value.text ?? "") + String(repeating: "x", count: missing))))
    edits.append(Edit(id: last.id, actSize: last.actSize, stamp: last.stamp, base: nil, change: longer))
    let heard = machine.hears(Samples.putLines(try Act(edits: edits), tag: "2"))
    #expect(heard == [isTaken ? "submit 2 1 k=20" : "2 stop act-size 1048576"])
  }

  @Test func oneActOverThoseInFlightIsBusyAndHoldsTheLaterOnes() throws {
    let limits = ConnectionLimits(actsInFlight: 2)
    var machine = ConnectionMachine.authenticated(try Samples.device(), limits: limits)
    let lines = try (1...4).map { Samples.putLines(try Samples.act($0), tag: "\($0)") }
    #expect(
      machine.hears(lines.joined())
        == ["submit 1 1 k=1", "submit 2 2 k=1", "3 retry busy", "4 wait earlier n=3"])
    _ = machine.actsAnswered(2)
    #expect(
      machine.hears(lines[3] + lines[2] + lines[3]) == ["4 wait earlier n=3", "submit 3 3 k=1", "submit 4 4 k=1"])
  }
}
