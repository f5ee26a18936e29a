"""The choices a field offers: its own, or a list of the case."""

from collections.abc import Mapping

from app.workflow.forms import paths
from app.workflow.forms.components import Component, Option

MOST = 500


def of(part: Component, data: Mapping[str, object]) -> tuple[Option, ...]:
    """The choices of `part`, in their order."""
    if part.options_path is None:
        return part.options
    given = paths.found(data, part.options_path)
    items = given[:MOST] if isinstance(given, list) else []
    return tuple(option for option in map(_option, items) if option)


def values(part: Component, data: Mapping[str, object]) -> dict[str, Option]:
    """The choices by value."""
    return {option.value: option for option in of(part, data)}


def _option(item: object) -> Option | None:
    if isinstance(item, Mapping):
        value, label = item.get("value"), item.get("label")
        return Option(str(value), {"": str(label or value)}) if value not in (None, "") else None
    return None if item in (None, "") else Option(str(item), {"": str(item)})
