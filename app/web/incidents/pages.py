"""Every page of the incidents' room, hung on its door."""

from app.web.incidents import steps, undelivered
from app.web.incidents.room import rooms

__all__ = ["rooms", "steps", "undelivered"]
