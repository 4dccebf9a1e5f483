"""Unit names: telling them from other words and cutting lists of them, as printed.

No register is consulted: a unit is known by how Chinese offices are named, by a level word at
the front (省, 市, 各), a field of work, and a kind of body at the end (厅, 局, 委员会).
"""
# ruff: noqa: E501  (tables: one rule or sample a line)

from __future__ import annotations

import re
from functools import lru_cache

from yangguang.domains.directives.reader.strand import Strand, join

#: Kinds of body that end a unit's name beyond doubt.
STRONG_END = (
    "厅|局|司|委|委员会|办|办公室|办公厅|部|署|政府|中心|公司|集团|部门|单位|机构|机关|法院|检察院|联社|总社|供销社|"
    "联合会|妇联|工会|团委|残联|文联|科联|社联|侨联|工商联|科协|记协|红十字会|管委会|管会|街道|街道办|办事处|公署|行署|"
    "总队|支队|大队|分局|报社|电视台|广播台|电台|分行|支行|总行|银行|军区|军分区|武装部|党组|党委|工委|党工委|党校|"
    "领导小组|指挥部|专班|联席会议|大学|学院|督查室|研究室|秘书处|处|科|室|院|委办局|委局|编办|人大|政协|"
    "园区|开发区|新区|高新区|经开区|保税区|示范区|管理区|乡镇|海关|事务所|出版社|合作社|信用社|研究所|各地|各级|各方|各方面|"
    "司|司局|监管办|专员办|法制办|信访办|督查办|审改办|效能办|公开办|督办"
)
#: Ends that also close other words; believed only after a level word or in an explicit list.
WEAK_END = "县|区|市|州|盟|旗|省|乡|镇|村|社区|会|协会|学会|商会|站|所|台|社|组|馆|园|校|行|企业|学校|医院|公安|消防|税务|海事|电力|邮政|电信|移动|联通|铁塔|烟草|气象|盐业|石油|石化|燃气|水司|家|户|场|港|队|团|库|窗口|社团|党支部|成员|处室|科室|股室|股|农信|国网|电网"
#: Words that open a unit's name: levels, collectives and fields of work.
LEVEL = "省|自治区|地区|市|县|区|州|盟|旗|镇|乡|街道|各|有关|相关|其他|全省|全市|全县|全区|全州|中国|中央|国家|国务院|团|人行|驻|本|我|所辖|辖区|属地|上级|下级|同级|两级|三级|基层"
FIELD = (
    "发展|发改|财政|教育|教体|教科|科技|科学|科教|工业|工信|经济|经信|经贸|商务|商业|公安|民政|司法|人社|人力|人事|劳动|国土|自然|环境|环保|"
    "生态|住房|住建|房管|城乡|城市|城管|规划|自规|建设|交通|水利|水务|农业|农村|农牧|农委|农办|林业|林草|园林|畜牧|文化|文广|文旅|文体|卫生|"
    "卫计|卫健|计生|人口|审计|监察|纪委|纪检|组织|宣传|统战|政法|编办|编委|机构编制|外事|外办|侨务|法制|法院|税务|国税|地税|工商|质监|质量|技术监督|"
    "市场|食品|食药|药监|安监|安全|应急|统计|物价|价格|粮食|旅游|体育|广电|广播|新闻|信访|扶贫|乡村|移民|人防|民防|人民|地震|气象|"
    "烟草|邮政|电力|供电|通信|电信|档案|保密|机关|政务|行政|政府|督查|督导|效能|目督|目标|考核|绩效|公积金|供销|残联|残疾|妇联|妇女|工会|总工会|"
    "团委|团省|团市|团县|团区|共青|红十字|检察|军|武警|消防|海关|检验|出入境|银监|保监|证监|银保|金融|银行|大数据|数据|数字|信息|电子|医保|医疗|"
    "退役|国资|国有|招商|投资|开发|园区|高新|经开|公路|铁路|民航|航空|海事|海洋|渔业|水产|港|口岸|民族|民宗|宗教|台办|台湾|港澳|对台|老干|"
    "党校|党史|党委|史志|地方志|社科|社会|文联|文物|科协|侨联|工商联|网信|互联网|研究|政研|办公|市委|省委|县委|区委|州委|市长|省长|县长|热线|领导小组|"
    "联席|成员|行业|主管|牵头|责任|承办|配合|协办|综合|执法|行政审批|审批|公共资源|公共|资源|交易|社保|社区|就业|培训|知识产权|专利|标准|人大|政协|"
    "街道|乡|镇|项目|重点|重大|中小|民营|企业|行政服务|便民|服务|12345|110|119|仲裁|公证|律师|学校|高校|高等|驻|铁|盐务|盐业|血|疾|医|爱卫|"
    "人事|财务|法规|政工|计财|规财|医政|秘书|文秘|监督|总务|教务|后勤|机要|宣教|稽查|稽核|窗口|综治|维稳|应急|食安|爱国|河长|林长|田长|创建|文明|效能|软环境|优化|营商|纠风|廉政|"
    "双拥|防汛|抗旱|城建|城投|交投|水投|国投|文投|旅投|轨道|地铁|公交|电视|报|日报|晚报|融媒|传媒"
)
STARTS = re.compile(rf"(?:{LEVEL}|{FIELD}|(?:局|厅|院|校|馆|所|公司|集团|中心)(?=[\u4e00-\u9fff]{{2}}))")
STRONG = re.compile(rf"(?:{STRONG_END})$")
ENDS = re.compile(rf"(?:{STRONG_END}|{WEAK_END})$")
BRACKETED_TAIL = re.compile(r"\([^()]{0,30}\)$")
COLLECTIVE = re.compile(
    r"^(?:全?[省市县区州盟旗镇乡]级?直?属?|本级|两级|市属|区属|县属|所属)?(?:各|有关|相关|其他|其它)[^的要应须]{1,40}$|"
    r"^(?:省|市|县|区|州|中央驻.|驻.)(?:级|直|属)[^的要应须]{0,6}(?:部门|单位|机关|企业|各.{1,8})$|"
    r"^(?:牵头|责任|配合|协办|主办|承办|参与|成员|主管|实施|参加)+(?:单位|部门)$|^.{2,20}成员单位$"
)
#: Words no unit's name holds; they betray a clause.
CLAUSE = re.compile(
    r"[的要应须对把将被使让从因但若如并且还也都很更最再已未不没吗呢了着过其它们这那此该]|"
    r"加强|推进|提高|完善|建立|开展|落实|做好|组织实施|贯彻|提出|制定|制订|出台|召开|研究(?!室|院|所|中心|会|局|部|处)|进一步|按照|根据|围绕|通过|以及时|确保|抓好|负责|牵头(?!单位|部门|责任单位)|情况"
)
#: Words of names that hold a character of CLAUSE.
LEADERS = re.compile("(?:领导|领导干部|负责人|负责同志|同志|人员)$")
NAME_WORDS = re.compile("供应|首都|都市|其他|应急|改革|主要")
PERSON = re.compile(
    r"^[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常"
    r"乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞"
    r"万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘"
    r"厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹"
    r"习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东殴殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公欧阳肖闫付代涂岳帅"
    r"缑亢况有琴覃仝仉佟苟兰漆芦种辜逢智阿][\u4e00-\u9fff·某Xx×*]{1,3}$"
)
SEPARATORS = "、,;/|"
CLASS_WORD = "(?:州|市|县|区|旗|盟|乡|镇|街道|村|社区|委|办|厅|局|部|处|室|科|所|站|自治县|自治州|地区|行署|林区|园区|开发区|新区|特区|直属机构|直属单位)"
OPEN_CLASS = re.compile(rf"(?:各|有关|相关){CLASS_WORD}$|^(?:各|有关|相关)?(?:级|直)?{CLASS_WORD}$")
ONLY_CLASS = re.compile(rf"^{CLASS_WORD}$")
CLOSES_CLASS = re.compile(
    r"^(?:各)?(?:州|市|县|区|旗|盟|乡|镇|街道|社区|村|自治县|自治州|地区|林区|园区|开发区|新区|特区)"
    r"(?:\([^()]*\))?(?:人民政府|政府|党委|管委会|办事处|行署|公署|居委会|村委会|工委|党工委)?(?:\([^()]*\))?(?:(?:以及|和|及|与).+)?$"
)
UPPER_LEVEL = re.compile("^(?:中央|中|部|省|国家|上级)$")
STATIONED = re.compile("^(?:中|省|部|市|区)?(?:驻|直|属|级)")
CONJUNCTION = re.compile("以及|和|及|与|暨")
OPEN_LIST = re.compile(
    r"(?:等(?:有关|相关|各有关|各相关|其他)?(?:省直|市直|县直|区直|州直|省级|市级|县级|区级)?(?:部门|单位|机构|企业|人员)?(?:[和及、/]|\()?(?:部门|单位|机构|企业|责任单位)\)?|等)$"
)
ROLE_MARK = re.compile(
    r"\((?P<mark>(?:总|共同)?牵头(?:单位|部门|负责|落实|抓总|汇总)?|主办(?:单位)?|主责(?:单位)?|负责(?:单位)?|责任单位|配合(?:单位|部门)?|协办(?:单位)?|协助|参与(?:单位)?|参加)\)"
)
GLUED = re.compile(
    r"(?<=[厅局委办部院署室会府心校行])(?=(?P<level>[省市县区州])(?!场|民|容|长|域|情|内|外|级|直|际|镇|乡)(?:[\u4e00-\u9fff]))"
)
EACH = re.compile(r"(?<=[\u4e00-\u9fff)])(?<![和及与])(?=各)")
#: Local bodies whose kind is too common a word to be believed without a level before it.
LOCAL = re.compile(
    r"^[省市县区州旗镇乡村][^的和,全]{1,10}(?:站|所|队|协会|商会|学会|社区|企业|学校|医院|银行|乡镇|街道|窗口|村|镇|乡|公司|中心)$|^(?:镇村|县区|区县|县市区|市县|乡镇|镇街|村居)(?:两级)?$"
)
TOGETHER_WORDS = re.compile("会同|联合(?=[省市县区州各有])")
HAN_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=8192)
def is_unit(key: str, listed: bool = False) -> bool:
    """Say whether folded text reads as one unit's name; `listed` relaxes the test inside explicit lists."""
    name = key.replace(" ", "").replace("\n", "")
    bare = BRACKETED_TAIL.sub("", name) or name
    if not 2 <= len(bare) <= 40 or CLAUSE.search(NAME_WORDS.sub("", bare)):
        return False
    if COLLECTIVE.match(bare.replace("主要", "")) and not LEADERS.search(bare):
        return True
    if listed:
        return bool(ENDS.search(bare))
    return bool(STRONG.search(bare)) and (bool(STARTS.match(bare)) or bool(re.search("[省市县区州盟旗]", bare[:8])))


