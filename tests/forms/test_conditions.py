"""What is hidden is decided by the server before anything is asked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workflow.forms import Occasion, conditions
from tests.forms.builders import (
    a_choice,
    a_form,
    a_list,
    a_part,
    complaints,
    hidden_if,
    required,
)


def holds(condition: str, **values: Any) -> bool:
    return conditions.holds(conditions.parse(condition), values.get)


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ('=a = "x"', {"a": "x"}),
        ('=a != "x"', {"a": "y"}),
        ('=a != "x"', {}),
        ("=a = null", {}),
        ('=a = ""', {}),
        ("=a = true", {"a": True}),
        ("=a", {"a": True}),
        ("=not(a)", {"a": False}),
        ("=not(a)", {}),
        ("=a = 3", {"a": "3"}),
        ("=a = 3.0", {"a": "3"}),
        ("=a < 10", {"a": "9"}),
        ("=a >= -1", {"a": "-1"}),
        ("=a > b", {"a": "10", "b": "9"}),
        ("=a > b", {"a": "10", "b": 9}),
        ("=a > 0.1", {"a": 0.2}),
        ('=a < "2026-03-01"', {"a": "2026-02-28"}),
        ("=a = 1 and b = 2 or c = 3", {"c": 3}),
        ("=a = 1 and (b = 2 or c = 3)", {"a": 1, "c": 3}),
        ("= a=1   and\nnot( b = 2 )", {"a": 1}),
        (r'=a = "say \"x\" \\"', {"a": 'say "x" \\'}),
        ("=truck.seal = 1", {"truck.seal": 1}),
    ],
)
def test_it_holds(condition: str, values: dict[str, Any]) -> None:
    assert holds(condition, **values)


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ('=a = "x"', {}),
        ("=a", {"a": "yes"}),
        ("=a = 1", {"a": True}),
        ("=a < 10", {}),
        ("=a < 10", {"a": "many"}),
        ("=a > 1", {"a": [2]}),
        ("=a = 1 and b", {"a": 1, "b": 1}),
        ("=a > b", {"a": "9", "b": "10"}),
    ],
)
def test_it_does_not_hold(condition: str, values: dict[str, Any]) -> None:
    assert not holds(condition, **values)


@given(st.text(max_size=60))
def test_no_text_is_more_than_refused(text: str) -> None:
    try:
        parsed = conditions.parse(f"={text}")
    except conditions.ConditionRefused:
        return

    assert conditions.holds(parsed, lambda _name: None) in (True, False)


def test_brackets_without_end_are_refused() -> None:
    with pytest.raises(conditions.ConditionRefused):
        conditions.parse("=" + "(" * 400)


def test_a_hidden_field_is_never_required_and_its_answer_is_forgotten() -> None:
    form = a_form(
        a_choice("radio", "verdict", "accept", "reject"),
        required(hidden_if('=verdict != "reject"', a_part("textfield", "reason"))),
    )

    assert form.validate({"verdict": "accept", "reason": "wet"}, {}) == {
        "verdict": "accept",
        "reason": None,
    }
    assert complaints(form, {"verdict": "reject"}) == {"reason": "Please fill this in."}
    assert form.validate({"verdict": "reject", "reason": "wet"}, {})["reason"] == "wet"


def test_a_hidden_field_may_hold_nonsense() -> None:
    form = a_form(a_part("checkbox", "none_came"), hidden_if("=none_came", a_part("number", "n")))

    assert form.validate({"none_came": "on", "n": "many"}, {}) == {"none_came": True, "n": None}


def test_what_hides_counts_as_unanswered_for_what_follows() -> None:
    form = a_form(
        a_part("checkbox", "a"),
        hidden_if("=not(a)", a_part("checkbox", "b")),
        required(hidden_if("=not(b)", a_part("textfield", "c"))),
    )

    assert form.validate({"b": "on"}, {}) == {"a": False, "b": False, "c": None}


def test_a_hidden_group_hides_all_that_is_in_it() -> None:
    inner = a_part("group", components=[required(a_part("textfield", "seal"))])
    group = a_part("group", "truck", components=[inner, a_choice("checklist", "damage", "wet")])
    form = a_form(a_part("checkbox", "walk_in"), hidden_if("=walk_in", group))

    assert form.validate({"walk_in": "on"}, {})["truck"] == {"seal": None, "damage": []}
    assert set(complaints(form, {})) == {"truck.seal"}


def test_conditions_of_a_row_look_at_the_row_then_at_the_form_then_at_the_case() -> None:
    serials = required(
        hidden_if(
            '=policy != "unit" or counted = 0 or strict != true', a_part("textfield", "serials")
        )
    )
    form = a_form(
        a_part("checkbox", "strict"), a_list("lines", a_part("number", "counted"), serials)
    )
    data = {"lines": [{"policy": "unit"}, {"policy": "none"}, {"policy": "unit"}]}
    answers = {
        "strict": "on",
        "lines.0.counted": "1",
        "lines.1.counted": "1",
        "lines.2.counted": "0",
    }

    assert set(complaints(form, answers, data)) == {"lines.0.serials"}
    assert complaints(form, {**answers, "strict": "false"}, data) == {}


def test_a_hidden_list_that_is_free_is_empty_and_a_fixed_one_is_blank() -> None:
    free = hidden_if("=none", a_list("extras", a_part("number", "n"), allowAddRemove=True))
    fixed = hidden_if("=none", a_list("lines", required(a_part("number", "n"))))
    form = a_form(a_part("checkbox", "none"), free, fixed)
    answers = {"none": "on", "extras.0.n": "x", "lines.5.n": "1", "lines._paste": "q\tw\te"}

    clean = form.validate(answers, {"lines": [{"sku": "BA-28"}], "extras": [{"n": "1"}]})

    assert clean == {"none": True, "extras": [], "lines": [{"sku": "BA-28", "n": None}]}


def test_a_broken_answer_does_not_ask_for_what_hangs_on_it() -> None:
    form = a_form(a_part("number", "n"), required(hidden_if("=n = 0", a_part("textfield", "why"))))

    assert set(complaints(form, {"n": "many"})) == {"n"}


def test_a_broken_answer_that_is_hidden_excuses_nothing() -> None:
    form = a_form(
        a_part("checkbox", "none"),
        hidden_if("=none", a_part("number", "n")),
        required(hidden_if("=n = 0", a_part("textfield", "why"))),
    )

    assert set(complaints(form, {"none": "on", "n": "many"})) == {"why"}


def test_a_blind_form_does_not_let_conditions_tell_what_is_expected() -> None:
    expected = a_part("number", "ordered", readonly=True, properties={"expected": True})
    why = required(hidden_if("=counted = ordered", a_part("textfield", "why")))
    form = a_form(a_list("lines", expected, a_part("number", "counted"), why))
    data = {"lines": [{"ordered": "3"}]}

    told = [complaints(form, {"lines.0.counted": n}, data, Occasion(blind=True)) for n in "345"]

    assert told[0] == told[1] == told[2]
    assert complaints(form, {"lines.0.counted": "3"}, data) == {}
