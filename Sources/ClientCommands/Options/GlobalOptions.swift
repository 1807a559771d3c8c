import ArgumentParser

/// What every subcommand takes, before its name or behind it.
struct GlobalOptions: ParsableArguments {
  @Option(name: .long, help: Help.home) var home: String?
  @Flag(name: .long, help: Help.json) var json = false
  @Option(name: .long, help: Help.language) var lang: Language?
}

extension Language: ExpressibleByArgument {}
