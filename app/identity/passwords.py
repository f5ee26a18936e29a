"""Passwords: argon2id, and the few rules that keep guessable ones out."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kernel.errors import N_, Refusal

SHORTEST = 10
LONGEST = 256
_COMMON = frozenset({"password", "passw0rd", "qwertyuiop", "iloveyou", "letmein", "welcome"})
_SEQUENCES = frozenset({"1234567890", "0987654321", "0123456789"})


class WeakPassword(Refusal):
    """A guesser would try it soon."""

    code = "weak_password"
    field = "password"
    message = N_(
        "Choose a password of {shortest} to {longest} characters that is not one repeated "
        "pattern, a well-known one or the sign-in name."
    )


class _Chosen:
    hasher = PasswordHasher()


@contextmanager
def hashing_cheaply() -> Iterator[None]:
    """Take the weakest parameters inside the block, for tests that sign in a thousand times."""
    usual = _Chosen.hasher
    _Chosen.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    try:
        yield
    finally:
        _Chosen.hasher = usual


def hashed(password: str) -> str:
    """The argon2id hash to store."""
    return _Chosen.hasher.hash(_bytes(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Whether it is the password; takes as long for a person who has none or does not exist."""
    known = password_hash or _nobody(_Chosen.hasher)
    tried = password if len(password) <= LONGEST else ""
    try:
        _Chosen.hasher.verify(known, _bytes(tried))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _Chosen.hasher.check_needs_rehash(password_hash)


def check(password: str, *, username: str) -> None:
    """Refuse what a guesser would try first.

    Raises:
        WeakPassword: with the rule in its sentence.
    """
    plain = password.casefold()
    weak = (
        not SHORTEST <= len(password) <= LONGEST
        or len(set(plain)) < 4  # noqa: PLR2004 - "aaaaaaaaaa", "1212121212"
        or plain.strip("0123456789!.") in _COMMON | {username}
        or plain in _SEQUENCES
    )
    if weak:
        raise WeakPassword(shortest=SHORTEST, longest=LONGEST)


def _bytes(password: str) -> bytes:
    """The same bytes from every keyboard."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@lru_cache(maxsize=2)
def _nobody(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody")
