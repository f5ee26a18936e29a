"""Reads the JSON of one component, noting what is wrong instead of failing at the first."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from app.workflow.forms import words
from app.workflow.forms.components import Words
from app.workflow.forms.errors import Finding

_LONGEST_WORDS = 2_000


class Reading:
    """Typed access to one JSON object; every mistake becomes a finding at `element`."""

    def __init__(self, raw: Mapping[str, Any], element: str, findings: list[Finding]) -> None:
        self.raw = raw
        self.element = element
        self.findings = findings
        self.properties = self.part("properties").raw if "properties" in raw else {}

    def refuse(self, message: str, hint: str = "") -> None:
        """Note one finding."""
        self.findings.append(Finding(self.element, message, hint))

    def part(self, key: str) -> "Reading":
        """The object at `key`, empty when there is none."""
        inner = self.raw.get(key, {})
        if not isinstance(inner, dict):
            self.refuse(f"“{key}” must be an object")
            inner = {}
        return Reading(inner, self.element, self.findings)

    def own(self) -> "Reading":
        """Our own additions, which the editor keeps under `properties`."""
        return Reading(self.properties, self.element, self.findings)

    def items(self, key: str) -> list[Any]:
        """The list at `key`, empty when there is none."""
        inner = self.raw.get(key, [])
        if not isinstance(inner, list):
            self.refuse(f"“{key}” must be a list")
            return []
        return inner

    def text(self, key: str, default: str = "") -> str:
        """The text at `key`."""
        value = self.raw.get(key, default)
        if value is None:
            return default
        if not isinstance(value, str) or len(value) > _LONGEST_WORDS or not _is_sound(value):
            self.refuse(f"“{key}” must be a text of at most {_LONGEST_WORDS} characters")
            return default
        return value

    def flag(self, key: str) -> bool:
        """The yes or no at `key`."""
        value = self.raw.get(key, False)
        if isinstance(value, str) and value in ("true", "false"):
            return value == "true"
        if not isinstance(value, bool):
            hint = "an expression is not offered here" if isinstance(value, str) else ""
            self.refuse(f"“{key}” must be true or false", hint)
            return False
        return value

    def whole(self, key: str, default: int, *, least: int = 0, most: int) -> int:
        """The whole number at `key`, between `least` and `most`."""
        number = self.number(key)
        if number is None:
            return default
        if number != number.to_integral_value() or not least <= number <= most:
            self.refuse(f"“{key}” must be a whole number from {least} to {most}")
            return default
        return int(number)

    def number(self, key: str) -> Decimal | None:
        """The number at `key`, which the editor writes as a number or as a text."""
        value = self.raw.get(key)
        if value is None or value == "":
            return None
        number = _decimal(value)
        if number is None:
            self.refuse(f"“{key}” must be a number")
        return number

    def one_of(self, key: str, offered: tuple[str, ...], default: str) -> str:
        """The word at `key`, one of `offered`."""
        value = self.text(key, default)
        if value not in offered:
            self.refuse(f"“{key}” is “{value}”", f"use one of {', '.join(offered)}")
            return default
        return value

    def words(self, key: str) -> Words:
        """The words at `key` with their translations from the properties."""
        return self.translated(key, self.text(key))

    def translated(self, key: str, own: str) -> Words:
        """`own` with its translations `key.<locale>` from the properties."""
        found = {"": own} if own else {}
        for locale in words.LOCALES:
            text = self.properties.get(f"{key}.{locale}")
            if isinstance(text, str) and text:
                found[locale] = text
        for text in found.values():
            self.attempt(partial(words.check, text))
        return found

    def attempt(self, step: Callable[[], Any]) -> Any:
        """What `step` gives; a ValueError becomes a finding and None."""
        try:
            return step()
        except ValueError as error:
            self.refuse(str(error))
            return None


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e15") else None


def _is_sound(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
