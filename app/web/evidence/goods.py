"""What a case moved: rows of the stock ledger and, for those who may read the books, vouchers."""

from app.domain.finance import reading
from app.domain.finance.company import ours
from app.domain.finance.reading import Posting
from app.kernel.money import Money
from app.web import rooms
from app.web.books import words
from app.web.cases import papers, trail
from app.web.cases.standing import Standing
from app.web.files.sheets import Sheet, Value
from app.web.tongue import _
from app.web.words import name_of


def ledger(standing: Standing) -> Sheet | None:
    """The rows of the stock ledger; None for those to whom stock is closed."""
    if not rooms.is_open("stock"):
        return None
    headings = [_("SKU"), _("Change"), _("Where"), _("Why"), _("When"), _("Who"), _("Step")]
    rows = [
        [
            one["sku"],
            one["quantity"],
            one["location"],
            one["reason"],
            one["at"],
            one["person"] or _("the process itself"),
            one["step"],
            one["serial"] or "",
        ]
        for one in papers.stock_entries(standing, most=None)
    ]
    return Sheet("ledger", [*headings, _("Unit code")], rows)


def journal(standing: Standing) -> Sheet | None:
    """The lines of the journal; None for those to whom the books are closed."""
    if not rooms.is_open("books"):
        return None
    headings = [_("Voucher"), _("Day"), _("Why"), _("Document"), _("Account"), _("SKU")]
    headings += [_("Debit"), _("Credit"), _("Currency"), _("Who"), _("Step")]
    found = reading.of_case(standing.case.id)
    ways = trail.ways(one.voucher.effect_key for one in found)
    rows = [_posting(one, ways[one.voucher.effect_key].step) for one in found]
    return Sheet("journal", headings, rows)


def _posting(one: Posting, step: str) -> list[Value]:
    currency = ours().currency
    amount = Money(abs(one.line.amount), currency).amount
    debit, credit = (amount, None) if one.line.amount > 0 else (None, amount)
    return [
        one.voucher.number,
        one.voucher.day,
        words.reason(one.voucher.reason),
        one.voucher.document,
        words.account(one.line.account),
        one.sku.code if one.sku else "",
        debit,
        credit,
        currency,
        name_of(one.voucher.person_id) or _("the process itself"),
        step,
    ]
