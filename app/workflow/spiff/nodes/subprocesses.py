"""Subprocesses: drawn inside (embedded) or called from another process."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.workflow.spiff.nodes.lean import Lean
from app.workflow.spiff.outline import Element
from app.workflow.spiff.tokens import Token


class Subprocess(Lean):
    """Opens a part of the case with its own tokens; all data goes in and comes out."""

    def __init__(self, wf_spec: Any, name: str, element: Element, inner: str) -> None:
        super().__init__(wf_spec, name, element)
        self.inner = inner

    def _update_hook(self, my_task: Token) -> bool | None:
        my_task._inherit_data()
        my_task._set_state(TaskState.STARTED)
        part = my_task.workflow.top_workflow.open_subprocess(my_task, self.inner)
        part.begin(my_task.data)
        return False

    def subprocess_finished(self, token: Token, data: Mapping[str, Any]) -> None:
        token.data = dict(data)
        token._ready()

    def _on_cancel(self, my_task: Token) -> None:
        part = my_task.workflow.top_workflow.subprocesses.pop(my_task.id, None)
        if part is not None:
            part.cancel_all()
