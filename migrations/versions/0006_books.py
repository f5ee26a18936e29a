"""Exact books: accounts, months, the journal, cost pools, late costs, rates and bills."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only, clock
from app.kernel.db import Instant, Json, Quantity, RowId
from app.kernel.money import Minor, Rate

revision = "0006"
down_revision = "0005"

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")

# name: number, kind, title in English, 繁體中文, 简体中文
_ACCOUNTS = {
    "stock": ("1200", "asset", "Goods in stock", "存貨", "存货"),
    "input_tax": ("1260", "asset", "Tax paid on purchases", "進項稅額", "进项税额"),
    "relabelling": ("1290", "asset", "Units being relabelled", "換標中", "换标中"),
    "received_not_billed": (
        "2150",
        "liability",
        "Received, not yet billed",
        "已收貨未開帳單",
        "已收货未开账单",
    ),
    "payables": ("2170", "liability", "Owed to suppliers", "應付帳款", "应付账款"),
    "opening_balance": ("3350", "equity", "Opening stock", "期初存貨", "期初存货"),
    "stock_gain": ("4890", "income", "Found in counts", "盤盈", "盘盈"),
    "cost_of_sales": ("5100", "expense", "Cost of goods sold", "銷貨成本", "销货成本"),
    "purchase_variance": ("5180", "expense", "Purchase differences", "進貨差異", "进货差异"),
    "stock_loss": ("5890", "expense", "Lost in counts, scrapped", "盤虧與報廢", "盘亏与报废"),
    "currency_difference": ("7630", "expense", "Exchange differences", "兌換差額", "汇兑差额"),
}


def upgrade() -> None:
    _company()
    _journal()
    _pools()
    _bills()
    op.add_column("purchase_order", sa.Column("exchange_rate", Rate))
    for table in ("purchase_order_line", "opening_line"):
        one = sa.Column("priced_for", Quantity, nullable=False, server_default="1000000")
        op.add_column(table, one)
    op.add_column("opening_line", sa.Column("unit_cost", Quantity))
    _begin_books()


def _company() -> None:
    company = op.create_table(
        "company",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("display_digits", sa.Integer, nullable=False),
        sa.Column("prices_include_tax", sa.Boolean, nullable=False),
        sa.Column("time_zone", sa.String(40), nullable=False),
        sa.CheckConstraint("id = 1", name="only_one"),
        sa.CheckConstraint("display_digits BETWEEN 0 AND 3", name="display_digits"),
    )
    account = op.create_table(
        "account",
        sa.Column("name", sa.String(30), primary_key=True),
        sa.Column("number", sa.String(10), nullable=False, unique=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("titles", Json, nullable=False),
        sa.CheckConstraint(
            "kind IN ('asset', 'liability', 'equity', 'income', 'expense')", name="kind"
        ),
    )
    op.create_table(
        "exchange_rate",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("rate", Rate, nullable=False),
        sa.UniqueConstraint("currency", "day"),
        sa.CheckConstraint("rate > 0", name="rate"),
    )
    ours = {"id": 1, "name": "", "currency": "TWD", "display_digits": 0}
    op.bulk_insert(company, [{**ours, "prices_include_tax": True, "time_zone": "Asia/Taipei"}])
    op.bulk_insert(
        account,
        [
            {
                "name": name,
                "number": number,
                "kind": kind,
                "titles": {"en": en, "zh_Hant": hant, "zh_Hans": hans},
            }
            for name, (number, kind, en, hant, hans) in _ACCOUNTS.items()
        ],
    )


def _journal() -> None:
    op.create_table(
        "period",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("closed_at", Instant),
        sa.Column("closed_by", RowId, sa.ForeignKey("person.id")),
        sa.Column("sealed_at", RowId),
        sa.Column("effect_key", sa.String(400)),
    )
    op.create_table(
        "journal",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("month", sa.String(7), sa.ForeignKey("period.month"), nullable=False),
        sa.Column("move_id", RowId, sa.ForeignKey("stock_move.id")),
        sa.Column("corrects_id", RowId, sa.ForeignKey("journal.id")),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("instance_id", RowId, nullable=False),
        sa.Column("element_id", sa.String(200), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("recorded_at", Instant, nullable=False),
    )
    op.create_index("ix_journal_month", "journal", ["month"])
    op.create_index("ix_journal_document", "journal", ["document"])
    op.create_index("ix_journal_move_id", "journal", ["move_id"])
    append_only.protect(op, "journal")
    op.create_table(
        "journal_line",
        sa.Column("seq", RowId, primary_key=True),
        sa.Column("journal_id", RowId, sa.ForeignKey("journal.id"), nullable=False),
        sa.Column("account", sa.String(30), sa.ForeignKey("account.name"), nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id")),
        sa.Column("amount", Minor, nullable=False),
        sa.CheckConstraint("amount <> 0", name="amount"),
    )
    op.create_index("ix_journal_line_journal_id", "journal_line", ["journal_id"])
    op.create_index("ix_journal_line_account_sku_id", "journal_line", ["account", "sku_id"])
    append_only.protect(op, "journal_line")


def _pools() -> None:
    op.create_table(
        "cost_pool",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False, unique=True),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("value", Minor, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.CheckConstraint("quantity >= 0 AND value >= 0", name="not_below_zero"),
        sa.CheckConstraint("quantity > 0 OR value = 0", name="empty_is_worth_nothing"),
    )
    op.create_table(
        "cost_entry",
        sa.Column("seq", RowId, primary_key=True),
        sa.Column("pool_id", RowId, sa.ForeignKey("cost_pool.id"), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("journal_id", RowId, sa.ForeignKey("journal.id")),
        sa.Column("origin", RowId, sa.ForeignKey("receipt_line.id")),
        sa.Column("serial_id", RowId, sa.ForeignKey("serial.id")),
        sa.Column("basis", sa.String(12), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("value", Minor, nullable=False),
        sa.Column("agreed", Minor),
        sa.Column("quantity_after", Quantity, nullable=False),
        sa.Column("value_after", Minor, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.CheckConstraint("quantity_after >= 0 AND value_after >= 0", name="not_below_zero"),
    )
    op.create_index("ix_cost_entry_pool_id_epoch", "cost_entry", ["pool_id", "epoch", "seq"])
    op.create_index("ix_cost_entry_pool_id_recorded_at", "cost_entry", ["pool_id", "recorded_at"])
    op.create_index("ix_cost_entry_serial_id", "cost_entry", ["serial_id", "seq"])
    op.create_index("ix_cost_entry_origin", "cost_entry", ["origin"])
    op.create_index("ix_cost_entry_journal_id", "cost_entry", ["journal_id"])
    append_only.protect(op, "cost_entry")
    op.create_table(
        "late_cost",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("journal_id", RowId, sa.ForeignKey("journal.id"), nullable=False),
        sa.Column("origin", RowId, sa.ForeignKey("receipt_line.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("amount", Minor, nullable=False),
        sa.Column("to_stock", Minor, nullable=False),
        sa.Column("surviving", sa.Text, nullable=False),
        sa.Column("corrects_id", RowId, sa.ForeignKey("late_cost.id")),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.CheckConstraint("kind IN ('freight', 'bill', 'concession')", name="kind"),
    )
    op.create_index("ix_late_cost_origin", "late_cost", ["origin"])
    op.create_index("ix_late_cost_journal_id", "late_cost", ["journal_id"])
    append_only.protect(op, "late_cost")


def _bills() -> None:
    op.create_table(
        "bill",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id"), nullable=False),
        sa.Column("supplier_number", CODE, nullable=False),
        sa.Column("billed_on", sa.Date, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("exchange_rate", Rate, nullable=False),
        sa.Column("tax", Minor, nullable=False),
        sa.Column("total", Minor, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("journal_id", RowId, sa.ForeignKey("journal.id")),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.UniqueConstraint("supplier_id", "supplier_number"),
        sa.CheckConstraint("status IN ('recorded', 'disputed', 'accepted')", name="status"),
    )
    op.create_table(
        "bill_line",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("bill_id", RowId, sa.ForeignKey("bill.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("receipt_line_id", RowId, sa.ForeignKey("receipt_line.id")),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("unit_price", Quantity, nullable=False),
        sa.Column("amount", Minor, nullable=False),
        sa.Column("spread", Json, nullable=False),
        sa.UniqueConstraint("bill_id", "line_no"),
    )
    op.create_index("ix_bill_line_receipt_line_id", "bill_line", ["receipt_line_id"])
    op.create_table(
        "bill_match",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("bill_line_id", RowId, sa.ForeignKey("bill_line.id"), nullable=False),
        sa.Column("receipt_line_id", RowId, sa.ForeignKey("receipt_line.id"), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("cleared", Minor, nullable=False),
        sa.Column("price_difference", Minor, nullable=False),
        sa.Column("currency_difference", Minor, nullable=False),
        sa.Column("journal_id", RowId, sa.ForeignKey("journal.id"), nullable=False),
        sa.UniqueConstraint("bill_line_id"),
    )
    op.create_index("ix_bill_match_receipt_line_id", "bill_match", ["receipt_line_id"])
    append_only.protect(op, "bill_match")


_OURS = """
SELECT b.sku_id, SUM(b.quantity) - COALESCE((
    SELECT SUM(r.waiting + r.rejected) FROM receipt_line r
    WHERE r.sku_id = b.sku_id AND NOT r.on_order AND r.outcome NOT IN ('keep_free', 'relabel')
), 0) AS quantity
FROM stock_balance b GROUP BY b.sku_id HAVING SUM(b.quantity) > 0
"""
_UNITS = """
SELECT s.id FROM serial s JOIN location l ON l.id = s.location_id
WHERE s.sku_id = :sku_id AND l.kind NOT IN ('supplier', 'customer', 'loss')
    AND NOT EXISTS (
        SELECT 1 FROM receipt_serial rs JOIN receipt_line r ON r.id = rs.receipt_line_id
        WHERE rs.serial_id = s.id AND NOT r.on_order
            AND r.outcome NOT IN ('keep_free', 'relabel')
    )
