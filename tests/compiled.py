"""What applications of a test run share, so that each of them need not compile it again."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

_engines: dict[str, Engine] = {}
_builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
_build = Rule._compile_builder


def share_addresses() -> None:
    """Let rules of the same address use one compiled builder: most of what an application costs.

    Werkzeug 3.1 compiles two functions for each rule. Every page test has an application of its
    own, with the same rules.
    """
    Rule._compile_builder = _builder  # type: ignore[method-assign, assignment]


def share_templates(app: Flask) -> None:
    """Let this application use what others made of the same templates: half of a page test."""
    app.jinja_env.bytecode_cache = _TEMPLATES


def share_statements(engine: Engine) -> None:
    """Let this engine use what others of its kind compiled: half the time of a short test.

    SQLAlchemy 2.1 keeps compiled statements per dialect and per engine; every application of a
    test has an engine of its own.
    """
    first = _engines.setdefault(engine.dialect.name, engine)
    if first is not engine:
        engine.dialect = first.dialect
        engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache


class _Templates(BytecodeCache):
    """Compiled templates by name and checksum of their source, for this process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_TEMPLATES = _Templates()


def _builder(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002 - Werkzeug's way
    key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _build(rule, append_unknown)
    return _builders[key]
