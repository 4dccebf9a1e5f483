"""The envelope of a notice: title, document number, issuer, forwarding office, date, addressees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from yangguang.domains.directives.reader.chrome import is_furniture
from yangguang.domains.directives.reader.layout import Block
from yangguang.domains.directives.reader.numerals import DAY, NUMERIC_DAY, SMALL, YEAR, day_of
from yangguang.domains.directives.reader.strand import Strand, join
from yangguang.domains.directives.reader.units import COLLECTIVE, STRONG, is_unit, split_units

HEAD_LINES = 60
#: 《…》已经市政府同意,现印发…; 现将《…》印发给你们.
ISSUED = re.compile(
    r"(?:^\s*|现将|现印发|将)《(?P<name>[^《》]{4,80}(?:[〈<][^〈〉<>]{2,40}[〉>][^《》]{0,30})?)》(?:[(][^()]{0,30}[)])?[^。]{0,40}(?:印发|转发|下发|发给)"
)
_KINDS = (
    "通知|意见|通报|决定|方案|办法|要点|细则|规定|函|公告|通告|批复|报告|请示|纪要|计划|规划|纲要|措施|分工|分解|清单|台账|安排|制度|责任书|任务书|公示|"
    "命令|令|决议|条例|指南|规程|预案|任务表|分解表|分工表|一览表|任务|总结|汇总|讲话|方略|工程"
)
ENDS_TITLE = re.compile(
    rf"(?:{_KINDS})(?:[(]\s?(?:试行|暂行|草案|修订|征求意见稿|代拟稿|送审稿|摘要|节选|全文|[12]\d{{3}}[-年].{{0,8}})\s?[)])?$"
)
OPENS = re.compile(r"关于|转发|批转|印发|下发|贯彻|颁发|发布|公布|批准")
DOC_NUMBER = re.compile(
    rf"(?P<number>(?:[\u4e00-\u9fff]{{1,14}}\s?[\[(]\s?{YEAR}\s?[\])]\s?第?\s?(?:\d{{1,4}}|[一二三四五六七八九十百]{{1,5}})\s?号|[\u4e00-\u9fff]{{1,10}}[发函办字文规电令]\s?{YEAR}\s?(?:年)?\s?(?:第)?\s?\d{{1,4}}\s?号|[\u4e00-\u9fff]{{1,10}}[\[(]\s?{YEAR}[\])]\s?\d{{1,4}}(?!\d)(?=\s*$)))"
)
#: …的通知禾政发[2017]3号: a title's end glued before its number.
TITLE_GLUED = re.compile(
    r"(?:[\u4e00-\u9fff]{0,10}(?:通知|意见|决定|通报|方案|办法|要点)(?=[\u4e00-\u9fff]{2,6}[\[(]))?"
)
NUMBER_LABEL = re.compile(r"(?:发文字号|文\s?号|文件编号|文件字号|发文号|公文编号)\s*[:]?\s*")
LIST_START = re.compile(
    r"^(?:各|省|市|县|区|州|盟|旗|镇|乡|有关|相关|全|驻|本|机关|局|厅|委|中央|中省|国务院|[\u4e00-\u9fff]{2,8}(?:人民政府|管委会|街道|办事处|局|委|县|区|市|镇|乡|公司|集团|开发区|园区|新区))"
)
STANDALONE_DAY = re.compile(rf"^[(]?\s*{YEAR}\s?年\s?{SMALL}\s?月\s?{SMALL}\s?[日号]\s*[)]?$")
DATED = re.compile(rf"(?P<year>{YEAR})\s?年\s?(?P<month>{SMALL})\s?月\s?(?P<day>{SMALL})\s?[日号]")
META_DATE = re.compile(r"^\s*(?:成文|发文|生成|印发|签发|制发)(?:日期|时间)\s*:?\s*(?P<value>.+)$")
FORWARDS = re.compile(r"^(?P<by>.{2,60}?)(?:关于)?(?P<verb>转发|批转)(?P<what>.+)$")
SITE = re.compile(r"^(?:标\s*题|名\s*称|信息名称|文件名称)\s*[:|]\s*")
#: 首页, 网 and the like at a line's ends mark a page title, not the paper's.
PAGE_TITLE = re.compile(
    r"[>»|]|当前位置|[-_—]{1,2}\s*[\u4e00-\u9fff]{2,20}(?:网|网站|政府)$|网首页|\.\.\.|…$|信息网|搜索|范文"
)


@dataclass
class Envelope:
    """What stands around a notice's body; places are indices of blocks."""

    title: Strand | None = None
    number: Strand | None = None
    issuer: str | None = None
    forwarded_by: str | None = None
    day: date | None = None
    day_strand: Strand | None = None
    impossible_day: Strand | None = None
    addressees: list[Strand] = field(default_factory=list)
    body: int = 0  # first block of the body
    opening: Strand | None = None  # text that follows the addressees on their own line
    sign: int | None = None  # block of the signature date
    sign_rest: Strand | None = None  # text glued behind the signature date
    organs: list[Strand] = field(default_factory=list)  # lines of the signature

    def strands(self) -> list[Strand]:
        """Return the pieces of text the envelope was read from."""
        return [
            strand for strand in (self.title, self.number, self.day_strand, *self.addressees, *self.organs) if strand
        ]


