"""Settings are right or refused with a sentence that names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from yangguang.platform.settings import env_addresses, env_bool, env_int, env_path, env_secret, env_text
from yangguang.platform.unusable import Unusable

NAME = "YG_SOMETHING"


@pytest.fixture(autouse=True)
def _unset(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.delenv(f"{NAME}_FILE", raising=False)


@pytest.mark.parametrize(
    ("text", "meant"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("FALSE", False), ("off", False)]
)
def test_yes_and_no_are_read_in_the_usual_words(monkeypatch, text, meant):
    monkeypatch.setenv(NAME, text)
    assert env_bool(NAME, not meant) is meant


def test_an_empty_value_counts_as_none(monkeypatch):
    monkeypatch.setenv(NAME, " ")
    assert env_bool(NAME, True) is True
    assert env_int(NAME, 7) == 7
    assert env_text(NAME, "usual") == "usual"


def test_a_misspelt_yes_is_not_taken_for_a_no(monkeypatch):
    monkeypatch.setenv(NAME, "ture")
    with pytest.raises(
        Unusable, match=r"YG_SOMETHING is 'ture', which is neither yes nor no. Set YG_SOMETHING to 1 or 0."
    ):
        env_bool(NAME, True)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("many", "not a whole number"), ("1.5", "not a whole number"), ("-1", "at least 0"), ("9", "between 0 and 8")],
)
def test_a_number_out_of_bounds_is_refused(monkeypatch, text, complaint):
    monkeypatch.setenv(NAME, text)
    with pytest.raises(Unusable, match=complaint):
        env_int(NAME, 3, most=8 if text == "9" else None)


def test_a_relative_path_counts_from_the_present_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(NAME, "some/where")
    assert env_path(NAME, Path("/unused")) == tmp_path / "some" / "where"


def test_a_secret_comes_from_a_file_where_one_is_named(monkeypatch, tmp_path):
    file = tmp_path / "secret"
    file.write_text("a long word\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(file))
    assert env_secret(NAME) == "a long word"
    monkeypatch.setenv(NAME, "another")
    with pytest.raises(Unusable, match="Both YG_SOMETHING and YG_SOMETHING_FILE"):
        env_secret(NAME)


@pytest.mark.parametrize("content", [None, "  \n"])
def test_a_secret_file_that_says_nothing_is_refused(monkeypatch, tmp_path, content):
    file = tmp_path / "secret"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv(f"{NAME}_FILE", str(file))
    with pytest.raises(Unusable, match=r"secret, which (cannot be read|is empty)"):
        env_secret(NAME, "never this")


def test_a_missing_secret_is_never_made_up():
    with pytest.raises(Unusable, match="YG_SOMETHING is missing"):
        env_secret(NAME)


def test_addresses_are_an_object_of_known_kinds(monkeypatch):
    assert env_addresses(NAME, ("email",)) == {}
    monkeypatch.setenv(NAME, '{"email": "mailtos://u:p@host/{address}"}')
    assert env_addresses(NAME, ("email",)) == {"email": "mailtos://u:p@host/{address}"}


@pytest.mark.parametrize("text", ["email=x", "[]", '{"fax": "x"}', '{"email": 1}'])
def test_wrong_addresses_are_refused_without_being_told(monkeypatch, text):
    monkeypatch.setenv(NAME, text)
    with pytest.raises(Unusable) as refusal:
        env_addresses(NAME, ("email",))
    assert NAME in str(refusal.value)
    assert text not in str(refusal.value), "an address may hold a password"
