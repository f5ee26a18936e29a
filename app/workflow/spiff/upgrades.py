"""States of cases that earlier releases wrote, brought to how this one writes them.

Whoever changes how `state` writes gives it a new version, and names here what makes of the old
one the new: cases that are open then go on, with `houtai migrate-states` or when they next move.
"""

from collections.abc import Callable
from typing import Any

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
UPGRADES: dict[bytes, tuple[bytes, Upgrade]] = {}
"""By version: the next version, and how to come to it."""


def upgraded(version: bytes, saved: dict[str, Any]) -> dict[str, Any]:
    """What was saved, as the newest version that can be come to."""
    while version in UPGRADES:
        version, upgrade = UPGRADES[version]
        saved = upgrade(saved)
    return saved
