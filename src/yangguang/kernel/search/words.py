"""How texts become words that can be found, and queries become the same words. Pure.

Chinese runs give every pair of neighbours (bigrams), their last character alone,
and the words rjieba sees; Latin runs give themselves; names also give the
initials of their pinyin. Traditional characters, full width and capitals are folded.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import opencc
import pypinyin
import rjieba

#: PostgreSQL keeps at most 1 MiB in one vector; words beyond this many are not indexed
LEXEMES_MAX = 60_000
#: how long a query may be, and into how many terms it may fall
QUERY_MAX, TERMS_MAX = 200, 12
#: initials longer than this are cut
INITIALS_MAX = 24
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"([{_HAN}]+)|([^\\W_{_HAN}]+)")
_GAP = re.compile(f"(?<=[{_HAN}])\\s+(?=[{_HAN}])")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, the place in the text it came from."""

    text: str
    places: tuple[int, ...]


def fold(text: str) -> Folded:
    """Fold a text: compatibility forms, lower case, simplified, one space, none between Chinese characters."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for folded in _fold_character(character):
            if folded == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(folded)
            places.append(place)
    joined = "".join(characters)
    dropped = {i for gap in _GAP.finditer(joined) for i in range(*gap.span())}
    if not dropped:
        return Folded(joined, tuple(places))
    kept = [i for i in range(len(joined)) if i not in dropped]
    return Folded("".join(joined[i] for i in kept), tuple(places[i] for i in kept))


def lexemes(title: str, body: str, names: Iterable[str] = ()) -> dict[str, str]:
    """Return the words of a record with their weights: A title words, B title pairs and names, C and D the body's."""
    found: dict[str, str] = {}
    folded_title, folded_body = fold(title).text, fold(body).text
    sources: tuple[tuple[Iterator[str], str], ...] = (
        (_words(folded_title), "A"),
        (_pairs(folded_title), "B"),
        ((i for name in names for i in initials(name)), "B"),
        (_words(folded_body), "C"),
        (_pairs(folded_body), "D"),
    )
    for tokens, weight in sources:
        for token in tokens:
            if len(found) >= LEXEMES_MAX:
                return found
            found.setdefault(token[:200], weight)
    return found


def vector(weighted: dict[str, str]) -> str:
    """Return weighted words as the text of a ``tsvector``."""
    return " ".join(f"{_quoted(word)}:1{weight}" for word, weight in weighted.items())


def terms(query: str) -> list[str]:
    """Return the folded terms of a query, in order, none twice."""
    folded = (fold(part).text for part in query[:QUERY_MAX].split())
    return list(dict.fromkeys(term for part in folded for term in part.split()))[:TERMS_MAX]


def condition(wanted: Iterable[str]) -> str:
    """Return the text of a ``tsquery`` that every record with all these terms meets; empty where nothing is asked."""
    parts: list[str] = []
    for term in wanted:
        for han, latin in _RUNS.findall(term):
            if latin:
                parts.append(f"{_quoted(latin)}:*")
            elif len(han) == 1:
                parts.append(f"{_quoted(han)}:*")
            else:
                parts.extend(_quoted(pair) for pair in _bigrams(han))
    return " & ".join(dict.fromkeys(parts))


def phrases(wanted: Iterable[str]) -> list[str]:
    """Return the terms whose characters must also stand together; a Latin word alone needs no such check."""
    return [term for term in wanted if not re.fullmatch(r"[^\W_]+", term) or re.search(f"[{_HAN}]", term)]


def initials(name: str) -> Iterator[str]:
    """Yield the pinyin initials of a name and of each of its ends: 财政厅 is found by czt, and by zt."""
    spelt = pypinyin.lazy_pinyin(fold(name).text, style=pypinyin.Style.FIRST_LETTER)
    letters = re.sub(r"[^a-z0-9]", "", "".join(spelt))[-INITIALS_MAX:]
    for start in range(max(0, len(letters) - 1)):
        yield letters[start:]


@functools.lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@functools.lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    # Character by character, so that places can be traced back and both sides fold alike.
    plain = unicodedata.normalize("NFKC", character).lower()
    if plain.isspace() or not plain or plain < " ":
        return " "
    return _converter().convert(plain) if ord(plain[0]) > 0x2E7F else plain


def _words(text: str) -> Iterator[str]:
    for han, latin in _RUNS.findall(text):
        if latin:
            yield latin
        else:
            yield from (word for word in rjieba.cut(han) if len(word) > 1)


def _pairs(text: str) -> Iterator[str]:
    for han, _latin in _RUNS.findall(text):
        if han:
            yield from _bigrams(han)
            yield han[-1]


def _bigrams(run: str) -> Iterator[str]:
    return (run[i : i + 2] for i in range(len(run) - 1))


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
