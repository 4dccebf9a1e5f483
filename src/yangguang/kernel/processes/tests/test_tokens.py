"""How each element moves the tokens: one small process for each."""

import pytest

from yangguang.kernel.processes.net import Net
from yangguang.kernel.processes.tests.world import net, scope, token, waiting
from yangguang.kernel.processes.tokens import (
    Marking,
    complete,
    enter,
    fire,
    message,
    ready,
    signal,
    start,
    timer,
)
from yangguang.kernel.processes.vocabulary import ExpressionFault, Malformed, StepRefused

MESSAGE = "<messageEventDefinition messageRef='m1'/>"
SIGNAL = "<signalEventDefinition signalRef='s1'/>"
TIMER = "<timerEventDefinition/>"
BRANCHES = "startEvent s\n{split} g {default}\nuserTask a\nuserTask b\nuserTask c\n{split} j\nuserTask z\nendEvent e"
ARROWS = "s g\ng a {}\ng b {}\ng c\na j\nb j\nc j\nj z\nz e"


def branches(split, *conditions, default="default=g_c"):
    return net(BRANCHES.format(split=split, default=default), ARROWS.format(*(conditions or ("", ""))))


def done(compiled, marking, node, facts=None, outcome=""):
    return complete(compiled, marking, token(compiled, marking, node), facts or {}, outcome)


@pytest.mark.parametrize("tag", ["userTask", "manualTask", "serviceTask", "task"])
def test_work_waits_until_it_is_done(tag):
    compiled = net(f"startEvent s\n{tag} a\nendEvent e", "s a\na e")
    marking = start(compiled, {})
    assert waiting(compiled, marking) == ["a"]
    assert done(compiled, marking, "a").finished


@pytest.mark.parametrize(("amount", "taken"), [(5, ["a"]), (50, ["b"]), (500, ["c"])])
def test_an_exclusive_gateway_takes_the_first_true_arrow_or_the_default(amount, taken):
    compiled = branches("exclusiveGateway", "金额 < 10", "金额 < 100")
    assert waiting(compiled, start(compiled, {"金额": amount})) == taken


def test_an_exclusive_gateway_without_a_way_out_is_refused_and_names_itself():
    compiled = net("startEvent s\nexclusiveGateway g\ntask a\ntask b", "s g\ng a x == 1\ng b x == 2")
    with pytest.raises(StepRefused, match="没有一个条件成立"):
        start(compiled, {"x": 3})
    with pytest.raises(ExpressionFault, match="缺少事实"):
        start(compiled, {})


def test_a_parallel_gateway_waits_for_every_branch():
    compiled = branches("parallelGateway", default="")
    marking = start(compiled, {})
    assert waiting(compiled, marking) == ["a", "b", "c"]
    for node in ("b", "a"):
        marking = done(compiled, marking, node)
        assert "z" not in waiting(compiled, marking)
    assert waiting(compiled, done(compiled, marking, "c")) == ["z"]


@pytest.mark.parametrize(("x", "taken"), [(0, ["c"]), (1, ["a"]), (2, ["a", "b"])])
def test_an_inclusive_gateway_waits_for_the_branches_that_were_taken_and_no_others(x, taken):
    compiled = branches("inclusiveGateway", "x >= 1", "x >= 2")
    marking = start(compiled, {"x": x})
    assert waiting(compiled, marking) == taken
    for node in taken:
        assert "z" not in waiting(compiled, marking)
        marking = done(compiled, marking, node)
    assert waiting(compiled, marking) == ["z"]


@pytest.mark.parametrize(
    ("definition", "marks", "happen"),
    [
        (MESSAGE, "", lambda compiled, marking: message(compiled, marking, "补正到达", {})),
        (SIGNAL, "", lambda compiled, marking: signal(compiled, marking, "撤回", {})),
        (
            TIMER,
            "yg:limit=a.b",
            lambda compiled, marking: timer(compiled, marking, ready(compiled, marking)[0].token, "c", {}),
        ),
    ],
)
def test_a_catching_event_waits_for_its_own_trigger(definition, marks, happen):
    compiled = net(
        f"startEvent s\nintermediateCatchEvent c {marks} | {definition}\ntask z\nendEvent e", "s c\nc z\nz e"
    )
    marking = start(compiled, {})
    assert waiting(compiled, marking) == ["c"]
    with pytest.raises(StepRefused):
        complete(compiled, marking, 1, {})
    assert waiting(compiled, happen(compiled, marking)) == ["z"]


def boundary(cancel, definition=MESSAGE, host="userTask a", inside=None):
    event = f"boundaryEvent b attachedToRef=a cancelActivity={cancel} | {definition}"
    nodes = f"startEvent s\n{host}\n{event}\ntask z\ntask y\nendEvent e"
    return net(nodes, "s a\na z\nb y\nz e\ny e", inside)


def test_an_interrupting_event_takes_the_work_away():
    compiled = boundary("true")
    marking = message(compiled, start(compiled, {}), "补正到达", {})
    assert waiting(compiled, marking) == ["y"]


def test_a_non_interrupting_event_opens_work_beside_and_may_come_again():
    compiled = boundary("false")
    marking = message(compiled, start(compiled, {}), "补正到达", {})
    assert waiting(compiled, marking) == ["a", "b", "y"]
    assert waiting(compiled, message(compiled, marking, "补正到达", {})) == ["a", "b", "y", "y"]


