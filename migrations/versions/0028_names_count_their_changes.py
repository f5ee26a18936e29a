"""Sites and roles count their changes, so that their names are read again only then."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    for table in ("site", "role"):
        edition = sa.Column("edition", sa.Integer, nullable=False, server_default="1")
        op.add_column(table, edition)
