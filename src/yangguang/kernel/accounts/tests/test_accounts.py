"""Accounts: invited once, locked out after guessing, citizens sealed, demonstration logins only there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client

from yangguang.kernel.accounts import commands
from yangguang.kernel.accounts.models import Account, Citizen, Invitation
from yangguang.kernel.accounts.queries import actor_of, citizens_by_phone, demo_accounts, masked_name, officer_of
from yangguang.kernel.accounts.vocabulary import AccountKind, AlreadyOpen, InvitationSpent, NameTaken
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.vocabulary import Actor, ActorKind, Malformed, NotAllowed
from yangguang.kernel.organisation.models import Officer
from yangguang.kernel.organisation.tests.world import build
from yangguang.platform.fields import reveal
from yangguang.platform.vault import Keys, SealBroken, house_vault

pytestmark = pytest.mark.django_db
AT = datetime.now(UTC)
DAY = AT.date()
SETUP = Actor.system("setup")
PASSWORD = "correct-horse-7"


@pytest.fixture(autouse=True)
def _keys(monkeypatch, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # slow hashing is not what is tested
    monkeypatch.setenv("YG_VAULT_KEYS", Keys.generate().written)
    house_vault.cache_clear()
    cache.clear()
    yield
    house_vault.cache_clear()


@pytest.fixture
def world():
    return build()


@pytest.fixture
def clerk(world):
    return world.officer("柳一", "KFIN", {"x.do": ["*"]})


@pytest.fixture
def account(clerk):
    token = commands.invite_staff(clerk.person, "liuyi", by=SETUP, at=AT)
    return commands.accept_invitation(token, PASSWORD, at=AT)


def citizen(name="chen", phone="13800000000"):
    account = Account(username=name)
    account.set_password(PASSWORD)
    return commands.register_citizen(account, real_name="陈小明", phone=phone, at=AT)


def test_an_invitation_works_once_and_for_its_days(clerk):
    token = commands.invite_staff(clerk.person, "liuyi", by=SETUP, at=AT)
    assert token not in str(list(Invitation.objects.values()))
    with pytest.raises(InvitationSpent):
        commands.accept_invitation(token, PASSWORD, at=AT + timedelta(days=7))
    with pytest.raises(InvitationSpent):
        commands.accept_invitation(token + "x", PASSWORD, at=AT)
    with pytest.raises(Malformed):
        commands.accept_invitation(token, "1234", at=AT)
    commands.accept_invitation(token, PASSWORD, at=AT + timedelta(days=6))
    with pytest.raises(InvitationSpent):
        commands.accept_invitation(token, PASSWORD, at=AT)
    assert list(Entry.objects.filter(stream="accounts").values_list("name", flat=True)) == [
        "accounts.staff_invited",
        "accounts.invitation_accepted",
    ]


def test_a_new_invitation_spends_the_old_one(clerk):
    old = commands.invite_staff(clerk.person, "liuyi", by=SETUP, at=AT)
    commands.invite_staff(clerk.person, "liuyi", by=SETUP, at=AT)
    with pytest.raises(InvitationSpent):
        commands.accept_invitation(old, PASSWORD, at=AT)


def test_one_person_one_account_one_name(world, account, clerk):
    with pytest.raises(AlreadyOpen):
        commands.invite_staff(clerk.person, "other", by=SETUP, at=AT)
    other = world.officer("柳二", "KFIN", {})
    with pytest.raises(NameTaken):
        commands.invite_staff(other.person, "liuyi", by=SETUP, at=AT)
    with pytest.raises(NameTaken):
        citizen("liuyi")


def test_only_who_manages_every_unit_of_the_person_invites_or_closes(world, clerk, account):
    mine = world.officer("柳三", "K", {"accounts.manage": ["*"]})
    beside = world.officer("云九", "M", {"accounts.manage": ["*"]})
    with pytest.raises(NotAllowed):
        commands.close_account(account, reason="x", by=Actor.officer(beside.pk, beside.post.unit_id), at=AT)
    above = world.officer("云八", "C", {"x.do": ["*"]})
    Officer.objects.create(person=clerk.person, post=above.post, valid_from=date(2020, 1, 1))
    with pytest.raises(NotAllowed):
        commands.invite_staff(clerk.person, "liuyi", by=Actor.officer(mine.pk, mine.post.unit_id), at=AT)
    commands.close_account(account, reason="调离", by=SETUP, at=AT)
    assert officer_of(Account.objects.get(pk=account.pk), DAY) is None


def test_the_database_keeps_staff_and_persons_together():
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(username="x", kind=AccountKind.STAFF, opened_at=AT)


def test_the_acting_post_is_the_chosen_one_while_it_is_held(world, account, clerk):
    second = Officer.objects.create(
        person=clerk.person, post=world.officer("柳五", "K", {}).post, valid_from=date(2020, 1, 1), valid_to=DAY
    )
    assert officer_of(account, DAY) == clerk
    assert officer_of(account, DAY, second.pk) == second
    assert officer_of(account, DAY + timedelta(days=1), second.pk) == clerk
    assert actor_of(account, DAY) == Actor.officer(clerk.pk, world["KFIN"].pk)


def test_citizens_are_sealed_found_by_phone_and_erased(world):
    found = citizen()
    with connection.cursor() as cursor:
        cursor.execute("select real_name, phone, phone_index from accounts_citizen")
        stored = b"".join(bytes(cell) if not isinstance(cell, str) else cell.encode() for cell in cursor.fetchone())
    assert "陈小明".encode() not in stored
    assert b"13800000000" not in stored
    row = Citizen.objects.get(pk=found.pk)
    assert reveal(row, "real_name") == "陈小明"
    assert str(row.real_name) == repr(row.real_name) == "••••"
    assert masked_name(row) == "陈**"
    assert list(citizens_by_phone(" 13800000000")) == [row]
    by = actor_of(row.account, DAY)
    assert by == Actor(ActorKind.CITIZEN, str(row.account_id))
    with pytest.raises(NotAllowed):
        commands.erase_citizen(row, by=SETUP, at=AT)
    commands.erase_citizen(row, by=by, at=AT)
    assert reveal(Citizen.objects.get(pk=row.pk), "real_name") == ""
    assert not citizens_by_phone("13800000000")
    assert "陈" not in "".join(Entry.objects.values_list("text", flat=True))


def test_a_sealed_cell_swapped_between_rows_does_not_open(world):
    one, two = citizen("one", "1390000001"), citizen("two", "1390000002")
    Citizen.objects.filter(pk=two.pk).update(phone=Citizen.objects.get(pk=one.pk).phone)
    with pytest.raises(SealBroken):
        reveal(Citizen.objects.get(pk=two.pk), "phone")
    with pytest.raises(TypeError):
        Citizen.objects.filter(pk=one.pk).update(phone="139")


def sign_in(client, name, password):
    return client.post("/accounts/login/", {"login": name, "password": password})


def test_signing_in_and_being_locked_out_after_guessing(account):
    assert sign_in(Client(), "liuyi", PASSWORD).status_code == 302
    guesser = Client()
    for _ in range(5):
        assert sign_in(guesser, "liuyi", "wrong-guess-1").status_code == 200
    locked = sign_in(guesser, "liuyi", PASSWORD)
    assert "_auth_user_id" not in guesser.session
    assert locked.status_code != 302


def test_a_second_factor_is_asked_for(account):
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    client = Client()
    answer = sign_in(client, "liuyi", PASSWORD)
    assert answer.url == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert Authenticator.objects.get(user=account).type == "totp"


def test_who_must_have_a_second_factor_sets_it_up_first(account):
    Account.objects.filter(pk=account.pk).update(second_factor_required=True)
    assert sign_in(Client(), "liuyi", PASSWORD).url == "/accounts/2fa/"


def test_a_closed_account_cannot_sign_in(account):
    commands.close_account(account, reason="调离", by=SETUP, at=AT)
    client = Client()
    sign_in(client, "liuyi", PASSWORD)
    assert "_auth_user_id" not in client.session


SIGNUP = {
    "username": "chen",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "real_name": "陈小明",
    "phone": "138 0000 0000",
}


def test_a_citizen_registers_on_the_page_and_is_never_staff(account):
    client = Client()
    assert client.post("/accounts/signup/", {**SIGNUP, "kind": "staff", "person": "1"}).status_code == 302
    made = Account.objects.get(username="chen")
    assert (made.kind, made.person, made.citizen.phone_index != "") == ("citizen", None, True)
    assert client.session["_auth_user_id"] == str(made.pk)
    assert Client().post("/accounts/signup/", {**SIGNUP, "username": "liuyi"}).status_code == 200
    assert Client().post("/accounts/signup/", {**SIGNUP, "username": "neu", "phone": "call me"}).status_code == 200
    assert Account.objects.count() == 2


def test_the_invitation_page(clerk):
    token = commands.invite_staff(clerk.person, "liuyi", by=SETUP, at=AT)
    client, url = Client(), f"/accounts/invitation/{token}/"
    assert "liuyi" in client.get(url).content.decode()
    assert client.post(url, {"password": PASSWORD, "again": "other"}).status_code == 200
    assert client.post(url, {"password": "1", "again": "1"}).status_code == 200
    assert client.post(url, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert client.get(url).status_code == 410
    assert sign_in(Client(), "liuyi", PASSWORD).status_code == 302


def test_a_post_is_chosen_among_ones_own_only(world, account, clerk):
    client = Client()
    client.force_login(account)
    second = Officer.objects.create(person=clerk.person, post=world.officer("柳五", "K", {}).post, valid_from=DAY)
    answer = client.post("/accounts/post/", {"officer": second.pk, "next": "https://elsewhere.example/"})
    assert answer.url == "/desk/"
    assert client.session["officer"] == second.pk
    for foreign in (world.officer("柳六", "K", {}).pk, "", "x"):
        assert client.post("/accounts/post/", {"officer": foreign}).status_code == 404
    assert client.session["officer"] == second.pk


def test_demonstration_logins_exist_only_in_a_demonstration(clerk, settings):
    settings.DEMO = True
    commands.open_demo_account(clerk.person, "demo", PASSWORD, by=SETUP, at=AT)
    client = Client()
    assert "柳一" in client.get("/accounts/demo/").content.decode()
    assert client.post("/accounts/demo/enter/", {"username": "demo"}).status_code == 302
    assert client.session["_auth_user_id"]
    settings.DEMO = False
    assert not demo_accounts()
    assert Client().get("/accounts/demo/").status_code == 404
    assert Client().post("/accounts/demo/enter/", {"username": "demo"}).status_code == 404
    with pytest.raises(NotAllowed):
        commands.open_demo_account(clerk.person, "demo2", PASSWORD, by=SETUP, at=AT)


def test_a_demonstration_login_opens_no_ordinary_account(account, settings):
    settings.DEMO = True
    assert Client().post("/accounts/demo/enter/", {"username": "liuyi"}).status_code == 404
