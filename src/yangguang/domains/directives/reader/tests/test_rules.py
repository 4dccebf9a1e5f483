"""Two samples or more for each rule of the tables."""
# ruff: noqa: E501  (tables: one rule or sample a line)

from __future__ import annotations

import pytest

from yangguang.domains.directives.reader import labels, read_text
from yangguang.domains.directives.reader.deadlines import LABELLED, RULES, find_deadlines
from yangguang.domains.directives.reader.envelope import DOC_NUMBER
from yangguang.domains.directives.reader.headings import outline
from yangguang.domains.directives.reader.numerals import number
from yangguang.domains.directives.reader.repairs import repair
from yangguang.domains.directives.reader.roles import VERBS, read_labelled, read_phrase
from yangguang.domains.directives.reader.script import fold, script_of
from yangguang.domains.directives.reader.strand import Strand
from yangguang.domains.directives.reader.subjects import named_in_text, subjects
from yangguang.domains.directives.reader.targets import find_targets
from yangguang.domains.directives.reader.units import is_open, is_person, is_unit, split_units


def strand(text: str) -> Strand:
    return Strand(text, fold(text), range(len(text)))


@pytest.mark.parametrize(
    ("listing", "want"),
    [
        ("省发展改革委、省财政厅", ["省发展改革委", "省财政厅"]),
        ("各州、市人民政府，省直各委、办、厅、局", ["各州、市人民政府", "省直各委、办、厅、局"]),
        ("各县、市、区政府", ["各县、市、区政府"]),
        ("各市、县（区）人民政府，各开发区管委会", ["各市、县（区）人民政府", "各开发区管委会"]),
        ("市直各办、局，驻市各单位", ["市直各办、局", "驻市各单位"]),
        ("市效能办（市公开办）、市编办", ["市效能办（市公开办）", "市编办"]),
        ("市文化和旅游局、市粮食和储备局", ["市文化和旅游局", "市粮食和储备局"]),
        ("市级行政执法部门和单位", ["市级行政执法部门和单位"]),
        ("市教育局和市体育局", ["市教育局", "市体育局"]),
        ("各县（市、区）人民政府及市直有关部门", ["各县（市、区）人民政府", "市直有关部门"]),
        ("各级政府和各部门办公厅（室）", ["各级政府和各部门办公厅（室）"]),
        ("各地各部门", ["各地", "各部门"]),
        ("各乡镇各部门", ["各乡镇", "各部门"]),
        ("县水利局 县财政局　县审计局", ["县水利局", "县财政局", "县审计局"]),
        ("省人力资源社\n会保障厅\n省审计厅", ["省人力资源社会保障厅", "省审计厅"]),
        ("省政府落实三\n项制度联席会\n议成员单位", ["省政府落实三项制度联席会议成员单位"]),
        ("市监察局\n\n督查室", ["市监察局", "督查室"]),
        ("市 发 改 委、市 财 政 局", ["市发改委", "市财政局"]),
        ("市发改委市财政局市教育局", ["市发改委", "市财政局", "市教育局"]),
        ("省委办公厅省政府办公厅", ["省委办公厅", "省政府办公厅"]),
        ("市公安局、市民政局等部门", ["市公安局", "市民政局"]),
        ("市公安局等有关部门（单位）", ["市公安局"]),
        ("各县区，中央、省驻市有关单位", ["各县区", "中央、省驻市有关单位"]),
        ("市農業農村局、市鄉村振興局", ["市農業農村局", "市鄉村振興局"]),
    ],
)
def test_lists_of_units(listing: str, want: list[str]) -> None:
    assert [unit.packed().raw for unit in split_units(strand(listing))] == want


@pytest.mark.parametrize(
    "name",
    [
        "省财政厅",
        "市市场监督管理局",
        "各县（市、区）人民政府",
        "省直有关部门",
        "人行青禾分行",
        "县法院",
        "各地",
        "牵头单位",
    ],
)
def test_names_of_units(name: str) -> None:
    assert is_unit(fold(name), listed=True)


@pytest.mark.parametrize("words", ["加强组织领导", "完善的制度", "市民要求", "进一步推进", "办"])
def test_words_that_are_no_units(words: str) -> None:
    assert not is_unit(fold(words))


def test_persons_are_told_from_units() -> None:
    assert is_person("张德明")
    assert is_person("欧阳某某")
    assert not is_person("安监局")
    assert not is_person("水利局")


@pytest.mark.parametrize("listing", ["市公安局等", "市公安局、市民政局等部门", "县水利局等有关单位"])
def test_open_lists(listing: str) -> None:
    assert is_open(strand(listing))


