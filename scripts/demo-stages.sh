# Sourced by run-demo.sh: brings problems of the sample to every stage by the seats that may do so, one overdue, one
# long-term, three adopted. Every command must succeed; `as` and `fail` are run-demo.sh's.

day() { date -d "$1 days" +%F; }

# assign NO DAYS: what 待认领 needs, then the transition.
assign() {
  as bangongshi set "$1" lead_unit 党建工作办公室 >/dev/null
  as bangongshi set "$1" leader 分管副书记 >/dev/null
  as bangongshi set "$1" deadline "$(day "$2")" >/dev/null
  as bangongshi set "$1" closing_standard "措施全部落实,佐证齐全" >/dev/null
  move bangongshi "$1" unclaimed
}

# move SEAT NO STAGE [ARGUMENT...]: one transition, seen by everybody before the next.
move() {
  local seat=$1 no=$2 stage=$3
  shift 3
  as "$seat" sync >/dev/null
  as "$seat" stage "$no" "$stage" "$@" >/dev/null || fail "$seat could not move $no to $stage"
}

# finish NO OUTCOME: every measure's state, the effect, and what the villages owe.
finish() {
  local measure
  as dangjian sync >/dev/null
  for measure in $(as dangjian show "$1" | grep -o "^  $1\.[0-9]*"); do
    as dangjian set "$measure" state "$2" >/dev/null
  done
  as dangjian set "$1" effect "已按措施整改,长效机制已建立" >/dev/null
}

up_to_working() { assign "$1" "$2"; move dangjian "$1" working; }
up_to_first() { up_to_working "$1" "$2"; finish "$1" "${3:-done}"; move dangjian "$1" first_review; }
up_to_second() { up_to_first "$@"; move fenguan "$1" second_review --reason "材料齐全"; }
up_to_final() { up_to_second "$@"; move jiwei "$1" final_review --reason "现场抽查属实"; }

as bangongshi adopt 16 18 20 done --source "整改报告(建账前)" >/dev/null
assign 1 40
up_to_working 2 15
up_to_working 3 -5
up_to_first 4 30
up_to_second 5 30
up_to_final 6 30
up_to_final 7 30
move shuji 7 closed --outcome done
up_to_final 8 30 long_term
move shuji 8 closed --outcome long_term
up_to_first 9 20
move fenguan 9 returned --reason "佐证不足,请补充"
up_to_final 11 30
move shuji 11 closed --outcome done
move jiwei 11 reopened --reason "回访发现反弹"
move bangongshi 30 withdrawn --reason "与29号合并办理"
as bangongshi add problem "自查:村级公章登记不全" >/dev/null
as liushuwan note 15 "已联系施工方补资料" >/dev/null
echo "unclaimed 1 · working 2, 3 (overdue) · first review 4 · second 5 · final 6 · closed 7 · long-term 8 · returned 9"
echo "reopened 11 · withdrawn 30 · adopted 16, 18, 20 · the others wait to be broken down"
