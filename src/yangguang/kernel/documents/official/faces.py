"""Which typeface stands for which role of an official document, and where the open ones lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "content" / "fonts"
#: the bundled open typeface that stands in for every official one
OPEN = "Noto Serif SC"


@dataclass(frozen=True, slots=True)
class Face:
    """A role's official typeface, the other names it goes by, and whether its strokes are heavy."""

    official: str
    names: tuple[str, ...]
    heavy: bool = False
    #: open typefaces a word processor may take instead, best first
    stand_ins: tuple[str, ...] = ()


#: GB/T 9704-2012: title 小标宋, body 仿宋, headings 黑体 and 楷体
FACES: dict[str, Face] = {
    "title": Face("方正小标宋简体", ("FZXiaoBiaoSong-B05S",), True, ("Noto Serif CJK SC", OPEN, "宋体")),
    "body": Face("仿宋_GB2312", ("FangSong_GB2312", "仿宋", "FangSong"), False, ("仿宋", "Noto Serif CJK SC", OPEN)),
    "hei": Face("黑体", ("SimHei",), True, ("Noto Sans CJK SC", "Noto Sans SC", OPEN)),
    "kai": Face("楷体_GB2312", ("KaiTi_GB2312", "楷体", "KaiTi"), False, ("楷体", "LXGW WenKai", OPEN)),
}
