"""Makes one component from its JSON, each kind by its own rule."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.workflow.forms import conditions, dialect, paths
from app.workflow.forms.components import MANY, UNIT, Column, Component, Option
from app.workflow.forms.limits import limits_of
from app.workflow.forms.reading import Reading

_MOST_OPTIONS = 500
_LONGEST_VALUE = 200
_NO_OPTION = Option("", {})


def component(reading: Reading, prefix: str) -> Component:
    """The component `reading` describes, its path under `prefix`; mistakes become findings."""
    kind = reading.raw["type"]
    _check_keys(reading, kind)
    part = Component(
        id=reading.element,
        kind=kind,
        label=reading.words("label"),
        description=reading.words("description"),
        hide=_hide(reading),
        limits=limits_of(reading, kind),
        expected=_expected(reading),
    )
    return _BY_KIND[kind](part, reading, prefix)


def _expected(reading: Reading) -> frozenset[str]:
    """“true” for the whole component, or the keys of a table's columns."""
    if isinstance(reading.properties.get("expected"), bool):
        return frozenset({"true"} if reading.properties["expected"] else ())
    return frozenset(reading.own().text("expected").split()) - {"false"}


def _check_keys(reading: Reading, kind: str) -> None:
    for key in sorted(reading.raw.keys() - dialect.KEYS[kind]):
        reading.refuse(f"“{key[:40]}” is not offered for {kind}")
    for key in sorted(reading.properties.keys() - dialect.PROPERTIES[kind]):
        if not dialect.TRANSLATED.fullmatch(key):
            reading.refuse(f"the property “{key[:40]}” is not offered for {kind}")
    for key in reading.part("conditional").raw.keys() - {"hide"}:
        reading.refuse(f"“conditional.{key[:40]}” is not offered")


def _hide(reading: Reading) -> conditions.Condition | None:
    source = reading.part("conditional").text("hide")
    if not source:
        return None
    found: conditions.Condition | None = reading.attempt(lambda: conditions.parse(source))
    return found


def _input(part: Component, reading: Reading, prefix: str) -> Component:
    own = reading.own()
    if not reading.text("key"):
        reading.refuse("a field needs a key", "the key is the name of the answer")
    readonly = any((reading.flag("readonly"), reading.flag("disabled"), own.flag("readonly")))
    if part.expected and not readonly:
        reading.refuse("only what is shown can be expected", "make the field readonly")
    if part.expected - {"true"}:
        reading.refuse("“expected” is true or false")
    path = paths.joined(prefix, reading.text("key"))
    return replace(part, path=path, readonly=readonly, default=_default(reading, part.kind))


def _text(part: Component, reading: Reading, prefix: str) -> Component:
    own, look = reading.own(), reading.part("appearance")
    for key in look.raw.keys() - {"prefixAdorner", "suffixAdorner"}:
        reading.refuse(f"“appearance.{key[:40]}” is not offered")
    return replace(
        _input(part, reading, prefix),
        lookup=own.one_of("lookup", ("", *sorted(dialect.LOOKUPS)), ""),
        scan=_scan(own),
        unit=reading.translated("unit", own.text("unit") or look.text("suffixAdorner")),
        prefix=reading.translated("prefix", look.text("prefixAdorner")),
    )


def _scan(own: Reading) -> str:
    """“unit” for the codes of units in the house, true for any code."""
    if own.raw.get("scan") == UNIT:
        return UNIT
    return "true" if own.flag("scan") else ""


def _moment(part: Component, reading: Reading, prefix: str) -> Component:
    subtype = reading.one_of("subtype", ("date", "time", "datetime"), "date")
    label = reading.text("label") or reading.text("timeLabel" if subtype == "time" else "dateLabel")
    words = reading.translated("label", label)
    return replace(_input(part, reading, prefix), subtype=subtype, label=words)


