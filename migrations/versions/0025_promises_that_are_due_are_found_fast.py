"""The clockwork ends promises whose time is over and serves those who wait: two short indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_EXPIRING = sa.text("status IN ('live', 'waiting') AND expires_at IS NOT NULL")
_WAITING = sa.text("status = 'waiting'")


def upgrade() -> None:
    _index("ix_reservation_expiring", ["expires_at"], _EXPIRING)
    _index("ix_reservation_queue", ["sku_id", "site_id", "id"], _WAITING)


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "reservation", columns, sqlite_where=where, postgresql_where=where)
