"""Opening stock: what lay on the shelves before the first delivery."""

from app.domain.inventory import opening
from app.workflow.effects import effect


@effect
def post_opening_stock(sheet_no: str) -> int:
    """Put the whole list on its shelves; how many lines it had."""
    return opening.post(opening.locked(sheet_no))