def read_envelope(blocks: list[Block], first_label: int) -> Envelope:
    """Read the envelope; `first_label` is the block where numbered text or a table begins."""
    envelope = Envelope()
    _find_addressees(blocks, envelope, first_label)
    _find_number(blocks, envelope, first_label)
    _find_title(blocks, envelope, first_label)
    _find_day(blocks, envelope)
    if envelope.title is None:
        envelope.title = _attached_title(blocks, envelope)
    _find_issuer(blocks, envelope)
    return envelope


def _head(blocks: list[Block], limit: int) -> list[tuple[int, Strand]]:
    return [(place, block) for place, block in enumerate(blocks[:limit]) if isinstance(block, Strand)]


def _find_addressees(blocks: list[Block], envelope: Envelope, limit: int) -> None:
    for place, line in _head(blocks, min(limit + 1, HEAD_LINES * 2)):
        colon = line.key.find(":")
        if not 2 <= colon <= 600 or is_furniture(line.key):
            continue
        start = _after_title(line.key[:colon])
        listing = line[start:colon].strip()
        listing = listing[3:].strip(":") if listing.key.startswith("主送:") else listing
        if re.search(r"。|如下|单位$(?<=责任单位)|部门$(?<=牵头部门)|领导$|以下|时间$|[是为]$", listing.key):
            continue
        units = split_units(listing)
        sound = sum(is_unit(u.packed().key, True) or bool(COLLECTIVE.match(u.packed().key)) for u in units)
        least = len(units) * 6 if LIST_START.match(listing.key) else len(units) * 10
        if not units or sound * 10 < least or _is_label(listing.key):
            continue
        envelope.addressees = units
        envelope.body = place + 1
        envelope.opening = line[colon + 1 :].strip() or None
        return


def _is_label(key: str) -> bool:
    return bool(
        re.search(
            r"(?:牵头|责任|配合|协办|主办|承办|负责|参与|落实|实施|发布|发文|印发|主管|编制)(?:单位|部门|机构|机关)$",
            key,
        )
    )


def _after_title(key: str) -> int:
    """Return where, in a line that holds title and addressees, the addressees begin."""
    last = 0
    for match in re.finditer(
        r"(?:通知|意见|方案|通报|决定|办法|要点|函)\s?(?=各|[省市县区州]直|[省市县区州]级|[省市县区州]政府|有关)", key
    ):
        if key.count("《", 0, match.start()) <= key.count("》", 0, match.start()):
            last = match.end()
    number = [m.end() for m in DOC_NUMBER.finditer(key)]
    return max([last, *[end for end in number if LIST_START.match(key[end:].lstrip())]])


