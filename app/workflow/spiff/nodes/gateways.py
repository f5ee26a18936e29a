"""Gateways, and the gate at the end where a process waits for its last token."""

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import ExclusiveGatewayMixin
from SpiffWorkflow.specs.MultiChoice import MultiChoice
from SpiffWorkflow.util.task import TaskState

from app.workflow.spiff.faults import ScriptFailed, script_failed
from app.workflow.spiff.merging import merged
from app.workflow.spiff.nodes.lean import Lean
from app.workflow.spiff.tokens import Token

_FROM = "from"


class ExclusiveGateway(Lean, ExclusiveGatewayMixin):
    """The first flow whose condition holds, else the default."""

    def _run_hook(self, my_task: Token) -> bool | None:
        chosen = self.default_task_spec
        for condition, name in self.cond_task_specs:
            if condition is not None and condition._matches(my_task):
                chosen = name
                break
        if chosen is None:
            raise _no_way(my_task)
        my_task._sync_children([self._wf_spec.task_specs[chosen]])
        return True


class Gate(Lean):
    """Where branches meet: tokens wait here until enough of them have arrived."""

    waits_only_for_inputs = True
    waits_for_rest = False

    def _update_hook(self, my_task: Token) -> bool | None:
        if my_task.state == TaskState.FUTURE:
            my_task._inherit_data()
            if len(set(self._inputs)) <= 1 and self.waits_only_for_inputs:
                return True
            my_task.internal_data[_FROM] = my_task.parent.task_spec.name
            my_task._set_state(TaskState.WAITING)
            my_task.workflow.gates[my_task.id] = my_task
        case = my_task.workflow.top_workflow
        group = [] if self.waits_for_rest and not case.is_at_rest else self.group(my_task)
        if group:
            _go_on_together(group)
        return False

    def group(self, token: Token) -> list[Token]:
        """The waiting tokens that may go on as one; none while somebody is missing."""
        raise NotImplementedError

    def arrivals(self, token: Token) -> list[Token]:
        gates = token.workflow.gates.values()
        return [
            gate for gate in gates if gate.task_spec is self and gate.state == TaskState.WAITING
        ]

    def is_reached_by_more(self, token: Token) -> bool:
        """Whether another token stands right before this gate."""
        others = token.workflow.live()
        return any(t.task_spec is self and t.state == TaskState.FUTURE for t in others)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.workflow.gates.pop(my_task.id, None)


class ParallelGateway(Gate):
    """One token from every incoming flow; further ones stay for the next time."""

    def group(self, token: Token) -> list[Token]:
        oldest = _oldest_by_source(self.arrivals(token))
        return list(oldest.values()) if oldest.keys() >= set(self._inputs) else []


class InclusiveGateway(Gate, MultiChoice):
    """Waits for every token that could still come in through a flow that is empty.

    It asks when nothing else moves by itself: a token that can no longer come may be on its way
    to an end that takes all others away.
    """

    waits_for_rest = True

    def group(self, token: Token) -> list[Token]:
        oldest = _oldest_by_source(self.arrivals(token))
        empty = set(self._inputs) - oldest.keys()
        coming = (
            other.task_spec.name
            for other in token.workflow.live()
            if other.task_spec is not self and not _is_armed_only(other)
        )
        if self.is_reached_by_more(token) or any(
            self._may_come(name, empty, oldest.keys()) for name in coming
        ):
            return []
        return list(oldest.values())

    def _may_come(self, name: str, empty: set[str], arrived: Iterable[str]) -> bool:
        if not any(name in self._before(source) for source in empty):
            return False
        return not any(name in self._before(source) for source in arrived)

    def _before(self, source: str) -> frozenset[str]:
        """The nodes from which `source` is reached without passing this gateway."""
        known: dict[str, frozenset[str]] = self.__dict__.setdefault("_known_before", {})
        if source not in known:
            found, todo = {source}, [source]
            while todo:
                for name in self._wf_spec.task_specs[todo.pop()]._inputs:
                    if name not in found and name != self.name:
                        found.add(name)
                        todo.append(name)
            known[source] = frozenset(found)
        return known[source]

    def _run_hook(self, my_task: Token) -> bool | None:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise _no_way(my_task)
        my_task._sync_children(matches or defaults)
        return True


class EventBasedGateway(Lean):
    """Whatever happens first decides; the other events are no longer waited for.

    Each event keeps its own due instant (SpiffWorkflow 3.2.0 gives all timers the first one's).
    """

    def child_finished(self, token: Token, child: Token) -> None:  # noqa: ARG002
        for other in token.children:
            other.cancel()


class EndGate(Gate):
    """The process is over when nothing else in it is alive."""

    waits_only_for_inputs = False

    def group(self, token: Token) -> list[Token]:
        others = any(other.task_spec is not self for other in token.workflow.live())
        return [] if others or self.is_reached_by_more(token) else self.arrivals(token)

    def _on_complete(self, my_task: Token) -> None:
        my_task.workflow.finish(my_task.data)


def _oldest_by_source(arrivals: list[Token]) -> dict[str, Token]:
    oldest: dict[str, Token] = {}
    for token in arrivals:
        oldest.setdefault(token.internal_data[_FROM], token)
    return oldest


def _is_armed_only(token: Token) -> bool:
    """Whether the token is an attached event that waits: it may never come."""
    return bool(getattr(token.task_spec, "is_boundary", False) and token.state == TaskState.WAITING)


def _go_on_together(group: list[Token]) -> None:
    """The last of `group` goes on with what all of them know; the others are gone."""
    group = sorted(group, key=lambda token: token.id)
    part, survivor = group[0].workflow, group[-1]
    if len(group) > 1:
        survivor.data = merged(_common_data(group), *(token.data for token in group))
    for token in group:
        part.gates.pop(token.id, None)
        if token is not survivor:
            part._remove_task(token.id)
    survivor._ready()


def _common_data(group: list[Token]) -> dict[str, Any]:
    """The data of the token from which all of `group` have come."""
    ways = [_ancestors(token) for token in group]
    shared = set(ways[0]).intersection(*ways[1:])
    nearest = next(token_id for token_id in ways[0] if token_id in shared)
    return dict(group[0].workflow.tasks[nearest].data)


def _ancestors(token: Token) -> list[int]:
    way, current = [], token.parent
    while current is not None:
        way.append(current.id)
        current = current.parent
    return way


def _no_way(token: Token) -> ScriptFailed:
    return script_failed(token, "no condition holds and no default flow is drawn")
