"""A notice moves running clocks: foreseen exactly, done once, with the old day kept and everybody told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.apps import apps

from yangguang.kernel.clock.limits import Limit
from yangguang.kernel.clock.terms import parse_term
from yangguang.kernel.ledger import deadlines, replaying
from yangguang.kernel.ledger.adopted import forget_adopted
from yangguang.kernel.ledger.adopting import adopt_notice, moves_of, notices, read_words, replaced_by, withdraw_notice
from yangguang.kernel.ledger.authority import SYSTEM
from yangguang.kernel.ledger.calendar_vocabulary import ADOPT, AlreadyAdopted, AlreadyWithdrawn, UnknownPlace
from yangguang.kernel.ledger.models import CalendarNotice, Case, Deadline, Entry
from yangguang.kernel.ledger.replaying import Replayed, pending, replay_clocks
from yangguang.kernel.ledger.tests.world import SomethingNoted, make_world
from yangguang.kernel.ledger.verification import verify
from yangguang.kernel.ledger.vocabulary import Actor, NotAllowed
from yangguang.kernel.ledger.writing import writing

pytestmark = [pytest.mark.django_db, pytest.mark.wide]
#: the outbox stands above the ledger and subscribes to it
Message = apps.get_model("outbox", "Message")

TEXT = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕99号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月13日（周六）、14日（周日）上班。
三、清明节：4月5日（周一）放假，与周末连休。
四、劳动节：5月1日至5日放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假。
六、中秋节：9月15日（周三）放假。
七、国庆节：10月1日至7日放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
国务院办公厅
2026年11月5日
"""
#: the Spring Festival begins a day earlier
CORRECTED = (
    TEXT.replace("99号", "101号").replace("11月5日", "12月20日")
    .replace("2月5日（周五）至11日（周四）", "2月4日（周四）至10日（周三）")
    .replace("2月13日（周六）、14日（周日）", "2月14日（周日）、20日（周六）")
)  # fmt: skip
NUMBER = "国办发明电〔2026〕99号"


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T04:00:00").replace(tzinfo=UTC)


AT = noon("2026-11-06")


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setitem(SYSTEM, "tests", frozenset({ADOPT}))
    forget_adopted()
    return make_world()


def begin(world, number, term="10 working days", at="2027-01-29", key="answer", **limit):
    case = Case.objects.filter(number=number).first() or world.case(number)
    with writing(case, by=world.clerk, at=noon(at)) as draft:
        draft.record(SomethingNoted(what="起算"))
        deadlines.set_deadline(draft, key, Limit(parse_term(term), **limit), start=noon(at), label=f"{term}内")
    return case


def adopt(world, text=TEXT, jurisdiction=""):
    row = adopt_notice(read_words(text, jurisdiction=jurisdiction), jurisdiction=jurisdiction, text=text,
                       by=world.clerk, at=AT)  # fmt: skip
    forget_adopted()  # what follows the commit
    return row


def clock(case, key="answer"):
    return Deadline.objects.get(case=case, key=key)


def table(world):
    """Clocks of every sort, each with its day before and after the notice of 2027."""
    begin(world, "moves")
    begin(world, "stays-final", at="2026-11-02")
    begin(world, "stays-confirmed", term="3 working days", at="2027-03-01")
    begin(world, "calendar-days", term="30 calendar days", at="2027-01-29")
    begin(world, "rolls", term="8 calendar days", at="2027-02-05", rolls=True)
    for number, state in (("met", "met"), ("stopped", "stopped"), ("closed", "")):
        case = begin(world, number)
        with writing(case, by=world.clerk, at=noon("2027-02-01")) as draft:
            draft.record(SomethingNoted(what="了结"))
            if state == "met":
                deadlines.meet_deadline(draft, "answer")
            elif state == "stopped":
                deadlines.stop_deadline(draft, "answer", reason="不再需要")
            else:
                draft.close("done")
    still = begin(world, "suspended")
    with writing(still, by=world.clerk, at=noon("2027-02-01")) as draft:
        deadlines.suspend_all(draft, entry=draft.record(SomethingNoted(what="中止")))


