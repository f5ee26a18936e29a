"""What the engine asks of the world while a case runs: effects, functions, working time."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.kernel import calendars, cause, policy
from app.kernel.calendars import Calendar
from app.kernel.db import db, savepoint
from app.workflow import doers, effects, facts
from app.workflow.records import EffectRow
from app.workflow.spiff.calls import EffectCall
from app.workflow.steps import Step

_POLICY = "policy:"


class CaseHost:
    """The world of one step of one case."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._trial = ExitStack()
        self.last_call: EffectCall | None = None

    @property
    def owner(self) -> str:
        """On whose account scripts run: a person, or the process when nobody waits for it."""
        person_id = self._step.trigger.person_id
        return f"person {person_id}" if person_id else f"process {self._step.case.key}"

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What effects change within is undone together when it fails.

        A step without effects changes nothing until it is over, and costs no savepoint.
        """
        with self._trial:
            yield

    def call(self, call: EffectCall) -> object:
        """Let the effect happen, once for its key; within `trial`."""
        if self.last_call is None:
            self._trial.enter_context(savepoint())
        self.last_call = call
        person_id = doers.behind(self._step)
        case_id = self._step.case.id
        absent = doers.stood_in_for(self._step)
        reason = cause.Cause(self.key_of(call), case_id, call.element_id, person_id, absent)
        return effects.happen(
            effects.Run(call.name, dict(call.arguments), reason, self._step.edition, self._step.at)
        )

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """What diagrams may call: pure, on one snapshot of policies and working hours."""
        return {
            "policy": lambda name: policy.snapshot()[name],
            "today": self._today,
            "now": self._step.at.isoformat,
            "elapsed": lambda text: calendars.elapsed(self._step.at, text).isoformat(),
            "working_time_after": lambda duration: self._after(duration, None).isoformat(),
        }

    def due(self, duration: str, *, data: Mapping[str, Any]) -> datetime:
        """The instant when `duration` of working time has passed at the case's place."""
        path = self._step.case.blueprint.parsed.properties.get("scope", "scope")
        return self._after(duration, facts.text_at(data, path) or None)

    def due_at(self, text: str, scope: str) -> datetime:
        """When a task is due: working time, given as such or as the name of a policy."""
        if text.startswith(_POLICY):
            text = str(policy.snapshot()[text.removeprefix(_POLICY)])
        return self._after(text, scope)

    def key_of(self, call: EffectCall) -> str:
        """The key under which this call happens once; one an operator restarts gets a new one."""
        key = self.full_key(call.key)
        return self._next_key(key) if key == self._step.trigger.restarted else key

    def full_key(self, key: str) -> str:
        return f"{self._step.case.id}:{key}"

    def _after(self, duration: str, scope: str | None) -> datetime:
        return self._calendar(scope).after(self._step.at, duration)

    def _calendar(self, scope: str | None) -> Calendar:
        return calendars.of_scope(scope or self._step.case.scope)

    def _today(self) -> str:
        return self._calendar(None).today(self._step.at).isoformat()

    def _next_key(self, key: str) -> str:
        again = select(func.count()).where(EffectRow.key.startswith(f"{key}!", autoescape=True))
        return f"{key}!{(db.session.scalar(again) or 0) + 1}"
