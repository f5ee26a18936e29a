"""What stopped suppliers owe us for orders paid ahead has an account."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Json

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    account = sa.table(
        "account",
        sa.column("name"),
        sa.column("number"),
        sa.column("kind"),
        sa.column("titles", Json),
    )
    titles = {"en": "Supplier claims", "zh_Hant": "供應商求償", "zh_Hans": "供应商索赔"}
    row = {"name": "supplier_claims", "number": "1270", "kind": "asset", "titles": titles}
    op.bulk_insert(account, [row])
