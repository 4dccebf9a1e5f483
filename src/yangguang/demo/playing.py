"""The verbs of the history: each plays one line of the script by the commands that the pages call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from yangguang.demo.players import Stage
from yangguang.domains.directives.commands import changing, handling, intake, issuing, lighting, supervising
from yangguang.domains.directives.models import Duty, Receipt
from yangguang.domains.directives.vocabulary import Role
from yangguang.kernel.ledger.models import CalendarDay, Case, Deadline, Entry, Participation
from yangguang.kernel.organisation.models import Unit
from yangguang.platform.now import beijing_day
from yangguang.supervision import commands as cards
from yangguang.supervision.models import Signal

NOTICES = Path(__file__).parent / "content" / "notices"
Line = Mapping[str, Any]
#: tables that the rules of supervision join
SWEPT = tuple(model._meta.db_table for model in (Case, Deadline, Entry, Participation, CalendarDay, Duty, Signal))  # noqa: SLF001

#: verb of the script -> what plays it
VERBS: dict[str, Callable[[Stage, Line], None]] = {}


def verb(play: Callable[[Stage, Line], None]) -> Callable[[Stage, Line], None]:
    """Enter a function under its own name, in which `_` stands for `-`."""
    VERBS[play.__name__.replace("_", "-")] = play
    return play


# --- notices ---------------------------------------------------------------------------------------------


@verb
def receive(stage: Stage, line: Line) -> None:
    """A notice comes in and is read."""
    file = NOTICES / stage.files[line["notice"]]
    back_entered = line.get("back_entered", False)
    by = stage.actor(line["by"])
    intake.receive_notice(file.read_bytes(), file.name, by=by, at=stage.moment, back_entered=back_entered)


@verb
def correct(stage: Stage, line: Line) -> None:
    """A person puts right what was read: units by code, collectives as printed, days."""
    notice = stage.notice(line["notice"])
    changes = {}
    for position, row in line["rows"].items():
        change = {key: row[key] for key in ("targets", "text", "deadlines") if key in row}
        if "units" in row:
            printed = {role: row["units"].get(role, []) for role in (Role.LEAD, Role.SUPPORT, Role.RESPONSIBLE)}
            day = beijing_day(stage.moment)
            change["units"] = {
                role.value: intake.match_units(names, notice.case.owner, day) for role, names in printed.items()
            }
        changes[position] = change
    intake.change_proposals(notice, changes, by=stage.actor(line["by"]), at=stage.moment)


@verb
def confirm(stage: Stage, line: Line) -> None:
    """The decomposition is confirmed."""
    intake.confirm_decomposition(stage.notice(line["notice"]), by=stage.actor(line["by"]), at=stage.moment)


@verb
def send_back(stage: Stage, line: Line) -> None:
    """The leader wants the decomposition changed."""
    notice = stage.notice(line["notice"])
    intake.return_decomposition(notice, reason=line["reason"], by=stage.actor(line["by"]), at=stage.moment)


@verb
def approve(stage: Stage, line: Line) -> None:
    """The leader approves, and the duties go out; with a basis they are public at once."""
    notice, by = stage.notice(line["notice"]), stage.actor(line["by"])
    issuing.approve_decomposition(notice, by=by, at=stage.moment, public_basis=line.get("basis", ""))


@verb
def publish(stage: Stage, line: Line) -> None:
    """An issued notice gets its public face."""
    by = stage.actor(line["by"])
    issuing.publish_notice(stage.notice(line["notice"]), basis=line["basis"], by=by, at=stage.moment)


@verb
def nominate(stage: Stage, line: Line) -> None:
    """The office says which units an open collective means."""
    nomination = stage.duty(line["duty"]).nominations.get(settled_at__isnull=True)
    units = [Unit.objects.get(code=code).pk for code in line["units"]]
    issuing.nominate_units(nomination, units, by=stage.actor(line["by"]), at=stage.moment)


# --- what units do ---------------------------------------------------------------------------------------


@verb
def sign(stage: Stage, line: Line) -> None:
    """Units sign what waits for them, duty by duty: of a whole notice but some duties, or of named duties."""
    waiting = Receipt.objects.filter(signed_at__isnull=True, duty__case__closed_at__isnull=True)
    if "duties" in line:
        waiting = waiting.filter(duty__in=[stage.duty(label).pk for label in line["duties"]])
    else:
        left = [stage.duty(label).pk for label in line.get("but", ())]
        waiting = waiting.filter(duty__notice=stage.notice(line["notice"])).exclude(duty__in=left)
    ordered = waiting.select_related("duty__case", "unit").order_by(
        "duty__position", "duty__case__number", "unit__code"
    )
    for receipt in ordered:
        handling.sign_receipt(receipt.duty, by=stage.clerk(receipt.unit), at=stage.pass_minutes(2))


@verb
def object_to(stage: Stage, line: Line) -> None:
    """The head of a unit disputes the assignment."""
    duty, by = stage.duty(line["duty"]), stage.actor(line["by"])
    handling.raise_objection(duty, reason=line["reason"], basis=line["basis"], by=by, at=stage.moment)


@verb
def contribute(stage: Stage, line: Line) -> None:
    """A supporting unit gives its part to the lead."""
    duty, by = stage.duty(line["duty"]), stage.actor(line["by"])
    handling.give_contribution(duty, handling.Progress(line["text"], line.get("percent", 0)), by=by, at=stage.moment)


@verb
def report(stage: Stage, line: Line) -> None:
    """Handling units report, each duty with its percentage, words and figures; `final` asks for conclusion."""
    for label, told in line["duties"].items():
        percent, text, *figures = told
        duty = stage.duty(label)
        targets = dict(zip(duty.targets.values_list("pk", flat=True), map(str, figures), strict=False))
        merged = duty.reports.filter(kind="contribution", merged_in__isnull=True).values_list("pk", flat=True)
        progress = handling.Progress(
            text,
            percent,
            problems=line.get("problems", ""),
            figures=targets,
            merges=list(merged),
            final=line.get("final", False),
        )
        handling.report_progress(duty, progress, by=stage.clerk(duty.case.owner), at=stage.pass_minutes(3))


@verb
def ask_extension(stage: Stage, line: Line) -> None:
    """A unit asks for more time for the day the notice named."""
    duty = stage.duty(line["duty"])
    deadline = Deadline.objects.get(case=duty.case, key="by:0")
    by = stage.clerk(duty.case.owner)
    proposed_on = line["until"]
    handling.ask_extension(duty, deadline, proposed_on=proposed_on, reason=line["reason"], by=by, at=stage.moment)


# --- what the office and the leaders do ------------------------------------------------------------------


@verb
def rule(stage: Stage, line: Line) -> None:
    """The office rules on an objection."""
    duty, by = stage.duty(line["duty"]), stage.actor(line["by"])
    to_unit = Unit.objects.get(code=line["to"]).pk if "to" in line else None
    supervising.rule_on_objection(
        duty, ruling=line["ruling"], reason=line["reason"], to_unit=to_unit, by=by, at=stage.moment
    )


@verb
def review(stage: Stage, line: Line) -> None:
    """The office reviews the last report of each duty."""
    by = stage.actor(line["by"])
    for label in line["duties"]:
        duty = stage.duty(label)
        given = duty.reports.filter(kind="report", state="given").latest("given_at")
        meets = [d.key for d in Deadline.objects.filter(case=duty.case, key__startswith="by:")] if given.final else []
        supervising.review_report(
            given,
            outcome=line["outcome"],
            opinion=line.get("opinion", ""),
            by=by,
            at=stage.pass_minutes(2),
            **({"meets": meets} if line["outcome"] == "accepted" else {}),
        )


@verb
def verify(stage: Stage, line: Line) -> None:
    """Other hands verify results."""
    by = stage.actor(line["by"])
    for label in line["duties"]:
        supervising.verify_duty(
            stage.duty(label),
            outcome=line.get("outcome", "passed"),
            method=line["method"],
            opinion=line["opinion"],
            by=by,
            at=stage.pass_minutes(5),
        )


@verb
def conclude(stage: Stage, line: Line) -> None:
    """The office finds duties handled."""
    for label in line["duties"]:
        by = stage.actor(line["by"])
        supervising.conclude_duty(stage.duty(label), opinion=line.get("opinion", ""), by=by, at=stage.pass_minutes(3))


@verb
def strike_off(stage: Stage, line: Line) -> None:
    """The office strikes duties off the list."""
    for label in line["duties"]:
        by = stage.actor(line["by"])
        supervising.strike_off(stage.duty(label), opinion=line.get("opinion", ""), by=by, at=stage.pass_minutes(3))


@verb
def urge(stage: Stage, line: Line) -> None:
    """The office urges several units at once."""
    duties = [stage.duty(label) for label in line["duties"]]
    supervising.urge_duties(duties, message=line["message"], by=stage.actor(line["by"]), at=stage.moment)


@verb
def decide_extension(stage: Stage, line: Line) -> None:
    """The leader grants or refuses more time."""
    extension = stage.duty(line["duty"]).extensions.get(state="asked")
    supervising.decide_extension(
        extension, granted=line["granted"], reason=line["reason"], by=stage.actor(line["by"]), at=stage.moment
    )


@verb
def suspend(stage: Stage, line: Line) -> None:
    """A duty and its clocks stand still."""
    duty, by = stage.duty(line["duty"]), stage.actor(line["by"])
    changing.suspend_duty(duty, reason=line["reason"], basis=line["basis"], by=by, at=stage.moment)


@verb
def resume(stage: Stage, line: Line) -> None:
    """A suspended duty goes on."""
    duty, by = stage.duty(line["duty"]), stage.actor(line["by"])
    changing.resume_duty(duty, reason=line["reason"], by=by, at=stage.moment)


@verb
def merge(stage: Stage, line: Line) -> None:
    """A duty goes into another."""
    duty, into = stage.duty(line["duty"]), stage.duty(line["into"])
    changing.merge_duty(duty, into, reason=line["reason"], by=stage.actor(line["by"]), at=stage.moment)


@verb
def cancel(stage: Stage, line: Line) -> None:
    """The leader takes a duty off the list."""
    duty, by = stage.duty(line["duty"]), stage.actor(line["by"])
    changing.cancel_duty(duty, reason=line["reason"], basis=line["basis"], by=by, at=stage.moment)


@verb
def carry_over(stage: Stage, line: Line) -> None:
    """An unfinished duty goes on in the next year."""
    duty, by = stage.duty(line["duty"]), stage.actor(line["by"])
    due_on: date = line["until"]
    changing.carry_over(duty, due_on=due_on, reason=line["reason"], by=by, at=stage.moment)


@verb
def reopen(stage: Stage, line: Line) -> None:
    """A look back takes a duty up again."""
    duty, by = stage.duty(line["duty"]), stage.actor(line["by"])
    due_on: date = line["until"]
    changing.reopen_duty(duty, reason=line["reason"], due_on=due_on, by=by, at=stage.moment)


# --- what the platform does ------------------------------------------------------------------------------


@verb
def watch(stage: Stage, line: Line) -> None:
    """Supervision sweeps; nobody sees the lights of a day that has gone."""
    _sweep(stage)


def watch_over(stage: Stage) -> None:
    """Settle the lights and run the sweep of the stage's day."""
    day = beijing_day(stage.moment)
    lighting.settle_lights(day)
    _sweep(stage)