@lru_cache(maxsize=8192)
def is_person(key: str) -> bool:
    """Say whether folded text reads as a person's name."""
    name = key.replace(" ", "")
    return bool(PERSON.match(name)) and not (STRONG.search(name) or len(name) > 2 and ENDS.search(name))


def split_units(listing: Strand) -> list[Strand]:
    """Cut a printed list into units, in order, without 等 and role marks left in place."""
    tokens = _merged(listing, _cut(listing))
    units: list[Strand] = []
    for token in tokens:
        for part in _lines_to_units(token):
            units.extend(_unglued(part))
    return [unit for unit in (clean(unit) for unit in units) if unit]


def is_open(listing: Strand) -> bool:
    """Say whether a list ends in 等: not all its units are printed."""
    tail = OPEN_LIST.search(listing.key.strip(" \n。.,;、"))
    return bool(tail and tail.group().startswith("等"))


def clean(unit: Strand) -> Strand:
    """Take list punctuation, a closing 等 and empty brackets off a unit's name."""
    unit = unit.strip("。.,;:、·*")
    tail = OPEN_LIST.search(unit.key)
    if tail and tail.group().startswith("等") and tail.start() > 0:
        unit = unit[: tail.start()].strip("、,")
    if unit.key in {"等", "及", "和"}:
        return unit[:0]
    return _balanced(unit)


