"""Strict readers of settings from the environment: a value is right, or the start is refused with a sentence.

An empty value counts as none. Nothing is ever guessed from a misspelt one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path

from yangguang.platform.unusable import Unusable

WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def env_text(name: str, default: str | None = None) -> str:
    """Return the text of a setting; without a default it must be given."""
    if value := os.environ.get(name, "").strip():
        return value
    if default is None:
        raise Unusable(f"The setting {name} is missing.", f"Set {name} in the environment.")
    return default


def env_bool(name: str, default: bool) -> bool:
    """Return a yes or no: 1, true, yes, on; 0, false, no, off."""
    value = env_text(name, str(default)).lower()
    if value not in WORDS:
        raise Unusable(f"The setting {name} is {value!r}, which is neither yes nor no.", f"Set {name} to 1 or 0.")
    return WORDS[value]


def env_int(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """Return a whole number between `least` and `most`, both allowed."""
    value = env_text(name, str(default))
    try:
        number = int(value)
    except ValueError:
        raise Unusable(f"The setting {name} is {value!r}, not a whole number.", f"Set {name} to a number.") from None
    if number < least or (most is not None and number > most):
        limits = f"at least {least}" if most is None else f"between {least} and {most}"
        raise Unusable(f"The setting {name} is {number}, which is out of range.", f"Set {name} to {limits}.")
    return number


def env_choice(name: str, default: str, choices: Collection[str]) -> str:
    """Return one of a few words."""
    value = env_text(name, default)
    if value not in choices:
        raise Unusable(f"The setting {name} is {value!r}.", f"Set {name} to one of: {', '.join(choices)}.")
    return value


def env_path(name: str, default: Path) -> Path:
    """Return an absolute path; a relative one counts from the present folder."""
    return Path(env_text(name, str(default))).expanduser().absolute()


def env_secret(name: str, default: str | None = None) -> str:
    """Return a secret from NAME, or from the file that NAME_FILE names, where containers put secrets."""
    file = os.environ.get(f"{name}_FILE", "").strip()
    if not file:
        return env_text(name, default)
    if os.environ.get(name, "").strip():
        raise Unusable(f"Both {name} and {name}_FILE are set.", "Keep one of them.")
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except OSError as problem:
        says = f"{name}_FILE names {file}, which cannot be read: {problem.strerror}."
        raise Unusable(says, "Give a file that this user may read.") from problem
    if not secret:
        raise Unusable(f"{name}_FILE names {file}, which is empty.", "Put the secret into it.")
    return secret


def env_addresses(name: str, kinds: Collection[str]) -> dict[str, str]:
    """Return addresses by kind from a JSON object; they may hold passwords, so NAME_FILE may name a file instead."""
    text = env_secret(name, "{}")
    remedy = f'Write {name} as {{"{min(kinds)}": "scheme://…"}}; the kinds are {", ".join(sorted(kinds))}.'
    try:
        given = json.loads(text)
    except ValueError:
        raise Unusable(f"The setting {name} is no JSON.", remedy) from None
    if not isinstance(given, dict) or not all(kind in kinds and isinstance(at, str) for kind, at in given.items()):
        raise Unusable(f"The setting {name} is not an object of known kinds with an address each.", remedy)
    return given
