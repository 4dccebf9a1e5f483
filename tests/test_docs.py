"""The documentation keeps its promises: links lead somewhere, and what the code has is described."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections import Counter
from enum import StrEnum
from pathlib import Path

import pytest
import yaml

from yangguang.domains.directives import vocabulary as directives
from yangguang.faces.cli import main
from yangguang.kernel.ledger.vocabulary import EVENTS
from yangguang.supervision import vocabulary as supervision

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "yangguang"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *SOURCES.rglob("README.md")])
REFERENCE = ROOT / "docs" / "reference"

FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
#: names of settings as they are read: quoted in Python, expanded in shell scripts
QUOTED = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
SHELL = re.compile(r"\b(?:YG_[A-Z_]+)\b")
#: homes and servers of those who write; `/home/` and the like stand in no page
PLACES = re.compile(r"(?<![\w.])/(?:work|wt|opt|home|root|Users)/[\w.]")
LARGEST_PICTURE = 250 * 1024


def prose(page: Path) -> str:
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The anchors a hosting page makes of headings."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        found.add(re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    broken = []
    for link in LINK.findall(prose(page)):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_machine_of_ours_is_named(page):
    assert PLACES.findall(page.read_text(encoding="utf-8")) == []


def test_pictures_are_real_and_light():
    pictures = sorted((ROOT / "docs" / "images").glob("*.png"))
    assert pictures
    for picture in pictures:
        content = picture.read_bytes()
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(content[16:20], "big") == 1280, picture.name
        assert len(content) <= LARGEST_PICTURE, picture.name
        assert any(picture.name in page.read_text(encoding="utf-8") for page in PAGES), f"{picture.name} is unused"


def test_every_page_is_reached_from_the_index():
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(prose(index))}
    missing = [page for page in (ROOT / "docs").rglob("*.md") if page != index and page not in linked]
    assert missing == []


def names_of_settings() -> set[str]:
    """Settings that the code reads: strings in Python that look like ours, and variables of our scripts."""
    found = set()
    for file in [*SOURCES.rglob("*.py"), ROOT / "conftest.py"]:
        if "tests" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and QUOTED.fullmatch(node.value):
                found.add(node.value)
    for script in (SOURCES / "platform" / "launch", ROOT / "run", ROOT / "test", ROOT / "bench", ROOT / ".ci" / "run"):
        found |= set(SHELL.findall(script.read_text(encoding="utf-8")))
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    return {name for name in found if name.startswith("YG_") or name in ours}


def test_every_setting_is_described_and_none_is_invented():
    page = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE)
    described = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    read = names_of_settings()
    assert read <= described
    secrets_in_files = {name for name in described if name.endswith("_FILE") and name.removesuffix("_FILE") in read}
    assert described - secrets_in_files <= read


def test_every_event_is_listed_with_its_words():
    for file in SOURCES.rglob("*.py"):
        if file.name in {"vocabulary.py", "events.py"} and "tests" not in file.parts:
            importlib.import_module(".".join(file.relative_to(SOURCES.parent).with_suffix("").parts))
    rows = re.findall(
        r"^\| `([\w.]+)` \| (.+?) \| (.+?) \| (yes|no) \|$", (REFERENCE / "events.md").read_text("utf-8"), re.MULTILINE
    )
    listed = {name: (zh, sentence, public == "yes") for name, zh, sentence, public in rows}
    shipped = {name: event for name, event in EVENTS.items() if ".tests." not in event.__module__}
    assert listed == {name: (e.zh, e.sentence_en, e.public) for name, e in shipped.items()}


def commands() -> set[str]:
    """Every `noun verb` of the command line."""
    context = None
    found = set()
    for noun in main.list_commands(context):
        command = main.get_command(context, noun)
        found |= {f"{noun} {verb}" for verb in command.commands} if hasattr(command, "commands") else {noun}
    return found


def test_every_command_is_in_the_reference():
    named = re.findall(r"`yangguang ([a-z]+(?: [a-z-]+)?)", (REFERENCE / "cli.md").read_text(encoding="utf-8"))
    alone = {name for name in commands() if " " not in name}
    listed = {name.split()[0] if name.split()[0] in alone else name for name in named}
    assert listed == commands()


def test_commands_in_all_pages_exist():
    named = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        named |= set(re.findall(r"(?:^[$ ]*|`|bin/|\| )(?:yangguang|yg) ([a-z]+ [a-z-]+)\b", text, re.MULTILINE))
    assert named
    alone = {name for name in commands() if " " not in name}
    assert {name for name in named if name.split()[0] in set(main.list_commands(None)) - alone} <= commands()


def test_every_address_of_the_api_is_in_the_reference():
    page = (REFERENCE / "api.md").read_text(encoding="utf-8")
    for file in (SOURCES / "faces" / "api").glob("*.py"):
        for address in re.findall(r"@router\.\w+\(\s*\"/([^\"]+)\"", file.read_text(encoding="utf-8")):
            plain = [part for part in address.split("/") if not part.startswith("{")]
            assert all(part in page for part in plain), address


def glossary() -> list[dict]:
    return yaml.safe_load((ROOT / "docs" / "glossary.yaml").read_text(encoding="utf-8"))["terms"]


def test_the_glossary_is_well_formed():
    terms = glossary()
    assert len(terms) >= 80
    assert [zh for zh, times in Counter(term["zh"] for term in terms).items() if times > 1] == []
    for term in terms:
        assert set(term) == {"zh", "en", "code", "means", "source"}, term
        assert all(term[key] for key in term), term


LABELLED = [
    kind
    for words in (directives, supervision)
    for kind in vars(words).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind.__module__ == words.__name__ and len(kind)
]


@pytest.mark.parametrize("kind", LABELLED, ids=lambda kind: kind.__qualname__)
def test_labels_of_states_are_terms_of_the_glossary(kind):
    terms = {term["zh"]: term for term in glossary()}
    for member in kind:
        assert member.zh in terms, f"{member.zh} is missing"
        english = [word.strip() for word in terms[member.zh]["en"].lower().split(";")]
        assert member.en.lower() in english, f"{member.zh}: {member.en}, not {english}"


def test_names_in_the_glossary_stand_in_the_sources():
    text = "\n".join(file.read_text(encoding="utf-8") for file in SOURCES.rglob("*.py"))
    words = set(re.findall(r"\w+", text))
    wanted = {name.rpartition(".")[2] for term in glossary() for name in term["code"]}
    assert wanted - words == set()


def test_the_readme_prints_what_the_programs_print(capsys):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"\$ \.venv/bin/yangguang ([^\n]+)\n(.*?)```", readme, re.DOTALL)
    assert examples
    for line, printed in examples:
        arguments = [quoted or bare for quoted, bare in re.findall(r'"([^"]+)"|(\S+)', line)]
        arguments = [str(ROOT / one) if one.startswith("docs/") else one for one in arguments]
        main(arguments, standalone_mode=False)
        assert capsys.readouterr().out.rstrip() == printed.rstrip()


def test_version_and_licence_agree():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)[1]
    card = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert f"## [{version}] - {card['releaseDate']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (card["softwareVersion"], card["legal"]["license"]) == (version, "Apache-2.0")
    assert all(150 <= len(words["longDescription"]) <= 10_000 for words in card["description"].values())
    assert all(len(words["shortDescription"]) <= 150 for words in card["description"].values())


def test_nothing_is_left_from_a_merge():
    pages = [str(page) for page in PAGES]
    found = subprocess.run(["grep", "-lE", "^(<{7}|>{7}) ", *pages], capture_output=True, text=True, check=False)
    assert found.stdout == ""
