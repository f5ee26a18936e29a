"""What a play reached of the processes it plays: every element, and every choice in a form."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import exists, or_, select

from app.kernel.db import db
from app.workflow import cancelling, definitions
from app.workflow.blueprints import Blueprint
from app.workflow.forms.components import Component, everywhere
from app.workflow.history import PASSED
from app.workflow.records import OPEN, HistoryRow, Incident, ProcessInstance, Task, TimerDue
from app.workflow.spiff.outline import Element, Outline
from app.workflow.steps import COMPLETED


def wanted() -> set[str]:
    """A mark for each element of what is shipped, and for each choice: `purchase/write_order`."""
    found: set[str] = set()
    for definition in definitions.all_live():
        found.update(_marks(definitions.blueprint(definition.id)))
    return found


def missing() -> list[str]:
    """What no case ever reached."""
    return sorted(wanted() - counted().keys())


def stuck() -> list[str]:
    """Open cases in which nobody has anything to do, no time is waited for and nothing failed."""
    waits = (
        exists().where(Task.instance_id == ProcessInstance.id),
        exists().where(TimerDue.instance_id == ProcessInstance.id),
        exists().where(Incident.instance_id == ProcessInstance.id, Incident.resolved_at.is_(None)),
    )
    query = select(ProcessInstance.id, ProcessInstance.definition_id)
    return [
        f"case {row.id} of {definitions.blueprint(row.definition_id).parsed.key}"
        for row in db.session.execute(query.where(ProcessInstance.status == OPEN, ~or_(*waits)))
    ]


def counted() -> Counter[str]:
    """How often each mark was reached so far, by what cases keep as their history."""
    found: Counter[str] = Counter()
    query = select(HistoryRow, ProcessInstance.definition_id).join(
        ProcessInstance, ProcessInstance.id == HistoryRow.instance_id
    )
    for row, definition_id in db.session.execute(query.execution_options(yield_per=1_000)):
        found.update(_reached(definitions.blueprint(definition_id), row))
    return found


def ended() -> Counter[str]:
    """How many cases of each process are open, finished, cancelled."""
    query = select(ProcessInstance.definition_id, ProcessInstance.status)
    return Counter(
        f"{definitions.blueprint(definition_id).parsed.key} {status}"
        for definition_id, status in db.session.execute(query)
    )


def table(found: Mapping[str, int]) -> str:
    """A line for each mark, with its count."""
    return "\n".join(f"{times:>8}  {mark}" for mark, times in sorted(found.items()))


def _marks(blueprint: Blueprint) -> Iterator[str]:
    own = blueprint.parsed.outline
    for element in own.elements.values():
        yield f"{own.key}/{element.id}"
        form = blueprint.form(element) if element.kind == "userTask" else None
        yield from _choices(f"{own.key}/{element.id}", form.components if form else ())


def _choices(task: str, parts: tuple[Component, ...]) -> Iterator[str]:
    for part in everywhere(parts):
        if part.is_answered:
            yield from (f"{task} {_name(part)}={option.value}" for option in part.options)


def _reached(blueprint: Blueprint, row: HistoryRow) -> Iterator[str]:
    detail: Mapping[str, Any] = row.detail or {}
    passed = [mark for mark in detail.get(PASSED, []) if mark != cancelling.PLACE]
    marks = [_placed(blueprint, mark) for mark in passed]
    yield from (f"{process}/{element.id}" for process, element in marks)
    if row.kind == COMPLETED:
        done = next(found for found in marks if found[1].id == row.element_id)
        yield from _chosen(blueprint, done, detail.get("answers", {}))


def _chosen(
    blueprint: Blueprint, done: tuple[str, Element], answers: Mapping[str, Any]
) -> Iterator[str]:
    process, element = done
    form = blueprint.form(element)
    for part in everywhere(form.components if form else ()):
        if part.is_answered and part.options:
            for value in _values(answers, part):
                yield f"{process}/{element.id} {_name(part)}={value}"


def _placed(blueprint: Blueprint, mark: str) -> tuple[str, Element]:
    """The process an element is drawn in, and the element: "price_order/ask_suppliers#1/quote"."""
    outline: Outline = blueprint.parsed.outline
    *calls, last = mark.partition(":")[0].split("/")
    for call in calls:
        called = outline.elements[call.partition("#")[0]].called
        outline = blueprint.parsed.called[called] if called else outline
    return outline.key, outline.elements[last.partition("#")[0]]


def _values(answers: object, part: Component) -> Iterator[object]:
    """Every answer to a choice, wherever its row is."""
    name = _name(part)
    if isinstance(answers, Mapping):
        if name in answers:
            yield from _each(answers[name])
        yield from (found for below in answers.values() for found in _values(below, part))
    elif isinstance(answers, list):
        yield from (found for row in answers for found in _values(row, part))


def _each(answer: object) -> Iterable[object]:
    return answer if isinstance(answer, list) else (answer,)


def _name(part: Component) -> str:
    return part.path.rpartition(".")[2]