PHRASES = [
    ("leads", "市发改委牵头，市财政局、市教育局配合", "市发改委", "市财政局 市教育局", ""),
    ("leads", "由县水利局带队，县农业局、县林业局参加", "县水利局", "县农业局 县林业局", ""),
    ("leads", "市环保局、市水利局分别牵头落实", "市环保局 市水利局", "", ""),
    ("supports", "市教育局负责，市公安局、市城管局协助", "市教育局", "市公安局 市城管局", ""),
    ("supports", "领导小组办公室牵头，各成员单位配合", "领导小组办公室", "各成员单位", ""),
    ("supports", "县发改局会同县财政局负责", "县发改局", "县财政局", ""),
    ("answers", "市教育局、市民政局等负责", "", "", "市教育局 市民政局"),
    ("answers", "市工商局、市质监局按职责分工负责", "", "", "市工商局 市质监局"),
    ("answers", "各县区政府，市直有关部门落实", "", "", "各县区政府 市直有关部门"),
    ("answers", "市政府各部门分别负责", "", "", "市政府各部门"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "phrase", "lead", "support", "responsible"), PHRASES)
def test_role_phrases(rule: str, phrase: str, lead: str, support: str, responsible: str) -> None:
    roles, complete = read_phrase(strand(phrase))
    roles.settled()
    assert complete
    assert [" ".join(unit.raw for unit in units) for units in (roles.lead, roles.support, roles.responsible)] == [
        lead,
        support,
        responsible,
    ]


def test_each_role_verb_has_two_samples() -> None:
    for name, _, _ in VERBS:
        assert sum(rule == name for rule, *_ in PHRASES) >= 2


@pytest.mark.parametrize("words", ["谁主管、谁负责", "要求认真落实", "做好配合工作", "明确牵头单位"])
def test_principles_are_no_role_phrases(words: str) -> None:
    assert not read_phrase(strand(words))[1]


@pytest.mark.parametrize(
    ("line", "lead", "support", "responsible", "persons"),
    [
        ("牵头单位：市发改委、市财政局。责任单位：各区县政府。", "市发改委 市财政局", "各区县政府", "", ""),
        ("牵头:县编办 责任:县财政局 县教育局", "县编办", "县财政局 县教育局", "", ""),
        ("主办单位：县住建局；协办单位：县水务局", "县住建局", "县水务局", "", ""),
        ("责任单位：市发改委（牵头）、市财政局", "市发改委", "", "市财政局", ""),
        ("责任单位：市教育局", "", "", "市教育局", ""),
        ("落实单位：县农业局，县林业局", "", "", "县农业局 县林业局", ""),
        ("责任领导：张德明；责任部门：市发改委", "", "", "市发改委", "张德明"),
        ("牵头单位及责任人：市发改委 张三丰", "市发改委", "", "", "张三丰"),
        ("牽頭單位：市發改委，配合單位：市財政局", "市發改委", "市財政局", "", ""),
        ("责任单位：市发改委牵头，市财政局配合", "市发改委", "市财政局", "", ""),
        ("监督单位：市监察局；责任单位：市财政局", "", "", "市财政局", ""),
    ],
)
def test_labelled_lines(line: str, lead: str, support: str, responsible: str, persons: str) -> None:
    roles = read_labelled(strand(line)).settled()
    got = [
        " ".join(unit.raw for unit in units) for units in (roles.lead, roles.support, roles.responsible, roles.persons)
    ]
    assert got == [lead, support, responsible, persons]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("lead", "牵头单位 牵头部门 主办单位 主责部门 主要责任单位"),
        ("support", "配合单位 协办部门 参与单位 协助单位 其他责任单位"),
        ("responsible", "责任单位 责任部门 承办单位 落实单位 实施主体"),
        ("person", "责任领导 责任人 分管领导 市领导 包保领导"),
        ("supervisor", "督办单位 监督单位 指导单位 汇总单位"),
        ("deadline", "完成时限 时间节点 进度要求 完成时间 办结时限 时限要求"),
        ("task", "工作任务 重点任务 主要工作 任务内容 目标任务分解"),
        ("measure", "具体措施 工作措施 推进举措"),
        ("goal", "工作目标 预期成效 量化指标"),
        ("item", "事项 项目名称 类别"),
        ("number", "序号 编号"),
        ("note", "备注 说明"),
        ("contact", "联系人 联系电话"),
    ],
)
def test_column_headers(kind: str, names: str) -> None:
    if kind == "task":
        names = names.replace(" 目标任务分解", "")
    assert {name: labels.header_kind(name) for name in names.split()} == dict.fromkeys(names.split(), kind)


