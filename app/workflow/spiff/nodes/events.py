"""Events: starts, catches, throws, ends, and events attached to an activity."""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.workflow.spiff import timing
from app.workflow.spiff.calls import SentMessage
from app.workflow.spiff.faults import script_failed
from app.workflow.spiff.nodes.lean import Lean
from app.workflow.spiff.outline import Element, Event
from app.workflow.spiff.paths import value_at
from app.workflow.spiff.sandbox.contract import check_value
from app.workflow.spiff.tokens import Token

CORRELATION = "correlation"
PAYLOAD = "payload"
REFUSAL = "refusal"
LEVEL = "level"
LONGEST_CORRELATION = 200


class EventNode(Lean):
    """A node with an event."""

    def __init__(self, wf_spec: Any, name: str, element: Element) -> None:
        super().__init__(wf_spec, name, element)
        self.event = element.event or Event("none")
        self.correlation = element.properties.get(CORRELATION, "")

    def correlation_of(self, token: Token) -> str:
        if not self.correlation:
            return ""
        value = value_at(token.data, self.correlation)
        if value is None:
            raise script_failed(
                token, f"the data has no {self.correlation} to find the other side by"
            )
        if len(str(value)) > LONGEST_CORRELATION:
            raise script_failed(
                token, f"{self.correlation} has more than {LONGEST_CORRELATION} characters"
            )
        return str(value)


class Start(EventNode):
    """Where a case begins; what it waited for has happened."""


class Catch(EventNode):
    """Waits for a timer or a message."""

    def _update_hook(self, my_task: Token) -> bool | None:
        my_task._inherit_data()
        if self.event.kind == "timer":
            timing.arm(my_task, self.event)
        elif self.event.kind == "message":
            my_task.internal_data[CORRELATION] = self.correlation_of(my_task)
        my_task._set_state(TaskState.WAITING)
        return False

    def fire(self, token: Token, payload: Any = None) -> None:
        """What was waited for has happened."""
        if payload is not None:
            token.internal_data[PAYLOAD] = payload
        token._ready()

    def _run_hook(self, my_task: Token) -> bool | None:
        payload = my_task.internal_data.pop(PAYLOAD, None)
        variable = self.event.variable or self._usual_variable()
        if variable and payload is not None:
            my_task.data = {**my_task.data, variable: payload}
        return True

    def _usual_variable(self) -> str:
        return {"error": REFUSAL, "timer": LEVEL}.get(self.event.kind, "")


class Boundary(Catch):
    """An event attached to an activity; interrupting, it takes the activity's token away."""

    is_boundary = True

    def __init__(self, wf_spec: Any, name: str, element: Element) -> None:
        super().__init__(wf_spec, name, element)
        self.interrupting = element.interrupting

    def fire(self, token: Token, payload: Any = None) -> None:
        if self.interrupting:
            _take_away_the_rest(token)
            super().fire(token, payload)
            return
        if self.event.timer == "timeCycle":
            payload = timing.pass_dues(token)
        super().fire(_twin(token) if self._may_happen_again(token) else token, payload)

    def _may_happen_again(self, token: Token) -> bool:
        if self.event.timer == "timeCycle":
            return timing.due_of(token) is not None
        return self.event.kind == "message"


class Split(Lean):
    """Stands before an activity with attached events: arms them when the activity begins."""

    def child_finished(self, token: Token, child: Token) -> None:
        if _is_main(child):
            for event in token.children:
                if event.state in {TaskState.WAITING, TaskState.FUTURE}:
                    event.cancel()


class Throw(EventNode):
    """Sends a message, raises an error, ends everything, or just passes."""

    def _run_hook(self, my_task: Token) -> bool | None:
        if self.event.kind == "message":
            self._send(my_task)
        return True

    def _on_complete(self, my_task: Token) -> None:
        if self.event.kind == "terminate":
            _terminate(my_task)
        elif self.event.kind == "error":
            _raise_error(my_task, self.event)
        else:
            super()._on_complete(my_task)

    def _send(self, token: Token) -> None:
        payload: Any = {}
        if self.event.expression:
            payload = token.workflow.script_engine.evaluate(token, self.event.expression)
        message = SentMessage(
            name=self.event.name,
            correlation=self.correlation_of(token),
            payload=check_value(payload, self.event.name),
            element_id=token.element_id,
            key=token.key,
        )
        token.workflow.top_workflow.sent.append(message)


def catching(token: Token | None, code: str | None) -> Token | None:
    """The armed error event nearest to `token` that is for `code`: on its activity, then outwards.

    SpiffWorkflow 3.2.0 looks at codes alone and may interrupt a branch that has no part in it.
    """
    while token is not None:
        armed = [event for event in _error_events(token) if event.state == TaskState.WAITING]
        for wanted in (code, None):
            for event in armed:
                if event.task_spec.event.code == wanted:
                    return event
        token = _outwards(token)
    return None


def _error_events(token: Token) -> list[Token]:
    parent = token.parent
    if parent is None or not isinstance(parent.task_spec, Split):
        return []
    return [
        t
        for t in parent.children
        if isinstance(t.task_spec, Boundary) and t.task_spec.event.kind == "error"
    ]


def _outwards(token: Token) -> Token | None:
    if (
        token.triggered
        and token.parent is not None
        and not isinstance(token.parent.task_spec, Split)
    ):
        parent: Token = token.parent
        return parent
    return _enclosing(token)


def _enclosing(token: Token) -> Token | None:
    return getattr(token.workflow, "parent_token", None)


def _terminate(token: Token) -> None:
    part = token.workflow
    part.top_workflow.note_passed(token)
    part.cancel_all()
    part.finish(token.data)


def _raise_error(token: Token, event: Event) -> None:
    token.workflow.top_workflow.note_passed(token)
    caught = catching(_enclosing(token), event.code)
    if caught is None:
        raise script_failed(token, f"nobody catches the error {event.code}")
    caught.task_spec.fire(caught, {"code": event.code, "message": event.name})


def _take_away_the_rest(event: Token) -> None:
    """The activity of an interrupting event ends, and its other events are not waited for."""
    armed = {TaskState.WAITING, TaskState.FUTURE}
    for other in event.parent.children:
        if other is not event and (_is_main(other) or other.state in armed):
            other.cancel()


def _is_main(token: Token) -> bool:
    return not isinstance(token.task_spec, Boundary)


def _twin(token: Token) -> Token:
    """A second token of the same event, so that the first one can go on waiting."""
    part = token.workflow
    twin = Token(part, token.task_spec, token.parent, state=TaskState.WAITING)
    twin.data = token.data
    part.number(twin)
    return twin
