"""Random well-structured processes run side by side with SpiffWorkflow: after each step both offer the same work."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from yangguang.kernel.processes.bpmn import read_bpmn
from yangguang.kernel.processes.net import compile_net
from yangguang.kernel.processes.soundness import check_soundness, is_sound
from yangguang.kernel.processes.tests.world import BLOCKS, random_process
from yangguang.kernel.processes.tokens import Marking, complete, ready, start

MAX_STEPS = 25
FACTS = st.fixed_dictionaries({name: st.sampled_from([True, True, False]) for name in ("b1", "b2", "b3")})


class Oracle:
    """The other engine, driven by node ids."""

    def __init__(self, xml, facts):
        parser = BpmnParser()
        parser.add_bpmn_str(xml)
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.facts = facts
        for task in self.workflow.get_tasks(state=TaskState.READY):
            task.data.update(facts)
        self.workflow.do_engine_steps()

    def tasks(self):
        return [task for task in self.workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]

    def offered(self):
        return Counter(task.task_spec.bpmn_id for task in self.tasks())

    def complete(self, node, answer):
        task = next(task for task in self.tasks() if task.task_spec.bpmn_id == node)
        task.data.update({**self.facts, "answer": answer})
        task.run()
        self.workflow.do_engine_steps()


def offered(net, marking):
    return Counter(wait.node for wait in ready(net, marking))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=BLOCKS, facts=FACTS, picks=st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=MAX_STEPS))
def test_both_engines_offer_the_same_work_after_every_step(block, facts, picks):
    xml = random_process(block)
    net = compile_net(read_bpmn(xml))
    marking, oracle = start(net, facts), Oracle(xml, facts)
    for pick, again in [*picks, *[(0, False)] * MAX_STEPS][:MAX_STEPS]:
        assert offered(net, marking) == oracle.offered()
        if marking.finished:
            assert oracle.workflow.is_completed()
            return
        waits = sorted(ready(net, marking), key=lambda wait: wait.node)
        wait = waits[pick % len(waits)]
        answer = "again" if again else "done"
        marking = complete(net, marking, wait.token, {**facts, "answer": answer})
        marking = Marking.from_json(marking.as_json())
        oracle.complete(wait.node, answer)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=BLOCKS)
def test_a_well_structured_process_is_sound(block):
    findings = check_soundness(read_bpmn(random_process(block)))
    assert is_sound(findings), findings
