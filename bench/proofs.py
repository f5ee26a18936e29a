"""The proof over a million ledger entries: of what is new, and of everything."""

import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from statistics import median

from sqlalchemy import text

from app.domain import proof, proof_runs
from app.domain.catalog import skus
from app.domain.catalog.products import Product, Sku
from app.domain.finance.costs import Cost
from app.domain.inventory import ledger, places
from app.domain.inventory.ledger import Line
from app.kernel import cause, clock
from app.kernel.db import db, in_transaction
from app.scheduler.jobs import prove_asked
from bench.grounds import Grounds, tidy
from bench.rows import Row
from bench.size import Size

SKUS, FRESH = 2_000, 50
_MONTH = "2026-01"
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :moves)"
_SKU = "(:first + n.i % :skus)"
# One piece at one cent comes from outside in each move, valued and journalled as the ledger does.
_SEED = (
    f"""INSERT INTO effect (key, name, edition, at, arguments, result)
    {_NUMBERS} SELECT 'bench:' || n.i, 'bench', 1, :then, :nothing, :nothing FROM n""",
    f"""INSERT INTO stock_move (id, reason, document, effect_key, instance_id, element_id,
        effective_at, recorded_at)
    {_NUMBERS} SELECT n.i, 'opening', 'OS-' || n.i, 'bench:' || n.i, 1, 'bench', :then, :then
    FROM n""",
    f"""INSERT INTO stock_entry (seq, move_id, sku_id, location_id, lot, quantity)
    {_NUMBERS} SELECT 2 * n.i - 1, n.i, {_SKU}, :outside, '', -1000000 FROM n
    UNION ALL SELECT 2 * n.i, n.i, {_SKU}, :shelf, '', 1000000 FROM n""",
    f"""INSERT INTO journal (id, reason, document, day, month, move_id, effect_key, instance_id,
        element_id, recorded_at)
    {_NUMBERS} SELECT n.i, 'opening', 'OS-' || n.i, '2026-01-05', '{_MONTH}', n.i,
        'bench:' || n.i, 1, 'bench', :then FROM n""",
    f"""INSERT INTO journal_line (seq, journal_id, account, sku_id, amount)
    {_NUMBERS} SELECT 2 * n.i - 1, n.i, 'stock', {_SKU}, 1 FROM n
    UNION ALL SELECT 2 * n.i, n.i, 'opening_balance', {_SKU}, -1 FROM n""",
    f"""INSERT INTO cost_entry (seq, pool_id, epoch, journal_id, basis, quantity, value,
        quantity_after, value_after, recorded_at)
    {_NUMBERS} SELECT n.i, {_SKU}, 1, n.i, 'opening', 1000000, 1, 1000000 * ((n.i - 1) / :skus + 1),
        (n.i - 1) / :skus + 1, :then FROM n""",
    """UPDATE cost_pool SET
        quantity = (SELECT SUM(quantity) FROM cost_entry WHERE pool_id = cost_pool.id),
        value = (SELECT SUM(value) FROM cost_entry WHERE pool_id = cost_pool.id)""",
    """INSERT INTO stock_balance (sku_id, location_id, lot, quantity, reserved)
    SELECT sku_id, location_id, lot, SUM(quantity), 0 FROM stock_entry
    WHERE location_id = :shelf GROUP BY sku_id, location_id, lot""",
)
_SEQUENCES = {
    "stock_move": "id",
    "stock_entry": "seq",
    "journal": "id",
    "journal_line": "seq",
    "cost_entry": "seq",
}


def proofs(grounds: Grounds, size: Size) -> Iterator[Row]:
    """Fifty new moves over fifty SKUs since the run that held; rows are copied, those are not."""
    with grounds.ground():
        shelf = in_transaction(_shelf)
        in_transaction(lambda: _seed(size.ledger_entries // 2, shelf))
        _catch_up(grounds.kind)
        in_transaction(lambda: proof_runs.ask(by=None).id)
        begun = time.perf_counter()
        prove_asked()
        full = time.perf_counter() - begun
        held = proof_runs.last_held()
        for at in range(FRESH):
            in_transaction(lambda at=at: _receive(at))
        spent = [_quick() for _ in range(5)]
    slowest = max(spent[-1][1], key=lambda result: result.seconds)
    detail: dict[str, object] = {"entries": size.ledger_entries, "skus": SKUS, "held": bool(held)}
    detail |= {"slowest": slowest.code, "broken": [one.code for one in spent[-1][1] if one.rows]}
    what = "proof of what is new, after a million ledger entries"
    quick = median(seconds for seconds, _ in spent) * 1000
    yield Row("proof_quick", what, grounds.kind, quick, "ms", 1000.0, detail)
    yield Row("proof_full", "the same of everything, in the background", grounds.kind, full, "s")


def _shelf() -> int:
    product = Product(code="BENCH", name="Bench")
    db.session.add(product)
    db.session.flush()
    rows = [
        Sku(code=f"BENCH-{at}", name="Bench", unit="pcs", product_id=product.id)
        for at in range(SKUS)
    ]
    db.session.add_all(rows)
    site = places.add_site("BENCH", name="Bench")
    shelf = places.Location(code="BENCH-A", site_id=site.id)
    db.session.add(shelf)
    db.session.flush()
    return shelf.id


def _seed(moves: int, shelf: int) -> None:
    first = skus.by_code("BENCH-0").id
    then = proof_runs.instant(clock.now() - timedelta(hours=1))
    facts = {"moves": moves, "skus": SKUS, "first": first, "then": then, "shelf": shelf}
    facts |= {"outside": places.location(places.OPENING).id, "nothing": b""}
    db.session.execute(text("INSERT INTO period (month) VALUES (:month)"), {"month": _MONTH})
    pools = """INSERT INTO cost_pool (id, sku_id, quantity, value, epoch)
        SELECT id, id, 0, 0, 1 FROM sku WHERE id >= :first"""
    db.session.execute(text(pools), {"first": first})
    for statement in _SEED:
        used = {name: value for name, value in facts.items() if f":{name}" in statement}
        db.session.execute(text(statement), used)


def _catch_up(kind: str) -> None:
    """Let the database know its tables, and number on from what was copied in."""
    if kind == "postgresql":
        in_transaction(lambda: [_number_on(*pair) for pair in _SEQUENCES.items()])
    tidy("ANALYZE")


def _number_on(table: str, column: str) -> None:
    named = f"pg_get_serial_sequence('{table}', '{column}')"
    db.session.execute(text(f"SELECT setval({named}, (SELECT MAX({column}) FROM {table}))"))


def _receive(at: int) -> None:
    sku, shelf = skus.by_code(f"BENCH-{at}"), places.location("BENCH-A")
    line = Line(sku, places.location(places.OPENING), shelf, Decimal(3), cost=Cost("opening", 100))
    key = f"bench:fresh{at}"
    effect = text(
        "INSERT INTO effect (key, name, edition, at, arguments, result)"
        " VALUES (:key, 'bench', 1, :at, :nothing, :nothing)"
    )
    facts = {"key": key, "at": proof_runs.instant(clock.now()), "nothing": b""}
    db.session.execute(effect, facts)
    with cause.acting(cause.Cause(key, 1, "bench", None)):
        ledger.move([line], reason="opening", document=f"OS-F{at}")


def _quick() -> tuple[float, list[proof.Result]]:
    begun = time.perf_counter()
    results = proof_runs.quick()
    spent = time.perf_counter() - begun
    db.session.rollback()
    return spent, results
