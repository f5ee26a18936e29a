"""Patterns are a subset whose worst search is short."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.workflow.forms import patterns


@pytest.mark.parametrize(
    "source",
    [
        r"^BA-\d{2}$",
        r"^[A-Z]{2}[0-9]{6,8}$",
        r"^\+?\d[\d -]{3,20}$",
        r"^(PO|ASN)-\d{4}-\d{4}$",
        r"^(?:[A-Z]-)?\d+$",
        r"\d+",
        r"^[^\s]+@[^\s]+$",
        r"^a\.b\\c$",
        r"^[]a]$",
    ],
)
def test_patterns_of_the_trade_are_offered(source: str) -> None:
    assert patterns.compiled(source)


@pytest.mark.parametrize(
    "source",
    [
        r"(a+)+$",
        r"^(a|aa)+$",
        r"^(a|a)*b",
        r"^\d*\d*\d*x",
        r"\w+\w+x",
        r"^(?=a)a",
        r"(?P<x>a)",
        r"(a)\1",
        r"^a++",
        r"^a{2}{3}",
        r"^[a-z",
        r"^(a",
        r"a)",
        r"*a",
        r"^a{x}",
        r"^\p{L}",
        r"^[[:alpha:]]",
        r"^[a&&b]",
        r"^[b-a]$",
        "(" * 50,
        "a" * 500,
        r"^\b",
        "^" + "a?" * 30 + "a" * 30,
    ],
)
def test_patterns_that_may_search_long_are_refused(source: str) -> None:
    with pytest.raises(patterns.PatternRefused):
        patterns.compiled(source)


@given(
    st.text(alphabet=r"ab\d()[]{}|?*+^$.,2-", max_size=30), st.text(alphabet="ab2-", max_size=40)
)
@example("^(a|b?)", "")
def test_whatever_is_offered_compiles_and_ends(source: str, text: str) -> None:
    try:
        found = patterns.compiled(source)
    except patterns.PatternRefused:
        return

    found.search(text)
    assert isinstance(found, re.Pattern)
