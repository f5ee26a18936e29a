"""Reads a value of case data by its path: `receipt.asn_no`, `lines.0.sku`."""

from collections.abc import Mapping
from typing import Any


def value_at(data: Any, path: str) -> Any:
    """What `path` leads to, or None."""
    for step in path.removeprefix("data.").split("."):
        data = _step(data, step)
        if data is None:
            return None
    return data


def _step(data: Any, step: str) -> Any:
    if isinstance(data, Mapping):
        return data.get(step)
    if isinstance(data, list) and step.isdecimal() and int(step) < len(data):
        return data[int(step)]
    return None
