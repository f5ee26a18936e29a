"""Every schedule of the product, on one page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from app.domain import proof, proof_runs
from app.domain.finance import periods
from app.domain.inventory import queues, reservations
from app.domain.planning import calling
from app.domain.sourcing import imported_orders
from app.identity import answered_requests, sign_in
from app.kernel import outbox
from app.kernel.db import end_look, in_transaction
from app.workflow import claims, drafts, incidents, messages, timers, usual_times

_ABANDONED_AFTER = timedelta(hours=12)
_MOST_PROMISES = 100


@dataclass(frozen=True)
class Job:
    """What is done how often."""

    name: str
    run: Callable[[], object]
    every_seconds: float


def schedule(tick_seconds: float) -> list[Job]:
    """What the clockwork does; a tick that finds nothing due is a few indexed look-ups."""
    return [
        Job("fire timers", timers.fire_due, tick_seconds),
        Job("deliver messages", messages.deliver_pending, tick_seconds),
        Job("deliver kept messages", messages.deliver_kept, 30 * tick_seconds),
        Job("empty the outbox", outbox.deliver_due, tick_seconds),
        Job("retry incidents", incidents.retry_due, 5 * tick_seconds),
        Job("call for the plan of the day", _plan_the_day, 60 * tick_seconds),
        Job("end promises of stock", end_promises, 30 * tick_seconds),
        Job("free abandoned tasks", _free_abandoned, 600),
        Job("forget old drafts", _forget_drafts, 3_600),
        Job("forget old times of tasks", _forget_times, 3_600),
        Job("forget old sign-ins", _forget_sign_ins, 3_600),
        Job("forget old answers to programs", _forget_answers, 3_600),
        Job("prove what is asked", prove_asked, 2 * tick_seconds),
        Job("prove what is new", _prove_new, 600),
        Job("prove all every day", _prove_daily, 3_600),
        Job("tell which months ended", tell_months_that_ended, 3_600),
        Job("follow orders nobody follows", _follow_orders, 3_600),
    ]


def end_promises() -> None:
    """End those whose time is over, and give what is free to those who wait for it."""
    for _ in range(_MOST_PROMISES):
        if not in_transaction(partial(reservations.release_expired, 1)):
            break
    waiting = queues.servable()
    end_look()
    for queue in waiting:
        in_transaction(partial(queues.serve, queue))


def _plan_the_day() -> None:
    """Timers cannot begin a case; a message can, and its key is told once a day."""
    in_transaction(calling.call_for_the_day)


def prove_asked() -> bool:
    """Do the full run of the proof that waits, one question at a time; whether one did."""
    run = in_transaction(proof_runs.begin)
    if run is None:
        return False
    for invariant in proof.every():
        result = proof.asked(invariant)
        end_look()
        in_transaction(partial(proof_runs.note, run, result))
    return True


def _prove_new() -> None:
    in_transaction(proof_runs.keep_quick)


def _prove_daily() -> None:
    in_transaction(proof_runs.ask_daily)


def tell_months_that_ended() -> None:
    """Begin to close the earliest month that is over and open; each month is told once."""
    in_transaction(_tell_month)


def _tell_month() -> None:
    for month in periods.over_and_open()[:1]:
        outbox.announce("month_ended", month, {"month": month}, key=f"month_ended:{month}")


def _follow_orders() -> None:
    """Orders brought in by a release that did not follow them get their cases."""
    in_transaction(imported_orders.tell_missed)


def _free_abandoned() -> None:
    in_transaction(lambda: claims.free_abandoned(_ABANDONED_AFTER))


def _forget_drafts() -> None:
    in_transaction(drafts.forget_old)


def _forget_times() -> None:
    in_transaction(usual_times.forget_old)


def _forget_sign_ins() -> None:
    in_transaction(sign_in.sweep)


def _forget_answers() -> None:
    in_transaction(answered_requests.sweep)
