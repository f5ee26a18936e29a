"""What planning refuses, and what to do about it."""

from app.kernel.errors import N_, Refusal


class NoReasonForChange(Refusal):
    """Who departs from the rule says why: the next plan learns from it."""

    code = "no_reason_for_change"
    message = N_(
        "You order {quantity} {unit} of {sku} in place of the recommended {recommended}. "
        "A change over {share} % needs a reason: write one into the line."
    )


class NoReasonToLeaveOut(Refusal):
    """A need that nobody meets has a reason."""

    code = "no_reason_to_leave_out"
    message = N_("Say why {sku} is left out.")


class NoQuantity(Refusal):
    """An order has a quantity."""

    code = "no_plan_quantity"
    message = N_("Say how much of {sku} is ordered, or leave the line out.")


class NoSupplier(Refusal):
    """An order goes to somebody."""

    code = "no_plan_supplier"
    message = N_("Say from which supplier {sku} is bought, or leave the line out.")


class TooEarly(Refusal):
    """Nothing can be delivered in the past."""

    code = "required_too_early"
    message = N_("{sku} cannot be needed by {day}: that day is over. Choose a later one.")


class DecidedAlready(Refusal):
    """A line is decided on once."""

    code = "plan_decided"
    message = N_("Line {line} of {plan} was decided on before. Make a new plan.")


class NoPlaceAsked(Refusal):
    """Goods are wanted again where they were missing."""

    code = "no_place_asked"
    message = N_("Goods are wanted again for one site; {scope!r} is none. Begin the plan there.")