ORDER BY s.id
"""


def _begin_books() -> None:
    """Stock from before the books is ours at a cost nobody knows: it enters at nothing."""
    bind = op.get_bind()
    for sku_id, quantity in bind.execute(sa.text(_OURS)).all():
        if not quantity:
            continue
        facts = {"sku_id": sku_id, "quantity": int(quantity)}
        pool_id = bind.execute(
            sa.text(
                "INSERT INTO cost_pool (sku_id, quantity, value, epoch)"
                " VALUES (:sku_id, :quantity, 0, 1) RETURNING id"
            ),
            facts,
        ).scalar_one()
        units = bind.execute(sa.text(_UNITS), {"sku_id": sku_id}).scalars().all()
        _enter(pool_id, list(units) or [None], int(quantity))


def _enter(pool_id: int, units: list[int | None], quantity: int) -> None:
    entry = sa.table(
        "cost_entry",
        *(sa.column(name) for name in ("pool_id", "epoch", "serial_id", "basis", "value")),
        *(sa.column(name) for name in ("quantity", "quantity_after", "value_after")),
        sa.column("recorded_at", Instant),
    )
    each = quantity // len(units)
    rows = [
        {
            "pool_id": pool_id,
            "epoch": 1,
            "serial_id": unit,
            "basis": "unknown",
            "value": 0,
            "quantity": each,
            "quantity_after": each * at,
            "value_after": 0,
            "recorded_at": clock.now(),
        }
        for at, unit in enumerate(units, start=1)
    ]
    op.bulk_insert(entry, rows)
