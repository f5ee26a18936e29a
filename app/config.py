"""Every setting, one line each; nothing else reads the environment."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


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


def from_environment() -> Settings:
    """Settings of this machine.

    The folder HOUTAI_VAR holds the SQLite file and the secret, both made when missing.
    """
    env = os.environ
    var = Path(env.get("HOUTAI_VAR") or ROOT / "var").resolve()
    own_file = f"sqlite:///{var / 'houtai.sqlite3'}"
    url = env.get("DATABASE_URL") or own_file
    return Settings(
        database_url=url,
        secret_key=env.get("HOUTAI_SECRET_KEY") or _kept_secret(var / "secret_key"),
        demo=env.get("HOUTAI_DEMO") == "1" and url == own_file,
        host=env.get("HOUTAI_HOST", "127.0.0.1"),
        port=int(env.get("HOUTAI_PORT", "8000")),
        threads=int(env.get("HOUTAI_THREADS", "8")),
        tick_seconds=float(env.get("HOUTAI_TICK_SECONDS", "1")),
        session_hours=int(env.get("HOUTAI_SESSION_HOURS", "12")),
        secure_cookies=env.get("HOUTAI_SECURE_COOKIES") == "1",
        migration_database_url=env.get("MIGRATION_DATABASE_URL"),
        scripts_boxed=env.get("HOUTAI_SCRIPTS_BOXED", "1") == "1",
    )


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()
