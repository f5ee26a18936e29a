"""What an answer must keep to, read from the JSON of its component."""

from dataclasses import replace
from re import Pattern

from app.workflow.forms import decimals, dialect, patterns
from app.workflow.forms.components import MOST_ROWS, Limits
from app.workflow.forms.reading import Reading

LONGEST = {"textfield": 500, "textarea": 5_000}


def limits_of(reading: Reading, kind: str) -> Limits:
    """The limits of one component of `kind`."""
    rules = reading.part("validate")
    for key in rules.raw.keys() - dialect.VALIDATE_KEYS:
        rules.refuse(f"“validate.{key}” is not offered")
    limits = Limits(required=rules.flag("required"), not_past=reading.flag("disallowPassedDates"))
    limits = _with_numbers(limits, reading, rules)
    limits = _with_texts(limits, rules, kind)
    return _with_rows(limits, reading.own())


def _with_numbers(limits: Limits, reading: Reading, rules: Reading) -> Limits:
    least, most, step = rules.number("min"), rules.number("max"), reading.number("increment")
    if least is not None and most is not None and least > most:
        reading.refuse("“min” is larger than “max”")
    if step is not None and step <= 0:
        reading.refuse("“increment” must be more than 0")
        step = None
    return replace(limits, least=least, most=most, step=step, decimals=_places(reading))


def _places(reading: Reading) -> int:
    properties = reading.own()
    if "decimals" in properties.raw:
        return properties.whole("decimals", decimals.DECIMALS, most=decimals.DECIMALS)
    return reading.whole("decimalDigits", decimals.DECIMALS, most=decimals.DECIMALS)


def _with_texts(limits: Limits, rules: Reading, kind: str) -> Limits:
    most = LONGEST.get(kind, 500)
    longest = rules.whole("maxLength", most, least=1, most=most)
    pattern = _pattern(rules, kind)
    said = rules.one_of("validationType", ("", "custom", "email", "phone"), "")
    return replace(
        limits,
        pattern=pattern,
        longest=min(longest, patterns.LONGEST_TEXT) if pattern else longest,
        shortest=rules.whole("minLength", 0, most=longest) or None,
        kind=said if said in ("email", "phone") else None,
    )


def _pattern(rules: Reading, kind: str) -> Pattern[str] | None:
    source = rules.text("pattern")
    if not source:
        return None
    if kind not in LONGEST:
        rules.refuse("only texts have a pattern")
        return None
    found: Pattern[str] | None = rules.attempt(lambda: patterns.compiled(source))
    return found


def _with_rows(limits: Limits, properties: Reading) -> Limits:
    fewest = properties.whole("min_rows", 0, most=MOST_ROWS)
    most = properties.whole("max_rows", MOST_ROWS, least=1, most=MOST_ROWS)
    if fewest > most:
        properties.refuse("“min_rows” is larger than “max_rows”")
    return replace(limits, fewest_rows=fewest, most_rows=most)
