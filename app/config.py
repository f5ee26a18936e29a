"""Every setting, one line each; nothing else reads the environment."""

import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
_ADDRESS = re.compile(r"(sqlite:///|postgresql\+psycopg://)[^\s]+")
_SPELLINGS = re.compile(r"postgres(ql)?://")

T = TypeVar("T", int, float)


class UnusableSetting(ValueError):
    """A variable of the environment that means nothing here; its text is for the operator."""


@dataclass(frozen=True)
class Settings:
    """What an operator may choose."""

    database_url: str
    secret_key: str
    demo: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    tick_seconds: float = 1.0
    session_hours: int = 12
    secure_cookies: bool = False
    migration_database_url: str | None = None
    scripts_boxed: bool = True
    mail_server: str = ""
    mail_port: int = 25
    mail_sender: str = "houtai@localhost"
    api_requests_per_minute: int = 600
    lock_seconds: float = 15.0
    statement_seconds: float = 60.0
    compiled_folder: Path | None = None

    @property
    def own_file(self) -> Path:
        """Houtai's own SQLite file."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def practice_folder(self) -> Path:
        """Where the practice company's history is played ahead, beside Houtai's own file."""
        return self.own_file.with_name("practice")

    @property
    def practice_progress(self) -> Path:
        """The day of the history that is reached, while it is played."""
        return self.practice_folder / "progress"


def from_environment() -> Settings:
    """Settings of this machine.

    The folder HOUTAI_VAR holds the SQLite file, the secret and compiled templates, all made when
    missing.

    Raises:
        UnusableSetting: a variable is set to something that cannot be meant.
    """
    env = os.environ
    var = Path(env.get("HOUTAI_VAR") or ROOT / "var").resolve()
    own_file = f"sqlite:///{var / 'houtai.sqlite3'}"
    url = _database("DATABASE_URL") or own_file
    return Settings(
        database_url=url,
        secret_key=env.get("HOUTAI_SECRET_KEY") or _kept_secret(var / "secret_key"),
        demo=env.get("HOUTAI_DEMO") == "1" and url == own_file,
        host=env.get("HOUTAI_HOST", "127.0.0.1"),
        port=_number("HOUTAI_PORT", int, 8000),
        threads=_number("HOUTAI_THREADS", int, 8),
        tick_seconds=_number("HOUTAI_TICK_SECONDS", float, 1.0),
        session_hours=_number("HOUTAI_SESSION_HOURS", int, 12),
        secure_cookies=env.get("HOUTAI_SECURE_COOKIES") == "1",
        migration_database_url=_database("MIGRATION_DATABASE_URL"),
        scripts_boxed=env.get("HOUTAI_SCRIPTS_BOXED", "1") == "1",
        mail_server=env.get("HOUTAI_MAIL_SERVER", ""),
        mail_port=_number("HOUTAI_MAIL_PORT", int, 25),
        mail_sender=env.get("HOUTAI_MAIL_SENDER", "houtai@localhost"),
        api_requests_per_minute=_number("HOUTAI_API_REQUESTS_PER_MINUTE", int, 600),
        lock_seconds=_number("HOUTAI_LOCK_SECONDS", float, 15.0),
        statement_seconds=_number("HOUTAI_STATEMENT_SECONDS", float, 60.0),
        compiled_folder=var / "templates",
    )


def _database(name: str) -> str | None:
    """The address of a database, its driver named; the one word it lacks is forgiven."""
    given = (os.environ.get(name) or "").strip()
    if not given:
        return None
    url = _SPELLINGS.sub("postgresql+psycopg://", given, count=1)
    if not _ADDRESS.fullmatch(url):
        raise UnusableSetting(
            f"{name} is no address of a database Houtai can use. Write "
            "postgresql+psycopg://user:password@host/name, or sqlite:////folder/file.sqlite3."
        )
    return url


def _number(name: str, kind: Callable[[str], T], otherwise: T) -> T:
    given = os.environ.get(name)
    try:
        number = kind(given) if given else otherwise
    except ValueError:
        number = kind("0")
    if not number > 0:
        raise UnusableSetting(f"{name} is {given!r}, but it must be a number greater than 0.")
    return number


def _kept_secret(path: Path) -> str:
    if not path.exists():
        _make_secret(path)
    kept = path.read_text(encoding="utf-8").strip()
    if not kept:
        raise UnusableSetting(f"{path} is empty. Remove it; the next start makes a new secret.")
    return kept


def _make_secret(path: Path) -> None:
    """Written aside and then linked, so that of two that start at once both read the same one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent)  # its owner's alone: mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        os.link(aside, path)
    Path(aside).unlink()
