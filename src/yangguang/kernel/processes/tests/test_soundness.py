"""Faults of a process are found before it is published, with the steps that lead to them."""

from random import Random

import pytest

from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.linking import link
from yangguang.kernel.processes.net import compile_net
from yangguang.kernel.processes.soundness import check_soundness, is_sound
from yangguang.kernel.processes.tests.drawn import drawn, random_block
from yangguang.kernel.processes.tests.world import bpmn, scope
from yangguang.kernel.processes.tokens import Marking, Walk, ready
from yangguang.kernel.processes.vocabulary import Malformed, Unsupported

DIAMOND = "startEvent s\n{} g default=g_a\ntask a\ntask b\n{} j\ntask z\nendEvent e"
ARROWS = "s g\ng a\ng b {}\na j\nb j\nj z\nz e"


def findings(nodes, arrows, inside=None, lanes="", **options):
    return check_soundness(read_bpmn(bpmn(nodes, arrows, inside, lanes)), **options)


def diamond(split, join, condition=""):
    nodes = DIAMOND.format(split, join).replace("default=g_a", "default=g_a" if condition else "")
    return findings(nodes, ARROWS.format(condition))


@pytest.mark.parametrize(
    ("split", "join", "condition"),
    [
        ("exclusiveGateway", "exclusiveGateway", "x == 1"),
        ("parallelGateway", "parallelGateway", ""),
        ("inclusiveGateway", "inclusiveGateway", "x == 1"),
        ("parallelGateway", "inclusiveGateway", ""),
        ("exclusiveGateway", "inclusiveGateway", "x == 1"),
    ],
)
def test_matching_gateways_are_sound(split, join, condition):
    assert diamond(split, join, condition) == ()


def test_a_join_that_waits_for_a_branch_never_taken_is_a_dead_lock():
    (found,) = diamond("exclusiveGateway", "parallelGateway", "x == 1")
    assert (found.code, found.path) == ("dead_lock", ("开始", "a"))


def test_branches_that_are_never_joined_are_an_improper_completion():
    (found,) = diamond("parallelGateway", "exclusiveGateway")
    assert (found.code, found.path) == ("improper_completion", ("开始", "a", "b"))
    nodes, arrows = "startEvent s\nparallelGateway g\ntask a\ntask b\nendEvent e", "s g\ng a\ng b\na e\nb e"
    assert [one.code for one in findings(nodes, arrows)] == ["improper_completion"]


def test_a_split_of_two_ways_joined_by_choice_is_an_improper_completion():
    nodes = "startEvent s\ninclusiveGateway g default=g_c\ntask a\ntask b\ntask c\nexclusiveGateway j\nendEvent e"
    found = findings(nodes, "s g\ng a x == 1\ng b y == 1\ng c\na j\nb j\nc j\nj e")
    assert [one.code for one in found] == ["improper_completion"]


def test_steps_that_are_never_reached_are_named():
    found = findings("startEvent s\ntask a\ntask lost name=孤立\nendEvent e", "s a\na e\nlost e")
    assert [(one.code, one.node) for one in found] == [("unreachable", "lost")]
    assert not is_sound(found)


def test_a_circle_without_a_way_out_never_ends():
    (found,) = findings("startEvent s\ntask a\ntask b", "s a\na b\nb a")
    assert (found.code, found.path) == ("no_end", ("开始",))


def test_a_circle_without_work_is_endless():
    nodes = "startEvent s\nexclusiveGateway g default=g_h\nexclusiveGateway h default=h_g\ntask a\nendEvent e"
    found = findings(nodes, "s g\ng h\nh g\ng a x == 1\nh a x == 2\na e")
    assert [one.code for one in found] == ["endless_loop"]


def test_a_gateway_whose_conditions_may_all_fail_is_a_warning_unless_it_asks_for_answers():
    nodes = "startEvent s\ntask q\nexclusiveGateway g\ntask a\ntask b\nendEvent e"
    arrows = "s q\nq g\ng a {}\ng b {}\na e\nb e"
    assert [one.code for one in findings(nodes, arrows.format("x == 1", "x == 2"))] == ["no_default"]
    assert findings(nodes, arrows.format('outcome == "1"', 'outcome == "2"')) == ()


def test_unknown_roles_and_work_outside_all_lanes_are_errors():
    lanes = '<laneSet id="ls"><lane id="l" name="某岗" yg:role="nobody"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    nodes, arrows = "startEvent s\nuserTask a\nuserTask b\nendEvent e", "s a\na b\nb e"
    found = findings(nodes, arrows, lanes=lanes, roles={"clerk"})
    assert [(one.code, one.node) for one in found] == [("unknown_role", "l"), ("no_role", "b")]


def test_unsafe_conditions_are_errors():
    nodes = "startEvent s\nexclusiveGateway g default=g_a\ntask a\ntask b\nendEvent e"
    found = findings(nodes, "s g\ng a\ng b __import__('os')\na e\nb e")
    assert [(one.code, one.node) for one in found] == [("unsafe_condition", "g_b")]


