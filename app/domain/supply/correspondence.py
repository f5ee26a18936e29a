"""Letters to suppliers: they leave with the step that writes them, when we know an address."""

from app.domain.supply.suppliers import Supplier
from app.kernel import cause, mail

# Its subject and its text.
Letter = tuple[str, str]


def send(supplier: Supplier, letter: Letter, *, key: str | None = None) -> str:
    """Write to a supplier, once for `key` (the running step); the address, empty without one."""
    if supplier.email:
        subject, text = letter
        key = key or cause.current().effect_key
        mail.post(supplier.email, subject=subject, text=text, key=key)
    return supplier.email
