package import EditModel
import FoundationEssentials
package import LedgerIdentity

/// The organisation's identity on the disk: four PEM files in a folder of their own, for their owner only.
///
/// A folder is made whole under another name and renamed, so that there is never half an identity. Only the server's
/// certificate is ever replaced, by a rename too. Whoever writes holds a lock that others wait for.
package struct IdentityFolder: Sendable {
  /// The data folder.
  package let folder: DataFolder

  private static let fileLimitBytes = 65_536

  /// The identity of `folder`.
  package init(_ folder: DataFolder) {
    self.folder = folder
  }

  /// The names of the files in the folder.
  private enum File: String, CaseIterable {
    case organisationKey = "organisation.key"
    case organisation = "organisation.pem"
    case serverKey = "server.key"
    case server = "server.pem"
  }

  // MARK: Reading

  /// Whether there is an identity, whole or not.
  package var exists: Bool { Disk.exists(folder.identity) }

  /// The identity; throws `noIdentity` where there is none. What belongs to the server alone and is missing or damaged
  /// is made anew by `ready`, not here.
  package func load() throws(AdminError) -> ServerIdentity {
    let organisation = try organisation()
    guard let key = KeyPair(pem: try text(.serverKey)) else { throw .damagedIdentity(file: path(.serverKey)) }
    let der = PEMText.certificate(try text(.server)) ?? []
    do throws(PeerCertificate.Flaw) {
      return try ServerIdentity(organisation: organisation, key: key, certificate: der)
    } catch {
      throw .damagedIdentity(file: path(.server))
    }
  }

  private func organisation() throws(AdminError) -> OrganisationKey {
    guard exists else { throw .noIdentity(path: folder.path) }
    let (key, certificate) = (try text(.organisationKey), try text(.organisation))
    do throws(PeerCertificate.Flaw) {
      return try OrganisationKey(keyPEM: key, certificatePEM: certificate)
    } catch {
      throw .damagedIdentity(file: path(.organisationKey))
    }
  }

  private func path(_ file: File) -> String { "\(folder.identity)/\(file.rawValue)" }

  private func text(_ file: File) throws(AdminError) -> String {
    guard Disk.exists(path(file)), let text = try Disk.text(of: path(file), limitBytes: IdentityFolder.fileLimitBytes)
    else { throw .damagedIdentity(file: path(file)) }
    return text
  }

  // MARK: Making

  /// The identity, made when there is none; a server's certificate that is missing, damaged or due at `now` is made anew.
  package func ready(at now: Stamp) throws(AdminError) -> ServerIdentity {
    if let identity = usable(at: now) { return identity }
    let lock = try FolderLock(waitingFor: folder.identityLock)
    defer { lock.release() }
    guard exists else {
      return try made { () throws in
        try ServerIdentity.make(
          of: try OrganisationKey.make(name: ServerIdentity.organisationName, now: Date(now)), now: now)
      }
    }
    let organisation = try organisation()
    // Another process may have been first.
    if let identity = usable(at: now) { return identity }
    return try renewed(organisation, at: now)
  }

  /// The identity when it is whole and lasts.
  private func usable(at now: Stamp) -> ServerIdentity? {
    // What is the matter with one that cannot be read is told where it is made anew, or cannot be.
    guard let identity = try? load(), !IdentityFolder.isDue(identity, at: now) else { return nil }
    return identity
  }

  /// Whether the server's certificate is to be made anew: a third of its time is left, or it is not valid yet because
  /// the clock was wrong when it was made.
  package static func isDue(_ identity: ServerIdentity, at now: Stamp) -> Bool {
    let lifetime = UInt64(CertificateRole.server.validitySeconds * 1_000)
    return now.milliseconds + lifetime / 3 > identity.certificate.ends.milliseconds || now < identity.certificate.begins
  }

  private func renewed(_ organisation: OrganisationKey, at now: Stamp) throws(AdminError) -> ServerIdentity {
    let kept = Disk.exists(path(.serverKey)) ? KeyPair(pem: try text(.serverKey)) : nil
    let identity = try IdentityFolder.making {
      try ServerIdentity.make(of: organisation, key: kept ?? KeyPair(), now: now)
    }
    if kept == nil { try replace(.serverKey, with: identity.key.pem) }
    try replace(.server, with: PEMText.text(certificate: identity.certificate.der) ?? "")
    return identity
  }

  private func replace(_ file: File, with text: String) throws(AdminError) {
    try Disk.replace(path(file), with: text, beside: path(file) + ".new", in: folder.identity)
  }

  private func made(_ make: () throws -> ServerIdentity) throws(AdminError) -> ServerIdentity {
    let identity = try IdentityFolder.making(make)
    try write(identity)
    return identity
  }

  private static func making<Value>(_ make: () throws -> Value) throws(AdminError) -> Value {
    do {
      return try make()
    } catch {
      throw .identityNotMade(reason: "\(error)")
    }
  }

  /// Puts `identity` where none is, whole or not at all.
  private func write(_ identity: ServerIdentity) throws(AdminError) {
    let making = folder.makingIdentity
    if Disk.exists(making) { try Disk.removeFolder(making) }
    try Disk.makeFolder(making)
    let organisation = try IdentityFolder.making { try identity.organisation.certificateDER() }
    for (file, text) in [
      (File.organisationKey, identity.organisation.keyPEM),
      (.organisation, PEMText.text(certificate: organisation) ?? ""),
      (.serverKey, identity.key.pem),
      (.server, PEMText.text(certificate: identity.certificate.der) ?? ""),
    ] {
      try Disk.create("\(making)/\(file.rawValue)", text)
    }
    try Disk.syncFolder(making)
    try Disk.move(making, to: folder.identity, in: folder.path)
  }
}

