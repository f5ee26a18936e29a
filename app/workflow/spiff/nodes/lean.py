"""What every node shares: nothing is predicted, tokens move through the queue of their case."""

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from app.workflow.spiff.outline import Element
from app.workflow.spiff.tokens import Token


class Lean(BpmnTaskSpec):
    """A node of a diagram, or one that nobody drew.

    SpiffWorkflow 3.2.0 predicts the whole way ahead of a token, which grows with every branch;
    here a token has children only when they are on their way.
    """

    counted = True

    def __init__(self, wf_spec: Any, name: str, element: Element | None = None) -> None:
        super().__init__(wf_spec, name)
        self.element = element
        self.bpmn_id = element.id if element else None
        self.bpmn_name = element.name if element else None
        self.kind = element.kind if element and self.counted else ""

    def child_finished(self, token: Token, child: Token) -> None:
        """A token that went on from `token` (or is one of its instances) has completed."""

    def _predict(self, my_task: Token, *_: Any, **__: Any) -> None:
        """There is no prediction."""

    def _update_hook(self, my_task: Token) -> bool | None:
        my_task._inherit_data()
        return True

    def _on_ready(self, my_task: Token) -> None:
        """The diagram was checked when it was parsed."""

    def _on_cancel(self, my_task: Token) -> None:
        """Nothing to take back."""

    def _run_hook(self, my_task: Token) -> bool | None:  # noqa: ARG002 - the hook
        return True

    def _on_complete(self, my_task: Token) -> None:
        if not any(not child.triggered for child in my_task.children):
            my_task._sync_children(self.outputs)
        my_task.workflow._task_completed_notify(my_task)


class Person(Lean):
    """A user or manual task: waits until somebody completes it."""

    def __init__(self, wf_spec: Any, name: str, element: Element) -> None:
        super().__init__(wf_spec, name, element)
        self.manual = True


class Process(BpmnProcessSpec):
    """The nodes of one process or subprocess."""

    def __init__(self, name: str) -> None:
        WorkflowSpec.__init__(self, name=name)
        self.data_objects: dict[str, Any] = {}
        self.bpmn_start_events: list[Any] = []
        self.io_specification = None
        self.starts: dict[str, Lean] = {}
        self.start = Lean(self, "#start")

    def start_event(self, at: str | None) -> Lean:
        """The start event `at`; without one, the plain start event (or the only one)."""
        if at is not None:
            return self.starts[at]
        plain = (s for s in self.starts.values() if s.element and _is_plain(s.element))
        return next(plain, next(iter(self.starts.values())))


def _is_plain(element: Element) -> bool:
    return element.event is None or element.event.kind == "none"
