"""Decision tables: hit policies, cells, and what is refused when they are read."""

from collections.abc import Sequence

import pytest

from app.workflow.spiff.execution import ScriptFailed
from app.workflow.spiff.findings import ParseRefused
from tests.diagrams import bpmn, decision_table, rule
from tests.engine.play import Play

DECIDING = bpmn("deciding", rule("decide", "outcome"), flows="begin -> decide -> done")

OVER = (('"bulk"', "<= 2", '"accept"'), ('"bulk"', "> 2", '"ask"'), ("-", "?", '"never"'))


def decided(
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    outputs: Sequence[str] = ("answer",),
    inputs: Sequence[str] = ("kind", "over"),
    **data: object,
) -> dict[str, object]:
    table = decision_table("outcome", inputs, outputs, rules, policy=policy)
    return Play(DECIDING, data=data, decisions={"outcome.dmn": table}).data


@pytest.mark.parametrize(
    ("cell", "value", "fits"),
    [
        ("5", 5, True),
        ("5", 6, False),
        ("> 5", 6, True),
        ("<= 5", 6, False),
        ('"a"', "a", True),
        ("True", 1, True),
        ("in (1, 2)", 2, True),
        ("not in (1, 2)", 2, False),
        ("3 < ? <= 5", 5, True),
        ("3 < ? <= 5", 3, False),
        ("? % 2 == 0", 4, True),
        ('"what?"', "what?", True),
        ("-5", -5, True),
        ("limit", 9, True),
        ("> limit - 1 or limit < 0", 9, True),
        ("-", "anything", True),
        ("", None, True),
    ],
)
def test_a_cell_says_whether_the_input_fits(cell: str, value: object, *, fits: bool) -> None:
    rules = [(cell, '"yes"'), ("-", '"no"')]
    data = decided(rules, policy="FIRST", inputs=["x"], x=value, limit=9)

    assert data["answer"] == ("yes" if fits else "no")


def test_a_unique_table_answers_with_the_rule_that_fits() -> None:
    assert decided(OVER[:2], kind="bulk", over=3)["answer"] == "ask"


def test_a_unique_table_with_two_fitting_rules_is_a_fault() -> None:
    with pytest.raises(ScriptFailed, match="rules 1 and 2"):
        decided([("-", "-", "1"), ("-", "-", "2")], kind="bulk", over=1)


def test_a_table_without_a_fitting_rule_is_a_fault() -> None:
    with pytest.raises(ScriptFailed, match="no rule"):
        decided(OVER[:2], kind="serial", over=1)


def test_any_needs_one_answer_of_all_rules_that_fit() -> None:
    assert decided([("-", "-", "1"), ("-", "-", "1")], policy="ANY", kind=0, over=0)["answer"] == 1
    with pytest.raises(ScriptFailed, match="do not say the same"):
        decided([("-", "-", "1"), ("-", "-", "2")], policy="ANY", kind=0, over=0)


def test_collect_lists_every_answer() -> None:
    rules = [("-", "> 1", "1"), ("-", "> 2", "2"), ("-", "> 9", "9")]

    assert decided(rules, policy="COLLECT", kind=0, over=3)["answer"] == [1, 2]
    assert decided(rules, policy="COLLECT", kind=0, over=0)["answer"] == []


def test_outputs_may_be_paths_and_keep_what_stands_beside_them() -> None:
    data = decided(
        [("-", "-", "kind + '!'", "over * 2")],
        outputs=["to.kind", "to.much"],
        kind="bulk",
        over=4,
        to={"kept": 1},
    )

    assert data["to"] == {"kept": 1, "kind": "bulk!", "much": 8}


def test_a_failing_cell_names_its_rule() -> None:
    with pytest.raises(ScriptFailed, match="rule 2"):
        decided([("1", "-", "1"), ("1 / 0", "-", "2")], kind=2, over=0)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("[1..5]", "1 <= ? <= 5"),
        ('"a","b"', "in ("),
        ("> ", "cannot be used"),
        ("__import__('os')", "cannot be used"),
        ("x" * 2_001, "2000 characters"),
    ],
)
def test_a_cell_that_cannot_be_used_is_refused_by_its_id(cell: str, said: str) -> None:
    with pytest.raises(ParseRefused) as refused:
        decided([(cell, "-", "1")], kind=1, over=1)

    finding = refused.value.findings[0]
    assert said in str(finding)
    assert finding.element == "cell_1_1"


@pytest.mark.parametrize("policy", ["PRIORITY", "OUTPUT ORDER", "NONSENSE"])
def test_other_hit_policies_are_refused(policy: str) -> None:
    with pytest.raises(ParseRefused, match="hit policy"):
        decided([("-", "-", "1")], policy=policy, kind=1, over=1)
