"""What the publish check asks: the names of an expression, and what is wrong with a text."""

import pytest

from app.workflow.spiff.sandbox import source
from app.workflow.spiff.sandbox.reading import Mode


def test_the_names_an_expression_reads() -> None:
    assert source.names("order['total'] > policy('limit') and not [x for x in xs]") == {
        "order",
        "policy",
        "xs",
    }


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("a > 1", "eval"),
        ("\n    a > 1 and\n    b\n", "eval"),
        ("x = 1", "exec"),
        ("", "exec"),
        ("'yes' if any(l['qty'] for l in lines) else 'no'", "eval"),
    ],
)
def test_good_texts_have_no_complaint(text: str, mode: Mode) -> None:
    assert source.complaint(text, mode) is None


@pytest.mark.parametrize(
    ("text", "mode", "line", "words"),
    [
        ("x = 1", "eval", 1, "not valid"),
        ("a && b", "eval", 1, "not valid"),
        ("", "eval", 0, "not valid"),
        ("x = 1\ny = (", "exec", 2, "not valid"),
        ("x = 1\n\nclass A(B): pass", "exec", 3, "base classes"),
        ("eval('1')", "eval", 0, "`eval` is not available"),
        ("open('x')", "eval", 1, "`open()` is not available"),
        ("().__class__", "eval", 1, "`.__class__` is not available"),
        ("d.isocalendar()", "eval", 1, "`.isocalendar` is not available"),
        ("d.strftime('%_d')", "eval", 1, "the date format `%_` is not available"),
        ("f'{d:%-A}'", "eval", 1, "the date format `%-A` is not available"),
        ("x is 5", "eval", 1, "`is` with a number"),
        ("x = 1\n'\\ud800'", "exec", 2, "broken Unicode"),
        ("'" + "x" * 20_000 + "'", "eval", 0, "characters long"),
        ("__sw_r = 1", "exec", 0, "reserved"),
        ("__class__ = 1", "exec", 0, "reserved"),
        ("raise ValueError('a', 1)", "exec", 1, "takes one text"),
        ("from x import *", "exec", 1, "the module `x`"),
        ("import math\nfrom math import *", "exec", 2, "`import *`"),
        ("for x in {1, 2}: pass", "exec", 1, "order of a set"),
    ],
)
def test_bad_texts_are_told_where_and_why(text: str, mode: Mode, line: int, words: str) -> None:
    complaint = source.complaint(text, mode)

    assert complaint is not None
    assert complaint.line == line
    assert words in complaint.message


@pytest.mark.parametrize("text", ["a = 1", "a && b", "not " * 40 + "a"])
def test_common_slips_get_a_hint(text: str) -> None:
    complaint = source.complaint(text, "eval")

    assert complaint is not None
    assert complaint.hint
