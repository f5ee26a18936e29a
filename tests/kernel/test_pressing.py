"""What is pressed comes back as it was, however large, and is known from what is not."""

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.pressing import is_pressed, pressed, unpressed

LARGE = b'{"line": 1},' * 5_000


@given(st.binary(max_size=2_000))
def test_any_text_comes_back(text: bytes) -> None:
    assert unpressed(pressed(text)) == text


@pytest.mark.parametrize("text", [b"", b"{}", LARGE[:15_999], LARGE])
def test_it_is_known_as_pressed(text: bytes) -> None:
    assert is_pressed(pressed(text))
    assert unpressed(pressed(text)) == text


def test_what_was_kept_with_the_usual_window_is_still_read() -> None:
    kept = zlib.compress(b'{"line": 1}', 6)

    assert is_pressed(kept)
    assert unpressed(kept) == b'{"line": 1}'


@pytest.mark.parametrize("value", [{}, [], "x", 1, -1, 0.5, True, False, None])
def test_no_json_looks_pressed(value: object) -> None:
    assert not is_pressed(json.dumps(value).encode())


def test_repetition_takes_little_room() -> None:
    assert len(pressed(LARGE)) < len(LARGE) / 100
    assert len(pressed(LARGE[:15_000])) < 15_000 / 50
