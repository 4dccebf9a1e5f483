"""The command: forms of output, several files, refusals on standard error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from yangguang.domains.directives.faces.cli import directive
from yangguang.domains.directives.reader import read_bytes

NOTICE = "石桥县2013年工作要点\n一、清理证照。3月底前完成清理。（县工商局负责）\n二、公开收费。（县物价局负责）"


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def run(*arguments: str, stdin: bytes | None = None):
    return CliRunner().invoke(directive, ["read", *arguments], input=stdin)


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_one_file_gives_an_object(notice: Path, options: tuple[str, ...]) -> None:
    result = run(str(notice), *options)
    assert result.exit_code == 0
    reading = json.loads(result.stdout)
    assert reading["source"]["name"] == "notice.txt"
    assert reading["duties"][0]["responsible"] == ["县工商局"]
    assert set(reading) == {
        "source",
        "title",
        "document_number",
        "issuer",
        "forwarded_by",
        "date",
        "addressees",
        "duties",
        "warnings",
    }
    assert set(reading["source"]) == {"name", "sha256", "format", "script", "repairs"}
    assert set(reading["duties"][0]) == {
        "number", "path", "title", "text", "lead", "support", "responsible", "persons", "deadlines", "targets",
        "role_source", "span", "spans", "confidence", "warnings",
    }  # fmt: skip


def test_standard_input() -> None:
    result = run("-", stdin=NOTICE.encode())
    assert json.loads(result.stdout)["source"]["name"] == "-"


def test_several_files_give_an_array_with_the_failed_ones(notice: Path, tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = run(str(notice), str(tmp_path / "scan.png"))
    assert result.exit_code == 1
    first, second = json.loads(result.stdout)
    assert first["duties"]
    assert second["source"]["name"] == "scan.png"
    assert second["error"]["code"] == "scan"
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 500, b"PK\x03\x04broken"])
def test_a_refusal_is_one_line_and_exit_1(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.docx"
    path.write_bytes(content)
    result = run(str(path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    result = run(str(tmp_path / "none.txt"))
    assert result.exit_code == 1
    assert "none.txt" in result.stderr


def test_text_without_duties_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("天气很好。", encoding="utf-8")
    result = run(str(path))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["duties"] == []


def test_table_and_office_files(notice: Path, tmp_path: Path) -> None:
    result = run(str(notice), "--table", "--xlsx", str(tmp_path / "o.xlsx"), "--docx", str(tmp_path / "o.docx"))
    assert result.exit_code == 0
    assert result.stdout.count("\t") >= 24
    for name in ("o.xlsx", "o.docx"):
        assert len(read_bytes((tmp_path / name).read_bytes(), name).duties) == 2
