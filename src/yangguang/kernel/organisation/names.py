"""How names of units are compared: folding, customary abbreviation, level prefixes, signboards, pinyin order.

Pure: no tables. A comparison key is never shown; what is shown is the name as registered or as printed.
"""

import re
import unicodedata
from collections.abc import Iterable
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
    "区": (Level.COUNTY, Level.PROVINCE),
    "旗": (Level.COUNTY,),
    "街道": (Level.TOWNSHIP,),
    "乡": (Level.TOWNSHIP,),
    "镇": (Level.TOWNSHIP,),
    "社区": (Level.VILLAGE,),
    "村": (Level.VILLAGE,),
}
_PEOPLES = (
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 "
    "傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 "
    "锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 "
    "基诺"
).split()
_PEOPLE = "|".join(sorted(_PEOPLES, key=len, reverse=True))
_DIVISION_ENDING = re.compile(
    rf"(?:(?:(?:{_PEOPLE})族|各族)*自治[州县旗区]|自治区|省|市|地区|盟|州|县|区|旗|街道|乡|镇|社区|村)$"
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


def stem(name: str, places: Iterable[tuple[str, ...]]) -> str:
    """Return the comparison key without its place: 省发改委 and 青禾省发改委 both give 发改委.

    `places` are the names (see `division_names`) of each division of the unit's chain, the province first.
    """
    key = comparison_key(name)
    placed = key
    for names in places:
        leading = next((place for place in names if placed.startswith(place) and len(placed) > len(place)), "")
        placed = placed[len(leading) :]
    return level_prefix(key)[1] if placed == key else placed


def levels_of(word: str) -> tuple[Level, ...]:
    """Return the levels a level word may speak of."""
    return _LEVEL_WORDS.get(word, ())


def level_prefix(key: str) -> tuple[str, str]:
    """Split a leading level word (省, 市, 县…) off; no word and the whole key where there is none.

    A reading only: 市场监管局 begins with 市 as well, so callers try the whole key first.

    >>> level_prefix("市财政局"), level_prefix("财政局")
    (('市', '财政局'), ('', '财政局'))
    """
    for word in sorted(_LEVEL_WORDS, key=len, reverse=True):
        if key.startswith(word) and len(key) > len(word) + 1:
            return word, key[len(word) :]
    return "", key


def division_names(name: str, short_name: str) -> tuple[str, ...]:
    """Return the ways a place is written, longest first: 清溪彝族自治州, 清溪州, 清溪."""
    return tuple(dict.fromkeys((name, short_name + name[-1], short_name)))


def short_division_name(name: str) -> str:
    """Return the name without its generic ending and its peoples, or whole where too little would be left.

    >>> [short_division_name(name) for name in ("云川市", "红河哈尼族彝族自治州", "回县")]
    ['云川', '红河', '回县']
    """
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