// MARK: - The export

extension IdentityFolder {
  private var exportedPath: String { "\(folder.identity)/exported" }

  /// When the identity was exported, or imported from an export; nil: never.
  package var exportedAt: Stamp? {
    // A note that cannot be read is as good as none: the nagging goes on.
    guard Disk.exists(exportedPath), let text = try? Disk.text(of: exportedPath, limitBytes: 64) else { return nil }
    return Stamp(String(text.prefix { !$0.isNewline }))
  }

  /// Writes the organisation key, sealed with `passphrase`, to `path`, where nothing may be, and notes that it was done.
  package func export(
    to path: String, passphrase: String, at now: Stamp, using generator: inout some RandomNumberGenerator
  ) throws(AdminError) -> ServerIdentity {
    let identity = try ready(at: now)
    let text = try IdentityFolder.making {
      try SealedKey.seal(identity.organisation, passphrase: passphrase, using: &generator)
    }
    try Disk.create(path, text)
    try Disk.syncFolder(Disk.folder(of: path))
    try noteExported(at: now)
    return identity
  }

  private func noteExported(at now: Stamp) throws(AdminError) {
    try Disk.replace(exportedPath, with: "\(now)\n", beside: exportedPath + ".new", in: folder.identity)
  }

  /// What an import did.
  package enum Imported: Hashable, Sendable {
    /// The identity was here already.
    case same
    /// There was none.
    case new
    /// Another was put aside into this folder.
    case replaced(String)
  }

  /// Takes the identity of the file `path`, which `passphrase` opens. Another one that is here stays, unless
  /// `overwrite`: then it is put aside.
  package func `import`(
    from path: String, passphrase: String, overwrite: Bool, at now: Stamp
  ) throws(AdminError) -> (ServerIdentity, Imported) {
    let organisation = try opened(path, passphrase)
    try Disk.makeFolder(folder.path)
    let lock = try FolderLock(waitingFor: folder.identityLock)
    defer { lock.release() }
    // One that is damaged is another one: it is put aside, or stays, as `overwrite` says.
    if let here = try? load(), here.organisation.publicKey == organisation.publicKey {
      try noteExported(at: now)
      return (here, .same)
    }
    var outcome = Imported.new
    if exists {
      // The same.
      let here = (try? self.organisation())?.publicKey.fingerprint.digits
      guard overwrite else {
        throw .otherIdentity(here: here ?? "damaged", found: organisation.publicKey.fingerprint.digits)
      }
      outcome = .replaced(try putAside(at: now))
    }
    let identity = try made { try ServerIdentity.make(of: organisation, now: now) }
    try noteExported(at: now)
    return (identity, outcome)
  }

  private func opened(_ path: String, _ passphrase: String) throws(AdminError) -> OrganisationKey {
    guard let text = try Disk.text(of: path, limitBytes: SealedKey.limitBytes) else {
      throw .sealedKey(file: path, .malformed)
    }
    do throws(SealedKey.Flaw) {
      return try SealedKey.open(text, passphrase: passphrase)
    } catch {
      throw .sealedKey(file: path, error)
    }
  }

  /// Moves the identity that is here to `replaced`; answers where to.
  private func putAside(at now: Stamp) throws(AdminError) -> String {
    try Disk.makeFolder(folder.replaced)
    let place = "\(folder.replaced)/identity-\(now)"
    try Disk.move(folder.identity, to: place, in: folder.path)
    try Disk.syncFolder(folder.replaced)
    return place
  }
}
