"""Compiled templates kept between starts: the first look at a page costs as little as the next."""

import contextlib
from pickle import UnpicklingError

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from app.config import Settings


def register(app: Flask) -> None:
    """Keep them in Houtai's own folder; without one, each process compiles its own."""
    settings: Settings = app.config["HOUTAI"]
    folder = settings.compiled_folder
    if folder is None:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        app.jinja_env.bytecode_cache = _Compiled(str(folder))


class _Compiled(FileSystemBytecodeCache):
    """Known by name and checksum of the source, so that what a release changed is made anew.

    A file that cannot be read or written costs a moment, never the page.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError, EOFError, UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)
