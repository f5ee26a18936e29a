"""An activity done once per item: all at once, or one after another."""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.workflow.spiff.faults import script_failed
from app.workflow.spiff.merging import merged
from app.workflow.spiff.nodes.lean import Lean
from app.workflow.spiff.outline import Element, Repeat
from app.workflow.spiff.paths import value_at
from app.workflow.spiff.tokens import Token

MAX_INSTANCES = 500

_INDEX, _COUNT, _BEGUN, _DONE, _OUT = "i", "n", "begun", "done", "out"


class Repeated(Lean):
    """Stands for all instances; each is a token of `each` below it.

    Results keep the order of the items, whoever finishes first.
    """

    counted = False

    def __init__(self, wf_spec: Any, name: str, element: Element, repeat: Repeat) -> None:
        super().__init__(wf_spec, name, element)
        self.repeat = repeat
        self.each = f"{name}#each"

    def _update_hook(self, my_task: Token) -> bool | None:
        my_task._inherit_data()
        items = self._items(my_task)
        count = len(items)
        if count > MAX_INSTANCES:
            raise script_failed(
                my_task, f"{count} instances are asked for; {MAX_INSTANCES} is the most"
            )
        my_task.internal_data = {_COUNT: count, _BEGUN: 0, _DONE: 0, _OUT: []}
        if count == 0:
            self._collect(my_task)
            return True
        my_task._set_state(TaskState.STARTED)
        for key, item in items[:1] if self.repeat.sequential else items:
            self._begin(my_task, key, item)
        return False

    def child_finished(self, token: Token, child: Token) -> None:
        if not child.triggered:
            return
        notes = token.internal_data
        notes[_DONE] += 1
        self._take_over(token, child)
        enough = self._is_enough(token, child)
        token.workflow._remove_task(child.id)
        if notes[_DONE] == notes[_COUNT] or enough:
            self._end(token)
        elif self.repeat.sequential:
            self._begin(token, *self._items(token)[notes[_BEGUN]])

    def _items(self, token: Token) -> list[tuple[Any, Any]]:
        """The items, each with its key: of a list its number, of an object its name."""
        if self.repeat.cardinality:
            return [(i, i) for i in range(self._count(token))]
        items = value_at(token.parent.data, self.repeat.collection)
        if isinstance(items, dict):
            return list(items.items())
        if not isinstance(items, list):
            raise script_failed(token, f"the data has no list {self.repeat.collection}")
        return list(enumerate(items))

    def _count(self, token: Token) -> int:
        known = token.internal_data.get(_COUNT)
        if known is not None:
            return int(known)
        count = token.workflow.script_engine.evaluate(token, self.repeat.cardinality)
        if type(count) is not int or count < 0:
            raise script_failed(token, f"the number of instances is {count!r}, not a whole number")
        return min(count, MAX_INSTANCES + 1)

    def _begin(self, token: Token, key: Any, item: Any) -> None:
        token.internal_data[_BEGUN] += 1
        child = token._add_child(self._wf_spec.task_specs[self.each])
        child.triggered = True
        child.internal_data[_INDEX] = key
        if self.repeat.item:
            child.data = {self.repeat.item: item}

    def _take_over(self, token: Token, child: Token) -> None:
        if self.repeat.output:
            name = self.repeat.output_item or self.repeat.item
            if name not in child.data:
                raise script_failed(child, f"an instance ended without {name}")
            pair = [child.internal_data[_INDEX], child.data[name]]
            token.internal_data[_OUT] = [*token.internal_data[_OUT], pair]
            return
        theirs = {k: v for k, v in child.data.items() if k != self.repeat.item}
        base = token.data if self.repeat.sequential else token.parent.data
        token.data = merged(base, token.data, theirs)

    def _is_enough(self, token: Token, child: Token) -> bool:
        if not self.repeat.until:
            return False
        notes = token.internal_data
        numbers = {
            "nrOfInstances": notes[_COUNT],
            "nrOfCompletedInstances": notes[_DONE],
            "nrOfActiveInstances": notes[_BEGUN] - notes[_DONE],
        }
        child.data = {**token.data, **child.data}
        engine = token.workflow.script_engine
        return bool(engine.evaluate(child, self.repeat.until, external_context=numbers))

    def _end(self, token: Token) -> None:
        for child in token.children:
            child.cancel()
            token.workflow._remove_task(child.id)
        self._collect(token)
        token._ready()

    def _collect(self, token: Token) -> None:
        if not self.repeat.output:
            return
        pairs = token.internal_data.pop(_OUT, [])
        by_name = any(isinstance(key, str) for key, _ in pairs)
        result = dict(pairs) if by_name else [item for _, item in sorted(pairs, key=lambda p: p[0])]
        token.data = {**token.data, self.repeat.output: result}
