"""Letters that could not be sent, and messages nobody waited for, are found and dismissed."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Instant

revision = "0024"
down_revision = "0023"

_GIVEN_UP = sa.text("try_at IS NULL AND sent_at IS NULL AND dismissed_at IS NULL")
_UNMATCHED = sa.text("status = 'unmatched' AND NOT is_news")
_MESSAGE = sa.table("message", sa.column("name"), sa.column("is_news", sa.Boolean))
_NEWS = ("order_moved", "order_billed", "order_withdrawn", "chased_goods_came")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("dismissed_at", Instant))
    news = sa.Column("is_news", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("message", news)
    op.execute(sa.update(_MESSAGE).where(_MESSAGE.c.name.in_(_NEWS)).values(is_news=True))
    _index("ix_outbox_given_up", "outbox", _GIVEN_UP)
    _index("ix_message_unmatched", "message", _UNMATCHED)


def _index(name: str, table: str, where: sa.TextClause) -> None:
    op.create_index(name, table, ["id"], sqlite_where=where, postgresql_where=where)