#: number -> (day before, day after, provisional after)
EXPECTED = {
    "moves": ("2027-02-18", "2027-02-17", False),
    "stays-final": ("2026-11-16", "2026-11-16", False),
    "stays-confirmed": ("2027-03-04", "2027-03-04", False),
    "calendar-days": ("2027-02-28", "2027-02-28", False),
    "rolls": ("2027-02-15", "2027-02-13", False),
    "met": ("2027-02-18", "2027-02-18", True),
    "stopped": ("2027-02-18", "2027-02-18", True),
    "closed": ("2027-02-18", "2027-02-18", True),
    "suspended": (None, None, False),
}


def stood():
    return {
        d.case.number: (d.due_on.isoformat() if d.due_on else None, d.provisional)
        for d in Deadline.objects.select_related("case")
    }


def test_what_was_foreseen_is_what_happens_and_only_that(world):
    table(world)
    before = stood()
    foreseen = {m.deadline.case.number: m.due_on for m in moves_of(read_words(TEXT).notice, "nation")}
    assert stood() == before
    adopt(world)
    done = replay_clocks(at=AT)
    after = stood()
    assert {n: (before[n][0], *after[n]) for n in before} == EXPECTED
    moved = {n: date.fromisoformat(after[n][0]) for n in before if before[n][0] != after[n][0]}
    assert foreseen == moved
    assert (done.moved, done.failed) == (len(moved), 0)
    assert not list(verify())


def test_a_moved_clock_keeps_its_old_answer_and_its_case_tells_why(world):
    case = begin(world, "moves")
    with writing(case, by=world.clerk, at=AT) as draft:
        draft.involve("supervising", world.office.pk)
        draft.record(SomethingNoted(what="督办"))
    adopt(world)
    replay_clocks(at=AT)
    entry = Entry.objects.get(name="ledger.clock_moved")
    assert (entry.actor_kind, entry.actor_key) == ("system", "calendar")
    assert entry.body == {
        "label": "10 working days内", "old": "2027-02-18", "new": "2027-02-17", "unit": None,
        "notice": f"国务院办公厅关于2027年部分节假日安排的通知（{NUMBER}）",
    }  # fmt: skip
    (kept,) = clock(case).reckonings.all()
    assert (kept.due_on, kept.provisional, kept.entry, kept.reason) == (
        date(2027, 2, 18), True, entry, f"日历：{NUMBER}",
    )  # fmt: skip
    assert clock(case).calendar_version == deadlines.calendar_in("99").version
    assert set(Message.objects.values_list("unit", flat=True)) == {world.office.pk, world.bureau.pk}
    assert NUMBER in Message.objects.first().body


def test_a_day_that_stays_is_final_from_now_on_and_nobody_is_disturbed(world):
    case = begin(world, "stays", term="3 working days", at="2027-03-01")
    assert clock(case).provisional
    adopt(world)
    replay_clocks(at=AT)
    assert not clock(case).provisional
    assert Entry.objects.filter(name="ledger.clocks_confirmed", stream=case.stream_id).count() == 1
    assert not Message.objects.exists()


def test_a_clock_that_rests_on_none_of_the_changed_days_gets_no_entry(world):
    case = begin(world, "early", at="2026-11-02")
    entries = Entry.objects.filter(stream=case.stream_id).count()
    adopt(world)
    assert replay_clocks(at=AT) == Replayed(unchanged=1)
    assert clock(case).calendar_version == deadlines.calendar_in("99").version
    assert Entry.objects.filter(stream=case.stream_id).count() == entries


def test_a_second_replay_does_nothing(world):
    table(world)
    adopt(world)
    assert pending() == 6
    replay_clocks(at=AT)
    entries, messages = Entry.objects.count(), Message.objects.count()
    assert pending() == 0
    assert replay_clocks(at=AT) == Replayed()
    assert (Entry.objects.count(), Message.objects.count()) == (entries, messages)