def test_an_answer_cannot_be_asked_of_many_instances():
    nodes = (
        "startEvent s\nuserTask a yg:collection=单位 | <multiInstanceLoopCharacteristics/>\n"
        "exclusiveGateway g default=g_b\ntask b\ntask c\nendEvent e"
    )
    found = findings(nodes, 's a\na g\ng b\ng c outcome == "x"\nb e\nc e')
    assert [one.code for one in found] == ["outcome_of_many"]


@pytest.mark.parametrize("cancel", ["true", "false"])
def test_events_on_running_work_are_tried_and_may_come_again(cancel):
    nodes = (
        "startEvent s\nsubProcess a\n"
        f"boundaryEvent b attachedToRef=a cancelActivity={cancel} | <messageEventDefinition messageRef='m1'/>\n"
        "task y\ntask w\ntask z\nendEvent e\nendEvent e9"
    )
    inside = {"a": scope("startEvent s2\ntask i\nendEvent e2", "s2 i\ni e2")}
    assert findings(nodes, "s a\na z\nz e\nb y\ny w\nw e9", inside) == ()


def test_a_join_inside_a_sub_process_can_lock_too():
    inner = scope(
        "startEvent s2\nexclusiveGateway g default=g_i\ntask i\ntask k\nparallelGateway j\nendEvent e2",
        "s2 g\ng i\ng k x == 1\ni j\nk j\nj e2",
    )
    (found,) = findings("startEvent s\nsubProcess a\nendEvent e", "s a\na e", {"a": inner})
    assert (found.code, found.path) == ("dead_lock", ("开始", "i"))


def test_a_process_too_large_to_explore_says_so():
    tasks = "\n".join(f"task t{n}" for n in range(12))
    arrows = "\n".join(f"g t{n}\nt{n} j" for n in range(12))
    found = findings(
        f"startEvent s\nparallelGateway g\n{tasks}\nparallelGateway j\nendEvent e",
        f"s g\n{arrows}\nj e",
        max_states=500,
    )
    assert [one.code for one in found] == ["too_many_states"]


def test_a_choice_of_very_many_combinations_gives_up_in_time():
    tasks = "\n".join(f"task t{n}" for n in range(1, 18))
    arrows = "\n".join(f"g t{n} x == {n}\nt{n} j" for n in range(1, 18))
    nodes = f"startEvent s\ninclusiveGateway g default=g_j\n{tasks}\ninclusiveGateway j\nendEvent e"
    found = findings(nodes, f"s g\ng j\n{arrows}\nj e")
    assert [one.code for one in found] == ["too_many_states"]


class Whim:
    """A chooser that asks no facts: any arrow, any set of arrows, any number of instances."""

    def __init__(self, rng):
        self.rng = rng

    def arrows(self, place):
        if str(place.kind) == "exclusive":
            return (self.rng.choice(place.out),)
        conditional = [arc for arc in place.out if arc.id != place.default]
        default = [arc for arc in place.out if arc.id == place.default]
        return tuple(arc for arc in conditional if self.rng.random() < 0.5) or tuple(default or conditional[:1])

    def instances(self, place):
        return self.rng.randint(0, 3)


def stuck(net, rng, steps=60):
    """True where a run by whim comes to a state that is not finished and waits for nothing."""
    walk = Walk(net, Marking(), Whim(rng))
    walk.arrive(net.starts[""], 0)
    marking = walk.run()
    for _ in range(steps):
        waits = ready(net, marking)
        if marking.finished or not waits:
            return not marking.finished
        wait = rng.choice(waits)
        walk = Walk(net, marking, Whim(rng))
        if wait.trigger:
            walk.catch(wait.token, wait.node)
        else:
            walk.leave(wait.token)
        marking = walk.run()
    return False


def spoilt(rng):
    """A random process, in two of three with a wrong gateway somewhere."""
    files = drawn(random_block(rng, 5))
    text = files.xml.decode()
    words = [word for word in ("parallelGateway", "exclusiveGateway", "inclusiveGateway") if f"<{word} " in text]
    if words and rng.random() < 0.7:
        word = rng.choice(words)
        at = rng.choice([at for at in range(len(text)) if text.startswith(f"<{word} ", at)])
        end = text.index(f"</{word}>", at)
        other = rng.choice([one for one in ("parallelGateway", "exclusiveGateway") if one != word])
        text = text[:at] + f"<{other} " + text[at + len(word) + 2 : end] + f"</{other}>" + text[end + len(word) + 3 :]
    return text.encode(), files.called


def test_a_process_called_sound_never_gets_stuck_and_a_stuck_one_is_never_called_sound():
    verdicts = {True: 0, False: 0}
    for seed in range(300):
        rng = Random(seed)
        xml, called = spoilt(rng)
        try:
            definition = link(read_bpmn(xml), {key: read_bpmn(file) for key, file in called.items()})
        except (Malformed, Unsupported):
            continue
        found = check_soundness(definition)
        verdicts[is_sound(found)] += 1
        if is_sound(found):
            net = compile_net(definition)
            assert not any(stuck(net, rng) for _ in range(20)), (seed, xml)
        for one in found:
            if one.code in {"dead_lock", "improper_completion", "no_end"}:
                assert one.path[0] == "开始"
                assert set(one.trail) >= {one.trail[0], *one.path[1:-1]} - set(called), (seed, one)
    assert min(verdicts.values()) > 30, verdicts
