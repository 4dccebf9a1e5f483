"""The shapes of BPMN and the words beside them: outline and inner mark of each kind of node, wrapped labels."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from yangguang.kernel.processes.vocabulary import Bounds, Kind, Node, Trigger

CHARACTER = 14.0
"""Width of a full-width character in pixels at the size of task labels."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "lang": "zh-CN",
        "done": "已办",
        "current": "当前环节",
        "now": "当前",
        "trail": "经过",
        "stuck": "到这里",
        "count": "{} 件",
        **{kind: kind.label for kind in Kind},
    },
    "en": {
        "lang": "en",
        "done": "done",
        "current": "present step",
        "now": "now",
        "trail": "passed",
        "stuck": "here",
        "count": "{} cases",
        Kind.START: "start",
        Kind.END: "end",
        Kind.TERMINATE: "terminating end",
        Kind.USER: "step by a person",
        Kind.MANUAL: "step on paper",
        Kind.SERVICE: "step by the system",
        Kind.TASK: "step",
        Kind.EXCLUSIVE: "choice",
        Kind.PARALLEL: "in parallel",
        Kind.INCLUSIVE: "in parallel under conditions",
        Kind.CATCH: "wait for an event",
        Kind.BOUNDARY: "attached event",
        Kind.SUBPROCESS: "sub-process",
        Kind.CALL: "another process",
    },
}


def words(language: str) -> Mapping[str, str]:
    """The words of the picture in Chinese (``zh``) or English (``en``)."""
    return _WORDS[language]


def number(value: float) -> str:
    """A coordinate as short as it can be written."""
    return f"{round(value, 1):g}"


def wrapped(text: str, width: float) -> tuple[str, ...]:
    """A label in lines of about equal length: Chinese between any two characters, other scripts between words."""
    if text.isascii():
        return _wrapped_words(text, width)
    lines = max(1, ceil(len(text) * CHARACTER / width))
    share = ceil(len(text) / lines)
    return tuple(text[at : at + share] for at in range(0, len(text), share))


def _wrapped_words(text: str, width: float) -> tuple[str, ...]:
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and len(joined) * CHARACTER * 0.52 <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return tuple(lines)


def shape_of(node: Node, box: Bounds) -> str:
    """Outline and inner mark of a node."""
    if node.kind.is_task or node.kind.is_scope:
        return _box(box, heavy=node.kind is Kind.CALL) + _task_mark(node, box)
    if node.kind.is_gateway:
        return _diamond(box) + _gateway_mark(node.kind, box)
    return _circle(node, box)


def _drawn(tag: str, attributes: str, *, mark: bool = False, filled: bool = False) -> str:
    name = "yg-bpmn-mark" if mark else "yg-bpmn-shape"
    fill = "#46525f" if filled else "none" if mark else "#fff"
    return f'<{tag} class="{name}" {attributes} fill="{fill}" stroke="#46525f"/>'


def _box(box: Bounds, *, heavy: bool = False) -> str:
    x, y, width, height = map(number, box)
    line = ' stroke-width="4"' if heavy else ""
    return _drawn("rect", f'x="{x}" y="{y}" width="{width}" height="{height}" rx="8"{line}')


def _task_mark(node: Node, box: Bounds) -> str:
    """A person, a hand's line or a wheel in the corner; three bars for many instances."""
    x, y = box.x + 11, box.y + 7
    marks = ""
    if node.kind is Kind.USER:
        person = f"M{number(x - 5)} {number(y + 7)} c0 -6 10 -6 10 0 M{number(x)} {number(y + 2)} a2.8 2.8 0 1 1 0.1 0"
        marks = _drawn("path", f'd="{person}"', mark=True)
    elif node.kind is Kind.SERVICE:
        marks = _drawn("circle", f'cx="{number(x)}" cy="{number(y + 2)}" r="5" stroke-dasharray="2.6 1.4"', mark=True)
        marks += _drawn("circle", f'cx="{number(x)}" cy="{number(y + 2)}" r="2"', mark=True)
    elif node.kind is Kind.MANUAL:
        hand = f"M{number(x - 6)} {number(y)} h10 m-10 4 h12 m-12 4 h9"
        marks = _drawn("path", f'd="{hand}"', mark=True)
    if node.marks.collection:
        middle, low = box.x + box.width / 2, box.y + box.height - 10
        bars = f"M{number(middle - 5)} {number(low)} v7 m5 -7 v7 m5 -7 v7"
        marks += _drawn("path", f'd="{bars}"', mark=True)
    return marks


def _diamond(box: Bounds) -> str:
    x, y, across, down = box.x, box.y, box.width / 2, box.height / 2
    corners = ((x + across, y), (x + box.width, y + down), (x + across, y + box.height), (x, y + down))
    points = " ".join(f"{number(one)},{number(other)}" for one, other in corners)
    return _drawn("polygon", f'points="{points}"')


def _gateway_mark(kind: Kind, box: Bounds) -> str:
    x, y, arm = box.x + box.width / 2, box.y + box.height / 2, box.width * 0.17
    if kind is Kind.INCLUSIVE:
        return _drawn(
            "circle", f'cx="{number(x)}" cy="{number(y)}" r="{number(arm * 1.3)}" stroke-width="2.5"', mark=True
        )
    if kind is Kind.PARALLEL:
        arm *= 1.4
        lines = f"M{number(x - arm)} {number(y)} H{number(x + arm)} M{number(x)} {number(y - arm)} V{number(y + arm)}"
    else:
        left, right, top, low = (number(value) for value in (x - arm, x + arm, y - arm, y + arm))
        lines = f"M{left} {top} L{right} {low} M{right} {top} L{left} {low}"
    return _drawn("path", f'd="{lines}" stroke-width="2.5"', mark=True)


def _circle(node: Node, box: Bounds) -> str:
    x, y, radius = box.x + box.width / 2, box.y + box.height / 2, min(box.width, box.height) / 2 - 2
    heavy = ' stroke-width="3.5"' if node.kind in {Kind.END, Kind.TERMINATE} else ""
    at = f'cx="{number(x)}" cy="{number(y)}"'
    drawn = _drawn("circle", f'{at} r="{number(radius)}"{heavy}')
    if node.kind is Kind.TERMINATE:
        drawn += _drawn("circle", f'{at} r="{number(radius * 0.55)}"', mark=True, filled=True)
    if node.trigger:
        drawn += _drawn("circle", f'{at} r="{number(radius - 3.5)}"', mark=True)
        drawn += _drawn("path", f'd="{_trigger_mark(node.trigger, x, y, radius * 0.5)}"', mark=True)
    return drawn


def _trigger_mark(trigger: Trigger, x: float, y: float, arm: float) -> str:
    left, right, top, low = (number(value) for value in (x - arm, x + arm, y - arm * 0.7, y + arm * 0.7))
    if trigger is Trigger.MESSAGE:
        return f"M{left} {top} H{right} V{low} H{left} Z L{number(x)} {number(y + 1)} L{right} {top}"
    if trigger is Trigger.SIGNAL:
        return f"M{number(x)} {number(y - arm)} L{right} {low} H{left} Z"
    return f"M{number(x)} {number(y - arm)} V{number(y)} L{number(x + arm * 0.7)} {number(y + arm * 0.4)}"
