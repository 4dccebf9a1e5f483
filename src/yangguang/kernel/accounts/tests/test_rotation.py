"""Rotation of the vault's keys: whole afterwards, resumed when broken off, running processes follow; erasure."""

import stat

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection

from yangguang.kernel.accounts import commands, rotation
from yangguang.kernel.accounts.models import Account, Citizen
from yangguang.kernel.accounts.queries import citizens_by_phone, looks_at
from yangguang.kernel.accounts.vocabulary import ERASE, OPERATOR, KeysElsewhere, StillInUse
from yangguang.kernel.documents.models import SealedRecord
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.queries import ERASED, body_of
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.ledger.vocabulary import Actor, ActorKind, Malformed, NotAllowed, NotFound
from yangguang.kernel.organisation.tests.world import build
from yangguang.platform.fields import reveal
from yangguang.platform.now import now
from yangguang.platform.vault import KeyMissing, Keys, Vault, house_vault, key_file

pytestmark = pytest.mark.django_db
SETUP = Actor.system("setup")


@pytest.fixture(autouse=True)
def _kept_in_a_file(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("YG_VAULT_KEYS", raising=False)
    monkeypatch.delenv("YG_VAULT_KEYS_FILE", raising=False)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_DIR = tmp_path
    house_vault.cache_clear()
    yield
    house_vault.cache_clear()


def citizen(number):
    account = Account(username=f"c{number}")
    account.set_password("correct-horse-7")
    return commands.register_citizen(account, real_name=f"陈小明{number}", phone=f"1380000{number:04}", at=now())


@pytest.fixture
def kept():
    """Sealed things of every sort: citizens, typed words in the ledger, a second factor, one from before sealing."""
    people = [citizen(number) for number in range(7)]
    account = people[0].account
    himself = Actor(ActorKind.CITIZEN, str(people[6].account.pk))
    commands.close_account(people[6].account, reason="本人要求", by=himself, at=now())
    TOTP.activate(account, "A" * 32)
    other = Authenticator.objects.create(user=people[1].account, type="totp", data={"secret": "B" * 32})
    return people, account, other


def whole(people):
    for number, row in enumerate(people):
        row = Citizen.objects.get(pk=row.pk)
        assert reveal(row, "real_name") == f"陈小明{number}"
        assert list(citizens_by_phone(f"1380000{number:04}")) == [row]
    typed = Entry.objects.get(name="accounts.account_closed")
    assert body_of(typed)["reason"] == "本人要求"
    assert list(verify()) == []


def test_a_rotation_seals_everything_anew_and_retires_the_old_key(kept):
    people, account, other = kept
    before = house_vault().keys
    done = rotation.rotate(at=now, patience=5)
    assert (done.version, done.added, done.resealed, done.retired) == (2, True, 7 * 2 + 1 + 2, (1,))
    assert set(house_vault().keys.sealing) == {2}
    assert rotation.standing() == {2: 7 * 2 + 1 + 2}
    whole(people)
    old = Vault(before)
    with pytest.raises(KeyMissing):
        old.open(bytes(Citizen.objects.get(pk=people[0].pk).phone), place=f"accounts_citizen.phone.{people[0].pk}")
    assert "A" * 32 not in str(Authenticator.objects.get(user=account).data)
    assert rotation.open_factor(Authenticator.objects.get(pk=other.pk).data["secret"]) == "B" * 32
    retired = key_file().with_name("vault.keys.retired")
    assert before.written.splitlines()[1] in retired.read_text()
    assert stat.S_IMODE(retired.stat().st_mode) == stat.S_IMODE(key_file().stat().st_mode) == 0o600


@pytest.mark.parametrize("batches", range(6))
def test_a_rotation_that_was_broken_off_is_taken_up(kept, batches, monkeypatch):
    people, _account, _other = kept
    monkeypatch.setattr(rotation, "BATCH", 3)
    calls = iter(range(100))
    real = rotation._record

    def killed(*arguments):
        if next(calls) == batches:
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(rotation, "reseal", lambda *, at, run=rotation.reseal: run(at=at, batch=3))
    monkeypatch.setattr(rotation, "_record", killed)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(at=now)
    assert set(house_vault().keys.sealing) == {1, 2}
    whole(people)
    monkeypatch.setattr(rotation, "_record", real)
    done = rotation.rotate(at=now, patience=5)
    assert (done.version, done.added, done.retired) == (2, False, (1,))
    assert rotation.standing() == {2: 17}
    assert Entry.objects.filter(name="accounts.vault_key_added").count() == 1
    whole(people)


def test_the_old_key_stays_while_an_older_transaction_runs(kept, monkeypatch):
    def waiting(*_):
        raise StillInUse

    monkeypatch.setattr(rotation, "_await_older_than", waiting)
    with pytest.raises(StillInUse):
        rotation.rotate(at=now)
    assert set(house_vault().keys.sealing) == {1, 2}
    whole(kept[0])


def test_a_changed_key_file_is_read_anew_by_a_running_process(kept):
    vault = house_vault()
    assert house_vault() is vault
    rotation.rotate(at=now, patience=5)
    assert house_vault() is not vault


def test_keys_in_the_environment_are_not_ours_to_change(kept, monkeypatch):
    monkeypatch.setenv("YG_VAULT_KEYS", Keys.generate().written)
    with pytest.raises(KeysElsewhere):
        rotation.rotate(at=now)


@pytest.fixture
def officer():
    world = build()
    return world, world.officer("柳一", "KFIN", {"accounts.reveal": ["*"], "x.read": ["*"]})


def case_of(world, officer):
    from yangguang.kernel.ledger.kinds import KINDS  # noqa: PLC0415
    from yangguang.kernel.ledger.models import Case, Stream  # noqa: PLC0415

    kind = next(iter(KINDS))
    moment = now()
    return Case.objects.create(
        number="X-1", kind=kind, stream=Stream.objects.create(key="case:X-1"), title="x", owner=world["KFIN"],
        division=world["KFIN"].division, state="open", opened_at=moment, state_since=moment, public_from=moment,
    )  # fmt: skip


def test_every_look_is_an_entry_that_its_owner_sees(officer):
    world, clerk = officer
    by = Actor.officer(clerk.pk, clerk.post.unit_id)
    someone, case = citizen(1), case_of(world, clerk)
    opened = commands.reveal_citizen(someone, ["phone"], purpose="核实 来电人", case=case.number, by=by, at=now())
    assert opened == {"phone": "13800000001"}
    (look,) = looks_at(someone.account)
    assert (look.case, look.columns, look.purpose, look.unit) == ("X-1", ("phone",), "核实 来电人", world["KFIN"].name)
    text = "".join(Entry.objects.values_list("text", flat=True))
    assert "来电人" not in text
    assert "1380000" not in text
    with pytest.raises(NotFound):
        commands.reveal_citizen(someone, ["phone"], purpose="x", case="X-2", by=by, at=now())
    with pytest.raises(Malformed):
        commands.reveal_citizen(someone, ["phone"], purpose=" ", case="X-1", by=by, at=now())
    with pytest.raises(Malformed):
        commands.reveal_citizen(someone, ["account"], purpose="x", case="X-1", by=by, at=now())
    other = world.officer("柳二", "KFIN", {"x.read": ["*"]})
    with pytest.raises(NotAllowed):
        commands.reveal_citizen(
            someone, ["phone"], purpose="x", case="X-1", by=Actor.officer(other.pk, other.post.unit_id), at=now()
        )
    assert len(looks_at(someone.account)) == 1


def test_a_person_is_erased_and_the_chain_stays_whole(officer):
    world, clerk = officer
    someone, case = citizen(1), case_of(world, clerk)
    by = Actor.officer(clerk.pk, clerk.post.unit_id)
    commands.reveal_citizen(someone, ["phone"], purpose="核实来电人", case=case.number, by=by, at=now())
    TOTP.activate(someone.account, generate_totp_secret())
    for stranger in (by, SETUP):
        with pytest.raises(NotAllowed):
            commands.erase_citizen(someone, by=stranger, at=now())
    entries = Entry.objects.count()
    commands.erase_citizen(someone, by=Actor.system(OPERATOR), at=now())
    assert Entry.objects.count() == entries + 1
    assert list(verify()) == []
    assert [look.purpose for look in looks_at(someone.account)] == [ERASED]
    assert not Authenticator.objects.filter(user=someone.account).exists()
    assert not SealedRecord.objects.filter(ciphertext__isnull=False).exists()
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(real_name, phone) is null and phone_index = '' from accounts_citizen")
        assert cursor.fetchone() == (True,)
    assert ERASE == "accounts.erase"
