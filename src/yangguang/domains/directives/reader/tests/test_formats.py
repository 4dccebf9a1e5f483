"""Every format gives the same duties; what cannot be read is refused by name with the way out."""
# ruff: noqa: E501  (tables: one rule or sample a line)

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pypdfium2
import pytest
import typst
from lxml.html import fromstring

from yangguang.domains.directives.reader import Reading, Settings, Unreadable, read_bytes, read_text
from yangguang.domains.directives.reader.export import COLUMNS, as_docx, as_table, as_xlsx
from yangguang.domains.directives.reader.formats.html import WIDEST
from yangguang.domains.directives.reader.formats.html import _rows as html_rows

HEADER = ["序号", "重点工作", "具体措施", "牵头单位", "配合单位", "完成时限"]
ROWS = [
    ["1", "政务公开", "公布权力清单", "县编办", "县法制办", "6月底"],
    ["2", "政务公开", "公开部门预算", "县财政局", "县直各部门", "9月底前"],
    ["3", "便民服务", "开通服务热线", "县信访局", "", "年内"],
]
WANT = [
    ("公布权力清单", ["县编办"], ["县法制办"], "2013-06-30"),
    ("公开部门预算", ["县财政局"], ["县直各部门"], "2013-09-30"),
    ("开通服务热线", ["县信访局"], [], "2013-12-31"),
]
TITLE = "石桥县人民政府办公室关于印发2013年重点工作分解表的通知"


def duties_of(reading: Reading) -> list[tuple[str, list[str], list[str], str | None]]:
    return [
        (duty["text"], duty["lead"], duty["support"], duty["deadlines"][0]["date"] if duty["deadlines"] else None)
        for duty in reading.as_json()["duties"]
    ]


def page(table: str, before: str = "", charset: str = "utf-8") -> bytes:
    text = f"<html><head><meta charset='{charset}'><style>x</style></head><body><div>首页 &gt; 文件</div><h1>{TITLE}</h1><p>石政办发〔2013〕9号</p>{before}{table}<script>var a='（县公安局负责）';</script></body></html>"
    return text.encode(charset)


def test_html_table_with_spans() -> None:
    table = (
        "<table><tr>" + "".join(f"<th>{name}</th>" for name in HEADER) + "</tr>"
        "<tr><td>1</td><td rowspan='2'>政务公开</td><td>公布权力<br>清单</td><td>县编办</td><td>县法制办</td><td>6月底</td></tr>"
        "<tr><td>2</td><td>公开部门预算</td><td>县财政局</td><td>县直各部门</td><td>9月底前</td></tr>"
        "<tr><td>3</td><td>便民服务</td><td>开通服务热线</td><td>县信访局</td><td></td><td>年内</td></tr></table>"
    )
    reading = read_bytes(page(table), "a.html")
    assert duties_of(reading) == WANT
    assert reading.title == TITLE
    assert reading.document_number == "石政办发〔2013〕9号"
    assert reading.duties[1].path == ["政务公开"]


def test_html_units_one_a_line_and_a_spanning_heading() -> None:
    table = (
        "<table><tr><td>事项</td><td>主要工作</td><td>责任单位</td></tr><tr><td colspan='3'>一、简政放权</td></tr>"
        "<tr><td>（一）清理审批</td><td>再取消10项</td><td><p>县编办</p><p>县市场监<br>管局</p><p>县发改局</p></td></tr></table>"
    )
    reading = read_bytes(page(table), "a.html").as_json()
    assert reading["duties"][0]["responsible"] == ["县编办", "县市场监管局", "县发改局"]
    assert reading["duties"][0]["path"] == ["一、简政放权", "（一）清理审批"]


def test_html_two_header_rows() -> None:
    table = (
        "<table><tr><td rowspan='2'>序号</td><td rowspan='2'>任务</td><td colspan='2'>责任分工</td><td rowspan='2'>时限</td></tr>"
        "<tr><td>牵头单位</td><td>参与单位</td></tr><tr><td>1</td><td>清理证照</td><td>县工商局</td><td>县税务局</td><td>3月底</td></tr></table>"
    )
    duty = read_bytes(page(table), "a.html").as_json()["duties"][0]
    assert (duty["lead"], duty["support"], duty["deadlines"][0]["date"]) == (["县工商局"], ["县税务局"], "2013-03-31")


def test_html_layout_table_is_running_text() -> None:
    inner = "<table><tr><td>栏目</td></tr><tr><td><p>一、清理证照。3月底前完成。（县工商局负责）</p><p>二、公开收费。（县物价局负责）</p></td></tr></table>"
    reading = read_bytes(page(f"<table><tr><td>导航</td><td>{inner}</td></tr></table>"), "a.html").as_json()
    assert [duty["responsible"] for duty in reading["duties"]] == [["县工商局"], ["县物价局"]]


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "utf-8"])
def test_html_in_declared_encodings(charset: str) -> None:
    body = "<p>各乡镇人民政府：</p><p>一、清理证照。3月底前完成。（县工商局负责）</p>"
    reading = read_bytes(page(body, charset=charset), "a.html")
    assert reading.as_json()["duties"][0]["responsible"] == ["县工商局"]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "一、清理证照。三月底前完成清理工作。（县工商局负责）"),
        ("utf-8-sig", "一、清理证照。三月底前完成清理工作。（县工商局负责）"),
        ("utf-16", "一、清理证照。三月底前完成清理工作。（县工商局负责）"),
        ("big5", "一、清理證照。三月底前完成各單位清理工作。（縣工商局負責）"),
    ],
)
def test_text_encodings(encoding: str, text: str) -> None:
    duty = read_bytes(text.encode(encoding), "a.txt").as_json()["duties"][0]
    assert [name.replace("縣", "县") for name in duty["responsible"]] == ["县工商局"]


