"""The repository says nothing about the machine it was written on, nor where packages come from."""

import re
import subprocess
from pathlib import Path

import pytest

from app.config import ROOT

REGISTRIES = re.compile(
    rb"(?:pythonhosted|npmjs|yarnpkg|pypi)\.(?:org|com)"
    rb"|--(?:extra-)?index-url[ =]\S|\"resolved\": *\"http",
)
MACHINE = re.compile(rb"(?<![\w.$}*-])/(?:work|tmp|root|home|Users)/[\w.-]")
PICTURES = {".png", ".webp", ".ico", ".woff2", ".mo", ".jpg", ".gif"}


def _kept_files() -> list[Path]:
    """What git keeps, and what is about to be kept; not this file, which has to say it."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True).stdout
    found = [ROOT / name.decode() for name in listed.split(b"\0") if name]
    found.remove(Path(__file__).resolve())
    return [path for path in found if path.is_file() and path.suffix not in PICTURES]


@pytest.mark.parametrize("forbidden", [REGISTRIES, MACHINE], ids=["registries", "the machine"])
def test_no_file_names(forbidden: re.Pattern[bytes]) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): hit[0].decode()
        for path in _kept_files()
        if (hit := forbidden.search(path.read_bytes()))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("forbidden", "text"),
    [
        (REGISTRIES, b'"resolved": "https://somewhere/left-pad.tgz"'),
        (REGISTRIES, b"--index-url https://somewhere/else"),
        (REGISTRIES, b"see registry.%s.org/left-pad" % b"npmjs"),
        (MACHINE, b"open('/%s/ana/houtai/x.csv')" % b"home"),
        (MACHINE, b"cd /%s/main" % b"work"),
    ],
)
def test_it_would_be_noticed(forbidden: re.Pattern[bytes], text: bytes) -> None:
    assert forbidden.search(text)
