"""Addresses of built files, stamped with their content so that browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

FOLDER = Path(__file__).parent / "static"
A_YEAR_SECONDS = 365 * 24 * 3600


def register(app: Flask) -> None:
    """Offer `asset(name)` to the templates."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR_SECONDS
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a built file."""
    file = FOLDER / name
    changed = file.stat().st_mtime_ns if file.exists() else 0
    return url_for("static", filename=name, v=_stamp(file, changed))


@lru_cache(maxsize=64)
def _stamp(file: Path, changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if changed else "unbuilt"
