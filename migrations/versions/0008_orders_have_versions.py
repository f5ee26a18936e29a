"""Orders begin as drafts and are kept version by version, with who approved them."""

from collections.abc import Iterable
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only, money
from app.kernel.db import Instant, Quantity, RowId
from app.kernel.money import Minor

revision = "0008"
down_revision = "0007"

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_BEFORE = "status IN ('open', 'closed', 'cancelled')"
_AFTER = "status IN ('draft', 'open', 'closed', 'cancelled')"
_VERSION = (
    *("id", "order_id", "version_no", "edition", "kind", "currency", "required_on", "due_on"),
    *("total_minor", "reason", "written_by", "priced_by", "written_at", "issued_at"),
    "effect_key",
)
_REFUSAL = "HOUTAI_FROZEN: an issued version of an order is never changed"
_FROZEN = "('issued', 'superseded')"


def upgrade() -> None:
    _drafts()
    _versions()
    _approvals()
    _quotations()
    _first_versions()
    _freeze()


def _drafts() -> None:
    """SQLite's own way to change a check where other tables refer to the rows."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ck_purchase_order_status", "purchase_order")
        op.create_check_constraint("status", "purchase_order", _AFTER)
        return
    op.execute("PRAGMA writable_schema=ON")
    schema = sa.table("sqlite_master", sa.column("sql"), sa.column("name"))
    changed = sa.func.replace(schema.c.sql, _BEFORE, _AFTER)
    op.execute(sa.update(schema).where(schema.c.name == "purchase_order").values(sql=changed))
    op.execute("PRAGMA writable_schema=RESET")


def _versions() -> None:
    op.create_table(
        "order_version",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("order_id", RowId, sa.ForeignKey("purchase_order.id"), nullable=False),
        sa.Column("version_no", sa.Integer, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("required_on", sa.Date),
        sa.Column("due_on", sa.Date),
        sa.Column("total_minor", Minor, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("priced_by", sa.String(64)),
        sa.Column("written_at", Instant, nullable=False),
        sa.Column("issued_at", Instant),
        sa.Column("effect_key", sa.String(400)),
        sa.UniqueConstraint("order_id", "version_no"),
        sa.CheckConstraint("kind IN ('order', 'amendment', 'import')", name="kind"),
        sa.CheckConstraint(
            "state IN ('draft', 'approved', 'issued', 'superseded', 'abandoned')", name="state"
        ),
        sa.CheckConstraint("version_no > 0 AND edition > 0 AND total_minor >= 0", name="numbers"),
    )
    op.create_table(
        "order_version_line",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("version_id", RowId, sa.ForeignKey("order_version.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("unit_price", Quantity),
        sa.Column("priced_for", Quantity, nullable=False),
        sa.Column("price_source", sa.String(10), nullable=False),
        sa.Column("price_document", CODE, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.UniqueConstraint("version_id", "line_no"),
        sa.CheckConstraint("quantity >= 0", name="quantity"),
        sa.CheckConstraint("unit_price >= 0 AND priced_for > 0", name="price"),
        sa.CheckConstraint(
            "price_source IN ('', 'agreement', 'quotation', 'stated', 'before')",
            name="price_source",
        ),
    )
    op.create_index("ix_order_version_line_sku_id", "order_version_line", ["sku_id"])


def _approvals() -> None:
    op.create_table(
        "order_approval",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("version_id", RowId, sa.ForeignKey("order_version.id"), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("for_person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.CheckConstraint("level IN ('price', 'manager', 'finance')", name="level"),
        sa.CheckConstraint("decision IN ('approve', 'refuse', 'send_back')", name="decision"),
    )
    op.create_index("ix_order_approval_version_id", "order_approval", ["version_id"])
    append_only.protect(op, "order_approval")


def _quotations() -> None:
    op.create_table(
        "quotation",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("version_id", RowId, sa.ForeignKey("order_version.id"), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id"), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("delivers_on", sa.Date),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("answered_by", RowId, sa.ForeignKey("person.id")),
        sa.Column("answered_at", Instant),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.UniqueConstraint("version_id", "round", "supplier_id"),
        sa.CheckConstraint("state IN ('asked', 'quoted', 'declined', 'expired')", name="state"),
    )
    op.create_index("ix_quotation_supplier_id", "quotation", ["supplier_id"])
    op.create_table(
        "quoted_price",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("quotation_id", RowId, sa.ForeignKey("quotation.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("unit_price", Quantity, nullable=False),
        sa.UniqueConstraint("quotation_id", "line_no"),
        sa.CheckConstraint("unit_price >= 0", name="unit_price"),
    )
    append_only.protect(op, "quoted_price")


def _first_versions() -> None:
    """What was imported before is an issued first version."""
    bind = op.get_bind()
    orders, lines = _known("purchase_order"), _known("purchase_order_line")
    versions, said = _known("order_version"), _known("order_version_line")
    for order in bind.execute(sa.select(orders)).mappings().all():
        mine = bind.execute(sa.select(lines).where(lines.c.order_id == order["id"]))
        rows = list(mine.mappings())
        insert = sa.insert(versions).values(**_version(order), total_minor=_total(rows, order))
        key = bind.execute(insert.returning(versions.c.id)).scalar_one()
        for row in rows:
            bind.execute(sa.insert(said).values(version_id=key, **_line(row)))


def _known(table: str) -> sa.Table:
    return sa.Table(table, sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False)


def _version(order: sa.RowMapping) -> dict[str, object]:
    return {
        "order_id": order["id"],
        "version_no": 1,
        "edition": 1,
        "kind": "import",
        "state": "issued",
        "currency": order["currency"],
        "required_on": order["due_on"],
        "due_on": order["due_on"],
        "reason": "",
        "written_by": order["ordered_by"],
        "written_at": order["recorded_at"],
        "issued_at": order["recorded_at"],
    }


def _line(row: sa.RowMapping) -> dict[str, object]:
    return {
        "line_no": row["line_no"],
        "sku_id": row["sku_id"],
        "quantity": row["ordered"],
        "unit_price": row["unit_price"],
        "priced_for": row["priced_for"],
        "price_source": "" if row["unit_price"] is None else "stated",
        "price_document": "",
    }


def _total(lines: Iterable[sa.RowMapping], order: sa.RowMapping) -> int:
    """All of it in whole millionths, as the tables keep it: priced per a million times as many."""
    return sum(
        money.priced(
            Decimal(each["ordered"]),
            Decimal(each["unit_price"] or 0),
            order["currency"],
            per=Decimal(each["priced_for"]) * 1_000_000,
        ).minor
        for each in lines
    )


def _freeze() -> None:
    """An issued version can only be superseded; its lines stay as they are."""
    if op.get_bind().dialect.name == "postgresql":
        _freeze_postgresql()
    else:
        _freeze_sqlite()


def _freeze_sqlite() -> None:
    same = " AND ".join(f"OLD.{name} IS NEW.{name}" for name in _VERSION)
    raised = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    op.execute(f"""CREATE TRIGGER frozen_order_version_update BEFORE UPDATE ON order_version
        WHEN OLD.state IN {_FROZEN} AND NOT (NEW.state = 'superseded' AND {same}) {raised}""")
    op.execute(f"""CREATE TRIGGER frozen_order_version_delete BEFORE DELETE ON order_version
        WHEN OLD.state IN {_FROZEN} {raised}""")
    for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        state = f"(SELECT state FROM order_version WHERE id = {row}.version_id)"  # noqa: S608
        op.execute(f"""CREATE TRIGGER frozen_order_version_line_{event.lower()}
            BEFORE {event} ON order_version_line WHEN {state} IN {_FROZEN} {raised}""")


def _freeze_postgresql() -> None:
    same = " AND ".join(f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}" for name in _VERSION)
    raised = f"RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation';"
    op.execute(f"""CREATE FUNCTION houtai_frozen_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.state IN {_FROZEN} THEN {raised} END IF;
            RETURN OLD;
        END IF;
        IF OLD.state IN {_FROZEN} AND NOT (NEW.state = 'superseded' AND {same})
            THEN {raised} END IF;
        RETURN NEW;
        END $$""")
    line = f"""CREATE FUNCTION houtai_frozen_version_line() RETURNS trigger
        LANGUAGE plpgsql AS $$
        DECLARE mine record;
        BEGIN
        IF TG_OP = 'INSERT' THEN mine := NEW; ELSE mine := OLD; END IF;
        IF EXISTS (SELECT 1 FROM order_version WHERE id = mine.version_id
            AND state IN {_FROZEN}) THEN {raised} END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
        END $$"""  # noqa: S608 - our own words
    op.execute(line)
    op.execute("""CREATE TRIGGER frozen_order_version BEFORE UPDATE OR DELETE ON order_version
        FOR EACH ROW EXECUTE FUNCTION houtai_frozen_version()""")
    op.execute("""CREATE TRIGGER frozen_order_version_line
        BEFORE INSERT OR UPDATE OR DELETE ON order_version_line
        FOR EACH ROW EXECUTE FUNCTION houtai_frozen_version_line()""")
