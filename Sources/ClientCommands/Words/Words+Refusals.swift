import EditModel
import LedgerClient
import LedgerRules

/// Refusals, in words: by the rules on this device, or by the server.
extension Words {
  /// That the server refused an act for `reason`, and where the act is now.
  func refused(because reason: String) -> String {
    either(
      "镇里没有收下这次修改：\(reason)您填的内容没有丢，放在本机的退件架上（taizhang shelf 可看）。",
      "The town did not take this edit: \(reason) What you wrote is not lost: it is on this device's shelf "
        + "(see taizhang shelf).")
  }

  /// That what an act speaks of was lost by the server, and is missing until its author brings it back.
  func isAwaited(_ name: String) -> String {
    either(
      "服务器恢复后，本岗位还看不到\(name)：它的作者，或者把它分派给本岗位的人，还没有同步。等他们同步以后，请重新提交（taizhang shelf retry）。",
      "Since its restore the server lacks \(name), or that it is this seat's: its author, or whoever assigned it, has not "
        + "synced yet. When that is done, try this again: taizhang shelf retry.")
  }

  /// That what an act speaks of was not there then, and is now.
  func isThereNow(_ name: String) -> String {
    either(
      "当时本岗位看不到 \(name)，或者还没有它，现在有了：请重新提交（taizhang shelf retry）。",
      "\(name) was not there then, or not this seat's, and is now: try this again with taizhang shelf retry.")
  }

  /// In front of the same of an act that an earlier command made.
  var earlierEdit: String { either("（之前的修改）", "(An earlier edit) ") }

  /// Why an act was refused, and what to do next.
  func refusal(_ shelved: ShelvedAct) -> String {
    refusal(code: shelved.code, arguments: shelved.arguments, of: shelved.act.edits.map(\.field))
  }

  /// The same by the code of the error table; `fields` are what the act was to write.
  func refusal(code: String, arguments: [String], of fields: [FieldName] = []) -> String {
    if code == "declined" { return declined(by: arguments.first) }
    guard let refusal = Refusal(code: code, arguments: arguments) else { return serverError(code) }
    return sentence(refusal, of: fields)
  }

  /// Why the rules refuse an act that was to write `fields`, and what to do next.
  func sentence(_ refusal: Refusal, of fields: [FieldName] = []) -> String {
    switch refusal {
    case .absent(.root):
      either(
        "您的岗位只管机器和岗位，不办台账内容。请由办内容的岗位填报。",
        "Your seat keeps machines and seats and has no part in the ledger's content. A seat that has must do this.")
    case .absent(let id):
      either(
        "“\(id)”不存在，或不归您的岗位看。请用 taizhang list 核对编号；刚分派的，要同步（taizhang sync）以后才有。",
        "\"\(id)\" is not there, or not this seat's to see. Check the number in taizhang list; what was assigned just now "
          + "comes with a sync (taizhang sync)."
      )
    case .forbidden(let ban): sentence(ban, of: fields)
    case .appendOnly(let id):
      either(
        "“\(id)”只能追加，不能改写。请另写一条说明更正（taizhang note）。",
        "\"\(id)\" is only ever added to, never rewritten. Write another note that corrects it (taizhang note)."
      )
    case .value(let field):
      either(
        "“\(anyLabel(field))”不能是这个值（类型不符或太长）。请改后再填。",
        "\"\(anyLabel(field))\" cannot have this value: it is of another type, or too long. Change it and try again."
      )
    case .stageMoved(let stage, _):
      either(
        "该问题现在是“\(stage.label.chinese)”，在您看到之后已经变动。请先 taizhang sync、taizhang show，再决定是否流转。",
        "The problem is now \"\(stage.label.english)\": it moved after you saw it. Run taizhang sync and taizhang show, "
          + "then decide anew.")
    case .stagePath(let from, let to) where from == to:
      either(
        "该问题已经是“\(to.label.chinese)”，这一步不用再走。退件架上的可用 taizhang shelf discard 取下。",
        "The problem is at \"\(to.label.english)\" already; this step need not be taken. Where it waits on the shelf, take it "
          + "off: taizhang shelf discard.")
    case .stagePath(let from, let to):
      either(
        "不能从“\(from.label.chinese)”直接到“\(to.label.chinese)”。下一步见 taizhang show。",
        "Nothing leads from \"\(from.label.english)\" to \"\(to.label.english)\". taizhang show tells the next step."
      )
    case .stageSeat(let ground): sentence(ground)
    case .stageNeeds(let missing): needs(missing)
    }
  }

