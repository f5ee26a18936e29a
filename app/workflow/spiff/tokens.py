"""A token of a running process: SpiffWorkflow's task with a small id and its visit counted."""

from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.NOT_FINISHED_MASK
FINISHED = TaskState.FINISHED_MASK


class Token(Task):
    """One token at one node.

    FUTURE is a token on its way to the node, in the queue; there are no predicted tasks.
    `data` is never changed in place, so tokens share what they have not changed.
    """

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: "Token | None" = None,
        state: int = TaskState.FUTURE,
        id: int | None = None,  # noqa: A002 - the library's name
    ) -> None:
        self.id = workflow.top_workflow.next_id() if id is None else id
        workflow.tasks[self.id] = self
        self.workflow = workflow
        self.task_spec = task_spec
        self._parent = None if parent is None else parent.id
        self._children: list[int] = []
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.last_state_change = 0.0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.visit = -1  # not counted yet
        self.answered = False
        if parent is not None:
            parent._children.append(self.id)

    @property
    def element_id(self) -> str:
        """The element on the diagram; empty for nodes nobody drew."""
        return self.task_spec.bpmn_id or ""

    @property
    def path(self) -> str:
        return f"{self.workflow.prefix}{self.element_id}"

    @property
    def key(self) -> str:
        return f"{self.path}:{self.visit}"

    @property
    def is_live(self) -> bool:
        return bool(self._state & LIVE)

    def run(self) -> None:
        """Do what the node does, and go on if it says so."""
        if self.task_spec._run_hook(self):
            self.complete()

    def cancel(self) -> None:
        """Take the token away, and those of its instances with it."""
        if not self.is_live:
            return
        for child in self.children:
            child.cancel()
        self._set_state(TaskState.CANCELLED)
        self.task_spec._on_cancel(self)

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> "Token":
        child = Token(self.workflow, task_spec, self, state=state)
        child.data = self.data
        self.workflow.top_workflow.queue.append(child)
        return child

    def _sync_children(self, task_specs: Sequence[Any], state: int = TaskState.FUTURE) -> None:
        for spec in task_specs:
            self._add_child(spec, state)

    def _set_state(self, value: int) -> None:
        if value == self._state:
            return
        self._state = value
        if value == TaskState.READY:
            self.workflow.top_workflow.queue.append(self)

    def _inherit_data(self) -> None:
        parent = self.parent
        if parent is not None:
            self.data = {**self.data, **parent.data}
