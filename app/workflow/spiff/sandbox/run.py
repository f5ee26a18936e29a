"""One text in one fresh worker session: fed, watched, its failure told as a sentence."""

import contextlib
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_monty import (
    CollectString,
    MontyConversionError,
    MontyCrashedError,
    MontyRuntimeError,
    MontySession,
    MontySyntaxError,
)

from app.kernel import clock
from app.kernel.errors import N_
from app.workflow.spiff.sandbox import limits, pool, results
from app.workflow.spiff.sandbox.calls import HostCall, host_calls, opening
from app.workflow.spiff.sandbox.errors import ScriptError, ScriptsBusy, ScriptStopped
from app.workflow.spiff.sandbox.hints import told
from app.workflow.spiff.sandbox.source import Source


@dataclass(frozen=True)
class Job:
    """A source, what it closes with, and what it may see."""

    source: Source
    closing: str
    inputs: dict[str, Any]
    functions: dict[str, Callable[..., Any]]
    known: frozenset[str]
    is_script: bool


def run(job: Job, *, owner: str) -> Any:
    """The value of an expression, or what a script left in its names.

    Raises:
        ScriptError: it failed or was stopped.
        UnkeepableValue: what it left cannot be read.
    """
    calls = host_calls(job.functions)
    try:
        with pool.worker(owner) as workers, workers.checkout(**_terms(job)) as session:
            return _fed(session, job, calls)
    except MontyRuntimeError as error:
        for call in calls.values():
            call.reraise(error.exception())
        raise told(error, job.source, job.known | job.functions.keys()) from None
    except MontySyntaxError as error:
        raise ScriptError(error.display("msg"), kind="SyntaxError") from None
    except MontyCrashedError:
        raise _stopped() from None
    except MontyConversionError as error:
        raise ScriptError(f"the case holds a value scripts cannot use: {error}") from None
    except TimeoutError:
        raise ScriptsBusy(
            N_("all script workers are busy"), hint=N_("try again in a moment")
        ) from None


def _fed(session: MontySession, job: Job, calls: Mapping[str, HostCall]) -> Any:
    pid = session.worker_pid
    try:
        return _told(session, job, calls)
    except MontyRuntimeError as error:
        if "exceeded" in error.display("type-msg"):
            _discard(pid)  # nothing is promised about a worker's heap after a limit
        raise


def _told(session: MontySession, job: Job, calls: Mapping[str, HostCall]) -> Any:
    printed = CollectString(max_bytes=limits.PRINTED_BYTES)
    first = opening(job.functions)
    if not first and results.BUILTINS & (job.source.names.bound | job.inputs.keys()):
        first = results.KEEP_BUILTINS
    if first:
        session.feed_run(first)
    text = f"{job.source.head}{job.source.text}{job.closing}"
    answer = session.feed_run(
        text, inputs=job.inputs, external_lookup=dict(calls), print_callback=printed
    )
    if answer:
        return results.read(answer, exact=False)
    question = results.slowly(script=job.is_script, kept=bool(first))
    return results.read(session.feed_run(question, print_callback=printed), exact=True)


def _terms(job: Job) -> dict[str, Any]:
    seconds = limits.SCRIPT_SECONDS if job.is_script else limits.EXPRESSION_SECONDS
    return {
        "assert_message_annotations": False,
        "os_policy": {"datetime": clock.now(), "sleep": "zero"},
        "limits": {
            "max_feed_duration_secs": seconds,
            "max_memory": limits.MEMORY_BYTES,
            "max_recursion_depth": limits.RECURSION,
            "max_suspensions": limits.HOST_CALLS,
            "max_total_sleep_secs": 0.0,
        },
    }


def _stopped() -> ScriptStopped:
    return ScriptStopped(
        N_("the text was stopped: it ran too long or used too much memory"),
        hint=N_("look for a loop without an end"),
    )


def _discard(pid: int | None) -> None:
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
