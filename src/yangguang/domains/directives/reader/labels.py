"""The words that label fields of a duty, in lines, brackets and table headers."""
# ruff: noqa: E501  (tables: one rule or sample a line)

from __future__ import annotations

import re
from functools import lru_cache

LEAD, SUPPORT, RESPONSIBLE, PERSON, SUPERVISOR = "lead", "support", "responsible", "person", "supervisor"
DEADLINE, TARGET, TASK, MEASURE, ITEM, GOAL = "deadline", "target", "task", "measure", "item", "goal"
NUMBER, NOTE, CONTACT = "number", "note", "contact"

_BODY = "单位|部门|机构|科室|处室|股室|局委|委办局|方|单位和部门|部门和单位|部门单位|部门\\(单位\\)|单位\\(部门\\)|(?:部门|单位)、(?:部门|单位)"
#: role -> label patterns; the longest match wins where several begin at one place.
LABELS: dict[str, tuple[str, ...]] = {
    LEAD: (
        rf"(?:总|共同|主要)?牵头(?:责任|负责|实施|组织|协调|落实|抓总|承办|督办)?(?:{_BODY})", "总?牵头",
        rf"主办(?:责任)?(?:{_BODY})?", rf"主责(?:{_BODY})", rf"主要(?:责任|负责|承办|牵头)(?:{_BODY})", rf"第一责任(?:{_BODY})",
        rf"(?:组织)?抓总(?:{_BODY})", rf"责任牵头(?:{_BODY})", rf"带队(?:{_BODY})", rf"(?:{_BODY}):?\(牵头\)",
    ),
    SUPPORT: (
        rf"(?:协同)?配合(?:责任)?(?:{_BODY})?", rf"协办(?:责任)?(?:{_BODY})?", rf"协[同助作](?:配合|责任|落实)?(?:{_BODY})?", rf"参[与加]落?实?(?:{_BODY})",
        rf"支持(?:{_BODY})", rf"其[他它](?:责任|相关|有关|配合|参与)(?:{_BODY})", rf"(?:相关|有关)配合(?:{_BODY})", rf"会[同办](?:{_BODY})",
        rf"协管(?:{_BODY})", rf"次要责任(?:{_BODY})", rf"相关(?:责任)?(?:{_BODY})", rf"成员(?:{_BODY})",
    ),
    RESPONSIBLE: (
        rf"(?:市级|县级|区级|省级|州级|落实|直接|具体|主体|工作|整改|任务)?(?:责任|负责)(?:落实)?(?:{_BODY})(?:及分工)?", "责任主体", "责任", "实施主体", "落实主体",
        rf"(?:落实|承办|实施|承接|主体责任|完成|承担|执行|组织实施|具体实施|组织|建设|整改|主管|任务|责任承办|责任落实|责任分工|办理)(?:{_BODY})",
        "责任分工", "任务分工", "职责分工", "分工", "责任归属",
    ),
    PERSON: (
        "(?:市|县|区|州|省|镇|乡)?(?:级|委|政府)?(?:责任|牵头|分管|挂钩|挂点|包保|联系|包联|督办|主管|主抓|负责|协调|督导|挂帅|包抓|总负责)领导",
        "(?:市|县|区|州|省)(?:级|政府|委)?领导", "(?:直接|具体|第一|主要|分管|牵头|部门|单位|落实|整改|工作)?(?:责任|负责)人(?:员)?(?:及职务|姓名)?", "总责任人", "第一责任人",
        "(?:责任|牵头|分管)(?:市长|县长|区长|州长|局长|主任)", "领导", "责任人及联系方式",
    ),
    SUPERVISOR: (
        rf"(?:监督|督办|督查|督导|指导|汇总|监管|考核|验收|评价|监督检查|督促|审核)(?:责任)?(?:{_BODY})",
        rf"牵头汇总(?:{_BODY})?",
    ),
    DEADLINE: (
        "(?:计划|预计|拟|任务|整改|总体)?(?:完成|办理|办结|整改|工作|推进|落实|实施|报送|上报|达标|销号|启动|建成|进度|阶段)?(?:完成)?(?:时限|时间|期限|时效|日期|截止时间|截止日期|时间节点|时间要求|时限要求|时间安排|进度安排|时间进度|时间表)(?:要求|节点|安排|及要求)?",
        "(?:工作|推进|序时|形象|实施|总体)?进度(?:要求|安排|计划|节点|目标)?", "节点(?:要求)?", "起止(?:时间|年限)", "截止(?:时间|日期)", "时间节点", "时间", "时限", "进度要求",
    ),
    GOAL: (
        "(?:工作|预期|任务|年度|总体|阶段|主要|达到|具体|整改|考核|完成|建设|绩效)?(?:目标|成效|成果|目的)(?:任务|要求|值|成果|及要求)?",
        "(?:主要)?(?:量化)?(?:指标|目标值|考核指标)(?:值)?", "成果形式", "工作成果", "完成标志", "预期成果", "完成标准", "工作标准", "质量要求", "验收标准",
    ),
    MEASURE: (
        "(?:具体|工作|主要|落实|推进|保障|整改|改革|重点|实施|任务|分解)(?:措施|举措|办法|做法|步骤)", "(?:措施|举措)", "具体(?:工作|任务|内容|事项|要求|工作任务)(?:内容|要求|和要求|及要求)?",
        "(?:细化|分解|分项|子)(?:任务|工作|事项|内容|措施|工作任务)", "(?:任务|工作|目标)分解", "具体任务(?:和|及)?措施", "二级任务", "三级任务", "工作要求", "任务要求",
        "(?:主要)?(?:工作)?任务(?:和|及|、)?措施",
    ),
    TASK: (
        "(?:重点|主要|工作|目标|年度|改革|建设|分工|责任|督查|整治|整改|落实)?(?:任务|工作)(?:内容|事项|分工|安排|名称|清单|项目|要点|分解)?", "(?:工作|任务|事项|主要|改革|重点|具体|建设|公开|整改|实施|检查|服务|责任|分解)内容", "内容",
        "(?:重点|主要)(?:工作|任务)(?:任务|内容|事项)?", "责任事项", "工作重点", "(?:重点)?(?:改革|公开|任务|工作|督办|重点|办理|民生|具体)事项", "落实事项", "重点工作(?:任务)?", "主要职责", "工作职责", "职责任务", "工作任务及目标",
        "任务(?:和|及|与)?(?:目标|要求)", "工作目标(?:和|及|与)任务", "目标任务", "问题整改", "建设任务", "实施内容", "建议内容",
    ),
    ITEM: (
        "事项", "项目", "项目名称", "类别", "类型", "分类", "领域", "名称", "指标名称", "一级(?:任务|指标)", "工作类别", "任务类别", "大项", "方面", "任务名称", "专项", "板块", "要点", "(?:责任)?领域", "序号及项目",
        "工作领域", "任务领域", "工作项目", "(?:主要)?环节", "阶段", "工作阶段", "实施阶段", "问题", "存在问题", "改革领域", "公开领域",
    ),
    NUMBER: ("序号", "编号", "号", "项次", "序"),
    NOTE: ("备注", "说明", "依据", "任务来源", "来源", "政策依据", "文件依据", "状态", "进展情况", "完成情况", "工作进展", "备 注", "工作依据", "目前进展", "落实情况", "分值", "权重", "考核分值", "印证材料", "(?:第)?[一二三四]季度(?:目标|进度|计划|任务)?", "[上下]半年(?:目标|进度|计划)?", "方式", "频次", "数量", "单位"),
    CONTACT: ("联系人(?:及电话|及联系电话|及联系方式)?", "联系电话", "联系方式", "电话"),
}  # fmt: skip
UNIT_ROLES = (LEAD, SUPPORT, RESPONSIBLE)
#: Labels believed without a table around them, where a colon follows.
LINE_KINDS = (LEAD, SUPPORT, RESPONSIBLE, PERSON, SUPERVISOR, DEADLINE)