def test_an_event_nobody_waits_for_is_refused_but_a_signal_may_find_nobody():
    compiled = boundary("true")
    finished = done(compiled, done(compiled, start(compiled, {}), "a"), "z")
    assert finished.finished
    with pytest.raises(StepRefused):
        message(compiled, finished, "补正到达", {})
    with pytest.raises(StepRefused):
        fire(compiled, finished, 1, "b", {})
    assert signal(compiled, finished, "撤回", {}) == finished


def test_a_signal_reaches_every_wait_but_none_that_it_took_away():
    nodes = (
        f"startEvent s\nparallelGateway g\nuserTask a\nintermediateCatchEvent c | {SIGNAL}\n"
        f"boundaryEvent b attachedToRef=a | {SIGNAL}\ntask y\ntask z"
    )
    compiled = net(nodes, "s g\ng a\ng c\nb y\nc z")
    assert waiting(compiled, signal(compiled, start(compiled, {}), "撤回", {})) == ["y", "z"]


INSIDE = {
    "a": scope(
        "startEvent s2\nparallelGateway g2\nuserTask i1\nuserTask i2\nendEvent e2\nendEvent e3",
        "s2 g2\ng2 i1\ng2 i2\ni1 e2\ni2 e3",
    )
}


def test_a_sub_process_goes_on_when_all_inside_is_done():
    compiled = boundary("true", host="subProcess a", inside=INSIDE)
    marking = start(compiled, {})
    assert waiting(compiled, marking) == ["b", "i1", "i2"]
    marking = done(compiled, marking, "i1")
    assert waiting(compiled, marking) == ["b", "i2"]
    assert waiting(compiled, done(compiled, marking, "i2")) == ["z"]


def test_an_event_on_a_sub_process_takes_all_inside_away():
    compiled = boundary("true", host="subProcess a", inside=INSIDE)
    marking = done(compiled, start(compiled, {}), "i1")
    assert waiting(compiled, message(compiled, marking, "补正到达", {})) == ["y"]


def test_terminate_ends_its_own_scope_only():
    inner = {"a": INSIDE["a"].replace('<endEvent id="e2">', '<endEvent id="e2"><terminateEventDefinition/>')}
    compiled = boundary("true", host="subProcess a", inside=inner)
    assert waiting(compiled, done(compiled, start(compiled, {}), "i1")) == ["z"]
    nodes = "startEvent s\nparallelGateway g\ntask a\ntask b\nendEvent t | <terminateEventDefinition/>\nendEvent e"
    outer = net(nodes, "s g\ng a\ng b\na t\nb e")
    assert done(outer, start(outer, {}), "a").finished


MANY = "startEvent s\nuserTask a yg:collection=单位 | <multiInstanceLoopCharacteristics/>\ntask z\nendEvent e"


def test_a_multi_instance_task_is_done_when_every_instance_is():
    compiled = net(MANY, "s a\na z\nz e")
    marking = start(compiled, {"单位": ["发改", "住建", "环保"]})
    assert [(wait.node, wait.index) for wait in ready(compiled, marking)] == [("a", 0), ("a", 1), ("a", 2)]
    for _ in range(3):
        assert "z" not in waiting(compiled, marking)
        marking = done(compiled, marking, "a")
    assert waiting(compiled, marking) == ["z"]
    assert waiting(compiled, start(compiled, {"单位": []})) == ["z"]
    with pytest.raises(ExpressionFault, match="清单"):
        start(compiled, {})


CHOICE = "startEvent s\nuserTask a yg:command=sign\nexclusiveGateway g default=g_c\ntask b\ntask c\nendEvent e"
CHOICES = 's a\na g\ng b outcome == "yes"\ng c\nb e\nc e'


def test_the_answers_of_a_step_are_those_its_gateway_distinguishes():
    compiled = net(CHOICE.replace("default=g_c", ""), CHOICES.replace("g c", 'g c outcome == "no"'))
    marking = start(compiled, {})
    assert [(choice.outcome, choice.command) for choice in ready(compiled, marking)[0].choices] == [
        ("yes", "sign"),
        ("no", "sign"),
    ]
    assert waiting(compiled, done(compiled, marking, "a", outcome="no")) == ["c"]
    with pytest.raises(StepRefused, match="没有这种办理结果"):
        done(compiled, marking, "a", outcome="maybe")


def test_arrows_that_go_round_without_work_are_stopped():
    compiled = net("startEvent s\nexclusiveGateway g\nexclusiveGateway h\ntask a", "s g\ng h\nh g x == 1\nh a x == 2")
    with pytest.raises(StepRefused, match="打转"):
        start(compiled, {"x": 1})


def test_a_case_can_be_taken_up_at_a_step_but_not_inside_a_sub_process():
    compiled = boundary("true", host="subProcess a", inside=INSIDE)
    assert waiting(compiled, enter(compiled, "z", {})) == ["z"]
    with pytest.raises(StepRefused):
        enter(compiled, "i1", {})


def test_every_scope_has_one_start():
    with pytest.raises(Malformed, match="开始事件"):
        net("task a", "")


def test_net_and_marking_survive_json():
    compiled = boundary("false", host="subProcess a", inside=INSIDE)
    marking = message(compiled, start(compiled, {}), "补正到达", {})
    again = Net.from_json(compiled.as_json())
    assert again == compiled
    assert Marking.from_json(marking.as_json()) == marking
    assert ready(again, Marking.from_json(marking.as_json())) == ready(compiled, marking)
