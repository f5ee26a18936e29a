"""Numbers the business decides: versioned rows, so that a case can say which one it used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import append_only, clock, editions, once
from app.kernel.db import Instant, Json, Model, RowId, db, savepoint
from app.kernel.errors import N_, NotFound, Refusal

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_KEY = "policy"

Version = tuple[int, datetime, object]  # version, effective from, value
History = Mapping[str, Sequence[Version]]


class PolicyVersion(Model):
    """One value of one policy from an instant on; never changed, only followed by a next one."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("name", "version"), {"info": append_only.MARK})

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    value: Mapped[object] = mapped_column(Json)
    effective_from: Mapped[datetime] = mapped_column(Instant)
    set_at: Mapped[datetime] = mapped_column(Instant)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)


editions.watch(
    _KEY, func.count(PolicyVersion.id), func.max(PolicyVersion.id), func.max(PolicyVersion.set_at)
)


class UnknownPolicy(NotFound, KeyError):
    """Nobody ever set this policy; a KeyError too, as a snapshot is a mapping."""

    code = "unknown_policy"
    message = N_("There is no policy called {name}.")
    __str__ = Exception.__str__


class PolicyJustChanged(Refusal):
    """Two people set the same policy at the same moment."""

    code = "policy_just_changed"
    message = N_("Someone else just changed {name}. Look at the new value and decide again.")


@dataclass(frozen=True)
class Snapshot(Mapping[str, object]):
    """Every policy as it stands at one instant."""

    history: History
    at: datetime

    def __getitem__(self, name: str) -> object:
        return self._row(name)[2]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.history if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def version(self, name: str) -> int:
        """Which version of `name` holds, for the case's record."""
        return self._row(name)[0]

    def _row(self, name: str) -> Version:
        for row in reversed(self.history.get(name, ())):
            if row[1] <= self.at:
                return row
        raise UnknownPolicy(name=name)


def snapshot(at: datetime | None = None) -> Snapshot:
    """Every policy as it stands now (or stood `at`); read again only when rows were added."""
    return Snapshot(editions.kept(_KEY, _read_history), at or clock.now())


def value(name: str, at: datetime | None = None) -> object:
    """The value of one policy.

    Raises:
        UnknownPolicy: nobody ever set it.
    """
    return snapshot(at)[name]


def seed(name: str, value: object) -> None:
    """Give `name` its first version, unless it has one; a deploy does this again and again."""
    insert = (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert
    row = {"effective_from": ALWAYS, "set_at": clock.now(), "reason": "Shipped default"}
    db.session.execute(
        insert(PolicyVersion)
        .values(name=name, version=1, value=value, **row)
        .on_conflict_do_nothing(index_elements=["name", "version"])
    )
    once.forget(_KEY)


def set_value(
    name: str, value: object, *, by: int | None, reason: str, effective_from: datetime | None = None
) -> PolicyVersion:
    """Add the next version of `name`; the old ones stay readable."""
    now = clock.now()
    row = PolicyVersion(
        name=name,
        version=_last_version(name) + 1,
        value=value,
        effective_from=effective_from or now,
        set_at=now,
        set_by=by,
        reason=reason,
    )
    _add(row)
    once.forget(_KEY)
    return row


def _read_history() -> History:
    rows = PolicyVersion
    query = select(rows.name, rows.version, rows.effective_from, rows.value)
    found: dict[str, list[Version]] = {}
    for name, version, effective_from, content in db.session.execute(query.order_by(rows.version)):
        found.setdefault(name, []).append((version, effective_from, content))
    return found


def _last_version(name: str) -> int:
    query = select(func.max(PolicyVersion.version)).filter_by(name=name)
    return db.session.scalar(query) or 0


def _add(row: PolicyVersion) -> None:
    try:
        with savepoint():
            db.session.add(row)
    except IntegrityError:
        raise PolicyJustChanged(name=row.name) from None
