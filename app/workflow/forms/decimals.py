"""Numbers as people type them, and the one way we write them down."""

import re
from decimal import Decimal

from app.kernel.errors import N_
from app.workflow.forms.errors import Complaint

WHOLE_DIGITS = 12
DECIMALS = 6

_WIDE = str.maketrans("０１２３４５６７８９．－＋，−", "0123456789.-+,-")
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?|[+-]?\.[0-9]+", re.ASCII)
_CANONICAL = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[0-9 .,'’٬_]*[, '’٬_][0-9 .,'’٬_]*", re.ASCII)
_LONGEST = 60


class NotANumber(ValueError):
    """The text is no number we would dare to guess; `complaint` says why."""

    def __init__(self, complaint: Complaint) -> None:
        self.complaint = complaint
        super().__init__(complaint)


def parsed(text: str, *, decimals: int = DECIMALS) -> Decimal:
    """The number written in `text`.

    Full-width digits are digits. Grouping is refused: 1,000 is a thousand to one
    reader and one to another.

    Raises:
        NotANumber: with a sentence for the person who typed it.
    """
    plain = text.translate(_WIDE).strip()
    if len(plain) > _LONGEST or not _PLAIN.fullmatch(plain):
        raise NotANumber(_why_not(text.strip(), plain))
    whole, _, fraction = plain.lstrip("+-").partition(".")
    if len(fraction) > decimals:
        raise NotANumber(_too_fine(decimals))
    if len(whole.lstrip("0")) > WHOLE_DIGITS:
        raise NotANumber(Complaint(N_("This number is too large.")))
    return Decimal(plain)


def canonical(number: Decimal) -> str:
    """The one text for `number`: no exponent, no trailing zeros, no minus before zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def is_canonical(text: str) -> bool:
    """Whether `text` reads like a number we wrote."""
    return bool(_CANONICAL.fullmatch(text))


def _why_not(text: str, plain: str) -> Complaint:
    if len(plain) <= _LONGEST and _GROUPED.fullmatch(plain) and any(c.isdigit() for c in plain):
        return Complaint(
            N_("Write the number without separators; “{text}” can be read in two ways."), text=text
        )
    return Complaint(N_("Write a number in digits."))


def _too_fine(decimals: int) -> Complaint:
    if decimals == 0:
        return Complaint(N_("Write a whole number."))
    return Complaint(
        N_("Write at most {decimals} digits after the decimal point."), decimals=decimals
    )
