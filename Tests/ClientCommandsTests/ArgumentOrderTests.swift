import Testing

@testable import ClientCommands

/// Where global options may stand.
@Suite struct ArgumentOrderTests {
  @Test(arguments: [
    (["--home", "x", "list"], ["list", "--home", "x"]),
    (["--json", "--lang=en", "show", "15"], ["show", "--json", "--lang=en", "15"]),
    (["list", "--home", "x"], ["list", "--home", "x"]),
    (
      ["--home=x", "set", "15", "progress", "--", "--json"],
      ["set", "--home=x", "15", "progress", "--", "--json"]
    ),
    (["--home", "x", "add", "problem", "y"], ["add", "problem", "--home", "x", "y"]),
    (["add", "--json", "part", "15", "y"], ["add", "part", "--json", "15", "y"]),
    (["--json", "frob"], ["frob"]), (["frob", "x", "--lang", "en"], ["frob"]), (["help", "list"], ["help", "list"]),
    (["help", "--lang", "en", "add", "part", "--json"], ["help", "add", "part"]),
    (["--help"], ["--help"]),
    (["--home"], ["--home"]),
    ([], []),
  ])
  func movesGlobalOptionsBehindTheSubcommand(given: [String], wanted: [String]) {
    let found = ArgumentOrder.withGlobalOptionsBehindSubcommand(
      given, names: ["list", "show", "set", "add"], nesting: ["add"])
    #expect(found == wanted)
  }
}
