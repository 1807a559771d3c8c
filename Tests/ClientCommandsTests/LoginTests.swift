import Testing

@testable import ClientCommands

/// `taizhang` as a login shell: what it takes and what it lets through.
@Suite struct LoginTests {
  @Test(arguments: [
    (["taizhang"], nil, nil), (["/usr/local/bin/taizhang", "list"], nil, nil),
    (["-taizhang"], nil, LoginRequest.session),
    (["-taizhang-login"], nil, .session), (["/usr/local/bin/taizhang-login"], nil, .session),
    (["taizhang-login", "-c", "list --json"], nil, .command(Array("list --json".utf8))),
    // Where the account's command is forced, sshd says what was asked for in a variable.
    (["taizhang-login", "-c", "/usr/local/bin/taizhang-login"], "show 15", .command(Array("show 15".utf8))),
    (["taizhang-login", "-c", "taizhang-login"], nil, .session),
    (["taizhang-login", "-c", "note 15 /taizhang-login"], nil, .command(Array("note 15 /taizhang-login".utf8))),
    (
      ["taizhang-login", "-c", "/usr/lib/openssh/sftp-server"], nil,
      .command(Array("/usr/lib/openssh/sftp-server".utf8))
    ),
  ])
  func howItIsStartedSaysWhatIsWanted(arguments: [String], original: String?, request: LoginRequest?) {
    let given = arguments.map { Array($0.utf8) }
    #expect(LoginRequest(given, original: original.map { Array($0.utf8) }) == request)
  }

  @Test(arguments: [
    ("", []), ("  list  ", ["list"]), ("set 15 进展 '已 补'", ["set", "15", "进展", "已 补"]),
    (#"note 15 "a 'b' \ c""#, ["note", "15", #"a 'b' \ c"#]), ("note 15 “已补 合同”", ["note", "15", "已补 合同"]),
    (#"a\ b c\"d"#, ["a b", "c\"d"]), ("x ''", ["x", ""]), ("a'b c'd", ["ab cd"]),
    ("$(id) `id` $HOME", ["$(id)", "`id`", "$HOME"]),
    ("note 15 '|' a;b", ["note", "15", "|", "a;b"]),
  ])
  func aLineIsWordsAndNothingIsRun(line: String, words: [String]) throws {
    #expect(try TypedWords.words(of: line) == words)
  }

  @Test(arguments: ["list | grep x", "list > x", "list ; id", "list && id", "< x"])
  func whatOnlyShellsKnowIsRefused(line: String) {
    #expect { try TypedWords.words(of: line) } throws: { error in
      if case TypedWords.Flaw.forShells = error { true } else { false }
    }
  }

  @Test func anOpenQuoteIsSaid() {
    #expect(throws: TypedWords.Flaw.openQuote("'")) { try TypedWords.words(of: "note 15 'abc") }
    #expect(throws: TypedWords.Flaw.openQuote("“")) { try TypedWords.words(of: "note 15 “abc") }
  }

  @Test func nothingThatTheOtherSideSendsLeadsElsewhere() {
    let sent = [
      "HOME": "a-home", "TERM": "xterm", "LANG": "C", "TAIZHANG_HOME": "/etc", "EDITOR": "sh", "VISUAL": "sh",
      "LD_PRELOAD": "x.so", "PATH": "/opt", "PAGER": "sh", "TMPDIR": "/opt", "COLUMNS": "9", "TAIZHANG_CONFINED": "",
    ]
    let passed = LoginEnvironment.ofCommand(sent, encoding: "gbk")
    #expect(
      passed == [
        "HOME": "a-home", "TERM": "xterm", "LANG": "zh_CN.UTF-8", "TAIZHANG_CONFINED": "1",
        "TAIZHANG_TERMINAL": "gbk",
        "SWIFT_BACKTRACE": "enable=no",
      ])
    #expect(LoginEnvironment.ofCommand(["LC_ALL": "en_US.UTF-8"], encoding: nil)["LC_ALL"] == "en_US.UTF-8")
  }
}