  /// That an act which was held for a decision was decided against.
  private func declined(by seat: String?) -> String {
    either(
      "台账恢复后它等候决定，\(seat.map { "\($0) " } ?? "镇里")决定不采用。仍要写入，请先问他们，再重新提交（taizhang shelf retry）。",
      "It waited for a decision, and \(seat ?? "the town") decided against it. If it is still to be written, ask them first, then "
        + "try it again: taizhang shelf retry.")
  }

  /// What a step lacks: what is said with the step itself goes on its command line, the rest stands in fields.
  private func needs(_ missing: [Requirement]) -> String {
    let said = missing.filter { $0 == .opinion || $0 == .reason }
    var sentence = either(
      "这一步还缺：\(list(missing.map(\.label)))。", "This step still needs: \(list(missing.map(\.label))).")
    if said.count < missing.count {
      sentence += either("请先补齐（taizhang set），再流转。", " Fill it in (taizhang set) and try again.")
    }
    if missing.contains(.measuresFinished) {
      sentence += either(
        "措施逐条填：taizhang set 编号.1 完成状态 已完成。", " Of each measure: taizhang set NO.1 state done.")
    }
    if missing.contains(.villagesReported) {
      sentence += either(
        "各村在自己的分件上填：taizhang set 编号/村名 已报送 是；还没有分件的先 taizhang add part 编号 村名。",
        " Each village on its own part: taizhang set NO/VILLAGE reported yes; where there is no part yet, taizhang add part "
          + "NO VILLAGE first.")
    }
    if !said.isEmpty {
      sentence += either(
        "\(list(said.map(\.label)))随流转一起写：taizhang stage 编号 阶段 --reason 文字。",
        " The \(list(said.map(\.label))) is given with the step: taizhang stage NO STAGE --reason TEXT.")
    }
    return sentence
  }

  private func sentence(_ ban: Refusal.Ban, of fields: [FieldName]) -> String {
    switch ban {
    case .derivedID:
      either(
        "反馈问题、类别和原有措施由\(holders(of: .feed))编排。请用 taizhang add 新增，或请他们处理。",
        "Problems, categories and planned measures are numbered by \(holders(of: .feed)). Use taizhang add, or ask them."
      )
    case .source:
      either(
        "反馈原文由\(holders(of: .feed))导入时写。请改“问题表述”等工作字段，或请他们重新导入。",
        "Source fields are written by the import of \(holders(of: .feed)). Set the working field, or ask for a new import."
      )
    case .adopted:
      either(
        "建账前的结果由\(holders(of: .adopt))认定。请把依据交他们登记。",
        "Earlier outcomes are adopted by \(holders(of: .adopt)). Hand the source to them.")
    case .work, .text, .find, .assign, .split, .frame: notTheSeats(ban, subject: subject(of: ban, in: fields))
    case .adoptedLate:
      either(
        "该问题已有流转记录，不能再按建账前结果认定。请按流程销号（taizhang stage）。",
        "The problem has moved in this ledger, so no earlier outcome can be adopted. Go on by taizhang stage."
      )
    case .adoptedSource:
      either("认定建账前的结果要写明依据。请加 --source。", "An adopted outcome needs its source. Add --source.")
    case .parent:
      either(
        "这里不能加这种内容。请核对编号，例如措施和分件只能加在问题下。",
        "Such a thing cannot stand there. Check the number: measures and parts stand under a problem."
      )
    case .oneTransition:
      either("一次只能流转一步。请分两次。", "One step at a time. Make two transitions.")
    case .withdrawByStage:
      either(
        "反馈问题只能由办公室或县级用流转撤回：taizhang stage 编号 合并撤回 --reason 理由。",
        "A problem of the feedback is withdrawn by the round owner or the county: taizhang stage NO withdrawn --reason …"
      )
    }
  }

