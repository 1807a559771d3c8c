import EditModel
import Glibc
import SealedFile
import Testing

@testable import LedgerAdmin

@Suite struct SetShippingTests {
  private let town: ShippingSample

  init() throws {
    town = try ShippingSample()
  }

  @Test func aPlainSetArrivesByteForByte() throws {
    let destination = try town.destination("usb")
    let shipments = town.ship(to: destination, sealed: false)
    #expect(shipments.map(\.isNew) == [true], "\(shipments)")
    #expect(try DataFolderSample.contents(town.place(destination)) == DataFolderSample.contents(town.set.path))
    #expect(Disk.names(in: destination) == [town.set.name, SetShipping.markerName])
  }

  @Test func aSealedSetIsProvedWithEitherSecretAndCheckedWithNone() throws {
    let destination = try town.destination("usb")
    #expect(town.ship(to: destination).map(\.isNew) == [true])
    let arrived = try town.arrived(destination)
    #expect(arrived.isSealed && arrived.isSame(as: town.set) && !town.set.isSealed)
    let names = ["seats.gz.age", "set", "tucheng-2023.ledger.gz.age", "土城镇.ledger.gz.age"]
    #expect(Disk.names(in: town.place(destination)) == names)
    try arrived.checkStored()
    for secret in [town.secret, town.otherSecret] { try SnapshotProof.verify(arrived, with: [secret]) }
    for name in names where name != "set" {
      let bytes = try DataFolderSample.bytes("\(town.place(destination))/\(name)")
      #expect(bytes.starts(with: "age-encryption.org/v1\n".utf8), "\(name)")
    }
  }

