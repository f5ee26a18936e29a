"""Addresses of built files, stamped with their content so that browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, request

FOLDER = Path(__file__).parent / "static"
A_YEAR_SECONDS = 365 * 24 * 3600


def register(app: Flask) -> None:
    """Offer `asset(name)` to the templates."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR_SECONDS
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a built file."""
    # As url_for("static") says it; a page asks for twenty.
    return f"{request.script_root}{current_app.static_url_path}/{name}?v={_stamp(name)}"


@lru_cache(maxsize=64)
def _stamp(name: str) -> str:
    """Read once: a server is started after its files are built."""
    try:
        return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:10]
    except FileNotFoundError:
        return "unbuilt"
