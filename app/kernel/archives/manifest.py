"""The first page of an archive: its schema, and how many rows each table has, with a digest."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from app.kernel.archives.errors import NotAnArchive

FORMAT = 1
_NAME = "manifest.json"


@dataclass(frozen=True)
class Part:
    """One table: its rows, their digest, and the last id that was ever given out."""

    rows: int
    digest: str
    last_id: int | None


@dataclass(frozen=True)
class Manifest:
    """What the archive holds."""

    revision: str
    made_at: str
    tables: Mapping[str, Part]

    def write(self, archive: zipfile.ZipFile) -> None:
        """Put the page into the archive."""
        text = json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True)
        archive.writestr(_NAME, text)


def read(archive: zipfile.ZipFile, *, file: str) -> Manifest:
    """The page of an archive.

    Raises:
        NotAnArchive: there is none, or of a format this release does not read.
    """
    try:
        found = json.loads(archive.read(_NAME))
        tables = {name: Part(**part) for name, part in found["tables"].items()}
        known = found["format"] == FORMAT
        manifest = Manifest(str(found["revision"]), str(found["made_at"]), tables)
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise NotAnArchive(file=file) from error
    if not known:
        raise NotAnArchive(file=file)
    return manifest
