import Foundation

/// The text files of this repository, read once.
enum SourceTree {
  /// The repository's root, from where this file was compiled.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The folder that the checkout lies in.
  static let place = root.deletingLastPathComponent().path

  static let files: [SourceFile] = read()

  /// Built things and git's own; nobody wrote them.
  private static let skippedFolders: Set = [".git", "dist", "run"]
  private static let textEndings: Set = [
    "abnf", "c", "csv", "example", "h", "json", "md", "modulemap", "service", "sh", "swift", "toml", "transcript",
    "tsv", "txt", "yml",
  ]
  private static let textNames: Set = ["Makefile", ".ci/run", ".gitignore", ".swift-format"]

  private static func read() -> [SourceFile] {
    guard let walker = FileManager.default.enumerator(atPath: root.path) else { return [] }
    var files: [SourceFile] = []
    while let path = walker.nextObject() as? String {
      if skippedFolders.contains(path) || path.hasPrefix(".build") {
        walker.skipDescendants()
      } else if isText(path), let data = FileManager.default.contents(atPath: root.path + "/" + path) {
        files.append(SourceFile(path: path, text: String(decoding: data, as: UTF8.self)))
      }
    }
    return files.sorted { $0.path < $1.path }
  }

  private static func isText(_ path: String) -> Bool {
    textNames.contains(path) || textEndings.contains(URL(filePath: path).pathExtension)
  }
}
