"""How names of units are compared: folding, customary abbreviation, level prefixes, signboards, pinyin order.

Pure: no tables. A comparison key is never shown; what is shown is the name as registered or as printed.
"""

import re
import unicodedata
from functools import cache

import opencc
from pypinyin import Style, lazy_pinyin

from yangguang.kernel.organisation.vocabulary import Level

#: Customary shortenings that change no meaning, longest first.
_ABBREVIATIONS = (
    ("人民代表大会常务委员会", "人大常委会"),
    ("监督管理", "监管"),
    ("人民政府", "政府"),
    ("管理委员会", "管委会"),
    ("委员会", "委"),
    ("办公厅", "办"),
    ("办公室", "办"),
    ("人民法院", "法院"),
    ("人民检察院", "检察院"),
)
_LEVEL_WORDS = {
    "自治区": (Level.PROVINCE,),
    "省": (Level.PROVINCE,),
    "自治州": (Level.PREFECTURE,),
    "地区": (Level.PREFECTURE,),
    "州": (Level.PREFECTURE,),
    "盟": (Level.PREFECTURE,),
    "市": (Level.PREFECTURE, Level.COUNTY),
    "县": (Level.COUNTY,),
    "区": (Level.COUNTY,),
    "旗": (Level.COUNTY,),
    "街道": (Level.TOWNSHIP,),
    "乡": (Level.TOWNSHIP,),
    "镇": (Level.TOWNSHIP,),
    "社区": (Level.VILLAGE,),
    "村": (Level.VILLAGE,),
}
_DIVISION_ENDING = re.compile(
    r"(?:(?:[\u4e00-\u9fff]{1,3}族)+自治[州县]|自治区|省|市|地区|盟|州|县|区|旗|街道|乡|镇|社区|村)$"
)
_SIGNBOARDS = re.compile(r"(?P<outer>[^()]+)\((?P<inner>[^()]+)\)")
_PINYIN_WIDTH = 200


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Return the text in simplified script, NFKC, without white space: the form in which names are compared.

    >>> fold("市發展改革委（市糧食局）")
    '市发展改革委(市粮食局)'
    """
    narrow = unicodedata.normalize("NFKC", text)
    bare = "".join(narrow.split()).replace("〔", "(").replace("〕", ")")
    simplified: str = _simplifier().convert(bare)
    return simplified


def comparison_key(text: str) -> str:
    """Return the folded text in its customary abbreviation, so that full and short official forms meet.

    >>> comparison_key("青禾省发展和改革委员会") == comparison_key("青禾省发展改革委")
    True
    """
    key = fold(text)
    for full, short in _ABBREVIATIONS:
        key = key.replace(full, short)
    return re.sub(r"(?<=[\u4e00-\u9fff])[和与、](?=[\u4e00-\u9fff])", "", key)


def stem(name: str, division_names: tuple[str, ...]) -> str:
    """Return the comparison key without its place: 省发改委 and 青禾省发改委 both give 发改委.

    `division_names` are the names and short names of the unit's own division.
    """
    key = comparison_key(name)
    for place in sorted(map(comparison_key, division_names), key=len, reverse=True):
        if place and key.startswith(place) and len(key) > len(place):
            return key[len(place) :]
    _levels, rest = level_prefix(key)
    return rest


def level_prefix(key: str) -> tuple[tuple[Level, ...], str]:
    """Split a leading level word (省, 市, 县…) off; no levels and the whole key where there is none.

    A reading only: 市场监管局 begins with 市 as well, so callers try the whole key first.

    >>> level_prefix("市财政局")[1], level_prefix("财政局")[1]
    ('财政局', '财政局')
    """
    for word in sorted(_LEVEL_WORDS, key=len, reverse=True):
        if key.startswith(word) and len(key) > len(word) + 1:
            return _LEVEL_WORDS[word], key[len(word) :]
    return (), key


def short_division_name(name: str) -> str:
    """Return the name without its generic ending (云川市 → 云川), or whole where too little would be left."""
    bare = _DIVISION_ENDING.sub("", name)
    return bare if len(bare) > 1 else name


def signboards(text: str) -> tuple[str, str] | None:
    """Split `X(Y)` into both signboards; None where the text is not of that form."""
    match = _SIGNBOARDS.fullmatch(fold(text))
    return (match["outer"], match["inner"]) if match else None


def is_contraction(short: str, full: str) -> bool:
    """Whether the characters of one name occur in order in the other, first and last agreeing (发改委, 人社厅)."""
    if len(short) < 2 or len(short) >= len(full) or short[0] != full[0] or short[-1] != full[-1]:
        return False
    rest = iter(full)
    return all(character in rest for character in short)


def pinyin_key(name: str) -> str:
    """Return the key by which names are ordered: pinyin with tone figures, syllable by syllable."""
    return " ".join(lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True))[:_PINYIN_WIDTH]
