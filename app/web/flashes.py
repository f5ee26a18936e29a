"""What the next page says about what just happened."""

from flask import flash


def say(text: str, *, kind: str = "note", undo: str = "") -> None:
    """Say `text` once on the next page, perhaps with a way back."""
    flash(f"{text}\n{undo}", kind)
