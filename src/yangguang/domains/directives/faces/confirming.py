"""The confirm page's form: many rows, read back exactly as typed, matched to units by name.

A row that cannot be read is reported by its field; everything typed is shown again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from yangguang.domains.directives.commands.intake import named_unit
from yangguang.domains.directives.vocabulary import ADDED, ROW_FIELDS, Role
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.organisation.queries import Resolver

if TYPE_CHECKING:
    from yangguang.domains.directives.models import Notice, Proposal

ROLES = (Role.LEAD, Role.SUPPORT, Role.RESPONSIBLE)
ROLE_NAMES = frozenset(role.value for role in ROLES)
KINDS = ("by", "recurring", "relative", "vague")
#: rows offered beyond those there are, for additions
SPARE = 1


@dataclass
class Submitted:
    """What came back: changes by position, sentences by field, names to learn as aliases."""

    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    learn: list[tuple[str, int]] = field(default_factory=list)


def read_rows(post: Mapping[str, str], notice: Notice, on: date) -> Submitted:
    """Return the changed rows of a submitted confirm page.

    A field is changed where it comes back otherwise than it was shown: what was read stays as it was read,
    down to its order and white space, until a person touches it. A name that nobody had matched is looked
    up anew, so that one learned meanwhile, or answered once for all rows, is filled in.
    """
    submitted = Submitted()
    names = _Names(Resolver(notice.case.division, on), _answers(post))
    views = {view.row.position: view for view in show_rows(notice)}
    for position in sorted({*views, *_new_positions(post, views)}):
        view = views.get(position)
        typed = _Row(post, position, names, submitted, view.row if view else None, shown_values(view) if view else {})
        if not typed.is_there:
            continue
        given = typed.read()
        if view is None and not given["text"].strip():
            continue
        changed = {name: v for name, v in given.items() if view is None or v != getattr(view.row, name)}
        if changed:
            submitted.changes[position] = changed
    return submitted


def shown_values(view: RowView) -> dict[str, str]:
    """Return what the controls of a row send when nobody touches them, by their names without the row's."""
    row = view.row
    shown = {
        "kept": "1" if row.kept else "",
        "number": row.number,
        "path": view.path,
        "title": row.title,
        "text": row.text,
        "persons": "、".join(row.persons),
        "percent": str(row.percent),
        "status": row.status,
    }
    for role, named in view.units:
        for k, unit in enumerate(named):
            shown |= {f"{role}-{k}-printed": unit.printed, f"{role}-{k}-unit": unit.matched}
    for k, d in enumerate(row.deadlines):
        shown |= {
            f"deadline-{k}-expr": d.get("expr") or "",
            f"deadline-{k}-date": d.get("date") or "",
            f"deadline-{k}-kind": d["kind"] if d.get("kind") in KINDS else KINDS[0],
            f"deadline-{k}-soft": "1" if d.get("soft") else "",
        }
    for k, t in enumerate(row.targets):
        shown |= {
            f"target-{k}-expr": t.get("expr") or "",
            f"target-{k}-operator": t.get("operator") or "",
            f"target-{k}-value": "" if t.get("value") is None else str(t["value"]),
            f"target-{k}-unit": t.get("unit") or "",
        }
    return shown


def seen_of(view: RowView) -> str:
    """Return what a page carries of a row so that it is known later which of its fields its reader touched."""
    return json.dumps({name: _mark(controls) for name, controls in _fields(shown_values(view)).items()})


@dataclass(frozen=True, slots=True)
class Merged:
    """A page that others overtook: what it asks beside what they saved, and the fields that both touched."""

    post: dict[str, str]
    #: row, field, what stands now, what was typed
    both: list[tuple[int, str, str, str]]