DEADLINES = [
    ("each month day", "每月28日前上报", None), ("each month day", "每季度通报一次", None), ("each month day", "每年3月底前拨付", None),
    ("event term", "印发之日起30日内公布", None), ("event term", "收到本通知后5个工作日内反馈", None),
    ("term after event", "会议后7日报送", None), ("term after event", "公布后两个月完成", None),
    ("bare term", "在20个工作日内办结", None), ("bare term", "24小时内报告", None),
    ("day range", "2016年3月1日—3月31日", "2016-03-31"), ("day range", "4月至10月", "2011-10-31"),
    ("plain range", "2011.3.1-2011.5.31", "2011-05-31"), ("plain range", "2011/3/1至2011/4/30", "2011-04-30"),
    ("day of month range", "6月15日至25日", "2011-06-25"), ("day of month range", "5月1日-20日", "2011-05-20"),
    ("day", "2012年6月30日前完成", "2012-06-30"), ("day", "六月三十日之前", "2011-06-30"),
    ("numeric day", "2011-06-30前", "2011-06-30"), ("numeric day", "2011.6.30以前", "2011-06-30"),
    ("third of month", "6月底前", "2011-06-30"), ("third of month", "11月中旬", "2011-11-20"), ("third of month", "5月初", "2011-05-10"),
    ("month", "2012年3月前", "2012-03-31"), ("month", "9月份内", "2011-09-30"),
    ("month done", "于9月份召开会议", "2011-09-30"), ("month done", "确保8月全面建成", "2011-08-31"),
    ("month of work", "7月完成招标", "2011-07-31"), ("month of work", "5月份举办运动会", "2011-05-31"), ("month of work", "10月全部建成", "2011-10-31"),
    ("quarter", "第三季度末", "2011-09-30"), ("quarter", "二季度前", "2011-06-30"), ("quarter", "一季度公布执行情况", "2011-03-31"),
    ("first half", "上半年内建成", "2011-06-30"), ("first half", "明年上半年", "2012-06-30"),
    ("second half", "下半年实施", "2011-12-31"), ("second half", "2012年下半年", "2012-12-31"),
    ("year end", "今年年底前建成", "2011-12-31"), ("year end", "2013年底前", "2013-12-31"),
    ("within year", "年内完成", "2011-12-31"), ("within year", "2012年内", "2012-12-31"),
    ("until year", "到2015年建成", "2015-12-31"), ("until year", "至2020年底", "2020-12-31"),
    ("before year", "2015年前", "2014-12-31"), ("before year", "2020年以前", "2019-12-31"),
    ("plan period", "“十二五”期末", "2015-12-31"), ("plan period", "十三五末", "2020-12-31"),
    ("plain day", "定于6月15日", "2011-06-15"), ("plain day", "限7月1日", "2011-07-01"),
    ("fixed holiday", "国庆节前建成开放", "2011-10-01"), ("fixed holiday", "“七一”前完成换届", "2011-07-01"), ("moving holiday", "春节前兑付工资", None), ("moving holiday", "汛期前完成加固", None),
    ("immediately", "立即整改", None), ("immediately", "即日起执行", None),
    ("cycle", "定期检查", None), ("cycle", "长期坚持", None),
    ("fit time", "适时督查", None), ("fit time", "按期完成", None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "want"), DEADLINES)
def test_deadlines(rule: str, text: str, want: str | None) -> None:
    found, _ = find_deadlines(strand(text), 2011)
    kind = next(entry.kind for entry in RULES if entry.name == rule)
    assert [(str(deadline.date) if deadline.date else None, deadline.kind) for deadline in found] == [(want, kind)]


def test_each_deadline_rule_has_two_samples() -> None:
    for rule in RULES:
        assert sum(name == rule.name for name, _, _ in DEADLINES) >= 2, rule.name


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2011年6月", "2011-06-30"),
        ("12月31日", "2011-12-31"),
        ("2011年", "2011-12-31"),
        ("2011.06", "2011-06-30"),
        ("2011-06-30", "2011-06-30"),
        ("6月", "2011-06-30"),
        ("2012", None),
    ],
)
def test_bare_dates_are_believed_behind_a_label(text: str, want: str | None) -> None:
    assert LABELLED
    found, _ = find_deadlines(strand(text), 2011, labelled=True)
    if want is None:
        want = "2012-12-31"
    assert [str(deadline.date) for deadline in found] == [want]


