"""The words of refusals, found in the sources: they are translated where they are shown, so no call marks them.

A refusal is any class that descends from ``Refused``. Its words are the class's ``says`` and ``remedy``, the literals
given where one is made, and the literals put into a mapping called ``errors``. Words that a formatted string puts
together cannot be translated; ``patched_together`` finds them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
ROOT = ("yangguang.kernel.ledger.vocabulary", "Refused")

Class = tuple[str, str]


def refusals(trees: Mapping[str, ast.Module]) -> set[Class]:
    """Return every class that descends from ``Refused``, as module and name, also where it is passed on."""
    known, before = {ROOT}, 0
    while len(known) > before:
        before = len(known)
        for module, tree in trees.items():
            scope = names_in(module, tree, known)
            known |= {(module, name) for name in scope}  # who imports a name may pass it on
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") in scope for base in node.bases):
                    known.add((module, node.name))
    return known


def names_in(module: str, tree: ast.Module, known: set[Class]) -> set[str]:
    """Return the names by which a module calls refusals: its own and those it imports."""
    names = {name for home, name in known if home == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names if (node.module or "", alias.name) in known}
    return names


def words(tree: ast.Module, scope: set[str]) -> Iterator[str]:
    """Return the words of the refusals of a module."""
    for place in _places(tree, scope):
        yield from _literals(place)


def patched_together(tree: ast.Module, scope: set[str]) -> Iterator[str]:
    """Return formatted strings with Chinese among the words of refusals, each with its line."""
    for place in _places(tree, scope):
        for node in ast.walk(place):
            if isinstance(node, ast.JoinedStr) and any(_is_chinese(part) for part in node.values):
                yield f"{node.lineno}: {ast.unparse(node)}"


def _places(tree: ast.Module, scope: set[str]) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in scope:
            for line in node.body:
                targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
                if any(isinstance(t, ast.Name) and t.id in ("says", "remedy") for t in targets):
                    yield line
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in scope:
            yield node
        elif scope and isinstance(node, ast.Assign) and any(_is_errors(target) for target in node.targets):
            yield node.value


def _is_errors(target: ast.expr) -> bool:
    if isinstance(target, ast.Subscript):
        target = target.value
    return getattr(target, "attr", getattr(target, "id", "")) == "errors"


def _literals(node: ast.AST) -> Iterator[str]:
    if _is_chinese(node):
        yield str(node.value)  # type: ignore[attr-defined]
    elif not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _literals(child)


def _is_chinese(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(CHINESE.search(node.value))
