"""The demonstration as a whole: what its build left behind, and what can be done with it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.test import Client, override_settings

from yangguang.demo import building
from yangguang.demo.building import USUAL_DAY, build_demo
from yangguang.demo.clock import clock_file, move_clock, shown_now
from yangguang.demo.logins import demo_logins
from yangguang.demo.moving import live_on
from yangguang.demo.playing import VERBS
from yangguang.demo.testkit.copies import demo_copy
from yangguang.demo.vocabulary import PASSWORD
from yangguang.domains.directives.commands.lighting import settle_lights
from yangguang.domains.directives.models import Duty, Extension, Notice, Objection, Proposal, Report
from yangguang.domains.directives.vocabulary import DutyState, Lamp
from yangguang.kernel.clock.vocabulary import Why
from yangguang.kernel.ledger.deadlines import calendar_in
from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.organisation.models import Unit
from yangguang.kernel.organisation.vocabulary import Level
from yangguang.kernel.search.queries import find
from yangguang.platform import now as platform_clock
from yangguang.platform.now import BEIJING, beijing_day, set_clock
from yangguang.platform.testkit import databases
from yangguang.platform.unusable import Unusable
from yangguang.supervision.models import Card, Signal

#: a build to this day is short; what it records is compared with the whole build
EARLY = date(2026, 3, 6)


def digest_until(day: date) -> str:
    """Return what stands for everything recorded before a day: stream, place, name and moment, but no row numbers."""
    before = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
    rows = Entry.objects.filter(recorded_at__lt=before).exclude(name="demo.built").order_by("stream__key", "seq")
    told = [
        [key, seq, name, str(at), unit]
        for key, seq, name, at, unit in rows.values_list(
            "stream__key", "seq", "name", "occurred_at", "actor_unit__code"
        )
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class Killed(BaseException):
    """What ends a build in the middle of a step."""


def build_in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break a build off inside a step, after the step has written, and begin again."""
    nominate = VERBS["nominate"]

    def die(stage, line):
        nominate(stage, line)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setitem(VERBS, "nominate", die)
        with pytest.raises(Killed):
            build_demo(EARLY)
    build_demo(EARLY)


