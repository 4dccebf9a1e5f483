"""YAML read strictly, remembering the line of each key.

Keys given twice, unknown keys and wrong types are faults, never silently the last one wins.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

from yangguang.kernel.rulebook.vocabulary import Fault

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Located:
    """A piece of a file with the line (from 1) on which it begins."""

    value: Any
    file: Path
    line: int

    def fault(self, says: str) -> Fault:
        """Return a fault at this place."""
        return Fault(self.file, self.line, says)

    @property
    def plain(self) -> Any:
        """The same without places, as ordinary dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: item.plain for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain for item in self.value]
        return self.value


@dataclass(slots=True)
class Reader:
    """Reads files and gathers the faults of all of them, so that one run names every error."""

    faults: list[Fault] = field(default_factory=list)

    def document(self, path: Path) -> dict[str, Located]:
        """Return the top-level mapping of one file; empty, with a fault noted, if there is none."""
        loader = _LOADER(path.read_text(encoding="utf-8"))
        try:
            node = loader.get_single_node()
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.faults.append(Fault(path, line, f"not readable as YAML: {error.problem}"))
            return {}
        finally:
            loader.dispose()
        if node is None:
            return {}
        return self.mapping(self._locate(node, path), "a file")

    def mapping(self, place: Located, what: str) -> dict[str, Located]:
        """Return the mapping at a place, or an empty one with a fault noted."""
        if isinstance(place.value, dict):
            return cast("dict[str, Located]", place.value)
        self.faults.append(place.fault(f"{what} must be a mapping of keys to values"))
        return {}

    def only(self, given: dict[str, Located], allowed: frozenset[str], what: str) -> None:
        """Note a fault for each key that is not allowed there."""
        for key, place in given.items():
            if key not in allowed:
                self.faults.append(place.fault(f"{what} does not know the key {key!r}"))

    def _locate(self, node: yaml.Node, path: Path) -> Located:
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return Located(self._pairs(node, path), path, line)
        if isinstance(node, yaml.SequenceNode):
            return Located([self._locate(item, path) for item in node.value], path, line)
        return Located(_scalar(node), path, line)

    def _pairs(self, node: yaml.MappingNode, path: Path) -> dict[str, Located]:
        pairs: dict[str, Located] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append(Fault(path, line, "a key must be a plain word"))
                continue
            if key_node.value in pairs:
                self.faults.append(Fault(path, line, f"the key {key_node.value!r} is given twice"))
                continue
            located = self._locate(value_node, path)
            pairs[key_node.value] = Located(located.value, path, line)
        return pairs


def _scalar(node: yaml.Node) -> Any:
    """Return a scalar as YAML 1.1 reads it, except that an impossible date stays its text."""
    constructor = yaml.constructor.SafeConstructor()
    try:
        return constructor.construct_object(node)
    except ValueError:
        return node.value
