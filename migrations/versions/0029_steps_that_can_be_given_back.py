"""What a step began with that stopped at an incident, and refusals in the reader's language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "halted_step",
        sa.Column("instance_id", _ROW_ID, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("task_id", _ROW_ID, nullable=False),
        sa.Column("token", sa.String(100), nullable=False),
        sa.Column("element_id", sa.String(100), nullable=False),
        sa.Column("person_id", _ROW_ID, nullable=False),
        sa.Column("answers", _JSON, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name="pk_halted_step"),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_halted_step_instance_id_process_instance",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_halted_step_person_id_person"
        ),
    )
    op.add_column("incident", sa.Column("refusal", _JSON))
