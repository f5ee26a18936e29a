"""One file that holds the whole house: made while people work, read back into an empty database."""

from app.kernel.archives.errors import Damaged, NotAnArchive, NotEmpty, OtherRevision, UnknownTables
from app.kernel.archives.manifest import Manifest, Part
from app.kernel.archives.restoring import restore
from app.kernel.archives.snapshot import backup

__all__ = [
    "Damaged",
    "Manifest",
    "NotAnArchive",
    "NotEmpty",
    "OtherRevision",
    "Part",
    "UnknownTables",
    "backup",
    "restore",
]