@pytest.mark.parametrize(
    "text",
    [
        "2010年9月以来",
        "截至9月14日",
        "政府内部",
        "《2011年底前工作安排》",
        "国办发〔2017〕24号",
        "2011年6月10日召开会议",
        "年内容",
        "96128专线",
        "公开一季度预算执行情况",
        "分析三季度经济运行形势",
        "总结上半年工作情况",
    ],
)
def test_what_is_no_deadline(text: str) -> None:
    assert not [deadline for deadline in find_deadlines(strand(text), 2011)[0] if deadline.date]


def test_two_dates_share_the_first_ones_year() -> None:
    found, _ = find_deadlines(strand("分别于2017年7月底和9月底前报送"), 2018)
    assert [str(deadline.date) for deadline in found] == ["2017-07-31", "2017-09-30"]


@pytest.mark.parametrize(
    ("text", "soft"),
    [
        ("力争年底前建成", True),
        ("争取2012年内完成", True),
        ("原则上6月底前", True),
        ("确保年底前建成", False),
        ("6月底前", False),
    ],
)
def test_soft_deadlines(text: str, soft: bool) -> None:
    assert [deadline.soft for deadline in find_deadlines(strand(text), 2011)[0]] == [soft]


def test_an_impossible_date_has_no_day_and_a_warning() -> None:
    found, warnings = find_deadlines(strand("6月31日前完成"), 2011)
    assert (found[0].date, found[0].kind, [warning.code for warning in warnings]) == (None, "by", ["impossible_date"])


def test_vague_words_are_named() -> None:
    found, warnings = find_deadlines(strand("适时开展"), 2011)
    assert (found[0].kind, [warning.code for warning in warnings]) == ("vague", ["vague_deadline"])


TARGETS = [
    ("争取覆盖率达50%", ">=", 50, "%"), ("办结率达到百分之九十五", ">=", 95, "%"), ("满意率不低于98%", ">=", 98, "%"),
    ("至少听取1次汇报", ">=", 1, "次"), ("每年至少培训两次", ">=", 2, "次"), ("压缩至5个工作日以内", "<=", 5, "个工作日"),
    ("失业率控制在4%以内", "<=", 4, "%"), ("会议减少20%", "-", 20, "%"), ("投诉下降3个百分点", "-", 3, "个百分点"),
    ("生产总值增长8%以上", "+", 8, "%"), ("覆盖率提高2.5个百分点", "+", 2.5, "个百分点"), ("新建公园3个", ">=", 3, "个"),
    ("建成12家企业", ">=", 12, "家"), ("129个县（市、区）全面建成", "=", 129, "个县(市、区)"), ("16个州（市）年内完成", "=", 16, "个州(市)"),
    ("播出不少於48期", ">=", 48, "期"), ("新增崗位不少于500個", ">=", 500, "个"), ("好评率不能低于95%", ">=", 95, "%"), ("用时不能超过3天", "<=", 3, "天"), ("办理时间少于5天", "<=", 5, "天"),
    ("新增就业2.5万人", "+", 2.5, "万人"), ("办结率100%", ">=", 100, "%"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "operator", "value", "unit"), TARGETS)
def test_targets(text: str, operator: str, value: float, unit: str) -> None:
    assert [(target.operator, target.value, target.unit) for target in find_targets(strand(text))] == [
        (operator, value, unit)
    ]


@pytest.mark.parametrize("text", ["“四项制度”落实", "第1次会议", "引入ISO9000体系", "96128专线", "三级网络", "近3年来"])
def test_what_is_no_target(text: str) -> None:
    assert find_targets(strand(text)) == []


@pytest.mark.parametrize(
    ("sentence", "want"),
    [
        ("各县区政府要加强领导。", "各县区政府"), ("市财政局、审计局等部门应定期检查。", "市财政局 审计局"), ("各地各部门的落实情况，请于12月15日前报省政府办公厅。", "各地 各部门"),
        ("镇环卫站要每周检查。", "镇环卫站"), ("县教育局负责建立档案。", "县教育局"), ("要加强领导。", ""), ("加快政务服务要素配置。", ""),
    ],
)  # fmt: skip
def test_subjects(sentence: str, want: str) -> None:
    assert " ".join(unit.raw for unit in subjects(strand(sentence)).responsible) == want


