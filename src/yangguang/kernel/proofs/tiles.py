"""Subtree hashes read from the tables, 256 at a time: a proof over a million entries reads a handful of tiles.

Only every eighth level is stored; the levels between are reckoned from one tile.
"""

from __future__ import annotations

from yangguang.kernel.proofs import merkle
from yangguang.kernel.proofs.models import Leaf, Node
from yangguang.kernel.proofs.vocabulary import leaf_of

#: levels between two stored ones, and the width of a tile
HEIGHT = 8
WIDTH = 1 << HEIGHT


class Tiles:
    """Gives the hash of any complete subtree; keeps the tiles it has read."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def complete(self, level: int, index: int) -> bytes:
        """Return the hash of the complete subtree at a level and index."""
        storey, within = divmod(level, HEIGHT)
        first = index << within
        tile = self.tile(storey, first // WIDTH)
        hashes = tile[first % WIDTH : first % WIDTH + (1 << within)]
        if len(hashes) != 1 << within:
            raise LookupError(f"the tree lacks hashes below level {level}, index {index}")
        return folded(hashes)

    def tile(self, storey: int, number: int) -> list[bytes]:
        """Return up to 256 neighbouring hashes of a stored level, from the left."""
        if (storey, number) not in self._read:
            self._read[storey, number] = self._fetch(storey, number * WIDTH)
        return self._read[storey, number]

    @staticmethod
    def _fetch(storey: int, first: int) -> list[bytes]:
        if storey == 0:
            leaves = Leaf.objects.filter(position__gte=first, position__lt=first + WIDTH).order_by("position")
            return [leaf_of(digest) for digest in leaves.values_list("digest", flat=True)]
        nodes = Node.objects.filter(level=storey * HEIGHT, index__gte=first, index__lt=first + WIDTH)
        return [bytes.fromhex(digest) for digest in nodes.order_by("index").values_list("digest", flat=True)]


def folded(hashes: list[bytes]) -> bytes:
    """Return the hash over a power of two of neighbouring hashes."""
    while len(hashes) > 1:
        hashes = [merkle.node_hash(*hashes[k : k + 2]) for k in range(0, len(hashes), 2)]
    return hashes[0]