def _choice(part: Component, reading: Reading, prefix: str) -> Component:
    own = reading.own()
    source = reading.text("valuesKey")
    options = tuple(_option(item, reading) for item in reading.items("values")[:_MOST_OPTIONS])
    lookup = own.one_of("lookup", ("", *sorted(dialect.LOOKUPS)), "")
    if not (options or source or lookup or reading.flag("readonly")):
        reading.refuse("there is nothing to choose from", "give values or valuesKey")
    if len({option.value for option in options}) < len(options):
        reading.refuse("two choices have the same value")
    return replace(
        _input(part, reading, prefix),
        options=options,
        options_path=source or None,
        lookup=lookup,
        outcome=own.flag("outcome"),
    )


def _option(item: object, reading: Reading) -> Option:
    if isinstance(item, str):
        item = {"value": item, "label": item}
    if not isinstance(item, dict) or item.keys() - {"value", "label"}:
        reading.refuse("a choice has a value and a label")
        return _NO_OPTION
    value = str(item.get("value", ""))
    if not value or len(value) > _LONGEST_VALUE or isinstance(item.get("value"), dict | list):
        reading.refuse("the value of a choice is a short text")
    label = item.get("label")
    return Option(value, reading.translated(f"option.{value}", str(label or value)))


def _files(part: Component, reading: Reading, prefix: str) -> Component:
    accept = tuple(kind for kind in reading.text("accept").replace(" ", "").split(",") if kind)
    return replace(_input(part, reading, prefix), accept=accept, multiple=reading.flag("multiple"))


def _group(part: Component, reading: Reading, prefix: str) -> Component:
    return replace(part, path=paths.joined(prefix, reading.text("path")))


def _list(part: Component, reading: Reading, prefix: str) -> Component:
    if not reading.text("path"):
        reading.refuse("a list needs a path", "the path is where its rows lie")
    return replace(
        part,
        path=paths.joined(prefix, reading.text("path")),
        free_rows=reading.flag("allowAddRemove"),
        rows_at_first=reading.whole("defaultRepetitions", 0, most=20),
        scan=reading.own().text("scan"),
    )


def _table(part: Component, reading: Reading, _prefix: str) -> Component:
    source = reading.text("dataSource").strip().removeprefix("=").strip()
    if not dialect.PATH.fullmatch(source):
        reading.refuse("“dataSource” must be the name of a list", "write =lines or lines")
    columns = tuple(_column(item, reading) for item in reading.items("columns")[:20])
    if not columns:
        reading.refuse("a table needs columns")
    if part.expected - {"true"} - {column.key for column in columns}:
        reading.refuse("“expected” is true or names columns of the table")
    return replace(part, path=source, columns=columns)


def _column(item: object, reading: Reading) -> Column:
    keys: Mapping[str, Any] = item if isinstance(item, dict) else {}
    key = keys.get("key")
    if not isinstance(key, str) or not dialect.PATH.fullmatch(key):
        reading.refuse("a column has a key and a label")
        return Column("", {})
    return Column(key, reading.translated(f"column.{key}", str(keys.get("label") or key)))


def _shown(part: Component, reading: Reading, _prefix: str) -> Component:
    return replace(part, text=reading.words("text"))


def _default(reading: Reading, kind: str) -> object:
    value = reading.raw.get("defaultValue")
    if kind == "checkbox":
        return reading.flag("defaultValue")
    if kind in MANY:
        return [str(item) for item in reading.items("defaultValue")] if value else None
    if isinstance(value, dict | list | bool):
        reading.refuse("“defaultValue” must be a text or a number")
        return None
    return None if value is None or value == "" else str(value)


_BY_KIND: Mapping[str, Callable[[Component, Reading, str], Component]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _text,
    "datetime": _moment,
    "checkbox": _input,
    "checklist": _choice,
    "radio": _choice,
    "select": _choice,
    "taglist": _choice,
    "filepicker": _files,
    "group": _group,
    "dynamiclist": _list,
    "table": _table,
    "text": _shown,
    "separator": _shown,
}
