"""SpiffWorkflow as it comes, timed on the standard case; imports nothing of the product.

For each line it reads it runs a case and prints the milliseconds of its steps.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

_KEY = "bench_order"
_LINES = [
    {"sku": f"17-{line:02}", "name": f"Tea {line} 150 g", "quantity": 6 + line}
    for line in range(20)
]
_HEAD = {"order_no": "SO-0000001", "customer": "Borea Foods", "scope": "site:MAIN"}


class WithoutDiagram(BpmnWorkflowConverter):  # type: ignore[misc]
    """Leaves the diagram out of the state, which the library stores with every case."""

    spec: Any = None

    def to_dict(self, workflow: Any) -> dict[str, Any]:
        found: dict[str, Any] = WorkflowConverter.to_dict(self, workflow)
        return {**found, "subprocesses": {}, "bpmn_events": []}

    def from_dict(self, dct: dict[str, Any]) -> Any:
        self.registry.restore, restore = self._restore(self.registry.restore), self.registry.restore
        try:
            return super().from_dict({**dct, "spec": self.spec})
        finally:
            self.registry.restore = restore

    def _restore(self, restore: Any) -> Any:
        return lambda value, **more: value if value is self.spec else restore(value, **more)


def main() -> None:
    """Print the milliseconds of each completion, as JSON, a line for a case."""
    spec = _spec()
    WithoutDiagram.spec = spec
    registry = BpmnWorkflowSerializer.configure({**SPIFF_CONFIG, BpmnWorkflow: WithoutDiagram})
    serializer = BpmnWorkflowSerializer(registry)
    for _ in sys.stdin:
        steps: list[float] = []
        workflow = BpmnWorkflow(spec)
        workflow.task_tree.set_data(**_HEAD, lines=_LINES)
        workflow.do_engine_steps()
        state = serializer.serialize_json(workflow)
        for _step in range(3):
            begun = time.process_time_ns()
            state = _one(serializer, state)
            steps.append((time.process_time_ns() - begun) / 1e6)
        print(json.dumps(steps), flush=True)


def _one(serializer: Any, state: str) -> str:
    workflow = serializer.deserialize_json(state)
    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    task.set_data(verdict="agreed", remark="Checked.")
    task.run()
    workflow.do_engine_steps()
    saved: str = serializer.serialize_json(workflow)
    return saved


def _spec() -> Any:
    parser = SpiffBpmnParser()
    parser.add_bpmn_file(str(Path(__file__).parent / "diagrams" / f"{_KEY}.bpmn"))
    return parser.get_spec(_KEY)


if __name__ == "__main__":
    main()
