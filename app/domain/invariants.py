"""What must always hold, each as one query that finds nothing as long as it does.

Every offending row names the SKU, place or document it is about, and the `effect_key` of the
last step that touched it, so that it leads to a task, a person and a step of a diagram.

What stands in double brackets narrows a query to what was written since a run that held:
rows after its marks, and the SKUs they touched. Without marks it is always true.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.kernel.errors import N_

_NARROWING = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True)
class Invariant:
    """`code` as in the design, its `meaning` in plain words, and the query."""

    code: str
    meaning: str
    query: str

    def whole(self) -> str:
        """The query over everything there is."""
        return _NARROWING.sub("1 = 1", self.query)

    def since(self, skus: Sequence[int]) -> str:
        """The query over what came after the marks, given the SKUs it touched."""
        touched = f"({', '.join(map(str, skus)) or 'NULL'})"
        return _NARROWING.sub(_narrowed(touched), self.query)


def _narrowed(touched: str) -> Callable[[re.Match[str]], str]:
    return lambda part: part[1].replace("TOUCHED", touched)


_BALANCES = """
SELECT s.code AS sku, l.code AS place, found.lot, found.balance, found.ledger,
    m.effect_key
FROM (
    SELECT sku_id, location_id, lot, SUM(balance) AS balance, SUM(ledger) AS ledger,
        MAX(seq) AS seq
    FROM (
        SELECT sku_id, location_id, lot, quantity AS balance, 0 AS ledger, 0 AS seq
        FROM stock_balance WHERE [[sku_id IN TOUCHED]]
        UNION ALL
        SELECT e.sku_id, e.location_id, e.lot, 0, e.quantity, e.seq
        FROM stock_entry e JOIN location l ON l.id = e.location_id
        WHERE l.kind NOT IN ('supplier', 'customer', 'loss') AND [[e.sku_id IN TOUCHED]]
    ) both_sides
    GROUP BY sku_id, location_id, lot
    HAVING SUM(balance) <> SUM(ledger)
) found
JOIN sku s ON s.id = found.sku_id JOIN location l ON l.id = found.location_id
LEFT JOIN stock_entry final ON final.seq = found.seq LEFT JOIN stock_move m ON m.id = final.move_id
UNION ALL
SELECT 'what fills the place', l.code, '', l.filled, COALESCE(SUM(b.quantity), 0), NULL
FROM location l LEFT JOIN stock_balance b ON b.location_id = l.id
WHERE l.capacity IS NOT NULL GROUP BY l.id, l.code, l.filled
HAVING l.filled <> COALESCE(SUM(b.quantity), 0)
"""

_RESERVED = """
SELECT s.code AS sku, l.code AS place, b.lot, b.reserved, COALESCE(SUM(p.quantity), 0) AS promised
FROM stock_balance b
JOIN sku s ON s.id = b.sku_id JOIN location l ON l.id = b.location_id
LEFT JOIN (
    SELECT part.balance_id, part.quantity FROM reservation_part part
    JOIN reservation r ON r.id = part.reservation_id WHERE r.status = 'live'
) p ON p.balance_id = b.id
GROUP BY b.id, s.code, l.code, b.lot, b.reserved
HAVING b.reserved <> COALESCE(SUM(p.quantity), 0)
"""

# A unit's entries come in pairs, out of one place and into the next: walking them in order,
# every − must leave the place the last + entered, and the last + must be where the unit is.
_SERIALS = """
SELECT found.problem, x.code AS serial, s.code AS sku, l.code AS place,
    m.effect_key
