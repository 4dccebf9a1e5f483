"""The words every room shares: who acts, what happened, and why something is refused.

Free of Django, so that pure rules may use it. The tree of refusals:

    Refused                 law, state or capability says no (409)
    ├── NotAllowed          the actor lacks a capability here (403)
    ├── NotFound            there is no such record in the actor's sight (404)
    ├── Malformed           the input cannot be meant (422)
    └── Conflict            somebody else changed the record meanwhile (409)

Anything else that is raised is a bug.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar


class ActorKind(enum.StrEnum):
    """Who may stand behind an entry."""

    OFFICER = "officer"
    CITIZEN = "citizen"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as a reference only: names live in erasable records.

    ``key`` is the appointment of an officer, the account of a citizen, or the
    name of a part of the system; ``unit`` is the officer's unit.
    """

    kind: ActorKind
    key: str
    unit: int | None = None

    @classmethod
    def officer(cls, appointment: int, unit: int) -> Actor:
        """Return the actor for an officer's appointment (任职)."""
        return cls(ActorKind.OFFICER, str(appointment), unit)

    @classmethod
    def system(cls, part: str) -> Actor:
        """Return the actor for a part of the system, such as ``supervision``."""
        return cls(ActorKind.SYSTEM, part)


#: Words typed by a person: they may name somebody, so the entry's body keeps a reference only (see ``Event.typed``).
Typed = Annotated[str, "typed"]

#: name -> event class, filled as rooms define their events
EVENTS: dict[str, type[Event]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to a case, with a name and a sentence anyone can read.

    Subclasses set ``name`` (past participle, dotted by room), ``zh`` and ``en``
    (short labels) and ``sentence`` / ``sentence_en`` with ``{field}`` places.
    Fields carry facts and references only, never personal data; a field of type
    ``Typed`` is kept as a sealed record and stands in the body as its reference.
    """

    name: ClassVar[str] = ""
    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""
    sentence: ClassVar[str] = ""
    sentence_en: ClassVar[str] = ""
    #: whether the entry may be shown on the public face of a public case
    public: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.name:
            if cls.name in EVENTS and EVENTS[cls.name].__qualname__ != cls.__qualname__:
                raise TypeError(f"two events are named {cls.name}")
            EVENTS[cls.name] = cls

    @classmethod
    def typed(cls) -> tuple[str, ...]:
        """Return the fields that hold words typed by a person: sealed apart from the chain, erasable."""
        return tuple(f.name for f in dataclasses.fields(cls) if f.type in (Typed, "Typed"))

    @classmethod
    def told(cls, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what stands in the places of the sentences: the body, and what an event makes of it in words."""
        return body

    def body(self) -> dict[str, Any]:
        """Return the facts as plain JSON values."""
        return {f.name: plain(getattr(self, f.name)) for f in dataclasses.fields(self)}


def plain(value: Any) -> Any:
    """Return a value as JSON can carry it: dates in ISO form, tuples as lists."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value


class Labelled(enum.StrEnum):
    """A code with its Chinese and English words."""

    zh: str
    en: str

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Labelled:
        """Make a member of the code and attach its words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh, member.en = zh, en
        return member


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal in the words of one language."""

    says: str
    cite: str
    remedy: str
    errors: Mapping[str, str]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.says, self.cite, self.remedy)))


class Refused(Exception):
    """The law, the state of the case or the actor's place says no.

    ``says`` tells what, ``cite`` by which article or rule, ``remedy`` what to do
    next, ``errors`` what is wrong with which field. They are templates in Chinese,
    with places for ``facts``: literals, so that the catalogue finds them and ``told``
    can say them in another language. Facts may be words with labels (``Labelled``).
    ``code`` is stable.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    says: str = "不能这样办。"
    cite: str = ""
    remedy: str = ""

    def __init__(
        self, says: str = "", *, cite: str = "", remedy: str = "", errors: Mapping[str, str] | None = None, **facts: Any
    ) -> None:
        self.facts = facts
        self._templates = (says or self.says, remedy or self.remedy, dict(errors or {}))
        self.cite = cite or self.cite
        told = self.told()
        self.says, self.remedy, self.errors = told.says, told.remedy, dict(told.errors)
        super().__init__(self.says)

    def told(self, translate: Callable[[str], str] = str, *, english: bool = False) -> Told:
        """Say it in a language: ``translate`` gives a template's or a word's counterpart."""
        facts = {name: _worded(fact, translate, english=english) for name, fact in self.facts.items()}

        def say(template: str) -> str:
            words = translate(template) if template else ""
            return words.format(**facts) if facts else words

        says, remedy, errors = self._templates
        return Told(say(says), self.cite, say(remedy), {name: say(text) for name, text in errors.items()})


def _worded(fact: Any, translate: Callable[[str], str], *, english: bool) -> Any:
    if isinstance(fact, Labelled):
        return fact.en if english else fact.zh
    return translate(fact) if isinstance(fact, str) and fact else fact


class NotAllowed(Refused):
    """The actor has no capability for this act on this record."""

    code = "not_allowed"
    status = 403
    says = "您的岗位没有办理此事的权限。"
    remedy = "如确需办理，请联系本单位管理员核对岗位授权。"


class NotFound(Refused):
    """There is no such record, or none that the actor may see."""

    code = "not_found"
    status = 404
    says = "没有找到这条记录。"
    remedy = "请核对编号；若确有此件，请向主办单位查询。"


class Malformed(Refused):
    """The input cannot be meant; ``errors`` maps fields to sentences."""

    code = "malformed"
    status = 422
    says = "填写的内容有误。"


class Conflict(Refused):
    """Somebody else changed the record after the actor read it."""

    code = "conflict"
    says = "这条记录刚刚被别人改过。"
    remedy = "请看下面的最新内容，核对后再提交；您填写的内容仍在。"