def merge(post: Mapping[str, str], notice: Notice) -> Merged:
    """Put what others saved meanwhile into a page where its sender had not touched it, and name what both touched."""
    merged, both, views = dict(post), [], show_rows(notice)
    last = max((view.row.position for view in views), default=0)
    for view in views:
        prefix = f"r-{view.row.position}-"
        if f"{prefix}text" in merged and f"{prefix}seen" not in merged:
            merged = _moved(merged, view.row.position, last)
            continue
        seen = _seen(post.get(f"{prefix}seen", ""))
        current = _fields(shown_values(view))
        sent = _fields({n.removeprefix(prefix): v for n, v in post.items() if n.startswith(prefix)})
        for name, controls in current.items():
            if name not in seen or _mark(controls) == seen[name]:
                continue
            mine = sent.get(name, {})
            if _mark(mine) == seen[name]:
                merged = {n: v for n, v in merged.items() if n not in {prefix + control for control in mine}}
                merged |= {prefix + control: value for control, value in controls.items() if value}
            elif _mark(mine) != _mark(controls):
                both.append((view.row.position, name, _read_aloud(controls), _read_aloud(mine)))
    return Merged(merged, both)


def _moved(post: Mapping[str, str], position: int, last: int) -> dict[str, str]:
    """Give a row of the reader's own the next place: others added one in its place meanwhile."""
    old, new = f"r-{position}-", f"r-{last + 1}-"
    return {new + name.removeprefix(old) if name.startswith(old) else name: value for name, value in post.items()}


def _seen(carried: str) -> dict[str, str]:
    try:
        seen = json.loads(carried or "{}")
    except ValueError:
        return {}
    return {str(name): str(mark) for name, mark in seen.items()} if isinstance(seen, dict) else {}