  private func sentence(_ ground: Refusal.SeatGround) -> String {
    switch ground {
    case .role:
      either(
        "这一步不归您的岗位办。请由该步的经办岗位流转（taizhang show 可看下一步由谁办）。",
        "This step is not your seat's. The seat whose step it is must make it (taizhang show says whose)."
      )
    case .place:
      either(
        "该问题不由您的科室牵头，也不涉及您的村。请由牵头单位或所涉村办理。",
        "The problem is neither led by your office nor your village's. Its lead unit or village must do it."
      )
    case .line:
      either(
        "该问题的牵头领导不是您。请由“牵头领导”写的分管领导办理。",
        "You are not the leader in charge of this problem. The one that it names must do it.")
    case .submitter:
      either(
        "这个问题是您的岗位报送的，同一岗位不能审核。请由另一岗位审核。",
        "Your seat submitted this problem and may not review it. Another seat must.")
    case .person:
      either(
        "这个问题是您本人在另一岗位报送的，同一人不能审核自己报送的事项。请由他人审核。",
        "You submitted this problem yourself from another seat, and nobody reviews what they submitted. Another person must."
      )
    }
  }

  /// Why the server did not take a request: the codes of the error table that are no refusal of the rules.
  func serverError(_ code: String) -> String {
    switch code {
    case "storage":
      either(
        "服务器磁盘暂时写不进去。您的修改留在本机，下次同步时再送；请告诉管理员。",
        "The server cannot write to its disk now. Your edits stay here and go with the next sync; tell the administrator."
      )
    case "archived":
      either(
        "这本台账已归档，不再收修改。您的修改留在本机；如需续用请找管理员。",
        "This ledger is archived and takes no edits. Yours stay here; ask the administrator if it should go on."
      )
    case "earlier", "busy":
      either(
        "服务器正忙。您的修改留在本机，下次同步时再送。",
        "The server is busy. Your edits stay here and go with the next sync.")
    case "ahead":
      either(
        "本机时钟走快了。您的修改留在本机，下次同步时按服务器的时间再送；请对一下时钟。",
        "This device's clock is ahead. Your edits stay here and go with the next sync under the server's time; set the clock."
      )
    case "not-whole", "malformed", "encoding", "too-long", "tag", "block", "arity", "unknown-verb":
      either(
        "服务器看不懂本机发的内容（\(code)）。修改留在本机，没有丢；请更新程序，仍不行请报告管理员。",
        "The server does not understand what this device sent (\(code)). Your edits stay here; update the program, or "
          + "report it.")
    case "act-size":
      either(
        "一次修改的内容太多，服务器不收。内容留在本机；请分几次填。",
        "The edit is larger than the server takes at once. It stays here; make it in several steps."
      )
    case "forked":
      either(
        "这个台账文件夹被复制过，镇里这个编号下已是另一份填的内容。要按现状重新提交：taizhang shelf retry。",
        "This folder was copied, and under this number the town has what the other copy wrote. To make the same anew: "
          + "taizhang shelf retry.")
    case "foreign":
      either(
        "这个台账文件夹被复制过，另一份已用过同样的编号。内容没有丢，下次同步时本机会换新编号再送。",
        "This folder was copied, and the other copy used the same identities. Nothing is lost: the next sync gives this "
          + "device a new id and sends again.")
    case "denied":
      either(
        "服务器不认识这台设备（可能已停用，或已在另一台机器上重新登记）。修改留在本机；请向管理员要登记行，运行 taizhang enrol。",
        "The server does not know this device: it may be revoked, or let in again on another machine. Your edits stay here; ask "
          + "the administrator for an enrolment line and run taizhang enrol with it."
      )
    case "certificate":
      certificate("other")
    case "code-refused":
      either(
        "服务器不接受这个登记码：可能打错、已经用过或已过期。没有登记，原有内容没有变。请核对后再试，或向管理员要一个新的。",
        "The server does not take this code: it may be mistyped, used or expired. This device was not let in and nothing has "
          + "changed. Check it and try again, or ask the administrator for a new one.")
    case "tls":
      either(
        "登记只能走加密连接，这个地址不是。没有登记；请向管理员核对地址。",
        "A device is enrolled over an encrypted connection only, and this address has none. This device was not let in; check "
          + "the address with the administrator.")
    case "held": heldBack
    case "held-full":
      either(
        "镇里的台账恢复到了较早的时刻，等候决定的修改已满，这一次镇里没有收。修改留在本机，没有丢；有了决定以后再同步。",
        "The town's ledger was restored to an earlier moment, and as many edits of this device wait for a decision as are kept. "
          + "Your edits stay here and nothing is lost; sync again when those have been decided.")
    case "removed":
      either(
        "服务器已停用这台设备，或不认识它。修改留在本机，没有丢；送出去的由管理员决定。要继续使用，请向管理员要登记行。",
        "The server has removed this device or does not know it. Your edits stay here and nothing is lost; those that were "
          + "handed over wait for the administrator. To go on, ask for an enrolment line.")
    case "no-ledger":
      either(
        "服务器上没有这本台账。修改留在本机；请向管理员核对。",
        "The server has no such ledger. Your edits stay here; ask the administrator.")
    case "shutdown", "crowded", "timeout", "stalled", "seat-changed":
      either(
        "\(closing(code).chinese)，断开了连接。修改留在本机，下次同步时再送。",
        "\(closing(code).english) and closed the connection. Your edits stay here and go with the next sync.")
    case "internal":
      either(
        "服务器内部出错。修改留在本机；请把时间告诉管理员。",
        "The server failed inside. Your edits stay here; tell the administrator when it happened.")
    case "unsupported", "unauthenticated", "authenticated", "already-open":
      either(
        "服务器版本与本机不合（\(code)）。修改留在本机；请更新程序。",
        "This program and the server do not fit together (\(code)). Your edits stay here; update the program."
      )
    default:
      either(
        "服务器回答“\(code)”，本机版本不认识。修改留在本机；请更新程序。",
        "The server answered \"\(code)\", which this version does not know. Your edits stay here; update the program."
      )
    }
  }
}

