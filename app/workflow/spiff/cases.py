"""A running case and its subprocesses: SpiffWorkflow's workflows, driven by a queue of tokens."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from app.workflow.spiff import library
from app.workflow.spiff.calls import Host, Passed, SentMessage
from app.workflow.spiff.faults import Runaway
from app.workflow.spiff.nodes.lean import Process
from app.workflow.spiff.sandbox.engine import script_engine
from app.workflow.spiff.tokens import Token

MAX_NESTING = 20

library.check()


class Part:
    """What a case and a subprocess share: tokens, counted visits, joins that wait."""

    spec: Process
    tasks: dict[int, Token]
    task_tree: Token
    data: dict[str, Any]
    completed: bool
    top_workflow: "Case"
    prefix: str
    counts: dict[str, int]
    gates: dict[int, Token]

    def prepare(self, prefix: str) -> None:
        self.prefix = prefix
        self.counts = {}
        self.gates = {}

    def begin(self, data: Mapping[str, Any], *, at: str | None = None) -> None:
        """Put the first token on the start event `at`, or the plain one."""
        self.task_tree = Token(self, self.spec.start, state=TaskState.STARTED)
        self.task_tree.data = dict(data)
        self.task_tree._state = TaskState.COMPLETED
        self.task_tree._add_child(self.spec.start_event(at))

    def number(self, token: Token) -> None:
        """Count the visit; numbers of one element are never used twice."""
        element = token.element_id
        if not element or not token.task_spec.counted:
            token.visit = 0
            return
        token.visit = self.counts.get(element, 0)
        self.counts[element] = token.visit + 1

    def live(self) -> Iterator[Token]:
        return (token for token in self.tasks.values() if token.is_live)

    def finish(self, data: Mapping[str, Any]) -> None:
        """The process has reached its end with `data`."""
        self.completed = True
        self.data = dict(data)

    def cancel_all(self) -> None:
        for token in list(self.live()):
            token.cancel()
        self.completed = True

    def update_waiting_tasks(self) -> None:
        """Ask every waiting join whether it may go on now."""
        for gate in list(self.gates.values()):
            if gate.state == TaskState.WAITING:
                gate.task_spec._update(gate)

    def _task_completed_notify(self, token: Token) -> None:
        self.last_task = token
        self.top_workflow.note_passed(token)
        parent = token.parent
        if parent is not None:
            parent.task_spec.child_finished(parent, token)
        if self.gates and not self.completed:
            self.update_waiting_tasks()


class Case(Part, BpmnWorkflow):
    """The whole case: the queue, the journal of this step, and the way to the outside."""

    def __init__(self, spec: Any, subprocess_specs: Mapping[str, Any], host: Host) -> None:
        self.queue: deque[Token] = deque()
        self.sequence = 0
        self.is_at_rest = False
        self.host = host
        self.outside_seconds = 0.0
        self.passed: list[Passed] = []
        self.sent: list[SentMessage] = []
        self._engine: Any = None
        BpmnWorkflow.__init__(
            self, spec, subprocess_specs, script_engine=_Unset(), deserializing=True
        )
        self.prepare("")

    @property
    def script_engine(self) -> Any:
        """The sandbox, with the host's functions; never the library's own engine."""
        if self._engine is None:
            owner = getattr(self.host, "owner", "")
            self._engine = script_engine(self.host.functions(), owner=owner)
        return self._engine

    def next_id(self) -> int:
        self.sequence += 1
        return self.sequence

    def parts(self) -> Iterator[Part]:
        """The case itself, then its open subprocesses."""
        yield self
        yield from self.subprocesses.values()

    def rest(self) -> None:
        """Let the joins that wait until nothing else moves look whether they may go on."""
        self.is_at_rest = True
        for part in list(self.parts()):
            if not part.completed:
                part.update_waiting_tasks()
        self.is_at_rest = False

    def find(self, token_id: int) -> Token | None:
        return next((part.tasks[token_id] for part in self.parts() if token_id in part.tasks), None)

    def open_subprocess(self, token: Token, spec_name: str) -> "SubCase":
        if token.path.count("/") >= MAX_NESTING:
            raise Runaway("subprocesses are nested too deep", element_id=token.element_id)
        part = SubCase(self.subprocess_specs[spec_name], token)
        self.subprocesses[token.id] = part
        return part

    def note_passed(self, token: Token) -> None:
        kind = token.task_spec.kind
        if kind:
            self.passed.append(Passed(token.element_id, kind, token.path, token.visit))


class SubCase(Part, BpmnSubWorkflow):
    """An embedded subprocess or a called process, open for one token of its parent."""

    def __init__(self, spec: Any, token: Token) -> None:
        self.parent_token = token
        top = token.workflow.top_workflow
        BpmnSubWorkflow.__init__(self, spec, token.id, top, deserializing=True)
        visit = f"#{token.visit}" if token.visit else ""
        self.prepare(f"{token.path}{visit}/")

    @property
    def parent_workflow(self) -> Part:
        return self.parent_token.workflow

    def finish(self, data: Mapping[str, Any]) -> None:
        super().finish(data)
        token = self.parent_token
        self.top_workflow.subprocesses.pop(token.id, None)
        token.task_spec.subprocess_finished(token, self.data)

    def _calculate_depth(self) -> int:
        return 0


class _Unset:
    """Stands where the library would put its own, unsafe script engine."""