FROM (
    SELECT 'left a place it was not at, or came from nowhere' AS problem, serial_id,
        location_id, seq FROM (
        SELECT serial_id, location_id, quantity, seq,
            LAG(location_id) OVER (PARTITION BY serial_id ORDER BY seq) AS was_at,
            LAG(quantity) OVER (PARTITION BY serial_id ORDER BY seq) AS before
        FROM stock_entry WHERE serial_id IS NOT NULL AND [[sku_id IN TOUCHED]]
    ) steps WHERE (quantity < 0 AND was_at IS NOT NULL AND (was_at <> location_id OR before < 0))
        OR (quantity > 0 AND (before IS NULL OR before > 0))
    UNION ALL
    SELECT 'is at more or less than one place', e.serial_id, e.location_id, MAX(e.seq)
    FROM stock_entry e JOIN location l ON l.id = e.location_id
    WHERE e.serial_id IS NOT NULL AND l.kind NOT IN ('supplier', 'customer', 'loss')
        AND [[e.sku_id IN TOUCHED]]
    GROUP BY e.serial_id, e.location_id
    HAVING SUM(e.quantity) NOT IN (0, 1000000)
    UNION ALL
    SELECT 'is not where its last entry put it', x.id, x.location_id, last.seq
    FROM serial x
    JOIN (
        SELECT serial_id, MAX(seq) AS seq FROM stock_entry
        WHERE serial_id IS NOT NULL AND [[sku_id IN TOUCHED]] GROUP BY serial_id
    ) last ON last.serial_id = x.id
    JOIN stock_entry e ON e.seq = last.seq
    WHERE e.quantity <> 1000000 OR e.location_id <> x.location_id OR e.sku_id <> x.sku_id
) found
JOIN serial x ON x.id = found.serial_id JOIN sku s ON s.id = x.sku_id
JOIN location l ON l.id = found.location_id
LEFT JOIN stock_entry final ON final.seq = found.seq LEFT JOIN stock_move m ON m.id = final.move_id
UNION ALL
SELECT 'moved without a code', NULL, s.code, l.code, m.effect_key
FROM stock_entry e JOIN sku s ON s.id = e.sku_id JOIN location l ON l.id = e.location_id
JOIN stock_move m ON m.id = e.move_id
WHERE s.serial_policy = 'unit' AND e.serial_id IS NULL AND [[e.sku_id IN TOUCHED]]
"""

_UNPROMISED = """
SELECT s.code AS sku, l.code AS place, b.lot, b.reserved, b.held, NULL AS blocked
FROM stock_balance b JOIN sku s ON s.id = b.sku_id JOIN location l ON l.id = b.location_id
WHERE b.reserved <> 0 AND l.kind <> 'internal'
UNION ALL
SELECT s.code, l.code, found.lot, found.reserved, found.held, found.blocked
FROM (
    SELECT b.sku_id, b.location_id, b.lot, b.reserved, b.held, CASE
        WHEN EXISTS (SELECT 1 FROM hold h WHERE h.sku_id = b.sku_id AND h.lot = b.lot
            AND h.serial_id IS NULL AND h.lifted_at IS NULL) THEN b.quantity
        ELSE 1000000 * (SELECT COUNT(DISTINCT h.serial_id) FROM hold h
            JOIN serial x ON x.id = h.serial_id WHERE h.sku_id = b.sku_id
            AND x.location_id = b.location_id AND h.lifted_at IS NULL
            AND b.lot = (SELECT e.lot FROM stock_entry e WHERE e.serial_id = x.id
                AND e.quantity > 0 ORDER BY e.seq DESC LIMIT 1))
        END AS blocked
    FROM stock_balance b
) found
JOIN sku s ON s.id = found.sku_id JOIN location l ON l.id = found.location_id
WHERE found.held <> found.blocked
"""

_EFFECTS = """
SELECT 'one step booked this twice' AS problem, m.effect_key, m.reason, m.document
FROM stock_move m
WHERE [[m.effect_key IN (SELECT effect_key FROM stock_move WHERE id > :moves)]]
GROUP BY m.effect_key, m.reason, m.document HAVING COUNT(*) > 1
UNION ALL
SELECT 'no step is known to have booked this', m.effect_key, m.reason, m.document
FROM stock_move m LEFT JOIN effect e ON e.key = m.effect_key
WHERE e.key IS NULL AND [[m.id > :moves]]
UNION ALL
SELECT 'no step is known to have booked this', j.effect_key, j.reason, j.document
FROM journal j LEFT JOIN effect e ON e.key = j.effect_key
WHERE e.key IS NULL AND j.move_id IS NULL AND [[j.id > :vouchers]]
UNION ALL
SELECT 'the step is recorded twice', key, NULL, NULL
FROM effect WHERE [[1 = 0]] GROUP BY key HAVING COUNT(*) > 1
"""

_ORDERS = """
SELECT o.number AS document, l.line_no, s.code AS sku, l.ordered, l.received, l.accepted,
    l.rejected, COALESCE(SUM(r.quantity), 0) AS counted, MAX(rc.effect_key) AS effect_key
