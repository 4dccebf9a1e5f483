"""Official documents (公文): one description, four files. Free of Django; knows layout, never business.

    table = OfficialTable(title="…任务分解表", columns=TASK_COLUMNS, groups=(Group("一、…", rows),))
    to_pdf(table), to_docx(table), to_xlsx(table), to_csv(table)

Layout after GB/T 9704-2012 (党政机关公文格式). Official typefaces are named first;
where the reader's machine lacks them an open one stands in.
"""

from __future__ import annotations

from yangguang.kernel.documents.official.delimited import guarded, to_csv
from yangguang.kernel.documents.official.description import (
    TASK_COLUMNS,
    Cell,
    Column,
    Group,
    Heading,
    OfficialLetter,
    OfficialTable,
    Tone,
)
from yangguang.kernel.documents.official.sheet import to_xlsx
from yangguang.kernel.documents.official.typeset import to_pdf
from yangguang.kernel.documents.official.word import to_docx

__all__ = [
    "TASK_COLUMNS",
    "Cell",
    "Column",
    "Group",
    "Heading",
    "OfficialLetter",
    "OfficialTable",
    "Tone",
    "guarded",
    "to_csv",
    "to_docx",
    "to_pdf",
    "to_xlsx",
]
