"""What must always hold in the books: costs, journal and closed months, each as one query."""

from app.domain.invariants import Invariant
from app.kernel.errors import N_

_LAST = """(
    SELECT j.effect_key FROM cost_entry t JOIN journal j ON j.id = t.journal_id
    WHERE t.pool_id = p.id ORDER BY t.seq DESC LIMIT 1
)"""

# Goods on hold or rejected that nobody ordered lie in the house until they are shipped back, but
# are not ours.
_POOLS = """
SELECT 'differs from its rows' AS problem, s.code AS sku, p.quantity, p.value,
    SUM(e.quantity) AS quantity_found, SUM(e.value) AS value_found, LAST_STEP AS effect_key
FROM cost_pool p JOIN sku s ON s.id = p.sku_id JOIN cost_entry e ON e.pool_id = p.id
WHERE [[p.sku_id IN TOUCHED]]
GROUP BY p.id, s.code, p.quantity, p.value
HAVING p.quantity <> SUM(e.quantity) OR p.value <> SUM(e.value)
UNION ALL
SELECT 'differs from the goods that are ours', s.code, COALESCE(p.quantity, 0),
    COALESCE(p.value, 0), COALESCE(b.quantity, 0) - COALESCE(f.quantity, 0), NULL, LAST_STEP
FROM sku s
LEFT JOIN cost_pool p ON p.sku_id = s.id
LEFT JOIN (
    SELECT sku_id, SUM(quantity) AS quantity FROM stock_balance
    WHERE [[sku_id IN TOUCHED]] GROUP BY sku_id
) b ON b.sku_id = s.id
LEFT JOIN (
    SELECT l.sku_id, SUM(l.waiting + l.rejected - COALESCE(g.quantity, 0)) AS quantity
    FROM receipt_line l LEFT JOIN (
        SELECT t.receipt_line_id, SUM(t.quantity) AS quantity
        FROM supplier_return_line t JOIN supplier_return r ON r.id = t.return_id
        WHERE r.status = 'shipped' GROUP BY t.receipt_line_id
    ) g ON g.receipt_line_id = l.id
    WHERE NOT l.on_order AND l.outcome NOT IN ('keep_free', 'relabel') AND [[l.sku_id IN TOUCHED]]
    GROUP BY l.sku_id
) f ON f.sku_id = s.id
WHERE COALESCE(p.quantity, 0) <> COALESCE(b.quantity, 0) - COALESCE(f.quantity, 0)
    AND [[s.id IN TOUCHED]]
UNION ALL
SELECT 'goods were worth something and are worth nothing', s.code, p.quantity, p.value,
    NULL, NULL, LAST_STEP
FROM cost_pool p JOIN sku s ON s.id = p.sku_id
WHERE p.value = 0 AND p.quantity > 0 AND s.serial_policy <> 'unit' AND EXISTS (
    SELECT 1 FROM cost_entry e WHERE e.pool_id = p.id AND e.epoch = p.epoch AND e.value > 0
)
UNION ALL
SELECT 'worth something without goods', s.code, p.quantity, p.value, NULL, NULL, LAST_STEP
FROM cost_pool p JOIN sku s ON s.id = p.sku_id WHERE p.quantity = 0 AND p.value <> 0
UNION ALL
SELECT 'a unit has a cost and is not ours, or is ours twice: ' || x.code, s.code,
    SUM(e.quantity), SUM(e.value), NULL, NULL, NULL
FROM cost_entry e JOIN serial x ON x.id = e.serial_id JOIN sku s ON s.id = x.sku_id
WHERE [[e.pool_id IN (SELECT id FROM cost_pool WHERE sku_id IN TOUCHED)]]
GROUP BY x.id, x.code, s.code
HAVING SUM(e.quantity) NOT IN (0, 1000000) OR SUM(e.value) < 0
    OR (SUM(e.quantity) = 0 AND SUM(e.value) <> 0)
""".replace("LAST_STEP", _LAST)

_JOURNAL = """
SELECT 'a voucher does not balance' AS problem, j.document, NULL AS sku,
    SUM(l.amount) AS difference, MAX(j.effect_key) AS effect_key
FROM journal j JOIN journal_line l ON l.journal_id = j.id
WHERE [[j.id > :vouchers]]
GROUP BY j.id, j.document HAVING SUM(l.amount) <> 0
UNION ALL
SELECT 'the stock account differs from what stock is worth', NULL, s.code,
    COALESCE(b.amount, 0) - COALESCE(p.value, 0), NULL
FROM sku s LEFT JOIN cost_pool p ON p.sku_id = s.id LEFT JOIN (
    SELECT sku_id, SUM(amount) AS amount FROM journal_line
    WHERE account = 'stock' AND [[sku_id IN TOUCHED]] GROUP BY sku_id
) b ON b.sku_id = s.id
WHERE COALESCE(b.amount, 0) <> COALESCE(p.value, 0) AND [[s.id IN TOUCHED]]
UNION ALL
SELECT 'a voucher differs from the costs it booked', j.document, NULL,
    COALESCE(l.amount, 0) - COALESCE(e.value, 0), j.effect_key
FROM journal j LEFT JOIN (
    SELECT journal_id, SUM(amount) AS amount FROM journal_line
    WHERE account = 'stock' AND [[journal_id > :vouchers]] GROUP BY journal_id
) l ON l.journal_id = j.id LEFT JOIN (
    SELECT journal_id, SUM(value) AS value FROM cost_entry
    WHERE [[journal_id > :vouchers]] GROUP BY journal_id
) e ON e.journal_id = j.id
WHERE COALESCE(l.amount, 0) <> COALESCE(e.value, 0) AND [[j.id > :vouchers]]
UNION ALL
SELECT 'a unit was left half relabelled', j.document, NULL, SUM(l.amount), j.effect_key
FROM journal_line l JOIN journal j ON j.id = l.journal_id WHERE l.account = 'relabelling'
    AND [[l.journal_id > :vouchers]]
GROUP BY j.id, j.document, j.effect_key HAVING SUM(l.amount) <> 0
"""

_PERIODS = """
SELECT 'written into a closed month' AS problem, j.document, j.month, j.effect_key
FROM journal j JOIN period p ON p.month = j.month
WHERE p.closed_at IS NOT NULL AND j.id > p.sealed_at AND [[j.id > :vouchers]]
UNION ALL
SELECT 'dated outside its month', j.document, j.month, j.effect_key
FROM journal j WHERE SUBSTR(CAST(j.day AS VARCHAR(10)), 1, 7) <> j.month
    AND [[j.id > :vouchers]]
UNION ALL
SELECT 'a correction is older than what it corrects', j.document, j.month, j.effect_key
FROM journal j WHERE j.corrects_id >= j.id AND [[j.id > :vouchers]]
"""

BOOKS = (
    Invariant(
        "I6",
        N_(
            "What we own of each SKU is what came in less what went out, in goods and in money; "
            "when the last goods are gone their value is gone."
        ),
        _POOLS,
    ),
    Invariant(
        "I7",
        N_("Every voucher balances, and the stock account is worth exactly what the goods are."),
        _JOURNAL,
    ),
    Invariant(
        "I8",
        N_("Nothing is written into a closed month; corrections are new and point at the old."),
        _PERIODS,
    ),
)
