"""The subset of the form-js dialect we offer: types, their keys, our own properties."""

import re

TYPES = (
    "textfield", "textarea", "number", "datetime", "checkbox", "checklist", "radio", "select",
    "taglist", "filepicker", "group", "dynamiclist", "table", "text", "separator",
)  # fmt: skip

ROOT_KEYS = frozenset({
    "type", "id", "components", "schemaVersion", "exporter", "executionPlatform",
    "executionPlatformVersion", "versionTag", "properties",
})  # fmt: skip

_EVERY = frozenset({"type", "id", "layout", "conditional", "properties"})
_INPUT = _EVERY | {
    "key", "label", "description", "defaultValue", "readonly", "disabled", "validate"
}  # fmt: skip
_CHOICE = _INPUT | {"values", "valuesKey"}
_BOX = _EVERY | {"path", "label", "components", "showOutline", "verticalAlignment"}

KEYS = {
    "textfield": _INPUT | {"appearance"},
    "textarea": _INPUT,
    "number": _INPUT | {"appearance", "decimalDigits", "increment", "serializeToString"},
    "datetime": _INPUT | {
        "subtype", "dateLabel", "timeLabel", "use24h", "timeInterval", "timeSerializingFormat",
        "disallowPassedDates",
    },
    "checkbox": _INPUT,
    "checklist": _CHOICE,
    "radio": _CHOICE,
    "select": _CHOICE | {"searchable"},
    "taglist": _CHOICE,
    "filepicker": (_INPUT | {"accept", "multiple"}) - {"defaultValue"},
    "group": _BOX,
    "dynamiclist": _BOX | {
        "isRepeating", "allowAddRemove", "defaultRepetitions", "disableCollapse",
        "nonCollapsedItems",
    },
    "table": _EVERY | {"label", "dataSource", "columns", "rowCount"},
    "text": _EVERY | {"text"},
    "separator": _EVERY,
}  # fmt: skip

VALIDATE_KEYS = frozenset({
    "required", "min", "max", "minLength", "maxLength", "pattern", "validationType",
})  # fmt: skip

_PLAIN = frozenset({"expected"})
_TEXT = _PLAIN | {"readonly", "lookup", "scan"}
_CHOSEN = _PLAIN | {"readonly", "outcome"}
PROPERTIES = {
    "textfield": _TEXT,
    "textarea": _PLAIN | {"readonly", "scan"},
    "number": _PLAIN | {"readonly", "decimals", "unit"},
    "datetime": _PLAIN | {"readonly"},
    "checkbox": _PLAIN | {"readonly"},
    "checklist": _PLAIN | {"readonly"},
    "radio": _CHOSEN,
    "select": _CHOSEN | {"lookup"},
    "taglist": _PLAIN | {"readonly"},
    "filepicker": frozenset[str](),
    "group": frozenset[str](),
    "dynamiclist": frozenset({"scan", "min_rows", "max_rows"}),
    "table": _PLAIN,
    "text": _PLAIN,
    "separator": frozenset[str](),
}
TRANSLATED = re.compile(
    r"(?:label|description|text|unit|prefix|option\..+|column\..+)\.(en|zh_Hant|zh_Hans)"
)
ROOT_TRANSLATED = re.compile(r"action\.(en|zh_Hant|zh_Hans)")
ROOT_PROPERTIES = frozenset({"action"})
LOOKUPS = frozenset({
    "product", "sku", "supplier", "location", "site", "outlet", "worker", "customer", "person",
    "purchase_order", "asn", "serial",
})  # fmt: skip

PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)
RESERVED = frozenset({"typename", "csrf_token"})

HINTS = {
    "button": "leave it out; a radio with the property outcome = true becomes the buttons",
    "html": "use text",
    "iframe": "pages of others are not shown inside ours",
    "image": "use filepicker for photographs of people, text for everything else",
    "expression": "compute it in a script before the task and show it as a readonly field",
    "spacer": "use separator",
    "documentPreview": "use filepicker",
}
