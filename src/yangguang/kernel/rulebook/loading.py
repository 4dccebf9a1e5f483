"""Files of values, read and checked: nothing without a day, a unit and a resolving citation gets in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from yangguang.kernel.rulebook.reading import Located, Reader
from yangguang.kernel.rulebook.sources import Source, article_number, is_article
from yangguang.kernel.rulebook.vocabulary import Cite, Confidence, Held, Kind, Rolls, Unit, Value

Word = TypeVar("Word", bound=StrEnum)

_ENTRY_KEYS = frozenset({"zh", "en", "values"})
_VALUE_KEYS = frozenset({"from", "to", "value", "unit", "cite", "kind", "rolls", "starts", "note"})
_CITE_KEYS = frozenset({"law", "article", "confidence"})
_READ_IN_A_TEXT = frozenset({Confidence.TEXT, Confidence.LOCAL, Confidence.SECOND_HAND})


@dataclass(frozen=True, slots=True)
class Entry:
    """All values that one file gives for one key."""

    key: str
    place: Located
    overlay: str
    values: tuple[Value, ...]


def read_values(paths: Iterable[tuple[Path, str]], register: dict[str, Source], reader: Reader) -> list[Entry]:
    """Return the entries of the files; each path comes with its overlay code ('' for the whole country)."""
    entries = []
    for path, overlay in paths:
        for key, place in reader.document(path).items():
            entries.append(_entry(key, place, overlay, register, reader))
    base = _check_together(entries, reader)
    return [_named(entry, base[entry.key]) if entry.overlay and entry.key in base else entry for entry in entries]


def _entry(key: str, place: Located, overlay: str, register: dict[str, Source], reader: Reader) -> Entry:
    given = reader.mapping(place, key)
    reader.only(given, _ENTRY_KEYS, key)
    names: dict[str, str] = {name: str(given[name].value) for name in ("zh", "en") if name in given}
    if not overlay and len(names) < 2:
        reader.faults.append(place.fault(f"{key} needs its names zh and en"))
    listed = given["values"].value if "values" in given else None
    if not isinstance(listed, list) or not listed:
        reader.faults.append(place.fault(f"{key} needs values, a list"))
        listed = []
    values = []
    for item in listed:
        value = _ValueReader(key, item, reader).read(register, overlay=overlay, names=names)
        if value is not None:
            values.append(value)
    return Entry(key, place, overlay, tuple(sorted(values, key=lambda value: value.from_)))


@dataclass(slots=True)
class _ValueReader:
    """Reads one value of a list; every fault names the line of the field it lies in."""

    key: str
    item: Located
    reader: Reader
    refused: bool = False

    def read(self, register: dict[str, Source], *, overlay: str, names: dict[str, str]) -> Value | None:
        given = self.reader.mapping(self.item, f"a value of {self.key}")
        self.reader.only(given, _VALUE_KEYS, f"a value of {self.key}")
        from_, to = self.day(given, "from", needed=True), self.day(given, "to", needed=False)
        unit = self.word(given, "unit", Unit)
        held = self.held(given, unit)
        cite = self.cite(given, register, from_)
        kind = self.word(given, "kind", Kind) if "kind" in given else None
        rolls = self.word(given, "rolls", Rolls) if "rolls" in given else None
        if from_ and to and to < from_:
            self.fault(given["to"], "to lies before from")
        if self.refused or from_ is None or unit is None or held is None or cite is None:
            return None
        free = {name: str(given[name].value) for name in ("starts", "note") if name in given}
        return Value(
            key=self.key, value=held, unit=unit, cite=cite, from_=from_, to=to, overlay=overlay,
            kind=kind, rolls=rolls, file=self.item.file.name, line=self.item.line, **names, **free,
        )  # fmt: skip

    def fault(self, place: Located | None, says: str) -> None:
        self.refused = True
        self.reader.faults.append((place or self.item).fault(f"{self.key}: {says}"))

    def day(self, given: dict[str, Located], name: str, *, needed: bool) -> date | None:
        place = given.get(name)
        if place is None and not needed:
            return None
        if place is not None and type(place.value) is date:
            return place.value
        self.fault(place, f"a value needs {name}, a date such as 2021-02-01")
        return None

    def word(self, given: dict[str, Located], name: str, words: type[Word]) -> Word | None:
        place = given.get(name)
        if place is not None and place.value in list(words):
            return words(place.value)
        self.fault(place, f"a value needs {name}, one of {', '.join(words)}")
        return None

    def held(self, given: dict[str, Located], unit: Unit | None) -> Held | None:
        place = given.get("value")
        if place is None:
            self.fault(None, "value is missing")
        elif unit is not None and not _fits(place.plain, unit):
            self.fault(place, f"{place.plain!r} cannot be measured in {unit}")
        elif unit is not None:
            held: Held = place.plain
            return held
        return None

    def cite(self, given: dict[str, Located], register: dict[str, Source], from_: date | None) -> Cite | None:
        place = given.get("cite")
        if place is None or not isinstance(place.value, dict):
            self.fault(place, "a value needs cite: {law, article, confidence}")
            return None
        fields = place.value
        self.reader.only(fields, _CITE_KEYS, f"the cite of {self.key}")
        confidence = self.word(fields, "confidence", Confidence)
        law = fields.get("law")
        source = register.get(str(law.value)) if law else None
        if source is None:
            self.fault(law or place, f"no source {law.value if law else '(none)'} is registered in laws/")
            return None
        article = str(fields["article"].value) if "article" in fields else ""
        if confidence is not None:
            self.check_article(article, source, confidence, from_, fields.get("article", place))
        return Cite(source.id, article, source.title, confidence or Confidence.KNOWLEDGE)

    def check_article(
        self, article: str, source: Source, confidence: Confidence, from_: date | None, place: Located
    ) -> None:
        """A value read in a text must point into a wording in force on its first day."""
        if confidence not in _READ_IN_A_TEXT:
            return
        version = source.on(from_) if from_ else None
        if from_ is not None and version is None:
            self.fault(place, f"《{source.title}》 was not in force on {from_.isoformat()}")
        if confidence is not Confidence.TEXT:
            return
        if not is_article(article):
            self.fault(place, f"{article!r} is no article; write it as 第十七条 or 第三十三条第二款")
        elif version and version.articles and (article_number(article) or 0) > version.articles:
            self.fault(place, f"《{source.title}》 has only {version.articles} articles")


def _fits(held: Any, unit: Unit) -> bool:
    if unit is Unit.YES_NO:
        return isinstance(held, bool)
    if unit in (Unit.CHOICE, Unit.CAPABILITY):
        return isinstance(held, str) and bool(held)
    if isinstance(held, dict):
        return bool(held) and all(_is_amount(amount, unit) for amount in held.values())
    return _is_amount(held, unit)


def _is_amount(held: Any, unit: Unit) -> bool:
    if isinstance(held, bool) or not isinstance(held, int | float) or held < 0:
        return False
    if unit is Unit.DAY_OF_NEXT_MONTH:
        return isinstance(held, int) and 1 <= held <= 28
    return unit is Unit.PERCENT or isinstance(held, int)


def _check_together(entries: Sequence[Entry], reader: Reader) -> dict[str, Entry]:
    """Compare entries with one another; return those of the whole country by key."""
    base: dict[str, Entry] = {}
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        if (entry.key, entry.overlay) in seen:
            reader.faults.append(entry.place.fault(f"{entry.key} is declared twice"))
        seen.add((entry.key, entry.overlay))
        if not entry.overlay:
            base[entry.key] = entry
        for earlier, later in pairwise(entry.values):
            if earlier.to is None or earlier.to >= later.from_:
                says = f"{entry.key}: two values hold on {later.from_.isoformat()}; close the earlier one with to"
                reader.faults.append(entry.place.fault(says))
    for entry in entries:
        if entry.overlay:
            _check_overlay(entry, base.get(entry.key), reader)
    return base


def _named(entry: Entry, base: Entry) -> Entry:
    """An overlay goes by the names of the key it overlays."""
    if not base.values:
        return entry
    zh, en = base.values[0].zh, base.values[0].en
    return replace(entry, values=tuple(replace(value, zh=zh, en=en) for value in entry.values))


def _check_overlay(entry: Entry, base: Entry | None, reader: Reader) -> None:
    """An overlay may change a known key in its own unit, and never loosen what a national text binds."""
    if base is None:
        reader.faults.append(entry.place.fault(f"{entry.key} is no key of the whole country; nothing to overlay"))
        return
    for local in entry.values:
        for national in base.values:
            together = (national.to or date.max) >= local.from_ and (local.to or date.max) >= national.from_
            if not together:
                continue
            if local.unit is not national.unit:
                says = f"{entry.key}: overlaid in {local.unit}, but measured in {national.unit}"
                reader.faults.append(entry.place.fault(says))
            elif national.cite.confidence is Confidence.TEXT and _loosens(local, national):
                says = f"{entry.key}: {local.value} is looser than {national.value} of {national.cite}"
                reader.faults.append(entry.place.fault(says))


def _loosens(local: Value, national: Value) -> bool:
    here, there = local.value, national.value
    if isinstance(here, bool) or isinstance(there, bool):
        return here != there
    if not isinstance(here, int | float) or not isinstance(there, int | float):
        return False
    return (national.kind is Kind.MAX and here > there) or (national.kind is Kind.MIN and here < there)
