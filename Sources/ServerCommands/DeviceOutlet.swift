import EditModel
import Glibc
import LedgerAdmin
import LedgerServer
import LedgerStore
import LineProtocol

/// Where a new device's file goes: to `out`, or to standard output when that is `-`.
struct DeviceOutlet {
  let out: String
  let folder: DataFolder
  /// Where the device looks for the server.
  let address: String

  /// Puts the file on the disk; nothing is left of one that cannot be written.
  func write(_ text: String) throws {
    if out == "-" { return }
    do throws(ServerError) {
      try PlainFile.create(text, at: out, mode: 0o600)
    } catch {
      if access(out, F_OK) == 0 {
        throw CommandProblem(
          "\(out) is there already. No device was added. Name another with --out or delete the file.",
          chinese: "\(out) 已经存在，没有添加设备。请用 --out 换个文件名，或删掉它。")
      }
      let reason = if case .file(_, let reason) = error { reason } else { "\(error)" }
      throw CommandProblem(
        "\(out) cannot be written (\(reason)). No device was added. Make room, or name another with --out.",
        chinese: "\(out) 写不进去，没有添加设备。请腾出空间，或用 --out 换个地方。")
    }
  }

  /// Prints the file when it is asked for on standard output.
  func print(_ text: String) {
    if out == "-" { Output.line(String(text.dropLast())) }
  }

  /// Removes the file of a device that could not be registered. After a failed disk it is not known whether it was: the
  /// store is opened anew and asked, and the file stays unless the answer is no.
  func takeBack(_ draw: DeviceDraw, _ failure: StoreError, _ seats: SeatStore) throws {
    if out == "-" { return }
    // The failure before it is the one to tell.
    try? seats.close()
    do throws(StoreError) {
      let again = try SeatStore(path: folder.seats)
      let isRegistered = try again.authenticate(draw.replica, draw.secret) != nil
      try again.close()
      if !isRegistered { return PlainFile.remove(out) }
    } catch {
      // Not known: the same as registered.
    }
    throw CommandProblem(
      "It is not known whether device \(draw.replica) was registered: \(failure) Its file \(out) was kept. When the disk "
        + "works again, taizhangd device list shows whether the device is there; if not, delete the file and add it anew.",
      chinese: "不知道设备 \(draw.replica) 是否已登记，设备文件 \(out) 已保留。磁盘恢复后用 taizhangd device list 查看；若没有登记，请删掉文件重新添加。"
    )
  }
}

/// The file that makes a folder on a device a replica.
enum DeviceFile {
  /// The text of the file for the device that is drawn.
  static func text(_ draw: DeviceDraw, _ ledger: ExactString, server: String) -> String {
    """
    taizhang-device 1
    server \(server)
    ledger \(ledger)
    replica \(draw.replica)
    secret \(draw.secret.digits)

    """
  }
}
