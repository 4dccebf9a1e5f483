"""Plain text: encodings, line ends, and what is no text at all."""

from __future__ import annotations

import codecs
import re

from yangguang.domains.directives.reader.records import Settings, Unreadable

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
COMMON = frozenset(
    "的一是在和有为不大中人国工作单位市政府部门责任通知办理公开推进加强建设管理年月日省县区局委各部門單責務開進設關"
)
LINE_END = re.compile("\r\n?")
BRACKET = re.compile(r"[()（）\[\]【】〔〕\n]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x1f]")
MOST_BROKEN = 0.02  # share of undecodable characters a text may hold


def decode_text(data: bytes) -> str:
    """Decode bytes as UTF-8, UTF-16, GB18030 or Big5, whichever reads best."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if data[:400].count(0) > len(data[:400]) // 5:
        return data.decode("utf-16-le" if data[1:400:2].count(0) > data[0:400:2].count(0) else "utf-16-be", "replace")
    candidates = [(_merit(text := data.decode(encoding, "replace")), text) for encoding in ("gb18030", "big5", "utf-8")]
    return max(candidates, key=lambda entry: entry[0])[1]


def _merit(text: str) -> float:
    """Judge a decoding: common Chinese characters speak for it, broken ones against."""
    sample = text[:20_000]
    return sum(char in COMMON for char in sample) - 5 * sample.count("\ufffd")


def checked(text: str, settings: Settings) -> str:
    """Return text with plain line ends; refuse what is empty, too long or binary."""
    size = len(text) if len(text) > settings.most_text else len(text.encode("utf-8", "surrogatepass"))
    if size > settings.most_text:
        raise Unreadable(
            "too_large", f"文本过大：{size} 字节，上限 {settings.most_text} 字节。", "请拆分文件，或请管理员调高上限。"
        )
    if not text.strip("\ufeff\u200b\x00 \t\r\n\u3000\xa0"):
        raise Unreadable("empty", "文件为空，没有可读的文字。", "请检查文件，或直接粘贴正文。")
    if looks_binary(text):
        raise Unreadable(
            "binary", "这不是文本文件。", "请提供 txt、html、docx、xlsx 或带文字层的 pdf，或直接粘贴正文。"
        )
    if too_deep(text, settings.deepest_brackets):
        raise Unreadable("nested_brackets", "括号嵌套过深，这不是公文。", "请检查文件，或只粘贴正文。")
    return LINE_END.sub("\n", text)


def too_deep(text: str, deepest: int) -> bool:
    """Say whether more than `deepest` brackets are open at once in a line."""
    if sum(text.count(bracket) for bracket in "(（[【〔") <= deepest:
        return False
    depth = 0
    for match in BRACKET.finditer(text):
        char = match.group()
        depth = 0 if char == "\n" else depth + 1 if char in "(（[【〔" else max(0, depth - 1)
        if depth > deepest:
            return True
    return False


def looks_binary(text: str) -> bool:
    """Say whether decoded text is too full of control or broken characters to be a notice."""
    sample = text[:200_000]
    bad = len(CONTROL.findall(sample)) + sample.count("\ufffd")
    return bad > max(4, len(sample) * MOST_BROKEN)