def _sweep(stage: Stage) -> None:
    """Run the rules; a province of a minute's age has no statistics yet, without which they would be planned badly."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(SWEPT)}")
    cards.sweep(today=beijing_day(stage.moment), at=stage.moment)


# --- what becomes of a card ------------------------------------------------------------------------------


@verb
def acknowledge_card(stage: Stage, line: Line) -> None:
    """A unit signs for a card."""
    card = stage.card(line["duty"], line["rule"], line["unit"])
    cards.acknowledge_card(card, by=stage.actor(line["unit"]), at=stage.moment)


@verb
def explain_card(stage: Stage, line: Line) -> None:
    """A unit explains what happened."""
    card, by = stage.card(line["duty"], line["rule"], line["unit"]), stage.actor(line["unit"])
    cards.explain_card(card, explanation=line["text"], by=by, at=stage.moment)


@verb
def judge_card(stage: Stage, line: Line) -> None:
    """Supervision finds a card upheld, excused or a false alarm."""
    card, by = stage.card(line["duty"], line["rule"], line["unit"]), stage.actor(line["by"])
    cards.judge_card(
        card, verdict=line["verdict"], excuse=line.get("excuse", ""), judgement=line["text"], by=by, at=stage.moment
    )


@verb
def close_card(stage: Stage, line: Line) -> None:
    """What an upheld card found has been put right."""
    card, by = stage.card(line["duty"], line["rule"], line["unit"]), stage.actor(line["by"])
    cards.close_card(card, closing=line["text"], by=by, at=stage.moment)
