"""What unit and supervisor may do with a card, and when."""

from __future__ import annotations

from datetime import date

import pytest

from yangguang.kernel.ledger.models import Entry
from yangguang.kernel.ledger.vocabulary import Conflict, Malformed, NotAllowed, NotFound
from yangguang.platform.now import set_clock
from yangguang.supervision import queries
from yangguang.supervision.commands import (
    acknowledge_card,
    close_card,
    explain_card,
    judge_card,
    sweep,
    withdraw_card,
)
from yangguang.supervision.models import Card
from yangguang.supervision.tests.world import World, moment
from yangguang.supervision.vocabulary import AnswerPeriodRuns, Level, SameUnitJudges, WrongState

NEXT, AFTER = date(2026, 4, 3), date(2026, 4, 13)


def explained(world: World, card: Card) -> None:
    explain_card(card, explanation="暴雨冲毁便道，已改线。", by=world.handler, at=moment(NEXT))


def test_a_card_goes_its_whole_way(world: World) -> None:
    card = world.late_card()
    acknowledge_card(card, by=world.handler, at=moment(NEXT))
    explained(world, card)
    assert card.case.deadlines.get(key="answer").state == "met"
    judge_card(card, verdict="upheld", judgement="理由不足。", by=world.supervisor, at=moment(AFTER))
    assert (card.case.state, card.case.closed_at) == ("upheld", None)
    close_card(card, closing="已补办。", by=world.supervisor, at=moment(AFTER))
    assert card.case.state == "closed"
    assert [line.name.split("_")[1] for line in reversed(queries.card_detail(card).trail)] == [
        "issued", "notified", "acknowledged", "explained", "judged", "closed",
    ]


def test_nobody_is_judged_before_he_answered_or_let_the_time_pass(world: World) -> None:
    card = world.late_card()
    with pytest.raises(AnswerPeriodRuns) as refused:
        judge_card(card, verdict="upheld", judgement="维持", by=world.supervisor, at=moment(date(2026, 4, 10)))
    assert refused.value.cite == "《阳光平台默认设置》督办单"
    judge_card(card, verdict="upheld", judgement="逾期未说明。", by=world.supervisor, at=moment(AFTER))
    assert Entry.objects.filter(name="supervision.card_judged", body__explained=False).count() == 2


def test_an_excused_card_needs_its_ground_and_leaves_the_record(world: World) -> None:
    card = world.late_card()
    explained(world, card)
    for verdict, excuse in (("excused", ""), ("upheld", "outage"), ("perhaps", ""), ("excused", "mood")):
        with pytest.raises(Malformed):
            judge_card(card, verdict=verdict, excuse=excuse, judgement="…", by=world.supervisor, at=moment(AFTER))
    assert [unit.yellow for unit in queries.overview(world.supervisor, on=AFTER).units] == [1]
    judge_card(card, verdict="excused", excuse="force_majeure", judgement="属实", by=world.supervisor, at=moment(AFTER))
    assert card.case.closed_at
    overview = queries.overview(world.supervisor, on=AFTER)
    assert (overview.units, overview.open_cards[Level.YELLOW]) == ([], 0)
    assert queries.card(card.case.number, world.handler, on=AFTER).excuse == "force_majeure"


def test_the_unit_does_not_judge_itself_and_a_stranger_does_nothing(world: World) -> None:
    card = world.late_card()
    own = world._officer("KFIN9", "KFIN", {"supervision.judge": ["card"]})
    with pytest.raises(SameUnitJudges):
        judge_card(card, verdict="false_alarm", judgement="没有的事。", by=own, at=moment(AFTER))
    for act in (
        lambda: acknowledge_card(card, by=world.stranger, at=moment(NEXT)),
        lambda: explain_card(card, explanation="…", by=world.supervisor, at=moment(NEXT)),
        lambda: judge_card(card, verdict="upheld", judgement="…", by=world.stranger, at=moment(AFTER)),
        lambda: withdraw_card(card, excuse="wrong_rule", reason="…", by=world.handler, at=moment(NEXT)),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotFound):
        queries.card(card.case.number, world.stranger, on=NEXT)
    assert queries.cards(world.stranger, on=NEXT).count() == 0
    assert queries.cards(world.handler, on=NEXT).count() == queries.cards(world.supervisor, on=NEXT).count() == 1


