"""What the next page says about what just happened."""

from flask import flash


def say(text: str, *, kind: str = "note", undo: str | None = None) -> None:
    """Say `text` once on the next page, perhaps with a way back."""
    flash({"text": text, "undo": undo} if undo else text, kind)
