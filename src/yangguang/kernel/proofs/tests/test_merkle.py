"""Proofs hold against a tree built naively, and nothing else passes for one."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.kernel.proofs import merkle

#: the tree of RFC 6962's reference implementation: eight leaves and the roots of its beginnings
KNOWN = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def naive(leaves):
    """Return the root as RFC 9162 2.1.1 defines it, by recursion over lists."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return hashlib.sha256(b"\x01" + naive(leaves[:middle]) + naive(leaves[middle:])).digest()


def naive_path(position, leaves):
    """Return the inclusion path as RFC 9162 2.1.3.1 defines it."""
    if len(leaves) == 1:
        return []
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    if position < middle:
        return [*naive_path(position, leaves[:middle]), naive(leaves[middle:])]
    return [*naive_path(position - middle, leaves[middle:]), naive(leaves[:middle])]


def made(size):
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def complete_of(leaves):
    return lambda level, index: naive(leaves[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", ROOTS)
def test_the_roots_are_those_of_the_reference(size):
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in KNOWN[:size]]
    assert merkle.root(size, complete_of(leaves)).hex() == ROOTS[size]


sizes = st.integers(min_value=1, max_value=140)


@given(sizes, st.data())
def test_every_inclusion_proof_is_that_of_the_naive_tree_and_holds(size, data):
    position = data.draw(st.integers(0, size - 1))
    leaves = made(size)
    path = merkle.inclusion(position, size, complete_of(leaves))
    assert path == naive_path(position, leaves)
    assert merkle.includes(leaves[position], position, size, path, naive(leaves))


@given(sizes, st.data())
def test_a_changed_leaf_place_path_or_root_is_not_included(size, data):
    position = data.draw(st.integers(0, size - 1))
    leaves, root = made(size), naive(made(size))
    path = merkle.inclusion(position, size, complete_of(leaves))
    assert not merkle.includes(merkle.leaf_hash(b"x"), position, size, path, root)
    assert not merkle.includes(leaves[position], position, size, path, merkle.EMPTY)
    assert not merkle.includes(leaves[position], position, size, [*path, merkle.EMPTY], root)
    other = data.draw(st.integers(-1, size))
    if other != position:
        assert not merkle.includes(leaves[position], other, size, path, root)
    if path:
        k = data.draw(st.integers(0, len(path) - 1))
        assert not merkle.includes(leaves[position], position, size, path[:k] + path[k + 1 :], root)


@given(sizes, st.data())
def test_a_consistency_proof_holds_between_any_two_sizes(size, data):
    old = data.draw(st.integers(0, size))
    leaves = made(size)
    path = merkle.consistency(old, size, complete_of(leaves))
    assert merkle.extends(old, naive(leaves[:old]), size, naive(leaves), path)
    if 0 < old < size:
        assert len(path) <= 2 * size.bit_length()
        assert not merkle.extends(old, merkle.EMPTY, size, naive(leaves), path)
        assert not merkle.extends(old, naive(leaves[:old]), size, merkle.EMPTY, path)
        assert not merkle.extends(old, naive(leaves[:old]), size, naive(leaves), path[:-1])


@given(st.integers(2, 140), st.data())
def test_a_rewritten_beginning_cannot_be_shown_consistent(size, data):
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    before, after = made(size), made(size)
    after[changed] = merkle.leaf_hash(b"rewritten")
    path = merkle.consistency(old, size, complete_of(after))
    assert not merkle.extends(old, naive(before[:old]), size, naive(after), path)


@given(st.integers(0, 140))
def test_the_frontier_gives_the_same_root(size):
    frontier = merkle.Frontier()
    frontier.extend(made(size))
    assert (frontier.size, frontier.root()) == (size, naive(made(size)))


def test_what_cannot_be_is_refused():
    nothing = complete_of([])
    with pytest.raises(ValueError, match="no leaf 3"):
        merkle.inclusion(3, 3, nothing)
    with pytest.raises(ValueError, match="does not begin"):
        merkle.consistency(4, 3, nothing)
    assert not merkle.extends(4, b"", 3, b"", [])
    assert not merkle.extends(2, merkle.EMPTY, 3, merkle.EMPTY, [])
