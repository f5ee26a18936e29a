"""Whatever a person can read has words in every language, with the same facts in it."""

import re
from collections.abc import Sequence
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from app.config import ROOT

LANGUAGES = ("zh_Hant", "zh_Hans")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_FACTS = re.compile(r"%\(\w+\)s|\{\w*(?:![rs])?\}")


@cache
def _said() -> frozenset[str]:
    """Every sentence marked for translation."""
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    found = extract_from_dir(ROOT / "app", METHODS, keywords=keywords, directory_filter=None)
    return frozenset(_singular(one[2]) for one in found)


@cache
def _catalogue(language: str) -> Catalog:
    path = ROOT / f"app/translations/{language}/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_words_in_every_language(language: str) -> None:
    known = {_singular(one.id) for one in _catalogue(language) if one.string and all(one.string)}

    missing = _said() - known

    assert len(_said()) > 500
    assert missing == set(), "run make translations, and fill in what is empty"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_the_same_facts(language: str) -> None:
    differing = [
        one.id
        for one in _catalogue(language)
        if one.id and one.string and _facts(one.id) != _facts(one.string)
    ]

    assert differing == []


@pytest.mark.parametrize(("language", "characters"), [("zh_Hant", "big5"), ("zh_Hans", "gb2312")])
def test_each_script_keeps_to_its_own_characters(language: str, characters: str) -> None:
    strangers = {
        str(one.id): found
        for one in _catalogue(language)
        if one.id and (found := [sign for sign in str(one.string) if _is_not_in(characters, sign)])
    }

    assert strangers == {}


def _singular(said: str | Sequence[str | None]) -> str:
    """A sentence as it stands for one thing, where it has a form for several."""
    return said if isinstance(said, str) else said[0] or ""


def _is_not_in(characters: str, sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff" and not sign.encode(characters, "ignore")


def _facts(said: object) -> list[str]:
    return sorted(_FACTS.findall(str(said)))
