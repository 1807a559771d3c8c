import Foundation
import Glibc
import LedgerClient
import LedgerTestKit
import Testing

/// Ctrl-C and SIGTERM at any moment of a program that talks over a bad link: what is on the disk is whole, the next run goes on,
/// and the system says which signal ended it.
@Suite(.onOwnThreads) struct InterruptedProgramTests {
  @Test(.timeLimit(.minutes(3)), arguments: [SIGINT, SIGTERM])
  func aSyncThatIsInterruptedLeavesItsReplicaWhole(signal: Int32) async throws {
    let town = try ProgramTown()
    try await town.serving("") { server in
      var quality = BadLink.Quality()
      (quality.delay, quality.bytesPerSecond) = (.milliseconds(20), 20_000)
      let link = try await BadLink.started(
        on: ClientTown.unusedHost(), to: "127.0.0.1", port: server.port, quality: quality)
      let home = town.home("clerk")
      let file = town.folder.appending(path: "clerk.device").path
      try town.taizhangd("device", "add", "bangongshi", "--server", link.address, "--out", file)
      #expect(try town.taizhang(home, "init", file).status == 0)
      var made = 0
      for _ in 1...12 {
        // Whatever is said to be saved is, whenever it ends.
        let ended = try town.taizhang(home, "add", "problem", "河道有垃圾\(made)")
        #expect(ended.status == 0, "\(ended.text)")
        made += 1
        let before = link.tally
        let process = try started(town, home, "sync")
        // Somewhere on the way: the more has gone, the later.
        while process.isRunning,
          link.tally.upBytes + link.tally.downBytes < before.upBytes + before.downBytes + 60 * made
        {
          await Task.yield()
        }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        let isOver = process.terminationReason == .exit && process.terminationStatus == 0
        #expect(isOver || process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
      }
      let last = try town.taizhang(home, "sync")
      #expect(last.status == 0, "\(last.text)")
      let list = try town.taizhang(home, "list", "--json")
      #expect(list.status == 0)
      for number in 0..<made { #expect(list.text.contains("河道有垃圾\(number)\"")) }
      try await link.stop()
    }
  }

  /// Over a link on which nothing is ever said the board is left at once, and the terminal is what it was.
  @Test(.timeLimit(.minutes(2)), arguments: ["q", "\u{3}"])
  func aBoardOverASilentLinkIsLeftAtOnce(key: String) async throws {
    try await overASilentLink { home in
      let board = try PseudoTerminal(
        ProgramTown.program("taizhang").path, ["board", "--home", home, "--lang", "en"],
        environment: ["TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"])
      try board.awaits("connecting")
      board.types(key)
      #expect(try board.ends() == 0)
      #expect(board.all.contains("\u{1B}[?1049l"), "the screen of before is not back")
    }
  }

  /// Ctrl-C while it waits for a server that says nothing.
  @Test(.timeLimit(.minutes(2)), arguments: ["sync", "watch"])
  func whatWaitsForASilentLinkEndsWithCtrlC(command: String) async throws {
    try await overASilentLink { home in
      let program = try PseudoTerminal(
        ProgramTown.program("taizhang").path, [command, "--home", home, "--lang", "en"],
        environment: ["TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"])
      if command == "sync" { try program.awaits("Connecting…") } else { try await waits(for: home) }
      program.types("\u{3}")
      #expect(try program.ends() == -SIGINT)
      let said = program.all.split(separator: "The sync was stopped. All that was written is on this device").count - 1
      #expect(said == (command == "sync" ? 1 : 0))
      #expect(try ProgramTown.run("taizhang", ["status", "--home", home, "--lang", "en"]).status == 0)
    }
  }

  private func waits(for home: String) async throws {
    let replica = try Replica(home: home)
    while try !replica.status().isBeingSynced { await Task.yield() }
  }

  private func overASilentLink(_ body: (_ home: String) async throws -> Void) async throws {
    let town = try ProgramTown()
    try await town.serving("") { server in
      let link = try await BadLink.started(on: ClientTown.unusedHost(), to: "127.0.0.1", port: server.port)
      let home = town.home("clerk")
      let file = town.folder.appending(path: "clerk.device").path
      try town.taizhangd("device", "add", "bangongshi", "--server", link.address, "--out", file)
      #expect(try town.taizhang(home, "init", file).status == 0)
      link.silence(true)
      try await body(home)
      try await link.stop()
    }
  }

  private func started(_ town: ProgramTown, _ home: String, _ arguments: String...) throws -> Process {
    let process = Process()
    process.executableURL = ProgramTown.program("taizhang")
    process.arguments = arguments + ["--home", home, "--lang", "en"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }
}
