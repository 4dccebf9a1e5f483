"""The register of sources (laws/): which law, whose, in force when. Metadata only, never a text of law."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from yangguang.kernel.rulebook.reading import Located, Reader

_NUMERALS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SCALES = {"十": 10, "百": 100}
_ARTICLE = re.compile(r"第([0-9]+|[零〇一二两三四五六七八九十百]+)条")
_WHOLE = re.compile(
    rf"{_ARTICLE.pattern}(第[0-9一二三四五六七八九十]+款)?(第[(（]?[0-9一二三四五六七八九十]+[)）]?项)?"
)
_ID = re.compile(r"[a-z][a-z0-9-]*")
_LAW_KEYS = frozenset({"id", "title", "en", "kind", "issuer", "link", "note", "versions"})
_VERSION_KEYS = frozenset({"number", "adopted_on", "from", "to", "articles"})


class SourceKind(StrEnum):
    """What sort of source it is; the last three are no law."""

    LAW = "law"
    REGULATION = "regulation"
    RULE = "rule"
    LOCAL_REGULATION = "local_regulation"
    NOTICE = "notice"
    LOCAL_PRACTICE = "local_practice"
    DESIGN = "design"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of a source: its number, its days in force, and how many articles it has."""

    number: str
    from_: date
    to: date | None
    adopted_on: date | None
    articles: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """A law, regulation, rule, notice or practice that values may cite."""

    id: str
    title: str
    en: str
    kind: SourceKind
    issuer: str
    versions: tuple[Version, ...]
    link: str = ""
    note: str = ""

    def on(self, day: date) -> Version | None:
        """Return the wording in force on that day."""
        return next((v for v in self.versions if v.from_ <= day and (v.to is None or day <= v.to)), None)


def article_number(article: str) -> int | None:
    """Return N of 第N条, in Chinese or Arabic figures; None where the text is no such reference.

    >>> article_number("第十七条第二款"), article_number("第101条"), article_number("附件")
    (17, 101, None)
    """
    match = _ARTICLE.match(article)
    if match is None:
        return None
    figures = match.group(1)
    if figures.isascii():
        return int(figures)
    total, digit = 0, 0
    for figure in figures:
        if figure in _SCALES:
            total, digit = total + (digit or 1) * _SCALES[figure], 0
        else:
            digit = _NUMERALS[figure]
    return total + digit


def is_article(text: str) -> bool:
    """Whether the text is one or several references such as 第三条第二款、第五条."""
    return all(_WHOLE.fullmatch(part) for part in text.split("、"))


def read_sources(paths: Iterable[Path], reader: Reader) -> dict[str, Source]:
    """Return the register by id; faults go to the reader."""
    register: dict[str, Source] = {}
    for path in paths:
        document = reader.document(path)
        if not document:
            continue
        source = _source(document, Located(document, path, 1), reader)
        if source is None:
            continue
        if source.id in register:
            reader.faults.append(document["id"].fault(f"the source {source.id!r} is registered twice"))
        register[source.id] = source
    return register


def _source(document: dict[str, Located], place: Located, reader: Reader) -> Source | None:
    reader.only(document, _LAW_KEYS, "a source")
    before = len(reader.faults)
    words = {name: _word(document, name, place, reader) for name in ("id", "title", "en", "kind", "issuer")}
    if words["id"] and not _ID.fullmatch(words["id"]):
        reader.faults.append(document["id"].fault("id must be small letters, figures and hyphens"))
    if words["kind"] and words["kind"] not in list(SourceKind):
        reader.faults.append(document["kind"].fault(f"kind must be one of {', '.join(SourceKind)}"))
    versions = _versions(document.get("versions", place), reader)
    if len(reader.faults) > before:
        return None
    optional = {name: str(document[name].value) for name in ("link", "note") if name in document}
    return Source(
        id=words["id"],
        title=words["title"],
        en=words["en"],
        kind=SourceKind(words["kind"]),
        issuer=words["issuer"],
        versions=versions,
        **optional,
    )


def _word(document: dict[str, Located], name: str, place: Located, reader: Reader) -> str:
    given = document.get(name)
    if given is not None and isinstance(given.value, str) and given.value.strip():
        return given.value
    reader.faults.append((given or place).fault(f"a source needs {name}, as text"))
    return ""


def _versions(place: Located, reader: Reader) -> tuple[Version, ...]:
    if not isinstance(place.value, list) or not place.value:
        reader.faults.append(place.fault("a source needs versions: a list with at least number and from"))
        return ()
    found = [version for item in place.value if (version := _version(item, reader))]
    found.sort(key=lambda version: version.from_)
    for earlier, later in zip(found, found[1:], strict=False):
        if earlier.to is None or earlier.to >= later.from_:
            reader.faults.append(place.fault(f"the versions {earlier.number} and {later.number} overlap in time"))
    return tuple(found)


def _version(item: Located, reader: Reader) -> Version | None:
    given = reader.mapping(item, "a version")
    reader.only(given, _VERSION_KEYS, "a version")
    days: dict[str, date | None] = {}
    for name in ("from", "to", "adopted_on"):
        place = given.get(name)
        if place is not None and type(place.value) is not date:
            reader.faults.append(place.fault(f"{name} must be a date such as 2021-02-01"))
            return None
        days[name] = place.value if place else None
    if days["from"] is None or "number" not in given:
        reader.faults.append(item.fault("a version needs number and from"))
        return None
    articles = given["articles"].value if "articles" in given else None
    return Version(str(given["number"].value), days["from"], days["to"], days["adopted_on"], articles)