@pytest.fixture(scope="module")
def early(django_db_setup, django_db_blocker, tmp_path_factory) -> str:
    """The digest of a short build that was broken off and begun again; nothing of it is kept."""
    data = tmp_path_factory.mktemp("early")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=data), pytest.MonkeyPatch.context() as patch:
        with transaction.atomic():
            build_in_two(patch)
            found = digest_until(EARLY)
            transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def demo(early, django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole demonstration on its usual day, built by the command."""
    data = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=data), databases.test_server() as url:
        with demo_copy(url, data) as copy, databases.connected(copy.url):
            yield build_demo()
        set_clock(shown_now)


@pytest.fixture(autouse=True)
def undone(demo):
    """Take back what a test writes into the demonstration, its clock included."""
    kept = clock_file().read_text()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    clock_file().write_text(kept)


def test_every_step_was_played_and_a_second_build_does_nothing(demo):
    entries = Entry.objects.count()
    assert demo.played == 0
    assert demo.steps > 100
    assert build_demo() == building.Built(0, demo.steps, USUAL_DAY)
    assert Entry.objects.count() == entries


def test_a_build_that_was_killed_goes_on_and_records_the_same_as_one_that_was_not(early):
    assert early == digest_until(EARLY)


def test_the_trail_is_whole_and_no_entry_is_recorded_before_it_happened():
    assert list(verify()) == []
    for entry in Entry.objects.all():
        assert entry.recorded_at >= entry.occurred_at
    assert beijing_day(Entry.objects.latest("recorded_at").recorded_at) == USUAL_DAY


def test_all_six_lamps_are_lit_and_stand_as_computed_today():
    assert set(Duty.objects.values_list("lamp", flat=True)) == {lamp.value for lamp in Lamp}
    assert settle_lights(USUAL_DAY) == 0


def test_what_can_happen_to_a_duty_has_happened():
    states = Counter(Duty.objects.values_list("case__state", flat=True))
    for state in ("suspended", "merged", "cancelled", "carried_over", "struck_off", "completed", "under_review"):
        assert states[DutyState(state)], state
    assert {"granted", "refused"} == set(Extension.objects.values_list("state", flat=True))
    assert {"overruled", "redispatched"} == set(Objection.objects.values_list("ruling", flat=True))
    assert {"given", "accepted", "returned"} == set(Report.objects.values_list("state", flat=True))
    assert Entry.objects.filter(name="directives.duty_reopened").exists()
    assert Duty.objects.filter(back_entered=True, case__state=DutyState.CARRIED_OVER).exists()
    assert Duty.objects.filter(nominations__settled_at__isnull=True).exists()


def test_a_collective_is_partly_done():
    parents = Duty.objects.filter(children_total__gt=0)
    assert parents.filter(children_done__gt=0).exists()
    for parent in parents:
        assert parent.children_done < parent.children_total == parent.case.children.filter(kind="duty").count()


def test_every_unit_of_every_kept_row_is_resolved():
    for row in Proposal.objects.filter(kept=True):
        named = [unit for units in row.units.values() for unit in units]
        assert named
        assert all(unit["unit"] or unit["collective"] for unit in named), row


def test_the_three_layouts_were_read():
    read = {notice.source_name: len(notice.reading["duties"]) for notice in Notice.objects.all()}
    assert sorted(read.values()) == [2, 10, 10, 14]
    assert {name.rsplit(".", 1)[1] for name in read} == {"txt", "docx"}


def test_the_province_goes_down_to_the_village():
    assert set(Unit.objects.values_list("level", flat=True)) == {level.value for level in Level}
    assert Unit.objects.get(code="99-bigdata").merged_into.code == "99-service"
    assert Unit.objects.get(code="99-service").names.filter(is_short=False).count() == 2
    assert Unit.objects.filter(plate_of__isnull=False, counterpart__isnull=True).exists()
    assert Unit.objects.filter(division__branch=True).exists()


def test_the_prefecture_counts_without_its_own_festivals():
    province, prefecture = calendar_in("99"), calendar_in("9931")
    festival = date(2026, 9, 22)
    assert province.is_work(festival)
    assert not prefecture.is_work(festival)
    assert {fact.why for fact in prefecture.special_days(2026)} - {
        fact.why for fact in province.special_days(2026)
    } == {Why.LOCAL_FESTIVAL}


def test_everything_happens_on_working_days_of_the_province():
    calendar = calendar_in("99")
    lines = building._history()["lines"]
    assert [line["at"] for line in lines if not calendar.is_work(datetime.fromisoformat(line["at"]).date())] == []


def test_supervision_raised_cards_and_some_were_judged():
    assert {"reminder", "yellow", "red"} <= set(Signal.objects.values_list("level", flat=True))
    assert {"", "upheld", "excused"} == set(Card.objects.values_list("verdict", flat=True))


def test_notices_and_duties_are_found_by_the_public_and_by_their_units():
    assert find("裁量基准", kinds=["duty"]).total == 1
    assert find("青政办发〔2026〕19号", kinds=["notice"]).total == 1
    assert find("便民服務", kinds=["notice"]).total == 1


def test_the_logins_open_and_each_role_has_one():
    logins = demo_logins()
    roles = {role for login in logins for role in login.roles}
    expected = {"administrator", "leader", "handler", "head", "verifier", "supervisor", "auditor", "citizen"}
    assert expected | {"inspection_clerk", "inspection_head"} == roles
    assert all(login.password == PASSWORD and len(PASSWORD) >= 10 for login in logins)
    assert all(Client().login(username=login.username, password=PASSWORD) for login in logins[:2])


def test_moving_the_clock_brings_lights_and_cards_with_it():
    before = Signal.objects.count()
    shown = live_on(date(2026, 12, 14))
    assert beijing_day(platform_clock.now()) == beijing_day(shown) == date(2026, 12, 14)
    assert platform_clock.now() - shown < timedelta(minutes=5)
    assert Signal.objects.count() > before
    assert Duty.objects.filter(lamp="overdue").count() > 8


def test_the_clock_does_not_go_back_behind_the_trail():
    with pytest.raises(Unusable, match="already reaches 2026-11-23"):
        move_clock(date(2026, 11, 22))


def test_the_page_moves_the_clock():
    client = Client()
    assert client.post("/demo/clock/", {"day": "2026-11-30"}).status_code == 302
    assert platform_clock.today() == date(2026, 11, 30)
    refused = client.post("/demo/clock/", {"day": "2026-02-30"})
    assert refused.status_code == 422
    assert "2026-02-30" in refused.content.decode()
    assert platform_clock.today() == date(2026, 11, 30)


def test_a_real_instance_has_neither_province_nor_logins_nor_clock():
    with override_settings(DEMO=False):
        assert demo_logins() == []
        for act in (build_demo, lambda: move_clock(date(2027, 1, 1))):
            with pytest.raises(Unusable):
                act()
        with pytest.raises(ImproperlyConfigured):
            apps.get_app_config("demo").ready()


def test_a_real_instance_does_not_even_load_the_room():
    look = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.urls import Resolver404, resolve\n"
        "from yangguang.platform import now\n"
        "assert 'yangguang.demo' not in settings.INSTALLED_APPS and now._provider is None\n"
        "try: resolve('/demo/clock/')\n"
        "except Resolver404: print('none')\n"
    )
    real = os.environ | {"YG_DEMO": "0", "YG_SETUP": "1", "DJANGO_SETTINGS_MODULE": "yangguang.config.settings"}
    done = subprocess.run([sys.executable, "-c", look], env=real, capture_output=True, text=True, check=False)
    assert done.stdout == "none\n", done.stderr


def test_a_day_before_the_beginning_is_refused():
    with pytest.raises(Unusable, match="begins on 2026-01-05"):
        list(building._steps(date(2025, 12, 31)))
