"""What the rows of a workbook would do: checked against each other and against what is registered.

Pure: known codes come in, changes and errors come out; nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from yangguang.kernel.office.sheets import SHEETS, Row, RowError
from yangguang.kernel.organisation.vocabulary import Level, Nature

LEVELS = {
    "省级": Level.PROVINCE,
    "市级": Level.PREFECTURE,
    "县级": Level.COUNTY,
    "乡级": Level.TOWNSHIP,
    "村级": Level.VILLAGE,
}
NATURES = {
    "政府": Nature.GOVERNMENT,
    "部门": Nature.DEPARTMENT,
    "党委": Nature.PARTY,
    "垂管": Nature.VERTICAL,
    "法检": Nature.COURT,
    "中央驻地": Nature.CENTRAL_LOCAL,
    "事业": Nature.INSTITUTION,
    "企业": Nature.ENTERPRISE,
    "村居": Nature.VILLAGE_BODY,
}
YES_NO = {"是": True, "否": False, "": False}
_CODE = re.compile(r"[0-9]{2}[0-9A-Z]{0,14}")
_TITLES = {sheet.key: sheet.title for sheet in SHEETS}
_COLUMNS = {(sheet.key, column.field): column.title for sheet in SHEETS for column in sheet.columns}


@dataclass(frozen=True, slots=True)
class Known:
    """What is registered: names by code, the roles, the posts by unit code and name, and who holds them."""

    divisions: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    posts: frozenset[tuple[str, str]] = frozenset()
    #: who holds what: staff number, unit code, post
    held: frozenset[tuple[str, str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """What one row does: `create`, or `same` where it is registered already."""

    verb: str
    row: Row

    @property
    def is_new(self) -> bool:
        """Whether something is written."""
        return self.verb == "create"


@dataclass(frozen=True, slots=True)
class Import:
    """A workbook's rows, what is wrong with them, and what they would change, parents before children."""

    rows: tuple[Row, ...]
    errors: tuple[RowError, ...]
    changes: tuple[Change, ...]

    @property
    def created(self) -> int:
        """How many rows are new."""
        return sum(change.is_new for change in self.changes)


def plan(rows: Iterable[Row], errors: Iterable[RowError], known: Known) -> Import:
    """Return what the rows would do; with any error there are no changes, so nothing is ever half imported."""
    planner = _Planner(known, [*errors])
    given = tuple(rows)
    changes = planner.changes(given)
    if planner.errors:
        order = {sheet.title: place for place, sheet in enumerate(SHEETS)}
        planner.errors.sort(key=lambda error: (order.get(error.sheet, -1), error.row))
        return Import(given, tuple(planner.errors), ())
    return Import(given, (), tuple(changes))


