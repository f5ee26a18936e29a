"""Messages from outside: who may bring one, and which names anybody could hear."""

from collections.abc import Mapping

from app.kernel.errors import N_, NotFound
from app.workflow import definitions, messages, rights
from app.workflow.records import Definition
from app.workflow.spiff.sandbox import contract

_HEARING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


class NobodyHears(NotFound):
    """No published process has an event for this message."""

    code = "nobody_hears"
    message = N_("No process listens for the message {name}. Those that do: {choice}.")


def bring(name: str, correlation: str, payload: Mapping[str, object], *, key: str, by: int) -> bool:
    """Keep a message for the case it is about; False when `by` brought that key before.

    Raises:
        NotYourRole: only operators speak for the outside.
        NobodyHears: with the names somebody listens for.
        UnkeepableValue: the payload cannot enter a case.
    """
    rights.check_office(by, rights.OPERATORS)
    heard = names()
    if name not in heard:
        raise NobodyHears(name=name, choice=", ".join(sorted(heard)))
    clean = contract.check_value(dict(payload), "payload")
    return messages.send(name, correlation, clean, key=f"outside:{by}:{key}")


def names() -> frozenset[str]:
    """The messages that published processes listen for."""
    return frozenset(name for one in definitions.all_live() for name in _heard_by(one))


def _heard_by(definition: Definition) -> frozenset[str]:
    elements = definitions.blueprint(definition.id).elements.values()
    return frozenset(
        one.event.name
        for one in elements
        if one.event is not None and one.event.kind == "message" and one.kind in _HEARING
    )
