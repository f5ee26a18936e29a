"""What a list shows of a case, read from its data by the paths its process names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_PLACE = re.compile(r"\{([^{}]+)\}")
_LONGEST_NUMBER, _LONGEST_SUBJECT, _LONGEST_SCOPE, _MOST_NUMBERS = 100, 200, 80, 1_000


@dataclass(frozen=True)
class CaseFacts:
    """Business key, subject line, place and searchable numbers of one case."""

    business_key: str | None
    subject: str | None
    scope: str
    numbers: str | None


def read(properties: Mapping[str, str], data: Mapping[str, Any]) -> CaseFacts:
    """The facts of a case with this data."""
    key = text_at(data, properties.get("business_key", ""))[:_LONGEST_NUMBER] or None
    paths = [properties.get("business_key", ""), *properties.get("numbers", "").split()]
    numbers = {text.upper()[:_LONGEST_NUMBER] for path in paths for text in texts_at(data, path)}
    return CaseFacts(
        business_key=key,
        subject=subject(properties, data),
        scope=place_at(data, properties.get("scope", "scope")),
        numbers="\n".join(sorted(numbers)[:_MOST_NUMBERS]) or None,
    )


def number(properties: Mapping[str, str], data: Mapping[str, Any]) -> str | None:
    """The number one task goes by, where its case's is not for those who do it."""
    return text_at(data, properties.get("number", ""))[:_LONGEST_NUMBER] or None


def subject(properties: Mapping[str, str], data: Mapping[str, Any]) -> str | None:
    """What a case is about, or one task of it where several are alike."""
    return _filled(properties.get("subject", ""), data)[:_LONGEST_SUBJECT] or None


def listed(numbers: str | None) -> set[str]:
    """The numbers of a case one by one; a row keeps them as lines."""
    return set((numbers or "").split("\n")) - {""}


def at(data: object, path: str) -> object:
    """The value at a dotted path, None when there is none."""
    for step in path.split("."):
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def text_at(data: Mapping[str, Any], path: str) -> str:
    """The number or text at `path`; empty when there is none."""
    return next(texts_at(data, path), "")


def place_at(data: Mapping[str, Any], path: str) -> str:
    """The place at `path`, as rows keep it."""
    return text_at(data, path)[:_LONGEST_SCOPE]


def texts_at(data: object, path: str) -> Iterator[str]:
    """Every number or text at `path`; lists on the way and at its end are gone through."""
    step, _, rest = path.partition(".")
    found = data.get(step) if isinstance(data, Mapping) and step else None
    for each in found if isinstance(found, list) else [found]:
        if rest:
            yield from texts_at(each, rest)
        elif isinstance(each, (str, int)) and not isinstance(each, bool) and each != "":
            yield str(each)


def _filled(template: str, data: Mapping[str, Any]) -> str:
    text = _PLACE.sub(lambda place: text_at(data, place[1].strip()), template)
    return text.strip(" ·")
