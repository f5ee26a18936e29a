"""What sourcing refuses."""

from app.kernel.errors import N_, NotAllowed, Refusal


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


class ProposedAlready(Refusal):
    """One proposal at a time."""

    code = "proposed_already"
    message = N_(
        "{number}, proposed by {person}, waits for an answer. Let it be decided or withdrawn first."
    )


class NotYourProposal(NotAllowed):
    """Who proposed may withdraw."""

    code = "not_your_proposal"
    message = N_("Only {person}, who proposed it, withdraws it. Others approve or refuse.")


class ProposalDecided(Refusal):
    """An answer is given once."""

    code = "proposal_decided"
    message = N_("{number} is decided already: {status}. Look at it again.")


class MayNotPropose(NotAllowed):
    """Who buys or pays proposes."""

    code = "may_not_propose"
    message = N_("Changes about suppliers are proposed by buyers, their manager and finance.")


class NothingChanges(Refusal):
    """A proposal changes something."""

    code = "nothing_changes"
    message = N_("This is what we know already. Change at least one field.")
    status = 422


class BadFact(Refusal):
    """A fact about a supplier is not written as it must be."""

    code = "bad_fact"
    message = N_("“{text}” is missing or too long. Write one line.")
    status = 422


class BadAddress(BadFact):
    """Letters go to an e-mail address."""

    code = "bad_address"
    message = N_("“{text}” is no e-mail address. Write it like orders@example.com.")


class BadTelephone(BadFact):
    """People dial digits."""

    code = "bad_telephone"
    message = N_("“{text}” is no telephone number. Write it in digits, like +886 2 1234 5678.")


class BadTaxNumber(BadFact):
    """Offices know companies by it."""

    code = "bad_tax_number"
    message = N_("“{text}” is no tax number. Write its digits and capital letters.")


class BadCurrency(BadFact):
    """A currency has three letters."""

    code = "bad_currency"
    message = N_("“{text}” is no currency. Write its three letters, like TWD.")


class BadDays(BadFact):
    """Bills are due after whole days."""

    code = "bad_days"
    message = N_("“{text}” is no number of days. Write a whole number, like 30.")


class BadAccount(BadFact):
    """Banks know accounts by it."""

    code = "bad_account"
    message = N_("“{text}” is no account number. Write its digits and capital letters.")


class ChangedMeanwhile(Refusal):
    """What the proposal started from is no longer so."""

    code = "changed_meanwhile"
    message = N_(
        "This says {now} by now, and said {was} when the change was proposed. "
        "Refuse it and let it be proposed anew."
    )


class TermsDiffer(Refusal):
    """Rows of one SKU belong to one agreement."""

    code = "terms_differ"
    message = N_(
        "The rows of {sku} contradict each other: {values}. "
        "Unit, least order, pack and days to deliver are the same in all of them."
    )


class NothingShipped(Refusal):
    """A notice announces something."""

    code = "nothing_shipped"
    message = N_("Say how much of {order} you ship: give at least one line a quantity.")


class NotEveryCode(Refusal):
    """Codes are listed for every unit or for none."""

    code = "not_every_code"
    message = N_("{sku}: {n} codes for {quantity} units. List every code, or none.")


class CodesTwice(Refusal):
    """A code names one unit."""

    code = "codes_twice"
    message = N_(
        "These codes are in another row or in an earlier notice of yours (line: code): {codes}. "
        "Correct them or take them out."
    )
