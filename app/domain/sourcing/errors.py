"""What sourcing refuses."""

from app.kernel.errors import N_, Refusal


class Overlap(Refusal):
    """Two agreements for one SKU would hold on the same day."""

    code = "agreements_overlap"
    message = N_(
        "{supplier} has an agreement for {sku} from {since} to {until} already. "
        "End that one first, or let this one begin after it."
    )


class NoBreaks(Refusal):
    """An agreement says what something costs."""

    code = "no_price_agreed"
    message = N_("Say what {sku} costs: give at least one quantity and its unit price.")


class BreakTwice(Refusal):
    """One quantity has one price."""

    code = "break_twice"
    message = N_("{sku} has two prices from {quantity} {unit} on. Keep one.")


class EndsBeforeItBegins(Refusal):
    """The first day comes before the last."""

    code = "ends_before_it_begins"
    message = N_("The last day, {until}, is before the first, {since}. Correct one of them.")


class EndedAlready(Refusal):
    """An end is written once."""

    code = "agreement_ended"
    message = N_("This agreement ends on {until} already; nothing is left to end.")


class NoCurrency(Refusal):
    """A currency has three letters."""

    code = "no_currency"
    message = N_("{text} is no currency. Write its three letters, like TWD.")