@dataclass
class _Planner:
    known: Known
    errors: list[RowError]

    def changes(self, rows: tuple[Row, ...]) -> list[Change]:
        by_sheet = {key: [row for row in rows if row.sheet == key] for key in _TITLES}
        divisions = self._coded(by_sheet["division"], "code", self.known.divisions)
        units = self._coded(by_sheet["unit"], "code", self.known.units)
        people = self._people(by_sheet["person"])
        for row in by_sheet["division"]:
            self._division(row, divisions)
        for row in by_sheet["unit"]:
            self._unit(row, divisions, units)
        posts = self._posts(by_sheet["post"], units)
        for row in by_sheet["person"]:
            self._person(row, posts)
        ordered = self._parents_first(by_sheet["division"], ("parent",))
        ordered += self._parents_first(by_sheet["unit"], ("superior", "counterpart", "plate_of"))
        return [self._change(row) for row in (*ordered, *by_sheet["post"], *people)]

    def _change(self, row: Row) -> Change:
        registered = {
            "division": lambda: row["code"] in self.known.divisions,
            "unit": lambda: row["code"] in self.known.units,
            "post": lambda: (row["unit"], row["name"]) in self.known.posts,
            "person": lambda: (
                row["number"] in self.known.people
                and (not row["post"] or (row["number"], row["unit"], row["post"]) in self.known.held)
            ),
        }
        return Change("same" if registered[row.sheet]() else "create", row)

    def _coded(self, rows: list[Row], column: str, known: Mapping[str, str]) -> dict[str, Row | None]:
        """Return every code that will exist: registered ones and those of the sheet, each once."""
        found: dict[str, Row | None] = dict.fromkeys(known)
        for row in rows:
            code = row[column]
            if not code:
                continue
            if found.get(code) is not None:
                self._fault(row, column, f"{code} 出现了两次")
            elif code in known and known[code] != row["name"]:
                self._fault(row, "name", f"{code} 已登记为“{known[code]}”，更名请用更名功能")
            found[code] = row
        return found

    def _people(self, rows: list[Row]) -> list[Row]:
        """One person may hold several posts, one a row; the name must be the same in all."""
        names = dict(self.known.people)
        for row in rows:
            if names.setdefault(row["number"], row["name"]) != row["name"]:
                self._fault(row, "name", f"工号 {row['number']} 已登记为“{names[row['number']]}”")
        return rows

    def _division(self, row: Row, divisions: Mapping[str, Row | None]) -> None:
        self._day(row)
        self._word(row, "level", LEVELS)
        self._word(row, "branch", YES_NO)
        if row["code"] and not _CODE.fullmatch(row["code"]):
            self._fault(row, "code", "区划代码须为数字，开发区可在后加大写字母")
        if row["parent"] and self._refers(row, "parent", divisions):
            parent = divisions[row["parent"]]
            below, above = LEVELS.get(row["level"]), LEVELS.get(parent["level"]) if parent else None
            if below and above and list(Level).index(below) <= list(Level).index(above):
                self._fault(row, "level", "层级须低于上级区划")

    def _unit(self, row: Row, divisions: Mapping[str, Row | None], units: Mapping[str, Row | None]) -> None:
        self._day(row)
        self._word(row, "nature", NATURES)
        if row["level"]:
            self._word(row, "level", LEVELS)
        self._refers(row, "division", divisions)
        for column in ("superior", "counterpart", "plate_of"):
            if row[column]:
                self._refers(row, column, units)

    def _posts(self, rows: list[Row], units: Mapping[str, Row | None]) -> set[tuple[str, str]]:
        posts = set(self.known.posts)
        given: set[tuple[str, str]] = set()
        for row in rows:
            self._day(row)
            self._refers(row, "unit", units)
            if row["scope"]:
                self._refers(row, "scope", units)
            for role in row.listed("roles"):
                if role not in self.known.roles:
                    self._fault(row, "roles", f"没有角色 {role}")
            key = (row["unit"], row["name"])
            if key in given:
                self._fault(row, "name", "同一单位的岗位出现了两次")
            given.add(key)
        return posts | given

    def _person(self, row: Row, posts: set[tuple[str, str]]) -> None:
        self._day(row)
        if bool(row["unit"]) != bool(row["post"]):
            self._fault(row, "post", "单位代码与岗位须同时填写")
        elif row["post"] and (row["unit"], row["post"]) not in posts:
            self._fault(row, "post", f"单位 {row['unit']} 没有岗位“{row['post']}”")

    def _parents_first(self, rows: list[Row], columns: tuple[str, ...]) -> list[Row]:
        """Order rows so that what is referred to comes first; circles are errors."""
        waiting = {row["code"]: row for row in rows}
        ordered: list[Row] = []
        while waiting:
            ready = [
                row for row in waiting.values() if not any(row[c] in waiting and row[c] != row["code"] for c in columns)
            ]
            if not ready:
                for row in waiting.values():
                    self._fault(row, columns[0], "上级关系成环")
                return []
            for row in ready:
                del waiting[row["code"]]
            ordered += ready
        return ordered

    def _refers(self, row: Row, column: str, codes: Mapping[str, Row | None]) -> bool:
        if row[column] in codes and row[column] != (row["code"] or None):
            return True
        if row[column]:
            self._fault(row, column, f"没有代码 {row[column]}" if row[column] not in codes else "不能指向自己")
        return False

    def _word(self, row: Row, column: str, words: Mapping[str, object]) -> None:
        if row[column] not in words and (row[column] or "" in words):
            self._fault(row, column, f"须为{'、'.join(word for word in words if word)}之一")

    def _day(self, row: Row) -> None:
        if row["valid_from"]:
            try:
                date.fromisoformat(row["valid_from"])
            except ValueError:
                self._fault(row, "valid_from", "日期须写作 2024-01-31")

    def _fault(self, row: Row, column: str, says: str) -> None:
        self.errors.append(RowError(_TITLES[row.sheet], row.number, _COLUMNS[row.sheet, column], says))
