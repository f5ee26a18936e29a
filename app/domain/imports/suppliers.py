"""Importing suppliers."""

from app.domain.imports.cells import Cells
from app.domain.imports.kinds import Column, Kind
from app.domain.imports.records import Facts, Records
from app.domain.imports.references import known_suppliers
from app.domain.supply import suppliers
from app.domain.supply.suppliers import Supplier
from app.kernel.errors import N_


def _code(cells: Cells) -> str | None:
    return cells.code("supplier") or None


def _facts(cells: Cells) -> Facts:
    return {
        "name": cells.text("name", required=True),
        "email": cells.text("email"),
        "phone": cells.text("phone", longest=60),
    }


def _add(code: str, facts: Facts) -> Supplier:
    return suppliers.add(code, **facts)


KIND = Kind(
    "suppliers",
    N_("Suppliers"),
    (
        Column("supplier", "HONGSHENG", required=True),
        Column("name", "Hongsheng 鴻昇", required=True),
        Column("email", "orders@hongsheng.example"),
        Column("phone", "+886 2 5550 0101"),
    ),
    Records("supplier", _code, _facts, known_suppliers, _add).understand,
)