extension Words {
  /// Why a server did not believe this device's certificate.
  func certificate(_ problem: String) -> String {
    switch problem {
    case "expired":
      either(
        "本机的证书已过期，服务器不让进。修改留在本机，没有丢；请向管理员要新的登记行，运行 taizhang enrol。",
        "This device's certificate has run out, and the server lets it in no more. Your edits stay here; ask the administrator "
          + "for a new enrolment line and run taizhang enrol with it.")
    case "missing":
      either(
        "服务器要求证书，而本机没有。修改留在本机；请向管理员要登记行，运行 taizhang enrol。",
        "The server asks for a certificate and this device has none. Your edits stay here; ask the administrator for an "
          + "enrolment line and run taizhang enrol with it.")
    default:
      either(
        "服务器不认可本机的证书：它不是这台设备的。修改留在本机；请向管理员要新的登记行，运行 taizhang enrol。",
        "The server does not accept this device's certificate: it is not this device's. Your edits stay here; ask the "
          + "administrator for a new enrolment line and run taizhang enrol with it.")
    }
  }

  /// Why a server closed a connection.
  private func closing(_ code: String) -> Label {
    switch code {
    case "shutdown": Label("服务器正在停止", "The server is going down")
    case "crowded": Label("服务器的连接已满", "The server has all the connections that it takes")
    case "seat-changed":
      Label(
        "本岗位的角色、地点或任职人变了，服务器请本机重新连接",
        "This seat's role, place or holder has changed: the server asks this device to come anew")
    case "timeout": Label("服务器太久没有听到本机的消息", "The server heard nothing of this device for too long")
    default: Label("本机太久没有收下服务器送来的内容", "The server could not hand over what it had for this device")
    }
  }
}

extension Refusal {
  /// Reads a refusal of the rules as the error table writes it; nil for codes that are none, or arguments of a later
  /// version.
  init?(code: String, arguments: [String]) {
    let first = arguments.first ?? ""
    switch code {
    case "absent": self = .absent(EntityID(first) ?? .root)
    case "append-only": self = .appendOnly(EntityID(first) ?? .root)
    case "forbidden":
      guard let ban = Ban(rawValue: first) else { return nil }
      self = .forbidden(ban)
    case "value":
      guard let field = FieldName(first) else { return nil }
      self = .value(field)
    case "stage-moved":
      guard let stage = Stage(rawValue: first) else { return nil }
      self = .stageMoved(stage, arguments.dropFirst().first.flatMap { EditID($0) })
    case "stage-path":
      guard arguments.count == 2, let from = Stage(rawValue: first),
        let to = Stage(rawValue: arguments[1])
      else {
        return nil
      }
      self = .stagePath(from, to)
    case "stage-seat":
      guard let ground = SeatGround(rawValue: first) else { return nil }
      self = .stageSeat(ground)
    case "stage-needs":
      let missing = arguments.compactMap(Requirement.init(rawValue:))
      guard !missing.isEmpty else { return nil }
      self = .stageNeeds(missing)
    default: return nil
    }
  }
}
