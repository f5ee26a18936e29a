"""Photographs of codes: who may send how much, and what is said when no code is in one."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.kernel.errors import N_, Refusal

MOST_BYTES = 10_000_000
MOST_PIXELS = 50_000_000
SECONDS = 10
# Never imported: what reads pictures stays out of the server.
_DECODER = Path(__file__).with_name("decoder.py")
# Pictures use the processor for up to seconds; pages go first.
_AT_ONCE = threading.BoundedSemaphore(2)


class NoPhotograph(Refusal):
    """There is nothing to look at."""

    code = "no_photograph"
    message = N_("This is not a photograph (JPEG, PNG or WebP), or it is damaged. Take it again.")
    status = 415


class PhotographTooLarge(Refusal):
    """Larger than we look at."""

    code = "photograph_too_large"
    message = N_("A photograph may have {most} MB and {pixels} megapixels. Take a smaller one.")
    status = 413

    def __init__(self) -> None:
        super().__init__(most=MOST_BYTES // 1_000_000, pixels=MOST_PIXELS // 1_000_000)


class NoCodeFound(Refusal):
    """A picture without a code we can read."""

    code = "no_code_found"
    message = N_(
        "No code can be read in this photograph. Go closer, hold still, and mind the light; or type"
        " the last six characters."
    )
    status = 422


class PhotographTakesTooLong(Refusal):
    """Not read in time, or too many wait."""

    code = "photograph_takes_too_long"
    message = N_("This photograph could not be read in time. Try again, or type the code.")
    status = 503


def codes(content: bytes) -> list[str]:
    """The texts of the codes in a photograph, the uppermost first; at least one.

    Raises:
        NoPhotograph, PhotographTooLarge, PhotographTakesTooLong, NoCodeFound: as they say.
    """
    if len(content) > MOST_BYTES:
        raise PhotographTooLarge
    if not content:
        raise NoPhotograph
    answer = _answer(content)
    if answer.get("refused") == "too_many_pixels":
        raise PhotographTooLarge
    if "codes" not in answer:
        raise NoPhotograph
    found: list[str] = answer["codes"]
    if not found:
        raise NoCodeFound
    return found


def _answer(content: bytes) -> dict[str, Any]:
    """What the process that looks at the picture says; nothing when it did not survive it."""
    with _one_of_few():
        try:
            done = subprocess.run(  # noqa: S603 - this interpreter with a file of ours
                [sys.executable, "-I", str(_DECODER), str(MOST_PIXELS)],
                input=content,
                capture_output=True,
                timeout=SECONDS,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise PhotographTakesTooLong from late
    answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    return answer


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=SECONDS):
        raise PhotographTakesTooLong
    try:
        yield
    finally:
        _AT_ONCE.release()
