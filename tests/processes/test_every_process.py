"""Picture, forms, functions, tests and translations of every shipped process keep step."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import app.effects  # noqa: F401 - offers every effect
from app.config import ROOT
from app.workflow import cancelling, effects
from app.workflow.blueprints import Blueprint
from app.workflow.spiff.parsing import Element

DIAGRAMS = sorted(ROOT.glob("processes/*/*.bpmn"))
KEYS = [path.stem for path in DIAGRAMS]
LOCALES = ("zh_Hant", "zh_Hans")
WORDS = ("label", "text", "description")
# A case of the process that calls them answers for it; these never run by themselves.
CALLED_ONLY = {"order_answer", "order_approval", "order_confirmation", "order_pricing"} | {
    "order_quotation",
    "mini_count",  # a count that nobody ended changed nothing
    "opening_stock",  # is over with its only effect
}
_POLICY = re.compile(r"""policy\((?:"|&quot;)([a-z_.]+)""")


@pytest.fixture(autouse=True)
def _shipped() -> None:
    """What stands in the repository needs no database."""


def _blueprint(key: str) -> Blueprint:
    files = {path.name: path.read_bytes() for path in DIAGRAMS}
    files |= {path.name: path.read_bytes() for path in ROOT.glob("processes/*/*.dmn")}
    return Blueprint(key, files)


def _elements(key: str) -> list[Element]:
    return list(_blueprint(key).parsed.elements.values())


def _tidies(key: str) -> set[str]:
    """The effect that a case of the process runs when it is cancelled."""
    named = _blueprint(key).parsed.properties.get(cancelling.TIDY, cancelling.NOTHING)
    return {named} - {cancelling.NOTHING}


def _forms(key: str) -> set[str]:
    return {path.stem for path in ROOT.glob(f"forms/{key}/*.json")}


@pytest.mark.parametrize("key", KEYS)
def test_a_process_has_one_stem(key: str) -> None:
    assert _blueprint(key).parsed.key == key
    assert (ROOT / f"app/effects/{key}.py").exists()
    assert (ROOT / f"tests/processes/test_{key}.py").exists()


@pytest.mark.parametrize("key", KEYS)
def test_every_user_task_has_its_form_and_every_form_its_task(key: str) -> None:
    asked = {e.id for e in _elements(key) if e.kind == "userTask"}
    begun = {e.id for e in _elements(key) if e.kind == "startEvent"}

    assert asked <= _forms(key) <= asked | begun


@pytest.mark.parametrize("key", KEYS)
def test_every_service_task_has_its_function_and_every_function_its_task(key: str) -> None:
    called = {e.service.name for e in _elements(key) if e.service} | _tidies(key)
    offered = {name for name in effects.registered() if name.startswith(f"{key}.")}

    assert called == offered


@pytest.mark.parametrize("key", KEYS)
def test_everything_with_a_name_is_translated(key: str) -> None:
    parsed = _blueprint(key).parsed
    named = [e for e in parsed.elements.values() if e.name]

    assert {e.id for e in named if not set(LOCALES) <= e.titles.keys()} == set()
    assert {lane.id for lane in parsed.lanes if not set(LOCALES) <= lane.titles.keys()} == set()
    assert set(LOCALES) <= parsed.titles.keys()


@pytest.mark.parametrize("key", KEYS)
def test_people_read_why_they_have_a_task(key: str) -> None:
    reasons = ("summary", *(f"summary.{locale}" for locale in LOCALES))
    for element in _elements(key):
        if element.kind in ("userTask", "manualTask"):
            assert all(element.properties.get(name) for name in reasons), element.id


@pytest.mark.parametrize("key", KEYS)
def test_a_process_says_what_cancelling_it_leaves_or_what_to_do_instead(key: str) -> None:
    properties = _blueprint(key).parsed.properties
    says = cancelling.texts(properties, cancelling.SAYS)
    instead = cancelling.texts(properties, cancelling.INSTEAD)

    if any(e.service for e in _elements(key)) and key not in CALLED_ONLY:
        assert (cancelling.TIDY in properties) != bool(instead)
    assert bool(says) <= (cancelling.TIDY in properties)
    assert all(set(LOCALES) <= text.keys() for text in (says, instead) if text)


@pytest.mark.parametrize("path", sorted(ROOT.glob("forms/*/*.json")), ids=lambda p: p.stem)
def test_every_word_of_a_form_is_translated(path: Any) -> None:
    form = json.loads(path.read_bytes())

    assert list(_untranslated(form)) == []


@pytest.mark.parametrize("key", KEYS)
def test_every_policy_a_process_reads_is_seeded_by_it(key: str) -> None:
    (diagram,) = (path for path in DIAGRAMS if path.stem == key)
    text = diagram.read_text(encoding="utf-8")
    decisions = re.findall(r"calledDecisionId>(\w+)<", text)
    for decision in decisions:
        text += diagram.with_name(f"{decision}.dmn").read_text(encoding="utf-8")
    seeded = {name.removeprefix("policy.") for name in _blueprint(key).parsed.properties}
    read = set(_POLICY.findall(text)) | set(re.findall(r'"policy:([a-z_.]+)"', text))

    assert read <= seeded


def _untranslated(part: dict[str, Any]) -> Iterator[str]:
    own = part.get("properties", {})
    wanted = [word for word in WORDS if part.get(word)]
    wanted += [f"option.{option['value']}" for option in part.get("values", [])]
    wanted += [f"column.{column['key']}" for column in part.get("columns", [])]
    wanted += ["action"] if "action" in own else []
    for word in wanted:
        for locale in LOCALES:
            if not own.get(f"{word}.{locale}"):
                yield f"{part.get('id')}: {word}.{locale}"
    for inner in part.get("components", []):
        yield from _untranslated(inner)
