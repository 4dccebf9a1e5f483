"""Attacks on the vault: what is altered, moved, swapped or sealed under a lost key does not open."""

import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yangguang.platform.unusable import Unusable
from yangguang.platform.vault import KEY_FILE, KeyMissing, Keys, SealBroken, Vault, house_vault, keys_in, seal
from yangguang.platform.vault import open as vault_open

KEYS = Keys.generate()
VAULT = Vault(KEYS)
PLACE = "people.phone.7"


@settings(deadline=None)
@given(st.text(), st.text())
def test_what_is_sealed_opens_at_its_place(text, place):
    assert VAULT.open(VAULT.seal(text, place=place), place=place) == text


@pytest.mark.parametrize("place", ["people.phone.8", "people.name.7", "staff.phone.7", "people.phone.70", ""])
def test_a_text_moved_elsewhere_does_not_open(place):
    sealed = VAULT.seal("13800000000", place=PLACE)
    with pytest.raises(SealBroken):
        VAULT.open(sealed, place=place)


def test_every_altered_byte_is_noticed():
    sealed = VAULT.seal("十三", place=PLACE)
    for position in range(len(sealed)):
        broken = bytearray(sealed)
        broken[position] ^= 1
        with pytest.raises(SealBroken):
            VAULT.open(bytes(broken), place=PLACE)


@given(st.integers(0, 40))
def test_a_cut_text_is_noticed(length):
    sealed = VAULT.seal("电话号码一二三四五", place=PLACE)
    with pytest.raises(SealBroken):
        VAULT.open(sealed[:length], place=PLACE)


def test_the_same_text_is_never_sealed_alike():
    assert VAULT.seal("a", place=PLACE) != VAULT.seal("a", place=PLACE)
    assert b"13800000000" not in VAULT.seal("13800000000", place=PLACE)


def test_a_rotated_key_seals_anew_and_old_texts_still_open():
    old = VAULT.seal("旧", place=PLACE)
    vault = Vault(KEYS.rotated())
    assert vault.open(old, place=PLACE) == "旧"
    assert not vault.is_current(old)
    new = vault.seal("新", place=PLACE)
    assert vault.is_current(new)
    with pytest.raises(KeyMissing):
        VAULT.open(new, place=PLACE)


def test_a_version_byte_cannot_be_forged():
    vault = Vault(Keys({1: KEYS.sealing[1], 2: KEYS.sealing[1]}, KEYS.index))
    sealed = vault.seal("x", place=PLACE)
    with pytest.raises(SealBroken):
        vault.open(b"\x01" + sealed[1:], place=PLACE)


def test_another_instance_opens_nothing():
    with pytest.raises(SealBroken):
        Vault(Keys.generate()).open(VAULT.seal("x", place=PLACE), place=PLACE)


def test_the_blind_index_finds_equals_in_one_column_only():
    index = VAULT.blind_index("Zhang San ", place="people.name")
    assert index == VAULT.blind_index("ＺＨＡＮＧ　san", place="people.name")
    assert index != VAULT.blind_index("Zhang San", place="staff.name")
    assert index != Vault(Keys(KEYS.sealing, Keys.generate().index)).blind_index("Zhang San", place="people.name")
    assert index == Vault(KEYS.rotated()).blind_index("Zhang San", place="people.name")


def test_keys_survive_writing_and_do_not_print():
    keys = KEYS.rotated()
    assert Keys.read(keys.written) == keys
    assert Keys.read(keys.written.replace("\n", ",")) == keys
    for shown in (repr(keys), repr(Vault(keys)), str(keys)):
        assert not any(line.split(":")[1] in shown for line in keys.written.split())
        assert repr(keys.index)[2:-1] not in shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1:AAAA",
        "index:AAAA",
        KEYS.written + KEYS.written,
        KEYS.written.replace("1:", "0:"),
        KEYS.written.replace("1:", "x:"),
        KEYS.written.replace("1:", "256:"),
        KEYS.written.replace("1:", "1"),
        KEYS.written.replace("index:", "2:"),
    ],
)
def test_badly_written_keys_are_refused(text):
    with pytest.raises(Unusable):
        Keys.read(text)


def test_the_house_vault_binds_to_table_column_and_row(tmp_path, monkeypatch):
    monkeypatch.setenv("YG_VAULT_KEYS", KEYS.written)
    house_vault.cache_clear()
    sealed = seal("people", "phone", "7", "138")
    assert vault_open("people", "phone", "7", sealed) == VAULT.open(sealed, place=PLACE) == "138"
    with pytest.raises(SealBroken):
        vault_open("people", "phone", "8", sealed)
    house_vault.cache_clear()


def test_the_data_folder_keeps_its_keys_for_the_owner_only(tmp_path):
    folder = tmp_path / "data"
    keys = keys_in(folder)
    assert stat.S_IMODE(os.stat(folder / KEY_FILE).st_mode) == 0o600
    assert keys_in(folder) == keys
    (folder / KEY_FILE).chmod(0o644)
    with pytest.raises(Unusable, match="read by others"):
        keys_in(folder)
