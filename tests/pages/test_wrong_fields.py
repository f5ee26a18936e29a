"""A refusal that names a field names one that a form of ours has."""

import re
from collections.abc import Iterator

from app.config import ROOT
from app.domain.sourcing.errors import BadTelephone
from app.domain.sourcing.master_data import FACTS
from app.kernel.errors import Refusal

_NAMED = re.compile(r'\bname="(\w+)"')


def test_every_field_of_a_refusal_stands_in_a_form() -> None:
    pages = (ROOT / "app/web/templates").rglob("*.html")
    asked = {name for page in pages for name in _NAMED.findall(page.read_text("utf-8"))} | set(
        FACTS
    )

    named = {kind.__name__: kind.field for kind in _kinds(Refusal) if kind.field}

    assert len(named) > 10
    assert {name for name, field in named.items() if field not in asked} == set()


def test_one_refusal_can_be_about_one_of_several_fields() -> None:
    assert (BadTelephone(text="x").field, BadTelephone(text="x").at("phone").field) == ("", "phone")


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)