def _fields(controls: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the controls of a row by the field they belong to; empty ones are as good as not there."""
    fields: dict[str, dict[str, str]] = {name: {} for name in ROW_FIELDS if name != ADDED}
    for control, value in controls.items():
        first = control.split("-")[0]
        name = {"deadline": "deadlines", "target": "targets"}.get(first, "units" if first in ROLE_NAMES else first)
        if name in fields and not control.endswith("-learn"):
            fields[name][control] = value
    for name in ("deadlines", "targets"):  # a spare row sends its first choice though nobody typed in it
        filled = {c.rsplit("-", 1)[0] for c, v in fields[name].items() if v and not c.endswith(("-kind", "-operator"))}
        fields[name] = {c: v for c, v in fields[name].items() if c.rsplit("-", 1)[0] in filled}
    return fields


def _mark(controls: Mapping[str, str]) -> str:
    told = sorted((name, "".join(value.split())) for name, value in controls.items() if value.strip())
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]


def _read_aloud(controls: Mapping[str, str]) -> str:
    return "；".join(value for value in controls.values() if value.strip())


def _answers(post: Mapping[str, str]) -> dict[str, tuple[str, bool]]:
    """Return the answers given once for a name that stands in many rows: printed -> (unit, whether to remember)."""
    answers, k = {}, 0
    while f"n-{k}-printed" in post:
        chosen = post.get(f"n-{k}-unit", "").strip()
        if chosen:
            answers[post[f"n-{k}-printed"]] = (chosen, post.get(f"n-{k}-learn") == "1")
        k += 1
    return answers


@dataclass
class _Names:
    """Names of one paper and what they mean, each looked up once."""

    resolver: Resolver
    answers: Mapping[str, tuple[str, bool]]
    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def meaning(self, text: str) -> dict[str, Any]:
        """Return what a name means, as a proposal keeps it."""
        if text not in self.known:
            self.known[text] = named_unit(self.resolver.resolve(text))
        return dict(self.known[text])


def _new_positions(post: Mapping[str, str], rows: Mapping[int, RowView]) -> set[int]:
    added = {int(name.split("-")[1]) for name in post if name.startswith("r-") and name.split("-")[1].isdigit()}
    return {p for p in added if p not in rows and 0 < p <= max(rows, default=0) + 1}


def _typed(value: str) -> str:
    """Return a text as a browser sends it: one kind of line end, nothing around it."""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass
class _Row:
    post: Mapping[str, str]
    position: int
    names: _Names
    submitted: Submitted
    row: Proposal | None
    shown: Mapping[str, str]

    def get(self, name: str) -> str:
        return _typed(self.post.get(f"r-{self.position}-{name}") or "")

    def _wrong(self, name: str, says: str) -> None:
        self.submitted.errors[f"r-{self.position}-{name}"] = says

    @property
    def is_there(self) -> bool:
        return f"r-{self.position}-text" in self.post

    def untouched(self, *names: str) -> bool:
        """Whether controls came back as they were shown; a control of one line drops its line ends."""
        for name in names:
            shown = _typed(self.shown.get(name, ""))
            if name not in self.shown or self.get(name) not in (shown, shown.replace("\n", "")):
                return False
        return self.row is not None

    def read(self) -> dict[str, Any]:
        text = self.get("text")
        kept = self.get("kept") == "1"
        if kept and not text and f"r-{self.position}-title" in self.post and self.get("title"):
            self._wrong("text", _("任务内容不能为空。"))
        single = {
            "kept": kept,
            "number": self.get("number"),
            "title": self.get("title"),
            "text": text,
            "path": [line for line in self.get("path").split("\n") if line.strip()],
            "persons": [p for p in self.get("persons").replace("，", "、").split("、") if p],
            "percent": self._percent(),
            "status": self.get("status"),
        }
        stored = {name: getattr(self.row, name) for name in single if self.row and self._stays(name)}
        return {
            **single,
            **stored,
            "units": self._all_units(),
            "deadlines": self._deadlines(),
            "targets": self._targets(),
        }

    def _stays(self, name: str) -> bool:
        """Whether a field is left as it is: untouched, or not on this page."""
        here = f"r-{self.position}-{name}" in self.post or name == "kept"
        return not here or self.untouched(name)

    def _percent(self) -> int:
        typed = self.get("percent").rstrip("%％")
        if typed.isdecimal() and int(typed) <= 100:
            return int(typed)
        if typed:
            self._wrong("percent", _("“%(typed)s”不是 0 到 100 的整数。") % {"typed": typed})
        return self.row.percent if self.row else 0

    def _all_units(self) -> dict[str, Any]:
        units = {role.value: self._units(role) for role in ROLES}
        if self.row is None:
            return units
        return {**self.row.units, **{role: named for role, named in units.items() if named or role in self.row.units}}

    def _units(self, role: Role) -> list[dict[str, Any]]:
        named, k = [], 0
        while f"r-{self.position}-{role}-{k}-printed" in self.post:
            printed, chosen = self.get(f"{role}-{k}-printed"), self.get(f"{role}-{k}-unit")
            if printed or chosen:
                named.append(self._kept_unit(role, k) or self._unit(role, k, printed or chosen, chosen))
            k += 1
        return named

    def _kept_unit(self, role: Role, k: int) -> dict[str, Any] | None:
        """Return a unit as it stands, where nobody touched it and nothing new is known of an open name."""
        if self.row is None or not self.untouched(f"{role}-{k}-printed", f"{role}-{k}-unit"):
            return None
        stands: dict[str, Any] = self.row.units[role.value][k]
        if stands.get("unit") or stands.get("collective"):
            return stands
        printed = stands["printed"]
        meaning = self.names.meaning(printed)
        known = meaning["unit"] or meaning["collective"] or stands.get("typed") or printed in self.names.answers
        return None if known else stands

    def _unit(self, role: Role, k: int, printed: str, chosen: str) -> dict[str, Any]:
        given = self.names.meaning(printed)
        learn = self.get(f"{role}-{k}-learn") == "1"
        if not chosen and printed in self.names.answers:
            chosen, learn = self.names.answers[printed]
        if not chosen or chosen == printed:
            return given
        found = self.names.meaning(chosen)
        if not found["unit"] and not found["collective"]:
            self._wrong(f"{role}-{k}-unit", _("没有“%(name)s”这个单位。") % {"name": chosen})
            return {**given, "typed": chosen}
        if (
            learn
            and found["unit"]
            and found["unit"] != given["unit"]
            and (printed, found["unit"]) not in self.submitted.learn
        ):
            self.submitted.learn.append((printed, found["unit"]))
        return {**found, "printed": printed, "how": "chosen"}

    def _deadlines(self) -> list[dict[str, Any]]:
        found, k = [], 0
        while f"r-{self.position}-deadline-{k}-expr" in self.post:
            expr, day = self.get(f"deadline-{k}-expr"), self.get(f"deadline-{k}-date")
            kind = self.get(f"deadline-{k}-kind")
            if (expr or day) and self.untouched(*(f"deadline-{k}-{n}" for n in ("expr", "date", "kind", "soft"))):
                found.append(self._stored("deadlines", k))
            elif expr or day:
                found.append(
                    {
                        "expr": expr or day,
                        "date": self._day(f"deadline-{k}-date", day),
                        "kind": kind if kind in KINDS else "by",
                        "soft": self.get(f"deadline-{k}-soft") == "1",
                    }
                )
            k += 1
        return found

    def _stored(self, name: str, k: int) -> dict[str, Any]:
        stands: dict[str, Any] = getattr(self.row, name)[k]
        return stands

    def _day(self, name: str, typed: str) -> str | None:
        if not typed:
            return None
        try:
            return date.fromisoformat(typed).isoformat()
        except ValueError:
            self._wrong(name, _("“%(typed)s”不是日期，请写成 2026-06-30 这样。") % {"typed": typed})
            return None

    def _targets(self) -> list[dict[str, Any]]:
        found, k = [], 0
        while f"r-{self.position}-target-{k}-expr" in self.post:
            expr = self.get(f"target-{k}-expr")
            if expr and self.untouched(*(f"target-{k}-{n}" for n in ("expr", "operator", "value", "unit"))):
                found.append(self._stored("targets", k))
            elif expr:
                found.append(
                    {
                        "expr": expr,
                        "operator": self.get(f"target-{k}-operator"),
                        "value": self._number(f"target-{k}-value"),
                        "unit": self.get(f"target-{k}-unit"),
                    }
                )
            k += 1
        return found

    def _number(self, name: str) -> float | int | None:
        typed = self.get(name)
        if not typed:
            return None
        try:
            value = Decimal(typed)
        except InvalidOperation:
            self._wrong(name, _("“%(typed)s”不是数字。") % {"typed": typed})
            return None
        return int(value) if value == value.to_integral_value() else float(value)


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit on the confirm page: as printed, and what it was matched to."""

    printed: str
    matched: str
    how: str
    candidates: list[str]
    spans: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has matched it yet."""
        return not self.matched


@dataclass(frozen=True, slots=True)
class RowView:
    """A proposal as the confirm page shows it, with the places in the source its fields came from."""

    row: Proposal
    units: list[tuple[Role, list[NamedUnit]]]
    deadlines: list[dict[str, Any]]
    targets: list[dict[str, Any]]
    spans: dict[str, str]
    warnings: list[dict[str, Any]]
    confidence: int
    errors: dict[str, str]
    #: what the page carries to tell later what its reader touched
    seen: str = ""

    @property
    def path(self) -> str:
        """The headings the row stands under, one a line."""
        return "\n".join(self.row.path)

    @property
    def is_open(self) -> bool:
        """Whether the row still needs a person's answer."""
        return self.row.kept and (
            not any(us for _, us in self.units) or any(u.is_open for _, us in self.units for u in us)
        )


def show_rows(
    notice: Notice, errors: Mapping[str, str] | None = None, unsaved: Mapping[int, Mapping[str, Any]] | None = None
) -> list[RowView]:
    """Return the rows of a notice ready for the page, with what somebody typed in them that is not saved."""
    rows = list(notice.proposals.all())
    if unsaved:
        return _show_unsaved(notice, rows, errors or {}, unsaved)
    return [replace(view, seen=seen_of(view)) for view in _views(rows, errors or {})]


def _show_unsaved(
    notice: Notice, rows: list[Proposal], errors: Mapping[str, str], unsaved: Mapping[int, Mapping[str, Any]]
) -> list[RowView]:
    seen = {view.row.position: seen_of(view) for view in _views(rows, {})}
    rows += [type(rows[0])(notice=notice, position=p) for p in sorted(set(unsaved) - set(seen))] if rows else []
    for row in rows:
        for name, value in unsaved.get(row.position, {}).items():
            setattr(row, name, value)
    return [replace(view, seen=seen.get(view.row.position, "")) for view in _views(rows, errors)]


def _views(rows: list[Proposal], errors: Mapping[str, str]) -> list[RowView]:
    wanted = {
        u
        for row in rows
        for us in row.units.values()
        for named in us
        for u in (named.get("unit"), *named.get("candidates", ()))
    }
    names = dict(Unit.objects.filter(pk__in=[u for u in wanted if u]).values_list("pk", "name"))
    return [_show(row, names, errors) for row in rows]


def _show(row: Proposal, names: Mapping[int, str], errors: Mapping[str, str]) -> RowView:
    read = row.read or {}
    spans = {name: join_spans(pieces) for name, pieces in (read.get("spans") or {}).items() if pieces}
    units = []
    for role in ROLES:
        places = (read.get("spans") or {}).get(role.value) or []
        units.append((role, [_named(u, names, places, k) for k, u in enumerate(row.units.get(role.value, ()))]))
    prefix = f"r-{row.position}-"
    return RowView(
        row=row,
        units=units,
        deadlines=row.deadlines,
        targets=row.targets,
        spans=spans,
        warnings=read.get("warnings", []),
        confidence=round(float(read.get("confidence", 1)) * 100),
        errors={k.removeprefix(prefix): v for k, v in errors.items() if k.startswith(prefix)},
    )


def _named(named: Mapping[str, Any], names: Mapping[int, str], places: list[Any], k: int) -> NamedUnit:
    unit, collective = named.get("unit"), named.get("collective")
    matched = names.get(unit, "") if unit else named["printed"] if collective else named.get("typed", "")
    place = join_spans([places[k]]) if k < len(places) and places and isinstance(places[0], list) else ""
    candidates = [names[c] for c in named.get("candidates", ()) if c in names]
    return NamedUnit(named["printed"], matched, "collective" if collective else named.get("how", ""), candidates, place)


def open_names(rows: list[RowView]) -> list[tuple[str, int, list[str]]]:
    """Return each name nobody has matched yet, with the number of rows it stands in and its candidates."""
    counted: dict[str, tuple[int, list[str]]] = {}
    for view in rows:
        for named in (named for __, listed in view.units for named in listed if view.row.kept and named.is_open):
            seen, candidates = counted.get(named.printed, (0, named.candidates))
            counted[named.printed] = (seen + 1, candidates)
    return [(name, n, candidates) for name, (n, candidates) in counted.items()]


def join_spans(pieces: Any) -> str:
    """Return spans as the page's ``data-spans`` wants them: ``12-20,44-51``."""
    if pieces and isinstance(pieces[0], int):
        pieces = [pieces]
    return ",".join(f"{s}-{e}" for s, e in pieces)


def source_spans(notice: Notice) -> list[tuple[int, int, str]]:
    """Return every place of the source that a field or a warning came from, with its kind."""
    kinds = {
        "text": "text",
        "lead": "lead",
        "support": "support",
        "responsible": "responsible",
        "deadlines": "deadline",
        "targets": "target",
    }
    found = []
    for row in notice.proposals.all():
        for name, pieces in ((row.read or {}).get("spans") or {}).items():
            if name in kinds and pieces:
                listed = [pieces] if isinstance(pieces[0], int) else pieces
                found += [(s, e, kinds[name]) for s, e in listed]
    found += [(*w["span"], "warning") for w in notice.reading.get("warnings", ()) if w.get("span")]
    return sorted(found)
