"""Words in two languages without gettext tools: find them, see which lack English, compile them.

The Chinese in the sources is the msgid; ``src/yangguang/locale/en/LC_MESSAGES/django.po`` holds the English. Entries
are sorted by msgid and carry files without line numbers, so two people's changes merge. Run as
``python -m yangguang.platform.i18n extract|missing|compile``.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.template.base import DebugLexer, Token, TokenType
from django.utils.translation.template import templatize

from yangguang.platform import refusals

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
CATALOGUE = LOCALE / "en" / "LC_MESSAGES" / "django.po"

CALLS = {
    "_": (0, None, None),
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
}
"""Function name to the positions of singular, plural and context among its arguments."""

CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, order=True)
class Message:
    """One thing to translate; ``plural`` and ``context`` are empty when unused."""

    text: str
    plural: str = ""
    context: str = ""


def messages_of_python(source: str) -> Iterator[Message]:
    """Messages in Python source: calls of gettext and its relatives with literal arguments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CALLS:
                yield from _message_of_call(node, CALLS[name])


def _message_of_call(call: ast.Call, positions: tuple[int, int | None, int | None]) -> Iterator[Message]:
    found = []
    for position in positions:
        argument = call.args[position] if position is not None and len(call.args) > position else None
        literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        found.append(argument.value if literal else "")  # type: ignore[union-attr]
    if found[0]:
        yield Message(*(str(part) for part in found))


def messages_of_template(source: str) -> Iterator[Message]:
    """Messages in a template, through Django's own reading of ``translate``, ``blocktranslate`` and ``_()``."""
    flat = templatize(source)
    for match in re.finditer(r"\b(gettext|ngettext|pgettext|npgettext|_)\(", flat):
        if not match.string[match.end() : match.end() + 2].strip().startswith(("u'", 'u"', "'", '"')):
            continue
        call = _parsed_call(flat, match.start())
        if call is not None:
            yield from _message_of_call(call, CALLS[match.group(1)])


def _parsed_call(flat: str, start: int) -> ast.Call | None:
    """The call that begins at ``start``: the shortest stretch up to a bracket that parses."""
    for closing in re.finditer(r"\)", flat[start:]):
        try:
            node = ast.parse(flat[start : start + closing.end()], mode="eval").body
        except SyntaxError:
            continue
        return node if isinstance(node, ast.Call) else None
    return None


def sources() -> Iterator[Path]:
    """Every Python file and template of the package, tests left out."""
    for path in sorted(PACKAGE.rglob("*")):
        if "tests" in path.parts or "static" in path.parts:
            continue
        if path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in path.parts):
            yield path


def found_messages() -> dict[Message, list[str]]:
    """Every message of the package with the files that use it."""
    _configure()
    found: dict[Message, list[str]] = {}
    told = refusals_of_package()
    for path in sources():
        reader = messages_of_python if path.suffix == ".py" else messages_of_template
        refused = sorted({Message(words) for words in told.get(path, ())})
        for message in (*reader(path.read_text(encoding="utf-8")), *refused):
            uses = found.setdefault(message, [])
            name = path.relative_to(PACKAGE).as_posix()
            if name not in uses:
                uses.append(name)
    return found


def refusals_of_package() -> dict[Path, list[str]]:
    """The words of refusals in each Python file: templates that are translated where a refusal is shown."""
    return {path: list(refusals.words(tree, scope)) for path, tree, scope in _refusing()}


def patched_together() -> list[str]:
    """Words of refusals that no catalogue can hold because a formatted string makes them, as ``file:line: words``."""
    return [
        f"{path.relative_to(PACKAGE).as_posix()}:{place}"
        for path, tree, scope in _refusing()
        for place in refusals.patched_together(tree, scope)
    ]


def _refusing() -> Iterator[tuple[Path, ast.Module, set[str]]]:
    paths = {_module(path): path for path in sources() if path.suffix == ".py"}
    trees = {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in paths.items()}
    known = refusals.refusals(trees)
    for module, tree in trees.items():
        yield paths[module], tree, refusals.names_in(module, tree, known)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def _configure() -> None:
    if not settings.configured:
        settings.configure()


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def extract(catalogue: Path = CATALOGUE) -> int:
    """Bring the catalogue up to date: new messages empty, unused ones out, English kept. Returns how many are new."""
    known = {_key(entry): entry for entry in polib.pofile(str(catalogue))} if catalogue.exists() else {}
    found = found_messages()
    fresh = polib.POFile(wrapwidth=0)
    fresh.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for message in sorted(found):
        entry = known.get(message) or _empty_entry(message)
        entry.occurrences = [(name, "") for name in found[message]]
        fresh.append(entry)
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(catalogue))
    return len(found.keys() - known.keys())


def _empty_entry(message: Message) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: "", 1: ""}
    if "%(" in message.text:
        entry.flags.append("python-format")
    return entry


def missing(catalogue: Path = CATALOGUE) -> list[str]:
    """Messages of the package that have no English, as ``msgid (first file)``."""
    entries = {_key(entry): entry for entry in polib.pofile(str(catalogue))} if catalogue.exists() else {}
    return [
        f"{message.text} ({uses[0]})"
        for message, uses in sorted(found_messages().items())
        if message not in entries or not entries[message].translated()
    ]


def compile(catalogue: Path = CATALOGUE) -> Path:
    """Write the catalogue in the form Django reads, beside its text; left alone when newer than the text."""
    compiled = catalogue.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
        unfinished = compiled.with_suffix(f".{os.getpid()}")
        polib.pofile(str(catalogue)).save_as_mofile(str(unfinished))
        unfinished.replace(compiled)
    return compiled


def untranslated(source: str) -> list[str]:
    """Visible Chinese of a template that stands outside ``translate``, ``blocktranslate`` and ``_("…")``."""
    found = []
    closing = ""
    for token in DebugLexer(source).tokenize():
        words = token.split_contents() if token.token_type == TokenType.BLOCK else []
        name = words[0] if words else ""
        if closing:
            closing = "" if name == closing else closing
        elif name in {"blocktranslate", "blocktrans", "comment"}:
            closing = f"end{name}"
        elif token.token_type != TokenType.COMMENT and CJK.search(_outside_gettext(token, name)):
            found.append(f"{token.lineno}: {token.contents.strip()[:60]}")
    return found


def _outside_gettext(token: Token, name: str) -> str:
    if name in {"translate", "trans"}:
        return ""
    return re.sub(r"""_\((?:"[^"]*"|'[^']*')\)""", "", token.contents)


def untranslated_templates() -> list[str]:
    """Every such place of the package, as ``file:line: words``."""
    _configure()
    return [
        f"{path.relative_to(PACKAGE).as_posix()}:{place}"
        for path in sources()
        if path.suffix == ".html"
        for place in untranslated(path.read_text(encoding="utf-8"))
    ]


def main(arguments: list[str]) -> int:
    """``extract``, ``missing`` or ``compile``; exit 1 when words lack English."""
    if arguments == ["extract"]:
        sys.stdout.write(f"{extract()} new\n")
    elif arguments == ["compile"]:
        sys.stdout.write(f"{compile()}\n")
    elif arguments == ["missing"]:
        lacking = missing()
        sys.stdout.writelines(f"{line}\n" for line in lacking)
        return 1 if lacking else 0
    else:
        sys.stderr.write("usage: python -m yangguang.platform.i18n extract|missing|compile\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
