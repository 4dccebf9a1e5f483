"""The tree of RFC 9162 (as RFC 6962): roots, inclusion and consistency proofs. Pure: bytes in, bytes out.

Leaves are hashed with the prefix 0x00 and inner nodes with 0x01, so that no
node can be passed off as a leaf. Proofs are made from a function that gives
the hash of any complete subtree; where those hashes are kept is not known here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

#: gives the hash of the complete subtree at ``level`` and ``index``: of the leaves [index·2^level, (index+1)·2^level)
Complete = Callable[[int, int], bytes]

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf that stands for ``data``.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two halves."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two below ``size``: where a tree of two or more leaves is parted."""
    return 1 << ((size - 1).bit_length() - 1)


def root(size: int, complete: Complete) -> bytes:
    """Return the root of the first ``size`` leaves."""
    return span(0, size, complete) if size else EMPTY


def span(start: int, end: int, complete: Complete) -> bytes:
    """Return the hash over the leaves [start, end), which must be a subtree of some tree."""
    size = end - start
    if size & (size - 1) == 0:
        return complete(size.bit_length() - 1, start // size)
    middle = start + split(size)
    return node_hash(span(start, middle, complete), span(middle, end, complete))


def inclusion(position: int, size: int, complete: Complete) -> list[bytes]:
    """Return the proof that the leaf at ``position`` is in the tree of ``size`` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= position < size:
        raise ValueError(f"no leaf {position} in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if position < middle:
            path.append(span(middle, end, complete))
            end = middle
        else:
            path.append(span(start, middle, complete))
            start = middle
    return path[::-1]


def consistency(old: int, new: int, complete: Complete) -> list[bytes]:
    """Return the proof that the tree of ``old`` leaves is the beginning of that of ``new`` (RFC 9162, 2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not begin with one of {old}")
    if old in (0, new):
        return []
    path, start, end, whole = [], 0, new, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(span(middle, end, complete))
            end = middle
        else:
            path.append(span(start, middle, complete))
            start, whole = middle, False
    return ([] if whole else [span(start, end, complete)]) + path[::-1]


def includes(leaf: bytes, position: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Return whether the path leads from the leaf at ``position`` to the expected root (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    place, last, found = position, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == expected


def extends(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether the path shows that the new tree begins with the old one, leaf by leaf (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


class Frontier:
    """A tree that only grows and keeps its right edge alone: one hash a bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        size, found = self.size, leaf
        while size & 1:
            found, size = node_hash(self._edge.pop(), found), size >> 1
        self._edge.append(found)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add the hashes of the next leaves."""
        for leaf in leaves:
            self.add(leaf)

    def root(self) -> bytes:
        """Return the root of what was added so far."""
        found = b""
        for edge in reversed(self._edge):
            found = node_hash(edge, found) if found else edge
        return found or EMPTY
