"""Whatever arrives, a form accepts it or says what is wrong; it never breaks."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.workflow.forms import FormRefused, InvalidAnswers, Occasion, parse
from tests.forms.builders import a_choice, a_form, a_list, a_part, hidden_if, rendered, required
from tests.forms.test_publishing import ONE_OF_EACH

OCCASION = Occasion(
    unknown_files=lambda _ids, _by: frozenset(),
    file_names=lambda ids: dict.fromkeys(ids, "a.jpg"),
    unknown_values=lambda _kind, _values: frozenset(),
)
FORM = a_form(
    *(part for kind, part in ONE_OF_EACH.items() if kind != "dynamiclist"),
    a_list(
        "lines",
        required(a_part("number", "counted")),
        hidden_if("=counted > 3 and sealed", a_choice("select", "why", "a", "b")),
        a_list("units", a_part("textfield", "serial"), allowAddRemove=True),
    ),
    a_list(
        "extras",
        a_part("textfield", "sku", properties={"lookup": "sku"}),
        a_part("datetime", "at", subtype="datetime"),
        a_part("filepicker", "photos"),
        allowAddRemove=True,
    ),
)
NAMES = st.sampled_from(
    [
        "note",
        "story",
        "counted",
        "due_on",
        "sealed",
        "damage",
        "verdict",
        "reason",
        "tags",
        "photos",
        "seal",
        "truck.seal",
        "truck",
        "lines",
        "lines.0",
        "lines.0.counted",
        "lines.0.why",
        "lines.1.counted",
        "lines.0.units.0.serial",
        "lines.0.units",
        "lines._paste",
        "extras",
        "extras.0.sku",
        "extras.0.at",
        "extras.1._from",
        "extras.0.photos",
        "extras._paste",
        "",
        ".",
        "..",
        "a.b.c",
        "lines.x",
        "lines..counted",
    ]
) | st.text(max_size=12)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(
        ["3", "accept", "2026-03-01", "2026-03-01T10:00", "wet", "on", "0", "\ud800", "\0"]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
ANSWERS = st.dictionaries(NAMES, VALUES, max_size=8)


def check(truth: object) -> None:
    assert truth


@settings(max_examples=250, deadline=None)
@given(ANSWERS, ANSWERS)
def test_answers_are_accepted_or_refused_never_broken(
    answers: dict[str, Any], data: dict[str, Any]
) -> None:
    try:
        clean = FORM.validate(answers, data, occasion=OCCASION)
    except InvalidAnswers as refused:
        check(refused.errors)
        view = FORM.view(data, refused.answers, refused.errors, occasion=OCCASION)
    else:
        assert "typename" not in json.dumps(clean, allow_nan=True)
        view = FORM.view(data, clean, occasion=OCCASION)
    assert rendered(view)


@settings(max_examples=100, deadline=None)
@given(ANSWERS)
def test_what_was_refused_is_refused_again_for_the_same_reasons(answers: dict[str, Any]) -> None:
    try:
        FORM.validate(answers, {}, occasion=OCCASION)
    except InvalidAnswers as first:
        kept = {
            key for key in first.errors if first.errors[key].message.startswith(("Write", "Choose"))
        }
        try:
            FORM.validate(first.answers, {}, occasion=OCCASION)
        except InvalidAnswers as second:
            check(set(second.errors) >= kept)
        else:
            assert not kept


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_are_more_than_refused(content: bytes) -> None:
    try:
        parse(content)
    except FormRefused as refused:
        check(refused.findings)


KEYS = st.sampled_from(
    [
        "type",
        "id",
        "key",
        "path",
        "label",
        "values",
        "validate",
        "properties",
        "conditional",
        "layout",
        "components",
        "columns",
        "dataSource",
        "defaultValue",
        "readonly",
        "increment",
        "decimalDigits",
        "subtype",
        "valuesKey",
        "appearance",
        "accept",
        "multiple",
        "allowAddRemove",
        "text",
    ]
)
JSON = st.recursive(
    SCALARS | st.sampled_from(list(ONE_OF_EACH)) | st.just("=a = 1"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=15,
)


@settings(max_examples=250, deadline=None)
@given(
    st.lists(
        st.dictionaries(KEYS, JSON, max_size=6).map(lambda part: {"type": "textfield", **part})
        | JSON,
        max_size=4,
    )
)
def test_no_json_is_more_than_refused(components: list[Any]) -> None:
    try:
        form = parse(json.dumps({"components": components}).encode("utf-8", "surrogatepass"))
    except FormRefused as refused:
        check(refused.findings)
    else:
        rendered(form.view({}, occasion=OCCASION))