def test_killed_midway_it_goes_on_where_it_stopped(world, monkeypatch):
    for n in range(5):
        begin(world, f"case-{n}")
    adopt(world)
    real, calls = replaying._tell_moved, []

    def dies_at_the_third(draft, moved, change):
        real(draft, moved, change)
        calls.append(draft.case.number)
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(replaying, "_tell_moved", dies_at_the_third)
    monkeypatch.setattr(replaying, "BATCH", 2)
    with pytest.raises(KeyboardInterrupt):
        replay_clocks(at=AT)
    assert pending() == 3
    assert Entry.objects.filter(name="ledger.clock_moved").count() == 2
    assert replay_clocks(at=AT).moved == 3
    assert Entry.objects.filter(name="ledger.clock_moved").count() == 5
    assert sorted(Message.objects.values_list("case", flat=True)) == [f"case-{n}" for n in range(5)]
    assert not list(verify())


def test_a_corrected_notice_moves_them_again_and_nothing_of_the_old_lingers(world):
    case = begin(world, "moves")
    first = adopt(world)
    replay_clocks(at=AT)
    second = adopt(world, CORRECTED)
    replay_clocks(at=AT)
    assert clock(case).due_on == date(2027, 2, 18)
    assert [k.due_on for k in clock(case).reckonings.all()] == [date(2027, 2, 18), date(2027, 2, 17)]
    calendar = deadlines.calendar_in("99")
    assert (calendar.is_work(date(2027, 2, 11)), calendar.is_work(date(2027, 2, 13))) == (True, False)
    assert replaced_by(first, list(notices())) == second
    assert replaced_by(second, list(notices())) is None


def test_a_notice_adopted_by_mistake_is_taken_back(world):
    case = begin(world, "moves")
    row = adopt(world)
    replay_clocks(at=AT)
    withdraw_notice(row, by=world.clerk, at=AT)
    forget_adopted()
    replay_clocks(at=AT)
    assert (clock(case).due_on, clock(case).provisional) == (date(2027, 2, 18), True)
    with pytest.raises(AlreadyWithdrawn):
        withdraw_notice(row, by=world.clerk, at=AT)
    adopt(world)  # and may be adopted again
    assert CalendarNotice.objects.count() == 2


def test_the_same_notice_is_adopted_once(world):
    adopt(world)
    with pytest.raises(AlreadyAdopted):
        adopt(world, TEXT.replace("，", "， "))


def test_without_the_power_nothing_is_adopted(world):
    with pytest.raises(NotAllowed):
        adopt_notice(read_words(TEXT), text=TEXT, by=Actor.system("nobody"), at=AT)
    assert not CalendarNotice.objects.exists()


def test_a_local_notice_moves_only_clocks_below_it(world):
    with pytest.raises(UnknownPlace):
        read_words(TEXT, jurisdiction="53")
    case = begin(world, "here", at="2026-11-02")
    head = "青禾省人民政府关于2026年石月节放假的通知\n青政发〔2026〕3号\n"
    local = f"{head}石月节：11月10日至11日放假，共2天。\n2026年11月1日"
    adopt(world, local, "99")
    assert replay_clocks(at=AT).moved == 1
    assert clock(case).due_on == date(2026, 11, 18)
    assert deadlines.calendar_in("").is_work(date(2026, 11, 10))


def test_a_clock_that_cannot_be_reckoned_stops_no_other(world):
    broken, case = begin(world, "broken"), begin(world, "moves")
    adopt(world)
    Deadline.objects.filter(case=broken).update(events=[])
    done = replay_clocks(at=AT)
    assert (done.moved, done.failed) == (1, 1)
    assert clock(case).due_on == date(2027, 2, 17)
    assert pending() == 1


def test_a_limit_packed_and_unpacked_is_the_same():
    limits = [
        Limit(parse_term("7 days"), backwards=True, clear=False),
        Limit(parse_term("30 days"), shape=deadlines.Shape.WINDOW, opens_after=10),
    ]
    assert [deadlines.unpack_limit(deadlines.pack_limit(limit)) for limit in limits] == limits
    old = {k: v for k, v in deadlines.pack_limit(Limit(parse_term("5 days"))).items() if k in
           ("term", "shape", "rolls", "on", "suspension", "cite")}  # fmt: skip
    assert deadlines.unpack_limit(old) == Limit(parse_term("5 days"))


def test_statements_do_not_grow_with_clocks_that_stay(world, django_assert_max_num_queries):
    for n in range(12):
        begin(world, f"early-{n}", at="2026-11-02")
    adopt(world)
    with django_assert_max_num_queries(12):
        replay_clocks(at=AT)
