"""A workbook is taken in whole or not at all; every wrong row is told by sheet, row and column."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.vocabulary import Actor, Malformed, NotAllowed
from yangguang.kernel.office import commands as office
from yangguang.kernel.office.plans import Known, plan
from yangguang.kernel.office.sheets import SHEETS, Row, read_workbook, write_template
from yangguang.kernel.office.vocabulary import SETUP
from yangguang.kernel.organisation.models import Division, Officer, Person, Post, Unit
from yangguang.kernel.organisation.queries import resolve_unit, unit_chain

AT = datetime(2024, 6, 3, 1, 0, tzinfo=UTC)
WHEN = {"by": Actor.system(SETUP), "at": AT}
GOOD = {
    "division": [
        ["9901", "云川市", "市级", "99"],
        ["99", "青禾省", "省级"],
        ["990121", "柳溪县", "县级", "9901", "", "否", "1985-01-01"],
        ["9901H1", "云川高新区", "县级", "9901", "", "是"],
    ],
    "unit": [
        ["CFIN", "云川市财政局", "9901", "部门", "C", "", "PFIN", "市财政局、财政局"],
        ["C", "云川市人民政府", "9901", "政府", "P"],
        ["P", "青禾省人民政府", "99", "政府"],
        ["PFIN", "青禾省财政厅", "99", "部门", "P"],
    ],
    "post": [["CFIN", "经办人", "clerk"], ["C", "督查", "clerk", "P", "2020-01-01"]],
    "person": [["1", "王一", "CFIN", "经办人", "wangyi"], ["2", "张二"], ["1", "王一", "C", "督查"]],
}


def workbook(**changed):
    return write_template({**GOOD, **changed})


@pytest.fixture
def role(db):
    return office.define_role("clerk", "经办人", ["x.do"], **WHEN)


def counts():
    return tuple(model.objects.count() for model in (Division, Unit, Post, Person, Officer, Entry))


def test_a_dry_run_tells_and_writes_nothing(role):
    before = counts()
    planned = office.plan_import(workbook())
    assert planned.errors == ()
    assert (len(planned.rows), planned.created) == (13, 13)
    assert [change.row["code"] for change in planned.changes[:4]] == ["99", "9901", "990121", "9901H1"]
    assert counts() == before


def test_all_is_taken_in_and_a_second_time_is_all_known(role):
    office.apply_import(workbook(), **WHEN)
    assert counts()[:5] == (4, 4, 2, 2, 2)
    finance = Unit.objects.get(code="CFIN")
    assert [unit.code for unit in unit_chain(finance)] == ["P", "C", "CFIN"]
    assert finance.counterpart.code == "PFIN"
    assert resolve_unit("财政局", finance.division, date(2008, 1, 1)).unit == finance
    assert Division.objects.get(code="9901H1").branch
    assert Post.objects.get(name="督查").scope.code == "P"
    again = office.apply_import(workbook(), **WHEN)
    assert counts()[:5] == (4, 4, 2, 2, 2)
    assert {change.row.sheet for change in again.changes if change.is_new} <= {"person"}


def test_one_wrong_row_and_nothing_is_taken_in(role):
    before = counts()
    wrong = workbook(person=[*GOOD["person"], ["3", "李三", "CFIN", "局长"]])
    with pytest.raises(Malformed) as refused:
        office.apply_import(wrong, **WHEN)
    assert list(refused.value.errors.values()) == ["人员 第5行 岗位：单位 CFIN 没有岗位“局长”"]
    assert counts() == before


def test_only_who_manages_all_three_may_import(role):
    with pytest.raises(NotAllowed):
        office.apply_import(workbook(), by=Actor.system("nobody"), at=AT)


WRONG = [
    ("division", ["9X", "某", "省级"], "区划代码", "区划代码须为数字"),
    ("division", ["98", "", "省级"], "名称", "不能为空"),
    ("division", ["98", "某省", "省"], "层级", "须为省级"),
    ("division", ["9902", "某市", "市级", "77"], "上级代码", "没有代码 77"),
    ("division", ["9902", "某市", "省级", "9901"], "层级", "层级须低于上级区划"),
    ("division", ["99", "青禾省", "省级"], "区划代码", "99 出现了两次"),
    ("division", ["98", "某省", "省级", "", "", "也许"], "开发区", "须为是、否之一"),
    ("division", ["98", "某省", "省级", "", "", "", "去年"], "起始日", "日期须写作"),
    ("unit", ["X", "某局", "77", "部门"], "区划代码", "没有代码 77"),
    ("unit", ["X", "某局", "99", "协会"], "性质", "须为政府"),
    ("unit", ["X", "某局", "99", "部门", "ZZ"], "上级单位代码", "没有代码 ZZ"),
    ("unit", ["X", "某局", "99", "部门", "X"], "上级单位代码", "不能指向自己"),
    ("post", ["C", "某岗", "god"], "角色", "没有角色 god"),
    ("post", ["ZZ", "某岗", "clerk"], "单位代码", "没有代码 ZZ"),
    ("post", ["CFIN", "经办人", "clerk"], "岗位", "出现了两次"),
    ("person", ["1", "王二"], "姓名", "工号 1 已登记为“王一”"),
    ("person", ["4", "李四", "C"], "岗位", "须同时填写"),
]


@pytest.mark.parametrize(("sheet", "row", "column", "says"), WRONG)
def test_wrong_rows(sheet, row, column, says):
    rows, errors = read_workbook(workbook(**{sheet: [*GOOD[sheet], row]}))
    found = plan(rows, errors, Known(roles=frozenset({"clerk"})))
    (error,) = found.errors
    assert error.column == column
    assert says in error.says
    assert error.row == len(GOOD[sheet]) + 2
    assert found.changes == ()


def test_circles_are_found():
    rows = [Row("unit", n, {"code": code, "name": code, "division": "99", "nature": "部门", "superior": above})
            for n, (code, above) in enumerate([("A", "B"), ("B", "C"), ("C", "A")], start=2)]  # fmt: skip
    found = plan(rows, [], Known(divisions={"99": "青禾省"}))
    assert {error.says for error in found.errors} == {"上级关系成环"}


def test_a_known_code_under_another_name_is_no_rename():
    rows = [Row("division", 2, {"code": "99", "name": "青苗省", "level": "省级"})]
    (error,) = plan(rows, [], Known(divisions={"99": "青禾省"})).errors
    assert "更名请用更名功能" in error.says


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "不是 XLSX"), (b"PK\x03\x04nonsense", "不是 XLSX"), (b"a,b\n1,2", "不是 XLSX")],
)
def test_what_is_no_workbook_is_told_in_one_line(content, says):
    rows, (error,) = read_workbook(content)
    assert rows == []
    assert says in str(error)


def test_another_zip_and_a_bomb_are_refused():
    other, bomb = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("a.txt", "b")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (65 * 1024 * 1024))
    assert "不是可读的" in str(read_workbook(other.getvalue())[1][0])
    assert "过大" in str(read_workbook(bomb.getvalue())[1][0])


def test_the_template_is_read_back_empty_and_without_errors():
    assert read_workbook(office.workbook()) == ([], [])
    book = load_workbook(io.BytesIO(office.workbook()))
    assert book.sheetnames == [sheet.title for sheet in SHEETS]


def test_numbers_and_dates_that_excel_made_are_read_as_meant():
    book = load_workbook(io.BytesIO(office.workbook()))
    book["区划"].append([99.0, "青禾省", "省级", None, None, None, datetime(2001, 2, 3)])  # noqa: DTZ001 - as Excel has it
    out = io.BytesIO()
    book.save(out)
    (row,), errors = read_workbook(out.getvalue())
    assert (row["code"], row["valid_from"], errors) == ("99", "2001-02-03", [])


CELL = st.sampled_from(["", "99", "9901", "9902", "省级", "市级", "青禾省", "云川市", "是", "x", "2024-01-01"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=7, max_size=7), max_size=6))
def test_a_plan_has_changes_or_errors_never_both_and_parents_come_first(cells):
    fields = [column.field for column in SHEETS[0].columns]
    rows = [Row("division", n, dict(zip(fields, line, strict=True))) for n, line in enumerate(cells, start=2)]
    found = plan(rows, [], Known())
    assert not (found.errors and found.changes)
    seen = set()
    for change in found.changes:
        assert change.row["parent"] in seen | {""}
        seen.add(change.row["code"])
