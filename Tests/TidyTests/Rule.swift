/// What the tidy test holds. Each rule is a pure function from one file to what breaks it there; `RuleTests` has for
/// each a file that breaks it, because a gate that cannot fail is a bug.
enum Rule: String, CaseIterable, Sendable {
  /// A target imports only what its row in `Layers` names.
  case imports
  /// No call that reads a clock, draws a random number, prints or stops the program, except at the edges.
  case bannedCalls
  /// No unstructured task without a line in the allow-list.
  case unstructuredTasks
  /// Every `package` declaration has a `///` comment.
  case documentation
  /// No `public` or `open`, and nothing inlined across modules: we ship programs.
  case access
  /// `@unchecked Sendable` and `nonisolated(unsafe)` stand under a proof.
  case safety
  /// `try?` says why the error may be dropped.
  case droppedErrors
  /// No type that is a Manager, Helper, Util or Impl.
  case names
  /// Every test is Swift Testing; the gates do not run XCTest.
  case testLibrary
  /// Work left for later has an issue number.
  case issueNumbers
  /// No path of the machine that the code was written on.
  case machinePaths
  /// A file ends with a newline.
  case finalNewline

  func findings(in file: SourceFile) -> [Finding] {
    switch self {
    case .imports: importFindings(in: file)
    case .bannedCalls: bannedCallFindings(in: file)
    case .unstructuredTasks: unstructuredTaskFindings(in: file)
    case .documentation: documentationFindings(in: file)
    case .access: accessFindings(in: file)
    case .safety: safetyFindings(in: file)
    case .droppedErrors: droppedErrorFindings(in: file)
    case .names: nameFindings(in: file)
    case .testLibrary: testLibraryFindings(in: file)
    case .issueNumbers: issueNumberFindings(in: file)
    case .machinePaths: machinePathFindings(in: file)
    case .finalNewline: finalNewlineFindings(in: file)
    }
  }
}
