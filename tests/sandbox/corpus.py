"""What business rules look like: expressions and scripts that must mean the same as in CPython."""

from decimal import Decimal
from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "data"

DATA: dict[str, object] = {
    "a": 7,
    "b": -2,
    "f": 2.675,
    "g": 0.1,
    "z": 0,
    "yes": True,
    "no": False,
    "none": None,
    "s": "Café 台北 straße",
    "t": "  a,b,,c  ",
    "sku": "FLOUR-25",
    "empty": "",
    "xs": [3, 1, 2],
    "names": ["Lin", "chen", "Wu", "Álvarez"],
    "nested": [[1, 2], [3, [4]]],
    "order": {
        "no": "PO-17",
        "total": 1250.5,
        "site": "DAYUAN",
        "paid": False,
        "lines": [
            {"sku": "A1", "qty": 4, "price": "12.50"},
            {"sku": "B2", "qty": 0, "price": "3.99"},
            {"sku": "C3", "qty": 11, "price": "0.05"},
        ],
    },
    "price": Decimal("19.90"),
    "due_on": "2026-03-28",
    "due_at": "2026-03-28T17:05:09+08:00",
    "text": "line one\nline two\r\nline three",
    "record": '{"qty": 3, "tags": ["x", "é"], "deep": {"n": null}}',
}

EXPRESSIONS = (_FOLDER / "business_expressions.txt").read_text("utf-8").splitlines()
SCRIPTS = (_FOLDER / "business_scripts.txt").read_text("utf-8").split("# ---\n")
