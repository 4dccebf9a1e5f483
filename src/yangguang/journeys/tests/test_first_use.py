"""First use: whole or not at all, once, and only for who can read the data folder."""

import json
import stat
from datetime import UTC, datetime

import pytest
from django.test import Client

from yangguang.journeys import first_use
from yangguang.journeys.first_use import Beginning
from yangguang.journeys.house_roles import house_roles
from yangguang.kernel.accounts.commands import accept_invitation
from yangguang.kernel.accounts.models import Account
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.ledger.vocabulary import Malformed
from yangguang.kernel.office.vocabulary import AlreadyBegun
from yangguang.kernel.organisation.models import Division, Officer, Role
from yangguang.kernel.organisation.vocabulary import Level
from yangguang.kernel.processes.models import ProcessVersion

pytestmark = pytest.mark.django_db
AT = datetime.now(UTC)
FACTS = {
    "division_code": "99",
    "division_name": "青禾省",
    "level": "province",
    "unit_code": "GOV",
    "unit_name": "青禾省人民政府",
    "person_number": "1",
    "person_name": "林晓光",
}
BEGINNING = Beginning(**{**FACTS, "level": Level.PROVINCE})


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_an_instance_begins_whole_and_once():
    begun = first_use.begin(BEGINNING, "admin", at=AT)
    assert {role.code for role in house_roles()} < set(Role.objects.values_list("code", flat=True))
    assert ProcessVersion.objects.filter(key="duty").exists()
    account = accept_invitation(begun.invitation, "correct-horse-7", at=AT)
    assert account.person.name == "林晓光"
    assert Entry.objects.get(stream="instance").name == "office.instance_begun"
    assert list(verify()) == []
    with pytest.raises(AlreadyBegun):
        first_use.begin(BEGINNING, "other", at=AT)


def test_a_wrong_login_name_leaves_nothing_behind():
    with pytest.raises(Malformed):
        first_use.begin(BEGINNING, "a b", at=AT)
    assert not any(table.objects.exists() for table in (Division, Officer, Role, Account, ProcessVersion, Entry))
    first_use.begin(BEGINNING, "admin", at=AT)


def test_the_token_is_the_owners_alone_and_goes_when_the_instance_has_begun(tmp_path):
    assert not first_use.is_setup_token("")
    token = first_use.setup_token()
    assert first_use.setup_token() == token
    assert stat.S_IMODE((tmp_path / "setup-token").stat().st_mode) == 0o600
    assert first_use.is_setup_token(token)
    assert not first_use.is_setup_token(token[:-1])
    assert not first_use.is_setup_token("令牌\ud800")
    first_use.begin(BEGINNING, "admin", at=AT)
    assert not (tmp_path / "setup-token").exists()
    assert not first_use.is_setup_token(token)
    with pytest.raises(AlreadyBegun):
        first_use.setup_token()


def test_the_page_is_for_who_holds_the_token_and_only_once():
    client, form = Client(), {**FACTS, "username": "admin"}
    assert client.get("/setup/").status_code == 200
    refused = client.post("/setup/", {**form, "token": "guess"})
    assert refused.status_code == 422
    assert "林晓光" in refused.content.decode()
    assert not Officer.objects.exists()
    token = first_use.setup_token()
    assert client.post("/setup/", {**form, "token": token, "division_code": "青禾"}).status_code == 422
    done = client.post("/setup/", {**form, "token": token})
    assert done.status_code == 302
    assert "/accounts/invitation/" in done["Location"]
    assert client.get(done["Location"]).status_code == 200
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", {**form, "token": token}).status_code == 404


def test_the_trail_of_the_beginning_names_nobody():
    first_use.begin(BEGINNING, "admin", at=AT)
    assert "林晓光" not in json.dumps([entry.body for entry in Entry.objects.all()], ensure_ascii=False)
