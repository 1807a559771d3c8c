import EditModel
import LedgerStore

/// A ledger's history whose acts are known: problems and notes of `seat0`, `seat1` and `seat2` in turn.
enum HistoryOfThreeSeats {
  /// A history of acts of one to three edits, a second apart: problems, and notes on them, of three seats in turn.
  static let edits: [AcceptedEdit] = {
    var edits: [AcceptedEdit] = []
    for n in 1...UInt64(40) {
      let seat = Int(n % 3)
      guard let replica = ReplicaID(["q2w8rt5n", "h4m7xk2v", "x7c3mv0d"][seat]), let name = SeatID("seat\(seat)"),
        let problem = FieldName("problem"), let note = FieldName("note")
      else { return [] }
      let made = ActID(replica: replica, n: n)
      let changes = (0..<n % 3 + 1).map { index in
        let isNote = index > 0
        return Change(
          entity: isNote ? .created(made.edit(1)) : .root, field: isNote ? note : problem,
          value: .text(ExactString("第 \(n) 件")))
      }
      let stamp = Stamp(milliseconds: DataFolderSample.now.milliseconds + n * 1_000)
      let act = try? Act(id: made, changes: changes.map { ($0, nil) }, stamp: stamp, shift: .none)
      for edit in act?.edits ?? [] {
        edits.append(AcceptedEdit(seq: UInt64(edits.count + 1), receipt: stamp, seat: name, edit: edit))
      }
    }
    return edits
  }()
}
