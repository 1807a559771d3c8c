import Glibc

/// The data files of the tree that these tests were built from.
package enum ProjectFile {
  /// Why a file cannot be used.
  package struct Failure: Error, CustomStringConvertible {
    /// What happened to which file.
    package let description: String
  }

  /// The folder with `Package.swift`, as it was when this file was compiled.
  package static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  /// The text of the file at `path` under the root; throws when it cannot be read or is not UTF-8.
  package static func text(_ path: String) throws(Failure) -> String {
    let bytes = try bytes("\(root)/\(path)")
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(description: "\(path) is not valid UTF-8")
    }
    return text
  }

  /// The names in the folder at `path` under the root that end in `ending`, sorted.
  package static func names(in path: String, ending: String) throws(Failure) -> [String] {
    guard let folder = opendir("\(root)/\(path)") else {
      throw Failure(description: "the folder \(path) cannot be opened (errno \(errno))")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(ending) { names.append(name) }
    }
    return names.sorted()
  }

  private static func bytes(_ path: String) throws(Failure) -> [UInt8] {
    guard let file = fopen(path, "rb") else {
      throw Failure(description: "\(path) cannot be opened (errno \(errno))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&block, 1, block.count, file)
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: block[..<count])
    }
  }
}