FROM purchase_order_line l
JOIN purchase_order o ON o.id = l.order_id JOIN sku s ON s.id = l.sku_id
LEFT JOIN receipt_line r ON r.order_line_id = l.id AND r.on_order
LEFT JOIN receipt rc ON rc.id = r.receipt_id
WHERE [[l.sku_id IN TOUCHED]]
GROUP BY l.id, o.number, l.line_no, s.code, l.ordered, l.amended, l.waived, l.let_in,
    l.received, l.accepted, l.rejected
HAVING l.received <> COALESCE(SUM(r.quantity), 0)
    OR l.accepted <> COALESCE(SUM(r.accepted), 0)
    OR l.rejected <> COALESCE(SUM(r.rejected), 0)
    OR l.received - l.accepted - l.rejected <> COALESCE(SUM(r.waiting), 0)
    OR l.received > l.ordered + l.amended - l.waived + l.let_in
UNION ALL
SELECT 'goods waiting at ' || p.code, NULL, s.code, NULL, SUM(w.waiting), NULL, NULL,
    SUM(w.stock), NULL
FROM (
    SELECT place_id, sku_id, lot, waiting, 0 AS stock FROM receipt_line
    WHERE [[sku_id IN TOUCHED]]
    UNION ALL
    SELECT location_id, sku_id, lot, 0, quantity FROM stock_balance
    WHERE [[sku_id IN TOUCHED]]
) w
JOIN location p ON p.id = w.place_id JOIN sku s ON s.id = w.sku_id
WHERE p.kind IN ('qc', 'hold')
GROUP BY p.code, s.code, w.lot HAVING SUM(w.waiting) <> SUM(w.stock)
UNION ALL
SELECT 'billed for more than was accepted', r.line_no, s.code, NULL, r.quantity, r.accepted,
    r.rejected, SUM(m.quantity), MAX(j.effect_key)
FROM bill_match m
JOIN receipt_line r ON r.id = m.receipt_line_id JOIN sku s ON s.id = r.sku_id
JOIN journal j ON j.id = m.journal_id
WHERE [[r.sku_id IN TOUCHED]]
GROUP BY r.id, r.line_no, s.code, r.quantity, r.accepted, r.rejected, r.returned
HAVING SUM(m.quantity) > r.accepted + r.returned
"""

INVARIANTS = (
    Invariant(
        "I1",
        N_("What left one place arrived at another: the entries of every move sum to zero."),
        """SELECT m.id AS move, s.code AS sku, m.document, m.effect_key,
            SUM(e.quantity) AS difference
        FROM stock_entry e JOIN stock_move m ON m.id = e.move_id JOIN sku s ON s.id = e.sku_id
        WHERE [[e.move_id > :moves]]
        GROUP BY m.id, s.code, m.document, m.effect_key HAVING SUM(e.quantity) <> 0""",
    ),
    Invariant("I2", N_("The stock we show is what its ledger entries add up to."), _BALANCES),
    Invariant(
        "I3",
        N_("No place holds less than nothing, or less than is promised there."),
        """SELECT s.code AS sku, l.code AS place, b.lot, b.quantity, b.reserved
        FROM stock_balance b JOIN sku s ON s.id = b.sku_id JOIN location l ON l.id = b.location_id
        WHERE b.quantity < 0 OR b.reserved < 0 OR b.reserved > b.quantity""",
    ),
    Invariant("I4", N_("What is marked as promised is what live reservations promise."), _RESERVED),
    Invariant(
        "I5",
        N_("Every unit with a code is at exactly one place, and came there from the last one."),
        _SERIALS,
    ),
    Invariant("I9", N_("Every step took effect once, and every move belongs to a step."), _EFFECTS),
    Invariant(
        "I11",
        N_(
            "What was received is accepted, rejected or waiting, is no more than was ordered or "
            "let in, what waits is really there, and no more is billed than was accepted."
        ),
        _ORDERS,
    ),
    Invariant(
        "I16",
        N_("Nothing is booked for a time after it was written down."),
        """SELECT id AS move, document, effect_key, effective_at, recorded_at
        FROM stock_move WHERE effective_at > recorded_at AND [[id > :moves]]""",
    ),
    Invariant(
        "I20",
        N_(
            "Goods on hold, in inspection, rejected or moving are promised to nobody, and as much "
            "is blocked as blocks say."
        ),
        _UNPROMISED,
    ),
)
