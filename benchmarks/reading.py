"""O8: a notice decomposed into duties, against the bare reading of its text; nobody else reads such layouts."""

from __future__ import annotations

import os
import re
from pathlib import Path

from measure import Rival, race

from yangguang.domains.directives.reader import read_text

TITLE = (
    "青禾省人民政府办公厅关于印发年度重点工作任务分解方案的通知\n"
    "青政办发〔2026〕9号\n各市（州）、县（市、区）人民政府：\n\n"
)
DUTY = (
    "{number}．完善第{number}类事项的办理标准，压缩办理时间百分之{number}，让群众少跑一次。"
    "（牵头单位：省发展改革委；责任单位：省财政厅、省数据局；完成时限：2026年{month}月底前）\n"
)
#: marks that any reader has to look for
MARKS = re.compile(r"[（）：；。、]|牵头单位|责任单位|完成时限|\d+月|\d+．")


def notice(duties: int) -> str:
    """Return an invented notice of so many duties."""
    return TITLE + "".join(DUTY.format(number=number, month=number % 12 + 1) for number in range(1, duties + 1))


def run(rounds: int, size: int) -> None:
    """Race the reader with the floor on an invented notice, on a long one of `size` characters, and on given ones."""
    _race("an invented notice of 36 duties", notice(36), rounds)
    _race(f"an invented notice of {size:,} characters", notice(size // len(DUTY)), max(3, rounds // 3))
    if folder := os.environ.get("YG_SEEDS"):
        for file in sorted(Path(folder).glob("*.txt")):
            _race(f"{file.stem}, as given", file.read_text(encoding="utf-8"), rounds)


def _race(title: str, text: str, rounds: int) -> None:
    found = len(read_text(text).duties)
    ways = [
        Rival("read_text", "ours", lambda: read_text(text)),
        Rival("one look for every mark", "floor", lambda: sum(1 for _ in MARKS.finditer(text))),
    ]
    race(f"O8 {title}: {len(text):,} characters, {found} duties found", ways, rounds)