def word(rows: list[list[str]], paragraphs: tuple[str, ...] = ()) -> docx.document.Document:
    document = docx.Document()
    for text in (TITLE, *paragraphs):
        document.add_paragraph(text)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            table.cell(line, column).text = value
    return document


def saved(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_docx_table_with_merged_cells() -> None:
    rows = [HEADER, ROWS[0], [ROWS[1][0], "", *ROWS[1][2:]], ROWS[2]]
    document = word(rows)
    document.tables[0].cell(1, 1).merge(document.tables[0].cell(2, 1))
    reading = read_bytes(saved(document), "a.docx")
    assert duties_of(reading) == WANT
    assert reading.duties[1].path == ["政务公开"]


def test_docx_automatic_numbers_are_printed() -> None:
    document = docx.Document()
    document.add_paragraph("石桥县2013年工作要点")
    for text in ("清理证照。3月底前完成。（县工商局负责）", "公开收费。（县物价局负责）"):
        document.add_paragraph(text, style="List Number")
    reading = read_bytes(saved(document), "a.docx").as_json()
    assert [duty["number"] for duty in reading["duties"]] == ["1.", "2."]
    assert [duty["responsible"] for duty in reading["duties"]] == [["县工商局"], ["县物价局"]]


def workbook(rows: list[list[str]], title: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADER))
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_xlsx_with_a_title_row() -> None:
    reading = read_bytes(workbook([HEADER, *ROWS], TITLE), "a.xlsx")
    assert duties_of(reading) == WANT
    assert reading.title == TITLE


def test_a_table_read_and_written_reads_the_same() -> None:
    reading = read_bytes(workbook([HEADER, *ROWS], TITLE), "a.xlsx")
    for data, name in ((as_xlsx([reading]), "b.xlsx"), (as_docx([reading]), "b.docx")):
        assert duties_of(read_bytes(data, name)) == WANT
    assert as_table(reading).splitlines()[-3].split("\t")[3] == "县编办"
    assert "\t".join(COLUMNS) in as_table(reading)


def test_pdf_with_a_table_over_pages() -> None:
    rows = "".join(f"[{place}],[便民服务],[开通第{place}条热线],[县信访局],[],[年内],\n" for place in range(3, 30))
    source = f"""
#set page(width: 297mm, height: 120mm)
#set text(font: ("Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai"), lang: "zh")
{TITLE}

#table(columns: (2cm, 3cm, 6cm, 4cm, 4cm, 3cm), table.header({"".join(f"[{name}]," for name in HEADER)}),
[1], table.cell(rowspan: 2)[政务公开], [公布权力清单], [县编办], [县法制办], [6月底],
[2], [公开部门预算], [县财政局], [县直各部门], [9月底前],
{rows})"""
    reading = read_bytes(typst.compile(source.encode()), "a.pdf")
    if "权力清单" not in reading.text:
        pytest.skip("no Chinese font to draw the sample with")
    assert duties_of(reading)[:2] == WANT[:2]
    assert [duty.number for duty in reading.duties] == [str(place) for place in range(1, 30)]


def blank_pdf() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 60_000_000)
    return stream.getvalue()


def package_of(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\t\n", "a.txt", "empty"),
        ("\u3000\n".encode(), "a.txt", "empty"),
        (bytes(range(256)) * 40, "a.txt", "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.doc", "old_word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.wps", "wps"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.xls", "old_excel"),
        (package_of("OFD.xml"), "a.ofd", "ofd"),
        (package_of("readme.txt"), "a.zip", "archive"),
        (package_of("word/document.xml"), "a.docx", "broken"),
        (package_of("xl/workbook.xml"), "a.xlsx", "broken"),
        (b"PK\x03\x04word/ cut short", "a.docx", "broken"),
        (b"%PDF-1.7 nothing", "a.pdf", "broken"),
        (blank_pdf(), "a.pdf", "scan"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "scan"),
        (b"\xff\xd8\xff\xe0", "a.pdf", "scan"),
        (b"{\\rtf1 x}", "a.rtf", "rtf"),
        (bomb(), "a.docx", "zip_bomb"),
        (b"(" * 100_000, "a.txt", "nested_brackets"),
        ("（市".encode() * 100_000, "a.txt", "nested_brackets"),
        ("市".encode() * 3_400_000, "a.txt", "too_large"),
    ],
)  # fmt: skip
def test_refusals_are_named(data: bytes, name: str, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_bytes(data, name)
    assert refusal.value.code == code
    assert "\n" not in str(refusal.value)
    assert refusal.value.remedy


def test_the_size_limit_is_a_setting() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_text("一、清理证照。" * 100, "x", Settings(most_text=1000))
    assert refusal.value.code == "too_large"
    assert read_text("一、清理证照。" * 10, "x", Settings(most_text=1000)).duties


def test_text_without_duties_is_read() -> None:
    reading = read_text("天气很好。", "x")
    assert reading.duties == []
    assert [warning.code for warning in reading.warnings][0] == "no_duties"


def test_html_spans_beyond_any_table_are_cut() -> None:
    rows = "<tr><td rowspan=60000 colspan=1000>市局</td></tr>" * 60
    widths = [len(row) for row in html_rows(fromstring(f"<table>{rows}</table>"))]
    assert max(widths) <= WIDEST + 100