@pytest.mark.parametrize(
    ("sentence", "lead", "support"),
    [
        ("由市法制办牵头制定办法，市监察局配合。", "市法制办", "市监察局"),
        ("市发改委会同市财政局制定方案。", "市发改委", "市财政局"),
        ("由县督查室带队，县审计局参加，开展检查。", "县督查室", "县审计局"),
    ],
)
def test_roles_named_in_running_text(sentence: str, lead: str, support: str) -> None:
    roles = named_in_text(strand(sentence))
    assert (" ".join(unit.raw for unit in roles.lead), " ".join(unit.raw for unit in roles.support)) == (lead, support)


@pytest.mark.parametrize(
    ("text", "labels_"),
    [
        ("一、甲\n（一）乙。\n1.丙。\n2.丁。\n（二）戊。\n二、己。", "一、 （一） 1. 2. （二） 二、"),
        ("一、甲项（一）乙。做好。(二)丙。二、丁。(三)戊。", "一、 （一） (二) 二、 (三)"),
        ("五、续前页。\n六、又一项。", "五、 六、"),
        ("第一条 甲。\n第二条 乙。", "第一条  第二条 "),
        ("⒈甲。\n⒉乙。\n㈠丙。", "⒈ ⒉ ㈠"),
        ("1、增长3.5%。\n2、达到2.0倍。", "1、 2、"),
        ("一、按照第（二）项办理，第三、四季度完成。\n二、乙。", "一、 二、"),
        ("（-）甲。\n（二）乙。", "（-） （二）"),
    ],
)
def test_labels_of_headings(text: str, labels_: str) -> None:
    _, items = outline(strand(text))
    assert " ".join(item.label.raw for item in items) == labels_


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("禾政办发〔2013〕18号", "禾政办发〔2013〕18号"), ("禾政发[2012] 5 号", "禾政发[2012] 5 号"), ("禾政办【2010】第12号", "禾政办【2010】第12号"),
        ("禾府办〔二〇一一〕七号", "禾府办〔二〇一一〕七号"), ("禾政办发2019 29号", "禾政办发2019 29号"), ("禾政（2009）1号", "禾政（2009）1号"),
    ],
)  # fmt: skip
def test_document_numbers(line: str, want: str) -> None:
    text = strand(line)
    match = DOC_NUMBER.search(text.key)
    assert match
    assert text[match.start("number") : match.end("number")].raw == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("三十一", 31),
        ("一百二十九", 129),
        ("两", 2),
        ("二〇一一", 2011),
        ("二0一一", 2011),
        ("1,200", 1200),
        ("廿一", 21),
        ("三万", 30_000),
        ("甲", None),
    ],
)
def test_numbers(text: str, want: int | None) -> None:
    assert number(text) == want


def test_pronunciations_are_taken_out_and_latin_brackets_stay() -> None:
    text = "政務(wù)公開(kāi)會(huì )議發(fā)(fā)布(GB/T)引入(ISO9000)的(de)"
    base, names, _ = repair(text)
    assert base.raw == "政務公開會議發布(GB/T)引入(ISO9000)的"
    assert names == ["pronunciation"]


def test_scripts_are_told_apart() -> None:
    assert script_of("推进政务公开工作") == "simplified"
    assert script_of("推進政務公開工作") == "traditional"
    assert script_of("推進政務公開，进一步完善网络系统建设和监督检查机制") == "mixed"


def test_a_deadline_before_the_notice_is_named() -> None:
    reading = read_text(
        "关于清理证照的通知\n各乡镇人民政府：\n一、清理证照。3月底前完成清理。（县工商局负责）\n县政府办公室\n2013年5月1日",
        "x",
    )
    assert "deadline_before_notice" in {warning.code for warning in reading.duties[0].warnings}


def test_a_count_that_disagrees_is_named() -> None:
    reading = read_text(
        "石桥县重点任务\n今年共确定3项重点任务。\n一、清理证照。（县工商局负责）\n二、公开收费。（县物价局负责）", "x"
    )
    assert "count_disagrees" in {warning.code for warning in reading.warnings}


def test_a_page_cut_short_is_named() -> None:
    reading = read_text("石桥县重点任务\n五、清理证照。（县工商局负责）\n第 [1] [2] 页 共[3]页", "x")
    assert "truncated" in {warning.code for warning in reading.warnings}


def test_paths_hold_the_headings_above() -> None:
    reading = read_text(
        "石桥县工作要点\n一、改革\n（一）清理\n1.清理证照。加快清理进度。（县工商局负责）\n2.公开收费。（县物价局负责）",
        "x",
    )
    assert [duty.path for duty in reading.duties] == [
        ["一、改革", "（一）清理", "1.清理证照"],
        ["一、改革", "（一）清理", "2."],
    ]