def _balanced(unit: Strand) -> Strand:
    if unit.key.count("(") > unit.key.count(")") and unit.key.startswith("("):
        return unit[1:].strip()
    if unit.key.count(")") > unit.key.count("(") and unit.key.endswith(")"):
        return unit[:-1].strip()
    return unit


def _cut(listing: Strand) -> list[tuple[int, int]]:
    """Return the places between separators outside brackets."""
    places, depth, last = [], 0, 0
    for place, char in enumerate(listing.key):
        if char in "([":
            depth += 1
        elif char in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and char in SEPARATORS:
            places.append((last, place))
            last = place + 1
    places.append((last, len(listing)))
    return [(start, end) for start, end in places if listing.key[start:end].strip()]


def _merged(listing: Strand, places: list[tuple[int, int]]) -> list[Strand]:
    """Put 各州、市人民政府 and 省直各委、办、厅、局 together again."""
    groups: list[tuple[int, int]] = []
    chain, last = False, ""
    for start, end in places:
        key = HAN_SPACES.sub("", listing.key[start:end])
        if (
            groups
            and UPPER_LEVEL.match(last)
            and STATIONED.match(key)
            or chain
            and (ONLY_CLASS.match(key) or CLOSES_CLASS.match(key))
        ):
            groups[-1] = (groups[-1][0], end)
            chain = bool(ONLY_CLASS.match(key))
        else:
            groups.append((start, end))
            chain = bool(OPEN_CLASS.search(key)) and not ONLY_CLASS.match(key)
        last = key
    return [listing[start:end].strip() for start, end in groups]


def _lines_to_units(token: Strand) -> list[Strand]:
    """Join names torn over lines or by spaces, and cut lines that are names of their own."""
    if not HAN_SPACES.search(token.key):
        return [token] if token else []
    pieces = [piece for piece in token.split(HAN_SPACES) if piece]
    if len(pieces) <= 1:
        return pieces
    if len(pieces) > 120:
        return pieces
    named = [place for place in range(1, len(pieces)) if _names_person(pieces[place - 1].key, pieces[place].key)]
    if named:
        bounds = sorted({0, len(pieces), *named, *(place + 1 for place in named)})
        return [part for start, end in zip(bounds, bounds[1:], strict=False) for part in _grouped(pieces[start:end])]
    return _grouped(pieces)