@lru_cache(maxsize=1)
def line_label() -> re.Pattern[str]:
    """Return the pattern of a label with its colon inside running text; the group named by role matches."""
    groups = "|".join(f"(?P<{kind}>{'|'.join(LABELS[kind])})" for kind in (*LINE_KINDS[::-1],))
    return re.compile(
        rf"(?:(?<=^)|(?<=[\s。;,.!、()\[\]>*”:·-]))(?:{groups})(?: {{0,3}}(?:及|和|、|/|与) {{0,2}}(?P<also>责任人|负责人|完成时限|时限|责任领导))?"
        r"(?: {0,2}\([^()\n]{1,12}\))? {0,3}(?::|\] ?:?|-{{2}}|为(?=[省市县区州各有]))"
    )


@lru_cache(maxsize=1)
def bare_label() -> re.Pattern[str]:
    """Return the pattern of a role label that stands at a line's start followed by blanks instead of a colon."""
    groups = "|".join(
        f"(?P<{kind}>{'|'.join(p for p in LABELS[kind] if '单位' in p)})"
        for kind in (SUPERVISOR, RESPONSIBLE, SUPPORT, LEAD)
    )
    return re.compile(rf"(?m)^[ \[]*(?:{groups})(?: {{1,4}}|\n)(?=[\u4e00-\u9fff])")


@lru_cache(maxsize=1)
def header_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the patterns of column headers, most telling kinds first."""
    order = (NUMBER, PERSON, SUPERVISOR, LEAD, SUPPORT, RESPONSIBLE, DEADLINE, CONTACT, NOTE, GOAL, MEASURE, TASK, ITEM)
    return tuple((kind, re.compile(rf"(?:{'|'.join(LABELS[kind])})")) for kind in order)


#: 牵头单位:市财政局 is a labelled value; a column's header has nothing behind its colon.
VALUED = re.compile(r":\s*[^\s:*]")
HEADER_NOISE = re.compile(r"\s+|^[一二三四五六七八九十\d]+[、.]|\((?!牵头|部门|单位)[^()]*\)$|[:*]")


@lru_cache(maxsize=4000)
def header_kind(key: str) -> str | None:
    """Return the kind of column a header cell announces, or None."""
    bare = HEADER_NOISE.sub("", key)
    if not bare or len(bare) > 16 or VALUED.search(key):
        return None
    for kind, pattern in header_patterns():
        if pattern.fullmatch(bare):
            return kind
    if len(bare) <= 12:
        return _loose_kind(bare)
    return None


def _loose_kind(bare: str) -> str | None:
    """Guess the kind of an unlisted header by the words it holds."""
    for kind, word in (
        (LEAD, "牵头(?:单位|部门)"), (SUPPORT, "(?:配合|协办|参与)(?:单位|部门)"), (RESPONSIBLE, "责任(?:单位|部门)"),
        (PERSON, "责任人|领导$"), (DEADLINE, "时限|完成时间|时间节点"), (MEASURE, "措施|举措"), (TASK, "任务$|内容$|主要工作|工作要点$|事项$|工作$"), (ITEM, "项目$|领域$|类别$|名称$"),
    ):  # fmt: skip
        if re.search(word, bare):
            return kind
    return None
