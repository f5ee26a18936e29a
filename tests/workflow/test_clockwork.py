"""The clockwork: one elected process ticks, and a fault in one job stops nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.identity.people import Person
from app.kernel import clock, outbox
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Parcel, Post
from app.scheduler import clockwork, jobs
from app.scheduler.election import Election
from app.scheduler.jobs import Job


def test_every_job_runs_on_an_empty_database(app: Flask) -> None:
    for job in jobs.schedule(1.0):
        job.run()


def test_a_fault_in_one_tick_does_not_stop_the_next(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticked = threading.Semaphore(0)

    def tick() -> None:
        ticked.release()
        raise RuntimeError("once more")

    monkeypatch.setattr(clockwork, "schedule", lambda _: [Job("fails", tick, 0.02)])
    app.config["HOUTAI"] = replace(settings_of(app), tick_seconds=0.02)

    running = clockwork.start(app)

    assert all(ticked.acquire(timeout=20) for _ in range(3))
    running.shutdown(wait=True)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_of_two_processes_one_is_elected_and_the_other_takes_over(app: Flask) -> None:
    one, two = Election(), Election()

    assert (one.won(), two.won(), one.won()) == (True, False, True)
    one.resign()
    assert (two.won(), one.won()) == (True, False)
    two.resign()


def test_what_leaves_the_house_leaves_once_and_after_the_commit(app: Flask) -> None:
    left: list[str] = []
    outbox.channel("mail")(lambda post: left.append(post.key))
    for _ in range(3):
        in_transaction(lambda: outbox.post("mail", {"to": "x"}, key="po:1"))
    assert left == []

    assert [outbox.deliver_due(), outbox.deliver_due()] == [1, 0]
    assert left == ["po:1"]


def test_nothing_is_locked_while_the_outside_is_spoken_to(app: Flask) -> None:
    def slow(parcel: Parcel) -> None:
        in_transaction(lambda: outbox.post("paper", {}, key=f"answer to {parcel.key}"))
        with ThreadPoolExecutor(1) as other:
            sent_again.append(other.submit(_deliver_in, app).result(timeout=20))

    sent_again: list[int] = []
    outbox.channel("mail")(slow)
    outbox.channel("paper")(lambda _: None)
    in_transaction(lambda: outbox.post("mail", {"to": "x"}, key="po:1"))

    assert outbox.deliver_due() == 1
    assert sent_again == [1]


def test_what_its_sender_died_over_is_sent_again_under_its_key(app: Flask) -> None:
    sent: list[str] = []

    def die(parcel: Parcel) -> None:
        sent.append(parcel.key)
        raise KeyboardInterrupt

    outbox.channel("mail")(die)
    in_transaction(lambda: outbox.post("mail", {"to": "x"}, key="po:1"))
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver_due()
    outbox.channel("mail")(lambda parcel: sent.append(parcel.key))

    assert outbox.deliver_due() == 0
    with clock.turned_to(clock.now() + outbox.PATIENCE):
        assert outbox.deliver_due() == 1
    assert sent == ["po:1", "po:1"]


def test_what_cannot_leave_is_tried_again_later(app: Flask, dov: Person) -> None:
    def refuse(_: Parcel) -> None:
        raise ConnectionError("no line")

    outbox.channel("mail")(refuse)
    in_transaction(lambda: outbox.post("mail", {"to": "x"}, key="po:1"))

    assert outbox.deliver_due() == 0

    db.session.rollback()
    (post,) = db.session.scalars(select(Post))
    assert (post.failures, post.problem, post.sent_at) == (1, "no line", None)
    assert post.try_at is not None


def _deliver_in(app: Flask) -> int:
    with app.app_context():
        return outbox.deliver_due()


def settings_of(app: Flask) -> Settings:
    settings: Settings = app.config["HOUTAI"]
    return settings
