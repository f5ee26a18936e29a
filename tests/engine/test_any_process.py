"""Whatever is drawn in blocks comes to its end, and saving it at any moment changes nothing."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.workflow.spiff.execution import Execution
from app.workflow.spiff.parsing import parse
from tests.diagrams import (
    Node,
    attached,
    bpmn,
    each,
    end,
    exclusive,
    inclusive,
    parallel,
    script,
    service,
    start,
    sub,
    user,
)
from tests.engine.play import World

Block = tuple[str, list[Any]]

_LEAF: st.SearchStrategy[Block] = st.sampled_from(["user", "book", "script"]).map(lambda k: (k, []))


def _wider(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    few = st.lists(inner, min_size=1, max_size=3)
    two = st.lists(inner, min_size=2, max_size=3)
    one = st.lists(inner, min_size=1, max_size=1)
    return st.one_of(
        st.tuples(st.just("sequence"), few),
        st.tuples(st.sampled_from(["parallel", "inclusive", "exclusive"]), two),
        st.tuples(st.sampled_from(["loop", "sub", "each", "one_by_one", "timed"]), one),
    )


BLOCKS = st.recursive(_LEAF, _wider, max_leaves=7)


@dataclass
class Drawing:
    """Nodes and flows of one process or subprocess."""

    numbers: Iterator[int]
    nodes: list[Node]
    flows: list[str]

    def name(self, kind: str) -> str:
        return f"{kind}_{next(self.numbers)}"

    def add(self, node: Node) -> str:
        self.nodes.append(node)
        return node.id

    def draw(self, block: Block) -> tuple[str, str]:
        """Draw `block`; its first and last element."""
        kind, parts = block
        if kind in {"user", "book", "script"}:
            return self._leaf(kind)
        if kind == "sequence":
            return self._sequence(parts)
        if kind in {"parallel", "inclusive", "exclusive"}:
            return self._branches(kind, parts)
        if kind == "loop":
            return self._loop(parts[0])
        return self._inner(kind, parts[0])

    def _leaf(self, kind: str) -> tuple[str, str]:
        name = self.name(kind)
        made = {
            "user": lambda: user(name),
            "book": lambda: service(name, "book", result=f"{name}_result"),
            "script": lambda: script(name, f"{name} = 1"),
        }
        self.add(made[kind]())
        return name, name

    def _sequence(self, parts: list[Block]) -> tuple[str, str]:
        drawn = [self.draw(part) for part in parts]
        for (_, last), (first, _) in itertools.pairwise(drawn):
            self.flows.append(f"{last} -> {first}")
        return drawn[0][0], drawn[-1][1]

    def _branches(self, kind: str, parts: list[Block]) -> tuple[str, str]:
        gateway = {"parallel": parallel, "inclusive": inclusive, "exclusive": exclusive}[kind]
        split, join = (self.add(gateway(self.name(kind))) for _ in range(2))
        for number, part in enumerate(parts):
            first, last = self.draw(part)
            asked = {
                "parallel": "",
                "inclusive": f" ? {number} < 2",
                "exclusive": f" ? {number} == 1",
            }
            self.flows += [f"{split} -> {first}{asked[kind]}", f"{last} -> {join}"]
        return split, join

    def _loop(self, part: Block) -> tuple[str, str]:
        entry, exit_ = (self.add(exclusive(self.name("loop"))) for _ in range(2))
        count = self.name("count")
        begun = self.add(script(f"zero_{count}", f"{count} = 0"))
        counted = self.add(script(f"add_{count}", f"{count} = {count} + 1"))
        first, last = self.draw(part)
        self.flows += [
            f"{begun} -> {entry} -> {first}",
            f"{last} -> {counted} -> {exit_}",
            f"{exit_} -> {entry} ? {count} < 3",
        ]
        after = self.add(script(self.name("after"), "x = 1"))
        self.flows.append(f"{exit_} -> {after} ? else")
        return begun, after

    def _inner(self, kind: str, part: Block) -> tuple[str, str]:
        name = self.name(kind)
        inner = Drawing(self.numbers, [start(f"{name}_s"), end(f"{name}_e")], [])
        first, last = inner.draw(part)
        inner.flows.append(f"{name}_s -> {first}")
        inner.flows.append(f"{last} -> {name}_e")
        node = sub(name, *inner.nodes, flows="\n".join(inner.flows))
        if kind in {"each", "one_by_one"}:
            node = each(node, count="2", item=f"item_{name}", sequential=kind == "one_by_one")
        self.add(node)
        if kind == "timed":
            late = self.add(attached(f"late_{name}", name, after='"PT1H"', interrupting=False))
            self.flows.append(f"{late} -> {self.add(end(f'end_{late}'))}")
        return name, name


def drawn(block: Block) -> bytes:
    drawing = Drawing(itertools.count(), [], [])
    first, last = drawing.draw(block)
    flows = "\n".join([f"begin -> {first}", *drawing.flows, f"{last} -> done"])
    return bpmn("any", *drawing.nodes, flows=flows)


class Run:
    """A case that is saved after every step, or only at the end."""

    def __init__(self, diagram: bytes, *, saved: bool) -> None:
        self.process = parse({"any.bpmn": diagram})
        self.world = World({"book": dict})
        self.saved = saved
        self.passed: list[tuple[str, int]] = []
        self.execution = Execution.start(self.process, at=None, data={}, host=self.world)
        self.advance()

    def advance(self) -> None:
        self.execution.advance()
        if self.saved:
            self.passed += [(p.path, p.visit) for p in self.execution.passed]
            self.execution = Execution.load(self.process, self.execution.save(), self.world)

    def step(self, number: int) -> bool:
        """Complete one open task; False when there is none."""
        people = self.execution.waiting_people()
        if not people:
            return False
        task = people[number % len(people)]
        self.execution.complete(task.token, {f"{task.element.id}_{task.visit}": number})
        self.advance()
        return True

    def everything(self) -> tuple[Any, ...]:
        passed = self.passed if self.saved else [(p.path, p.visit) for p in self.execution.passed]
        keys = [call.key for call in self.world.calls]
        assert len(set(keys)) == len(keys)
        return passed, keys, self.execution.data, self.execution.is_finished


@settings(max_examples=120, deadline=None)
@given(BLOCKS, st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_saving_a_case_at_every_step_changes_nothing(block: Block, choices: list[int]) -> None:
    diagram = drawn(block)
    saved, unsaved = Run(diagram, saved=True), Run(diagram, saved=False)

    for number in itertools.islice(itertools.cycle(choices), 300):
        went_on = {run.step(number) for run in (saved, unsaved)}
        assert len(went_on) == 1
        if went_on == {False}:
            break

    assert saved.everything() == unsaved.everything()
    assert saved.execution.is_finished