def test_a_withdrawn_card_leaves_a_scar_and_does_not_come_back(world: World) -> None:
    card = world.late_card()
    withdraw_card(card, excuse="wrong_rule", reason="阈值配置错误。", by=world.supervisor, at=moment(NEXT))
    assert (card.case.state, card.case.deadlines.get(key="answer").state) == ("withdrawn", "stopped")
    set_clock(lambda: moment(NEXT))
    assert sweep(today=NEXT, at=moment(NEXT)).raised["D2"] == 0
    assert queries.card(card.case.number, world.handler, on=NEXT).closing == "阈值配置错误。"
    watched = Entry.objects.filter(stream=card.signal.case.stream_id).latest("seq")
    assert (watched.name, watched.body["excuse"]) == ("supervision.card_withdrawn", "wrong_rule")
    record = queries.rule_record("D2", on=NEXT)
    assert (record.fired, record.judged, record.wrong) == (1, 1, 1)


@pytest.mark.parametrize("state", ["upheld", "withdrawn"])
def test_an_ended_card_is_not_answered(world: World, state: str) -> None:
    card = world.late_card()
    if state == "upheld":
        judge_card(card, verdict="upheld", judgement="维持", by=world.supervisor, at=moment(AFTER))
    else:
        withdraw_card(card, excuse="data_entry", reason="录错", by=world.supervisor, at=moment(NEXT))
    with pytest.raises(WrongState):
        explained(world, card)


def test_empty_words_and_a_stale_page_change_nothing(world: World) -> None:
    card = world.late_card()
    with pytest.raises(Malformed) as refused:
        explain_card(card, explanation=" \n", by=world.handler, at=moment(NEXT))
    assert refused.value.errors == {"explanation": "必填。"}
    seen = card.case.revision
    acknowledge_card(card, by=world.handler, at=moment(NEXT))
    with pytest.raises(Conflict):
        explain_card(card, explanation="…", by=world.handler, at=moment(NEXT), revision=seen)
    assert Card.objects.get(pk=card.pk).explanation == ""


def test_the_public_sees_a_card_of_a_public_case_only_after_it_was_heard(world: World) -> None:
    card = world.late_card(public=True)
    assert queries.cards(None, on=NEXT).count() == 0
    explained(world, card)
    judge_card(card, verdict="upheld", judgement="维持", by=world.supervisor, at=moment(AFTER))
    assert [found.case.number for found in queries.cards(None, on=AFTER)] == [card.case.number]
    public = {line.name for line in queries.card_detail(card, public=True).trail}
    assert "supervision.card_issued" not in public
    assert "supervision.card_judged" in public


def test_silence_publishes_the_card_when_the_time_to_answer_has_passed(world: World) -> None:
    card = world.late_card(public=True)
    set_clock(lambda: moment(AFTER))
    assert sweep(today=date(2026, 4, 10), at=moment(date(2026, 4, 10))).published == 0
    assert sweep(today=AFTER, at=moment(AFTER)).published == 1
    assert queries.card(card.case.number, None, on=AFTER)


def test_a_card_on_an_undisclosed_case_is_never_public(world: World) -> None:
    card = world.late_card()
    judge_card(card, verdict="upheld", judgement="维持", by=world.supervisor, at=moment(AFTER))
    sweep(today=AFTER, at=moment(AFTER))
    with pytest.raises(NotFound):
        queries.card(card.case.number, None, on=AFTER)


def test_each_counted_day_of_the_arithmetic_is_shown_with_its_reason(world: World) -> None:
    case = world.case(date(2026, 3, 2))
    world.clock(case, date(2026, 3, 2), due_on=date(2026, 4, 3))
    set_clock(lambda: moment(date(2026, 4, 8)))
    sweep(today=date(2026, 4, 8), at=moment(date(2026, 4, 8)))
    card = Card.objects.get(signal__case=case)
    days = queries.card_detail(card).days
    assert [(day.day.day, day.number) for day in days] == [(4, None), (5, None), (6, None), (7, 1), (8, 2)]
    assert all(day.why.zh and day.source for day in days if day.number is None and day.day.day != 4)
    assert days[-1].number == card.signal.facts["days"]


def test_each_figure_is_the_length_of_its_list(world: World) -> None:
    world.late_card()
    soon = world.case(date(2026, 3, 2))
    world.clock(soon, date(2026, 3, 2), due_on=date(2026, 4, 7))
    still = world.case(date(2026, 3, 2))
    world.suspend(still, date(2026, 3, 20))
    day = date(2026, 4, 2)
    figures = queries.overview(world.supervisor, on=day)
    assert figures.cases == {"open": 3, "due_soon": 1, "overdue": 1, "suspended": 1}
    assert [case.number for case in queries.watched_cases(world.supervisor, on=day, view="due_soon")] == [soon.number]
    assert (figures.open_cards[Level.YELLOW], figures.raised_today, figures.unanswered) == (1, 1, 0)
    assert queries.overview(world.stranger, on=day).cases["open"] == 0
    assert queries.overview(world.supervisor, on=AFTER).unanswered == 1
