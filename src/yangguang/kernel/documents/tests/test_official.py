"""One description, four files: each says the same, in the layout of an official table or letter."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import zipfile
from datetime import date

import docx
import openpyxl
import pypdfium2
import pytest
from docx.oxml.ns import qn

from yangguang.kernel.documents.official import (
    TASK_COLUMNS,
    Cell,
    Group,
    Heading,
    OfficialLetter,
    OfficialTable,
    Tone,
    to_csv,
    to_docx,
    to_pdf,
    to_xlsx,
    typeset,
)
from yangguang.kernel.documents.official.delimited import guarded
from yangguang.kernel.documents.official.description import masthead_size
from yangguang.kernel.documents.official.faces import FONTS, OPEN
from yangguang.kernel.documents.official.sheet import CELL_MAX, CUT


def row(number: int, **cells: object) -> list[object]:
    values = {
        "task": "完善㙍头镇公开栏",
        "lead": "省政务办",
        "support": "省财政厅\n省审计厅",
        "by": date(2026, 6, 5),
        "progress": "",
    }
    return [number, *{**values, **cells}.values(), Cell("▲滞后", Tone.WARN)]


def table(rows: int = 3, **more) -> OfficialTable:
    facts = {
        "title": "青禾省任务分解表",
        "masthead": "附件1",
        "number": "青政办发〔2026〕12号",
        "columns": TASK_COLUMNS,
        "groups": (Group("一、健全制度", [row(i) for i in range(1, rows + 1)]), Group("二、改进服务", [row(rows + 1)])),
        "notes": ("注：进展截至月底。",),
        "signature": "青禾省人民政府办公厅",
        "signed_on": date(2026, 6, 5),
    }
    return OfficialTable(**{**facts, **more})


def letter(**more) -> OfficialLetter:
    facts = {
        "masthead": "青禾省人民政府督查室",
        "number": "青督〔2026〕3号",
        "title": "催办通知",
        "to": "省财政厅",
        "body": ("第4项任务已到期。", Heading("一、要求"), "请于五日内报送。"),
        "facts": (("任务编号", "12-4"),),
        "attachments": ("任务分解表",),
        "signature": "青禾省人民政府督查室",
        "signed_on": date(2026, 6, 5),
        "copies_to": "省审计厅",
        "disclosure": "此件依申请公开",
    }
    return OfficialLetter(**{**facts, **more})


def pages_of(made: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made)]


def test_a_row_of_the_wrong_length_is_a_bug():
    with pytest.raises(ValueError, match="2 cells under 7 columns"):
        table(groups=(Group("", [["1", "2"]]),))


@pytest.mark.parametrize("write", [to_docx, to_pdf])
@pytest.mark.parametrize("make", [table, letter])
def test_equal_documents_are_equal_files(write, make):
    assert write(make()) == write(make())


def test_the_pdf_is_landscape_says_everything_and_repeats_its_head():
    made = to_pdf(table(rows=40))
    pages = pages_of(made)
    width, height = pypdfium2.PdfDocument(made)[0].get_size()
    assert (round(width), round(height)) == (842, 595)
    assert len(pages) > 2
    text = "".join(pages)
    for said in ("附件1", "青禾省任务分解表", "〔2026〕", "一、健全制度", "2026年6月5日", "㙍头镇", "▲滞后"):
        assert said in text.replace("\r\n", ""), said
    assert all("主要任务" in page for page in pages[:-1])
    assert [f"— {n} —" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)


def test_a_group_heading_never_stands_alone_at_the_foot_of_a_page():
    for rows in range(4, 14):
        page = next(page for page in pages_of(to_pdf(table(rows=rows))) if "二、改进服务" in page)
        assert "完善㙍头镇公开栏" in page.split("二、改进服务")[1], rows


def test_the_pdf_embeds_only_the_bundled_face_and_declares_pdf_a():
    made = to_pdf(table())
    assert b"NotoSerifSC" in made
    assert b"pdfaid:part" in made
    assert len(made) < 500_000


def test_an_office_that_owns_an_official_typeface_gets_it():
    assert typeset._face("title", frozenset({OPEN})) == {"family": [OPEN], "heavy": True}
    owned = typeset._face("title", frozenset({OPEN, "FZXiaoBiaoSong-B05S"}))
    assert owned == {"family": ["FZXiaoBiaoSong-B05S", OPEN], "heavy": False}


def test_text_is_never_read_as_markup():
    hostile = '#panic("x") $ * _ <a> @b [ ] \\ {{x}} & "quoted"'
    assert hostile in "".join(pages_of(to_pdf(letter(body=(hostile,))))).replace("\r\n", "")
    assert hostile in "".join(p.text for p in docx.Document(io.BytesIO(to_docx(letter(body=(hostile,))))).paragraphs)


def test_control_characters_break_no_file():
    dirty = "甲\x00乙\x0b丙\ud800丁"
    for write in (to_docx, to_pdf, to_xlsx, to_csv):
        assert write(table(groups=(Group(dirty, [row(1, task=dirty)]),), title=dirty))


def test_the_letter_tells_all_its_parts_and_its_annex_lies_across():
    made = to_pdf(letter(annex=table()))
    text = "".join(pages_of(made)).replace("\r\n", "")
    for said in (
        "青督〔2026〕3号",
        "催办通知",
        "省财政厅：",
        "一、要求",
        "任务编号",
        "附件：任务分解表",
        "抄送：省审计厅。",
        "印发",
        "此件依申请公开",
    ):
        assert said in text, said
    sizes = {tuple(round(x) for x in page.get_size()) for page in pypdfium2.PdfDocument(made)}
    assert sizes == {(595, 842), (842, 595)}


def test_a_bulletin_has_its_issue_under_the_red_head():
    text = pages_of(to_pdf(letter(issue="第2期", number="", title="关于落实情况的通报")))[0]
    assert text.index("第2期") < text.index("关于落实情况的通报")


def test_a_long_red_head_still_fits_one_line():
    for length in (4, 11, 20, 30):
        assert masthead_size("青" * length) * length <= 156 / 25.4 * 72


def test_the_docx_has_official_typefaces_a_repeated_head_and_landscape():
    made = to_docx(table())
    paper = docx.Document(io.BytesIO(made))
    section = paper.sections[0]
    assert section.page_width > section.page_height
    grid = paper.tables[0]
    assert grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert grid.rows[1].cells[0]._tc is grid.rows[1].cells[6]._tc, "a group heading spans the table"
    assert [c.text for c in grid.rows[2].cells][3] == "省财政厅\n省审计厅"
    faces = {f.get(qn("w:eastAsia")) for f in paper.element.body.iter(qn("w:rFonts"))}
    assert faces == {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"}
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert "Noto Serif SC" in package.read("word/fontTable.xml").decode()
        footers = [package.read(n).decode() for n in package.namelist() if "footer" in n and n.endswith(".xml")]
    assert sum(" PAGE " in f for f in footers) == 2


def test_the_xlsx_keeps_every_text_a_text():
    hostile = '=HYPERLINK("http://x","y")'
    made = to_xlsx(table(groups=(Group(hostile, [row(1, task=hostile, progress="http://x.example/=1+1")]),)))
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    cells = {cell.value: cell for line in sheet.iter_rows() for cell in line if cell.value is not None}
    assert cells[hostile].data_type == "s"
    assert cells["http://x.example/=1+1"].hyperlink is None
    assert cells[1].data_type == "n"
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape"
    assert "A5:G5" in {str(merged) for merged in sheet.merged_cells.ranges}


def test_an_overlong_cell_says_that_it_was_cut():
    made = to_xlsx(table(groups=(Group("", [row(1, task="长" * 40000)]),)))
    values = [c.value for line in openpyxl.load_workbook(io.BytesIO(made)).active.iter_rows() for c in line]
    longest = max((v for v in values if isinstance(v, str)), key=len)
    assert len(longest) <= CELL_MAX
    assert longest.endswith(CUT)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("＝cmd|x", "'＝cmd|x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+86 871", "'+86 871"),
        ("-已完成", "'-已完成"),
        ("-5.2%", "-5.2%"),
        ("公开=透明", "公开=透明"),
    ],
)
def test_csv_cells_are_never_formulas(text, safe):
    assert guarded(text) == safe


def test_the_csv_opens_in_a_spreadsheet_and_names_its_groups():
    made = to_csv(table())
    assert made.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert lines[0] == ["类别", *(column.head for column in TASK_COLUMNS)]
    assert lines[1][:3] == ["一、健全制度", "1", "完善㙍头镇公开栏"]
    assert len(lines) == 5


def test_a_table_without_groups_has_no_group_column():
    plain = dataclasses.replace(table(), groups=(Group("", [row(1)]),))
    assert to_csv(plain).decode("utf-8-sig").startswith("序号,")


def test_the_bundled_fonts_are_those_of_the_manifest():
    manifest = json.loads((FONTS / "manifest.json").read_text(encoding="utf-8"))
    listed = {name: sha for font in manifest.values() for name, sha in font["files"].items()}
    there = {str(p.relative_to(FONTS)): p for p in FONTS.rglob("*") if p.is_file() and p.name != "manifest.json"}
    assert set(listed) == set(there)
    for name, path in there.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == listed[name], name
    assert all(font["licence"] == "OFL-1.1" for font in manifest.values())