def _names_person(before: str, piece: str) -> bool:
    """Say whether a piece after a complete unit is the name of a person there."""
    return is_person(piece) and not STARTS.match(piece) and bool(STRONG.search(before) or is_person(before))


def _grouped(pieces: list[Strand]) -> list[Strand]:
    return [join(pieces[start:end]) for start, end in _best_groups([piece.key for piece in pieces])]


def _best_groups(pieces: list[str]) -> list[tuple[int, int]]:
    """Group consecutive fragments into the likeliest names (least cost over all groupings)."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(pieces) + 1):
        options = []
        for start in range(max(0, end - 12), end):
            options.append((best[start][0] + _cost(pieces[start:end]), start))
        best.append(min(options))
    groups: list[tuple[int, int]] = []
    end = len(pieces)
    while end:
        start = best[end][1]
        groups.append((start, end))
        end = start
    return groups[::-1]


def _cost(pieces: list[str]) -> float:
    name = "".join(pieces)
    bare = BRACKETED_TAIL.sub("", name)
    cost = 0.0
    if name.count("(") != name.count(")"):
        cost += 6
    if not STARTS.match(bare):
        cost += 2
    if not ENDS.search(bare):
        cost += 2
    elif not STRONG.search(bare):
        cost += 0.4
    if len(name) > 22:
        cost += (len(name) - 22) * 0.3
    so_far = ""
    for piece, following in zip(pieces, pieces[1:], strict=False):
        so_far += piece
        cost += 0.05 if len(piece) == 1 or len(following) == 1 else 0.3
        if len(so_far) >= 3 and STRONG.search(so_far) and _opens(following):
            cost += 3
    return cost


def _opens(key: str) -> bool:
    return len(key) >= 2 and bool(STARTS.match(key))


def _unglued(token: Strand) -> list[Strand]:
    """Cut a token where it holds several units."""
    places = _seams(token.key)
    if not places:
        return [token]
    pieces, last = [], 0
    for start, end in places:
        if start < last:
            continue
        pieces.append(token[last:start])
        last = end
    pieces.append(token[last:])
    return [piece.strip("、,") for piece in pieces if piece.strip("、,")]


@lru_cache(maxsize=8192)
def _seams(key: str) -> tuple[tuple[int, int], ...]:
    """Return where units meet: at 和/及 between units, at 各X各Y, and where names stand without a separator."""
    places = [(m.start(), m.end()) for m in CONJUNCTION.finditer(key) if _joins(key, m.start(), m.end())]
    places += [(m.start(), m.start()) for m in EACH.finditer(key) if _each_each(key, m.start())]
    if len(key) > 8:
        places += [(m.start(), m.start()) for m in GLUED.finditer(key) if _two_names(key, m)]
    return tuple(sorted(places))


def _outside_brackets(key: str, place: int) -> bool:
    return key.count("(", 0, place) == key.count(")", 0, place)


def _joins(key: str, start: int, end: int) -> bool:
    left, right = key[:start].strip(), key[end:].strip()
    left = re.split("以及|和|及|与|、", left)[-1] if STRONG.search(left) else left
    if not left or not right or not _outside_brackets(key, start) or right.startswith("其"):
        return False
    if re.match(r"^各(?:部门|单位|科室)(?:办公|的)", right) and re.search(r"各级?[^各]*$", left):
        return False
    if re.fullmatch(r"(?:有关|相关)?(?:单位|部门|机构|人员|个人|企业|组织)", right) and not right.startswith(
        ("有关", "相关")
    ):
        return False
    first = re.split("以及|和|及|与", right)[0]
    if not is_unit(left) and not (len(left) >= 3 and STRONG.search(left) and not CLAUSE.search(left)):
        return False
    return is_unit(right) or is_unit(first) or bool(COLLECTIVE.match(right)) or _short_unit(first, left)


def _short_unit(right: str, left: str) -> bool:
    return len(right) >= 3 and bool(STRONG.search(right)) and bool(STARTS.match(right)) and len(left) >= 3


def _each_each(key: str, place: int) -> bool:
    left, right = key[:place], key[place:]
    if not _outside_brackets(key, place) or len(right) < 2:
        return False
    return bool(re.search(r"(?:^|[、和及])各[^各]{1,12}$", left)) and bool(re.match(r"^各[^各]{1,20}$", right))


def _two_names(key: str, match: re.Match[str]) -> bool:
    place = match.start()
    if not _outside_brackets(key, place):
        return False
    left, right = key[:place], key[place:]
    return key[0] == match["level"] and len(left) >= 2 and len(right) >= 3 and bool(ENDS.search(right))
