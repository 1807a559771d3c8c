/// Notes of progress that the dictionary of blocks was not made from, for measuring it: `{n}` a digit, `{m}` a number, `{s}`
/// a surname, `{v}` a place. scripts/deflate-forms.py reads them here.
enum WireNotes {
  static let text = #"""
    {n}组的路灯线路已请电工重新接好
    {v}西头那段土路雨后又冲坏了
    老{s}家门前的柴草堆昨天搬走了
    养鸡场的粪水还在往渠里流
    请示已经递到县里还没回话
    跟{s}会计对完账差了{n}百块
    {n}月份的水费还差{m}户没交
    {s}支书说等秋收完了再开会
    会议室的投影仪修好能用了
    合同里面积写错要改{n}亩
    鱼塘承包人外出打工联系不上
    村广播连着播了{n}天禁烧的事
    水泥送来{m}吨先铺学校那段
    新垃圾箱摆了{m}个位置已拍照
    低保复审{m}人里有{n}人不符合
    账上多出的{n}千元查到来源了
    渠首闸门锈死换了新的螺杆
    村口公示牌被风刮倒重新立起
    请镇里帮忙催一下施工方
    扶贫羊舍空了{n}间想另外出租
    {s}家院墙占道愿意自己拆
    护坡石头已垒到第{n}段
    打井队后天进场先测水位
    欠条原件在老会计手里要去取
    两家地界当面指认画了押
    老人不会用手机改成上门登记
    饮水池刷洗消毒了水样送检
    旱厕填平{m}个余下{n}个等天暖
    牛棚搬迁选好新址在办手续
    全年党课补讲了{n}次有签名
    采购没走比价程序已写检讨
    卷宗缺{n}页从派出所复印来了
    树苗成活七成多春天再补种
    办公用房超面积腾出{n}间
    请假条以后统一交{s}秘书保管
    果园滴灌漏水厂家派人看过
    {n}名党员的组织关系转回来了
    罚没的{m}只羊款交财政专户
    粮补面积和实际差{n}亩多
    通村公交站牌字迹褪色重喷
    门卫登记簿每天有人抽看
    河滩砂坑回填了{n}成
    文书写的纪要漏了反对意见
    书屋改到晚上七点以后开门
    {v}桥栏杆断{n}根焊好刷漆
    退款名单贴出去没人提异议
    镇上答应拨{n}万先垫一半
    监控坏了{n}个探头待厂家来
    冬季取暖煤发到{m}家
    表填反了{n}栏今日改好重报
    """#

  private static let templates = text.split(separator: "\n")
  private static let fillings: [Character: [String]] = [
    "n": "二三四五六七八九".map { String($0) },
    "m": ["十一", "十二", "十五", "二十", "二十三", "三十六", "四十", "17", "28", "46"],
    "s": "张王李赵陈杨孙马高郭何罗梁宋郑韩唐冯董".map { String($0) },
    "v": ["柳林村", "黑山嘴", "白庙子", "三岔口", "土门子", "二道梁", "石柱村", "胡家湾", "乱泉沟", "冰沟"],
  ]

  /// A note whose length in characters is in `lengths`: as many notes as that takes, with a comma between.
  static func note(_ lengths: ClosedRange<Int>, _ generator: inout WireGenerator) -> String {
    while true {
      var note = ""
      while note.count < lengths.lowerBound {
        note += (note.isEmpty ? "" : "，") + filled(templates[generator.number(below: templates.count)], &generator)
      }
      if lengths.contains(note.count) { return note }
    }
  }

  private static func filled(_ template: Substring, _ generator: inout WireGenerator) -> String {
    var filled = ""
    var isSlot = false
    for character in template {
      switch character {
      case "{": isSlot = true
      case "}": isSlot = false
      case _ where isSlot:
        let choices = fillings[character] ?? []
        filled += choices[generator.number(below: choices.count)]
      default: filled.append(character)
      }
    }
    return filled
  }
}

/// Numbers that look like chance and are the same in every run (a linear congruence, whose high bits are used).
struct WireGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number from 0 up to `bound`, which it does not reach.
  mutating func number(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  /// `count` digits of base 32.
  mutating func digits(_ count: Int) -> String {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    return String((0..<count).map { _ in alphabet[number(below: 32)] })
  }
}
