"""What leaves a step: messages to other cases, and posts to the outside, kept with the commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Index, String, Text, false, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import (
    Instant,
    Json,
    Model,
    RowId,
    after_commit,
    db,
    end_look,
    in_transaction,
)
from app.kernel.faults import Fault, contained

ATTEMPTS = 5
PATIENCE = timedelta(minutes=10)
_UNMATCHED = text("status = 'unmatched' AND NOT is_news")
_GIVEN_UP = text("try_at IS NULL AND sent_at IS NULL AND dismissed_at IS NULL")
_CHANNELS: dict[str, "Channel"] = {}
_LISTENERS: list[Callable[[int], object]] = []


class Message(Model):
    """A message between cases: kept under its key, consumed once.

    `status` is pending, unmatched (nobody waits for it yet), consumed, failed or dismissed.
    News is told whether anybody waits for it or not; everything else should find its case.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_try_at", "try_at"),
        Index("ix_message_waiting", "name", "correlation"),
        Index("ix_message_unmatched", "id", sqlite_where=_UNMATCHED, postgresql_where=_UNMATCHED),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    correlation: Mapped[str] = mapped_column(String(200))
    payload: Mapped[object | None] = mapped_column(Json)
    status: Mapped[str] = mapped_column(String(10))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    try_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(default=0)
    consumer_id: Mapped[int | None] = mapped_column(RowId)
    is_news: Mapped[bool] = mapped_column(default=False, server_default=false())


class Post(Model):
    """Something for the outside (mail, webhook, carrier), delivered after the commit."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_try_at", "try_at"),
        Index("ix_outbox_given_up", "id", sqlite_where=_GIVEN_UP, postgresql_where=_GIVEN_UP),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    channel: Mapped[str] = mapped_column(String(40))
    payload: Mapped[object] = mapped_column(Json)
    posted_at: Mapped[datetime] = mapped_column(Instant)
    try_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(Text)
    dismissed_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Parcel:
    """What a channel is handed. Whoever dies before it is noted sends it again, under its key."""

    key: str
    channel: str
    payload: object


Channel = Callable[[Parcel], None]


def announce(
    name: str,
    correlation: str,
    payload: Mapping[str, object],
    *,
    key: str,
    is_news: bool = False,
) -> bool:
    """Tell the cases that wait for `name` about `correlation`; False when `key` was already told.

    A message may start a case. It is delivered right after the commit of the open step. With
    `is_news` nobody need wait for it: operators are not told when nobody does.
    """
    now = clock.now()
    what = {"name": name, "correlation": correlation, "payload": dict(payload)}
    row = {"key": key, "is_news": is_news, **what}
    found = _insert(Message, {**row, "status": "pending", "sent_at": now, "try_at": now})
    if found is None:
        return False
    for listener in _LISTENERS:
        after_commit(partial(contained, partial(listener, found)))
    return True


def keep(key: str, *, name: str, status: str) -> int | None:
    """Keep a message that is for nobody, for the sake of its key; None when it was kept before."""
    row = {"key": key, "name": name, "correlation": "", "payload": None}
    return _insert(Message, {**row, "status": status, "sent_at": clock.now(), "try_at": None})


def on_announcement(listener: Callable[[int], object]) -> None:
    """Let `listener` hear the id of each message, once it is committed."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def call_kept(name: str, correlation: str) -> None:
    """Someone waits for `name` about `correlation` now: call what came before they did."""
    kept = select(Message.id).where(
        Message.name == name,
        Message.correlation == correlation,
        Message.status.in_(("pending", "unmatched")),
    )
    found = list(db.session.scalars(kept.order_by(Message.id)))
    end_look()
    for message_id in found:
        for listener in _LISTENERS:
            listener(message_id)


def post(channel: str, payload: Mapping[str, object], *, key: str) -> None:
    """Keep something for the outside; it leaves after the commit, once for each key."""
    now = clock.now()
    _insert(
        Post,
        {"key": key, "channel": channel, "payload": payload, "posted_at": now, "try_at": now},
    )


def channel(name: str) -> Callable[[Channel], Channel]:
    """Register what delivers posts of a channel."""

    def register(deliver: Channel) -> Channel:
        _CHANNELS[name] = deliver
        return deliver

    return register


def deliver_due(limit: int = 50) -> int:
    """Hand what is due to its channels, one by one, outside of any step; how many left.

    What goes through a channel that nobody opened yet waits.
    """
    query = select(Post.id).where(Post.try_at <= clock.now(), Post.channel.in_(_CHANNELS))
    due = list(db.session.scalars(query.order_by(Post.try_at).limit(limit)))
    end_look()
    return sum(_deliver(post_id) for post_id in due)


def backoff(failures: int) -> timedelta:
    """How long to wait after the n-th failure: half a minute, doubled each time."""
    return timedelta(seconds=30 * 2 ** max(failures - 1, 0))


def _insert(model: type[Message] | type[Post], values: Mapping[str, object]) -> int | None:
    """The id of the new row, or None when its key is known."""
    postgres = db.engine.dialect.name == "postgresql"
    insert = (postgresql if postgres else sqlite).insert(model).values(failures=0, **values)
    statement = insert.on_conflict_do_nothing(index_elements=["key"]).returning(model.id)
    found: int | None = db.session.execute(statement).scalar()
    return found


def _deliver(post_id: int) -> bool:
    parcel = in_transaction(partial(_take_out, post_id))
    if parcel is None:
        return False
    outcome = contained(partial(_hand_over, parcel))
    fault = outcome if isinstance(outcome, Fault) else None
    in_transaction(partial(_note, post_id, fault))
    return fault is None


def _take_out(post_id: int) -> Parcel | None:
    """Keep others from it for a while; nothing is locked while the outside is spoken to."""
    now = clock.now()
    query = select(Post).where(Post.id == post_id, Post.try_at <= now)
    found = db.session.scalar(query.with_for_update(skip_locked=True))
    if found is None:
        return None
    found.try_at = now + PATIENCE
    return Parcel(found.key, found.channel, found.payload)


def _hand_over(parcel: Parcel) -> None:
    _CHANNELS[parcel.channel](parcel)


def _note(post_id: int, fault: Fault | None) -> None:
    found = db.session.get_one(Post, post_id, with_for_update=True, populate_existing=True)
    if fault is None:
        found.try_at, found.sent_at = None, clock.now()
        return
    found.failures += 1
    found.problem = fault.sentence
    found.try_at = clock.now() + backoff(found.failures) if found.failures < ATTEMPTS else None
