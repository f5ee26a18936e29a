"""Accounts and roles are called in Chinese as those who work with them call them."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Json

revision = "0030"
down_revision = "0029"

# account: language, what it was called, what it is called
_ACCOUNTS = {
    "cost_of_sales": ("zh_Hans", "销货成本", "主营业务成本"),
    "purchase_variance": ("zh_Hans", "进货差异", "采购差异"),
}
_ROLES = {"planner": ("zh_Hant", "計劃員", "計畫人員")}


def upgrade() -> None:
    for name, words in _ACCOUNTS.items():
        _rename("account", "name", name, "titles", words)
    for code, words in _ROLES.items():
        _rename("role", "code", code, "title", words)
        op.execute(
            sa.text("UPDATE role SET edition = edition + 1 WHERE code = :code").bindparams(
                code=code
            )
        )


def _rename(table: str, key: str, value: str, column: str, words: tuple[str, str, str]) -> None:
    """Another title in one language, unless somebody chose one of their own."""
    language, was, new = words
    rows = sa.table(table, sa.column(key), sa.column(column, Json))
    one = rows.c[key] == value
    titles = op.get_bind().scalar(sa.select(rows.c[column]).where(one))
    if titles and titles.get(language) == was:
        op.execute(rows.update().where(one).values({column: {**titles, language: new}}))