  @Test func aSealedSetIsRestoredAsTheSetItself() throws {
    let destination = try town.destination("usb")
    _ = town.ship(to: destination)
    let other = try DataFolderSample()
    var order = other.order(try town.arrived(destination))
    order.secrets = [town.otherSecret]
    #expect(try SnapshotRestoring.restore(order, into: other.folder).restoredSeats)
    for name in ["tucheng-2023", "土城镇"] as [ExactString] {
      #expect(
        try other.lines(of: other.folder.ledger(name)) == town.sample.lines(of: town.sample.folder.ledger(name)))
    }
  }

  @Test func withoutASecretASealedSetIsRefusedAndNothingIsTouched() throws {
    let destination = try town.destination("usb")
    _ = town.ship(to: destination)
    let other = try DataFolderSample()
    let before = try DataFolderSample.contents(other.path)
    let refused = #expect(throws: AdminError.self) { try other.restore(try town.arrived(destination)) }
    #expect(refused?.description.contains("--key") == true)
    var order = other.order(try town.arrived(destination))
    var generator = Draws()
    order.secrets = [RecoverySecret(using: &generator)]
    let wrong = #expect(throws: AdminError.self) { try SnapshotRestoring.restore(order, into: other.folder) }
    #expect(wrong?.description.contains("forOtherKeys") == true)
    #expect(try DataFolderSample.contents(other.path) == before)
  }

  @Test func whatIsThereAndWholeIsLeft() throws {
    let destination = try town.destination("usb")
    _ = town.ship(to: destination)
    let before = try DataFolderSample.contents(destination)
    #expect(town.ship(to: destination).map(\.wasThere) == [true])
    #expect(town.ship(to: destination, sealed: false).map(\.wasThere) == [true])
    #expect(try DataFolderSample.contents(destination) == before)
  }

  @Test func aSealedSetIsShippedOnAsItIs() throws {
    let (first, second) = (try town.destination("usb"), try town.destination("county"))
    _ = town.ship(to: first)
    var generator = Draws()
    let shipments = SetShipping.ship(
      try town.arrived(first), to: [second], keys: town.keys, using: &generator)
    #expect(shipments.map(\.isNew) == [true])
    #expect(try DataFolderSample.contents(town.place(second)) == DataFolderSample.contents(town.place(first)))
  }

  /// A folder that is not there, one without a marker as where a disk is not mounted, a file, and what is locked, between two
  /// that are in order.
  @Test func whatFailsAtOneDestinationKeepsNothingFromTheOthers() throws {
    let (first, last) = (try town.destination("first"), try town.destination("last"))
    let (gone, unmounted) = (town.sample.path + "/gone", try town.plainFolder("unmounted"))
    let file = town.sample.path + "/file"
    try DataFolderSample.write([1], to: file)
    let busy = try town.destination("busy")
    let lock = try FolderLock(marker: "\(busy)/\(SetShipping.markerName)", of: busy)
    let shipments = town.ship(to: first, gone, unmounted, file, busy, last)
    lock.release()
    #expect(shipments.map(\.destination) == [first, gone, unmounted, file, busy, last])
    #expect(shipments.map(\.isNew) == [true, false, false, false, false, true], "\(shipments)")
    let words = shipments.map { $0.failure?.description ?? "" }
    #expect(words[1].contains("no folder \(gone)") && words[3].contains("no folder \(file)"))
    #expect(words[2].contains("ship init \(unmounted)") && words[2].contains("未挂载"))
    #expect(words[4].contains("is being shipped"))
    #expect(!Disk.exists(gone) && Disk.names(in: unmounted).isEmpty)
    #expect(Disk.names(in: busy) == [SetShipping.markerName])
  }

  @Test func aShippingThatWasCutOffListsNothingAndIsRemovedByTheNext() throws {
    let destination = try town.destination("usb")
    let partial = "\(destination)/.shipping-20230101-000000-00000"
    try Disk.makeFolder(partial)
    try DataFolderSample.write([1, 2], to: "\(partial)/a.ledger.gz")
    #expect(town.ship(to: destination).map(\.isNew) == [true])
    #expect(Disk.names(in: destination) == [town.set.name, SetShipping.markerName])
  }

  @Test func aDamagedCopyIsPutAsideAndShippedAnew() throws {
    let destination = try town.destination("usb")
    _ = town.ship(to: destination)
    let file = "\(town.place(destination))/seats.gz.age"
    var bytes = try DataFolderSample.bytes(file)
    bytes[bytes.count - 1] ^= 1
    try DataFolderSample.write(bytes, to: file)
    #expect(throws: AdminError.self) { try town.arrived(destination).checkStored() }
    #expect(town.ship(to: destination).map(\.isNew) == [true])
    try town.arrived(destination).checkStored()
    #expect(
      try DataFolderSample.bytes("\(town.place(destination)).damaged/seats.gz.age") == bytes)
    unlink(file)
    #expect(town.ship(to: destination)[0].failure?.description.contains(".damaged") == true)
  }

  @Test func anotherSetOfTheNameIsLeft() throws {
    let destination = try town.destination("usb")
    let other = try DataFolderSample()
    try other.ledger("other", acts: 1)
    var generator = Draws()
    _ = SetShipping.ship(try other.take(), to: [destination], keys: [], using: &generator)
    let before = try DataFolderSample.contents(destination)
    #expect(town.ship(to: destination)[0].failure?.description.contains("another set") == true)
    #expect(try DataFolderSample.contents(destination) == before)
  }

  /// The damage of the set itself is not spread.
  @Test(arguments: [true, false]) func aSetThatIsDamagedIsNotShipped(isSealed: Bool) throws {
    let destination = try town.destination("usb")
    let file = "\(town.set.path)/seats.gz"
    var bytes = try DataFolderSample.bytes(file)
    bytes[20] ^= 1
    try DataFolderSample.write(bytes, to: file)
    #expect(town.ship(to: destination, sealed: isSealed)[0].failure?.description.contains("seats.gz") == true)
    #expect(Disk.names(in: destination) == [SetShipping.markerName])
  }

  @Test func theDiskOfTheDataFolderIsTakenOnlyWhereItIsMeant() throws {
    let folder = try town.plainFolder("here")
    let refused = #expect(throws: AdminError.self) {
      try SetShipping.prepare(folder, for: town.sample.folder, isSameDiskMeant: false)
    }
    #expect(refused?.description.contains("--same-disk") == true)
    #expect(Disk.names(in: folder).isEmpty)
    #expect(try SetShipping.prepare(folder, for: town.sample.folder, isSameDiskMeant: true))
    #expect(try !SetShipping.prepare(folder, for: town.sample.folder, isSameDiskMeant: false))
    #expect(throws: AdminError.self) {
      try SetShipping.prepare(folder + "/gone", for: town.sample.folder, isSameDiskMeant: true)
    }
  }
}

/// Draws that are none of the sample's.
struct Draws: RandomNumberGenerator {
  private var number: UInt64 = 0x1234_5678_9ABC_DEF1

  mutating func next() -> UInt64 {
    number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return number
  }
}