def _find_number(blocks: list[Block], envelope: Envelope, limit: int) -> None:
    candidates: list[tuple[int, Strand]] = []
    for place, line in _head(blocks, min(limit + 1, HEAD_LINES * 2)):
        for match in DOC_NUMBER.finditer(line.key[:400]):
            score = _number_score(line.key, match, place, envelope)
            if score:
                start = match.start("number") + _title_before(match["number"])
                candidates.append((score - place // 4, line[start : match.end("number")]))
    if candidates:
        best = max(candidates, key=lambda entry: entry[0])[1]
        label = NUMBER_LABEL.match(best.key)
        envelope.number = (best[label.end() :] if label else best).strip()


def _title_before(number: str) -> int:
    """Return how many characters of a title's end were matched with a number glued to it."""
    match = TITLE_GLUED.match(number)
    return match.end() if match else 0


def _number_score(key: str, match: re.Match[str], place: int, envelope: Envelope) -> int:
    glued = match.start() + _title_before(match["number"])
    before, after = key[:glued].strip(" *[("), key[match.end() :].strip(" *])")
    label = NUMBER_LABEL.search(before[-8:] + " ") or NUMBER_LABEL.match(match.group())
    if not before and not after:
        return 100
    if label:
        return 90
    if re.search(r"[《》]|按照|根据|贯彻|依据|落实", before[-40:]) and not re.search("通知》?$|意见》?$", before):
        return 0
    if key[: match.start()].rstrip().endswith(("(", "》(")) and "》" in before:
        return 0
    if not before and place <= (envelope.body or HEAD_LINES):
        return 80
    return (
        50
        if (len(key) <= 120 or glued > match.start() and glued < 160)
        and place <= (envelope.body or HEAD_LINES)
        and ENDS_TITLE.search(before.rstrip("》"))
        else 0
    )


def _find_title(blocks: list[Block], envelope: Envelope, limit: int) -> None:
    last = envelope.body if envelope.body else limit + 1
    head = [(place, line) for place, line in _head(blocks, min(last, HEAD_LINES * 2)) if line.key.strip()]
    candidates = [candidate for size in (1, 2, 3, 4) for candidate in _joined(head, size, envelope)]
    seen: dict[str, int] = {}
    for _, title in candidates:
        seen[title.packed().key] = seen.get(title.packed().key, 0) + 1
    scored = [
        (score + place * 0.01, -count, title)
        for count, (place, title) in enumerate(candidates)
        if (score := _title_score(title, seen)) > 0
    ]
    if scored:
        envelope.title = max(scored, key=lambda entry: entry[:2])[2]
        return
    plain = [line for _, line in head if _plain_title(line.key)]
    envelope.title = plain[-1].strip("《》*") if plain else _named_below(blocks, envelope)


def _named_below(blocks: list[Block], envelope: Envelope) -> Strand | None:
    """Where no title is printed above the addressees, take the paper's name from 现将《…》印发你们."""
    opening = [*([envelope.opening] if envelope.opening else []), *_lines_at(blocks, envelope.body, 2)]
    for line in opening if envelope.addressees else []:
        issued = ISSUED.search(line.key)
        if issued:
            return line[issued.start("name") : issued.end("name")]
    return None


def _lines_at(blocks: list[Block], place: int, count: int) -> list[Strand]:
    return [block for block in blocks[place : place + count] if isinstance(block, Strand)]


def _attached_title(blocks: list[Block], envelope: Envelope) -> Strand | None:
    """Name a cover letter printed without a title after the paper it sends: its heading, else its 《name》."""
    if not envelope.addressees:
        return None
    start = envelope.sign + 1 if envelope.sign is not None else len(blocks)
    for line in [block for block in blocks[start : start + 8] if isinstance(block, Strand)]:
        title = line.strip("《》 *")
        if len(title) <= 80 and _title_score(title, {title.packed().key: 1}) > 0:
            return title
    opening = [envelope.opening, *(b for b in blocks[envelope.body : envelope.body + 2] if isinstance(b, Strand))]
    for words in filter(None, opening):
        named = re.search(r"《(?P<name>[^《》]{6,80})》", words.key)
        if named and ENDS_TITLE.search(named["name"]) and re.search("印发|下发|转发", words.key[named.end() :]):
            return words[named.start("name") : named.end("name")]
    return None


def _plain_title(key: str) -> bool:
    key = key.strip()
    return (
        4 <= len(key) <= 60
        and not is_furniture(key)
        and not re.search(r"[。:;>|]|^\d|^[(\[]|[,]$", key)
        and not DOC_NUMBER.search(key)
        and not STANDALONE_DAY.match(key)
    )


def _joined(head: list[tuple[int, Strand]], size: int, envelope: Envelope) -> list[tuple[int, Strand]]:
    """Return the runs of `size` lines that may make a title."""
    found = []
    for start in range(len(head) - size + 1):
        run = head[start : start + size]
        if size > 1 and (run[-1][0] - run[0][0] != size - 1 or any(_breaks_title(line.key) for _, line in run)):
            continue
        title = _trimmed(join([line for _, line in run]), envelope)
        if title and (
            size == 1
            or not ENDS_TITLE.search(run[0][1].packed().key)
            or run[0][1].key.count("《") > run[0][1].key.count("》")
        ):
            found.append((run[-1][0], title))
    return found


def _breaks_title(key: str) -> bool:
    key = key.strip()
    return (
        len(key) > 60
        or is_furniture(key)
        or bool(re.search(r"[。:;>|]", key))
        or bool(STANDALONE_DAY.match(key))
        or (bool(DOC_NUMBER.search(key)) and len(key) < 30)
    )


def _trimmed(line: Strand, envelope: Envelope) -> Strand | None:
    """Take number, addressees, page words and outer 《》 off a title line."""
    line = line.strip(" *#")
    if len(line) > 500:
        line = line[:500]
    number = DOC_NUMBER.match(line.key)
    if number:
        line = line[number.end() :].strip()
    site = SITE.match(line.key)
    line = line[site.end() :].strip(" |") if site else line
    behind = re.search(rf"[(\[]\s?{DOC_NUMBER.pattern}\s?[)\]]$", line.key)
    line = line[: behind.start()].strip() if behind else line
    line = _until_end(line).strip(" *#")
    if line.key.startswith("《") and line.key.endswith("》") and _closes_last(line.key):
        line = line[1:-1]
    tail = re.search(r"[\s_|-]+[\u4e00-\u9fffA-Za-z.]{2,20}(?:网|网站|门户|政府|平台)$", line.key)
    if tail and ENDS_TITLE.search(line.key[: tail.start()]):
        line = line[: tail.start()]
    return line if 4 <= len(line) <= 200 else None


def _closes_last(key: str) -> bool:
    depth = 0
    for place, char in enumerate(key):
        depth += (char == "《") - (char == "》")
        if depth == 0:
            return place == len(key) - 1
    return False


def _until_end(line: Strand) -> Strand:
    """Cut a line after the title's last word where number, addressees or text are glued behind it."""
    for match in re.finditer(r"的?(?:通知|意见|决定|通报|方案|要点|办法)(?:[(](?:试行|暂行)[)])?》?", line.key):
        inside = line.key[: match.end()]
        if inside.count("《") - inside.count("》") > (
            1 if line.key.startswith("《") and "》" in line.key[match.end() :] else 0
        ):
            continue
        after = line.key[match.end() :].strip()
        if after.startswith("的"):
            continue
        if re.match(
            r"各|[省市县区州]直|有关|[\u4e00-\u9fff]{1,8}[\[(]\d{4}[\])]|[(\[](?:\d{4}年|[\u4e00-\u9fff]{1,8}[\[(])",
            after,
        ) and inside.count("《") == inside.count("》"):
            return line[: match.end()]
    return line


def _title_score(title: Strand, seen: dict[str, int]) -> float:
    key = title.packed().key
    if not ENDS_TITLE.search(key.rstrip("》")) or re.search(r"[。;]", key) or len(key) < 5:
        return 0
    if re.search(r"[:,](?!.*》)", re.sub("《[^》]*》", "", key)) and not OPENS.search(key):
        return 0
    score = 4.0
    prefix = OPENS.split(key, maxsplit=1)[0]
    if OPENS.search(key):
        score += 4
        if len(prefix) >= 3 and STRONG.search(prefix):
            score += 4
    if re.search(r"的(?:通知|意见|决定|通报|函|办法|批复|报告)$", key):
        score += 3
    if key.count("《") != key.count("》"):
        score -= 4
    if PAGE_TITLE.search(key) or is_furniture(key):
        score -= 8
    if re.match(r"^(?:附件|为|根据|按照|现将|请|经|第[一二三]|[一二三四五六七八九十]+、|\()", key):
        score -= 8
    return score + min(seen[key] - 1, 2) * 0.5 - (1 if key.startswith("关于") else 0)


def _find_day(blocks: list[Block], envelope: Envelope) -> None:
    """Take the signature's date; else a dated line under the title; else the page's 成文日期."""
    lines = [(place, block) for place, block in enumerate(blocks) if isinstance(block, Strand)]
    after = [(place, line) for place, line in lines if place >= envelope.body]
    for group in (after, lines):
        for place, line in group:
            if len(line) <= 60 and _signature_day(line, place, envelope):
                return
    if _numeric_day(after, envelope):
        return
    for place, line in after[:400]:
        if _glued_day(line, place, envelope):
            return
    if envelope.opening and _glued_day(envelope.opening, envelope.body - 1, envelope):
        envelope.sign_rest = None
        return
    for _, line in lines:
        match = META_DATE.match(line.key)
        found = match and (DATED.search(match["value"]) or NUMERIC_DAY.search(match["value"]))
        if found:
            envelope.day = day_of(found)
            return


def _numeric_day(after: list[tuple[int, Strand]], envelope: Envelope) -> bool:
    """Take 2010.3.22 on a line of its own below a line that signs."""
    for (_, above), (place, line) in pairwise(after):
        match = NUMERIC_DAY.fullmatch(line.key.strip())
        if match and len(above) <= 40 and STRONG.search(above.word()) and not re.search("[,。:;]", above.key):
            _set_day(envelope, line.strip(), match, place)
            return True
    return False


def _signature_day(line: Strand, place: int, envelope: Envelope) -> bool:
    match = DATED.search(line.key)
    if not match:
        return False
    before = line.key[: match.start()].strip(" (")
    after = line.key[match.end() :].strip(" )")
    if after and not re.match(r"^(?:印发|印|发布|公布)?$", after):
        return False
    if before and not (STRONG.search(before.replace(" ", "")) and len(before) <= 44 and ":" not in before):
        return False
    if "印发" in after and before:
        return False
    _set_day(envelope, line, match, place)
    return True


def _glued_day(line: Strand, place: int, envelope: Envelope) -> bool:
    """Take a date glued between the signature and the attachment's title."""
    match = DATED.match(line.key)
    if match and re.match(r"(?:[12]\d{3}年)?[\u4e00-\u9fff]|$", line.key[match.end() :]) and not re.match(
        r"(?:前|以前|之前|起|至|到|以来|召开|下午|上午|,|、|在|以|止|开始|印发的|市|省)", line.key[match.end() :]
    ):  # fmt: skip
        _set_day(envelope, line, match, place)
        envelope.sign_rest = line[match.end() :].strip() or None
        return True
    for match in DATED.finditer(line.key):
        before = line.key[max(0, match.start() - 60) : match.start()].rstrip()
        tail = re.search(r"[。](?P<organ>[\u4e00-\u9fff\s]{0,30})$", before)
        rest = line.key[match.end() : match.end() + 60]
        if (
            tail
            and (not tail["organ"].strip() or STRONG.search(tail["organ"].strip()))
            and re.match(r"\s|$|[12]\d{3}年|附|[(]此?件|[\u4e00-\u9fff]{2,40}(?:要点|方案|分工|分解|计划|意见)", rest)
        ):
            _set_day(envelope, line, match, place)
            envelope.sign_rest = line[match.end() :].strip() or None
            return True
    return False


def _set_day(envelope: Envelope, line: Strand, match: re.Match[str], place: int) -> None:
    envelope.day = day_of(match)
    envelope.day_strand = line[match.start() : match.end()]
    envelope.impossible_day = None if envelope.day else envelope.day_strand
    envelope.sign = place if place >= envelope.body else None


def _find_issuer(blocks: list[Block], envelope: Envelope) -> None:
    signature = _signature(blocks, envelope)
    if envelope.title is None:
        envelope.issuer = signature
        return
    title = envelope.title.packed()
    forwards = FORWARDS.match(title.key)
    if forwards and STRONG.search(forwards["by"]):
        envelope.forwarded_by = title.raw[: forwards.end("by")]
        what = title[forwards.start("what") :].strip("《")
        envelope.issuer = _organ(what) or None
        return
    if forwards and title.key.startswith(("转发", "批转")):
        what = title[2:].strip("《")
        envelope.issuer, envelope.forwarded_by = _organ(what), signature
        return
    envelope.issuer = _organ(title) or signature or _metadata_organ(blocks)


def _organ(title: Strand) -> str | None:
    """Return the organ a title opens with."""
    match = OPENS.search(title.key)
    if not match or match.start() < 3:
        return None
    organ = title[: match.start()].strip("《 ")
    key = organ.key
    for end in range(len(key), 2, -1):
        if STRONG.search(key[:end]) and not re.search("[,。:;]", key[:end]):
            return organ.raw[:end] if end >= len(key) - 4 else None
    return None


def _signature(blocks: list[Block], envelope: Envelope) -> str | None:
    """Return the organ above or before the signature date."""
    if envelope.sign is None:
        return None
    line = blocks[envelope.sign]
    if isinstance(line, Strand):
        match = DAY.search(line.key)
        before = line[: match.start()].strip(" (。") if match else line[:0]
        if before and len(before) <= 44 and STRONG.search(before.packed().key):
            return before.packed().raw
    organs: list[str] = []
    for place in range(envelope.sign - 1, max(-1, envelope.sign - 4), -1):
        line = blocks[place]
        if not isinstance(line, Strand) or len(line) > 40 or re.search("[。,:;、]", line.key):
            break
        if STRONG.search(line.packed().key):
            organs.insert(0, line.packed().raw)
            envelope.organs.append(line)
    return " ".join(organs) or None


def _metadata_organ(blocks: list[Block]) -> str | None:
    for _, line in _head(blocks, HEAD_LINES):
        match = re.match(r"^\s*(?:发文|制发|发布)(?:机关|机构|单位)\s*:?\s*(?P<organ>[\u4e00-\u9fff]{4,30})", line.key)
        if match and STRONG.search(match["organ"]):
            return line.raw[match.start("organ") : match.end("organ")]
    return None
