"""What a clean answer is, kind by kind: one marshmallow field per component."""

import re
from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from app.kernel.errors import N_
from app.workflow.forms import dates, decimals, options
from app.workflow.forms.components import Component
from app.workflow.forms.errors import Complaint
from app.workflow.forms.occasion import Occasion

MISSING = N_("Please fill this in.")
UNCHECKED = N_("Please confirm this.")
NOT_CHOSEN = N_("Please choose one.")
_MOST_VALUES = 500
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,6}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{3,23}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TRUE, _FALSE = ("true", "on", "1", "yes"), ("false", "off", "0", "no")


class Answer(fields.Field[Any]):
    """The answer to one component; blank is None."""

    missing_sentence = MISSING

    def __init__(self, part: Component) -> None:
        self.part = part
        required = part.limits.required or part.outcome
        super().__init__(allow_none=not required, error_messages={"null": self.missing_sentence})

    def cleaned(self, raw: object, data: Mapping[str, object], occasion: Occasion) -> object:
        """The clean answer in `raw`.

        Raises:
            ValidationError: whose only message is a Complaint (or a sentence without facts).
        """
        return self.deserialize(_unwrapped(raw), case=data, occasion=occasion)


class Text(Answer):
    """One line, or many in a textarea; spaces around it do not count."""

    def _deserialize(self, value: object, *_: Any, **__: Any) -> str:
        text = _text(value).replace("\r\n", "\n").replace("\r", "\n").strip()
        if self.part.kind == "textfield":
            text = " ".join(text.split("\n"))
        if _CONTROL.search(text):
            raise _no(N_("This text holds characters that cannot be kept. Type it again."))
        limits = self.part.limits
        if len(text) > limits.longest:
            raise _no(
                N_("At most {most} characters; these are {count}."),
                most=limits.longest,
                count=len(text),
            )
        if limits.shortest and len(text) < limits.shortest:
            raise _no(N_("At least {least} characters."), least=limits.shortest)
        if limits.pattern and not limits.pattern.search(text):
            raise _no(N_("“{text}” is not written as expected here."), text=text)
        return _as_kind(text, limits.kind)


class Lines(Answer):
    """Scanned codes, one per line of a textarea: a list without repetitions."""

    def _deserialize(self, value: object, *_: Any, **__: Any) -> list[str]:
        text = "\n".join(map(_text, value)) if isinstance(value, list) else _text(value)
        codes = [code for code in (line.strip() for line in text.splitlines()) if code]
        if _CONTROL.search("\n".join(codes)):
            raise _no(N_("This text holds characters that cannot be kept. Type it again."))
        if len(codes) > _MOST_VALUES or any(len(code) > self.part.limits.longest for code in codes):
            raise _no(N_("At most {most} codes, one per line."), most=_MOST_VALUES)
        for code in codes:
            if codes.count(code) > 1:
                raise _no(N_("{code} stands here twice."), code=code)
        pattern = self.part.limits.pattern
        wrong = next((code for code in codes if pattern and not pattern.search(code)), None)
        if wrong is not None:
            raise _no(N_("“{text}” is not written as expected here."), text=wrong)
        return codes


class Number(Answer):
    """An exact number, kept as canonical decimal text."""

    def _deserialize(self, value: object, *_: Any, **__: Any) -> str:
        limits = self.part.limits
        try:
            number = decimals.parsed(_digits(value), decimals=limits.decimals)
        except decimals.NotANumber as error:
            raise ValidationError(error.complaint) from error
        if limits.least is not None and number < limits.least:
            raise _no(N_("At least {least}."), least=decimals.canonical(limits.least))
        if limits.most is not None and number > limits.most:
            raise _no(N_("At most {most}."), most=decimals.canonical(limits.most))
        if limits.step is not None and number % limits.step:
            raise _no(N_("A multiple of {step}."), step=decimals.canonical(limits.step))
        return decimals.canonical(number)


class Moment(Answer):
    """A day, a time of day, or an instant with its offset: ISO text."""

    def _deserialize(self, value: object, *_: Any, **told: Any) -> str:
        try:
            return self._read(_text(value), told["occasion"])
        except dates.NotADate as error:
            raise ValidationError(error.complaint) from error

    def _read(self, text: str, occasion: Occasion) -> str:
        if self.part.subtype == "time":
            return _short(dates.time_of_day(text))
        if self.part.subtype == "date":
            day = dates.day(text)
            text = day.isoformat()
        else:
            moment = dates.moment(text, occasion.zone)
            day, text = moment.date(), moment.isoformat()
        if self.part.limits.not_past and day < occasion.today:
            raise _no(N_("This day has passed."))
        return text


class Checkbox(Answer):
    """Yes or no; a required one must be yes."""

    missing_sentence = UNCHECKED

    def _deserialize(self, value: object, *_: Any, **__: Any) -> bool:
        if isinstance(value, bool):
            checked = value
        elif isinstance(value, str) and value.lower() in _TRUE + _FALSE:
            checked = value.lower() in _TRUE
        else:
            raise _no(N_("Answer yes or no."))
        if self.part.limits.required and not checked:
            raise _no(UNCHECKED)
        return checked


class Choice(Answer):
    """One of the values offered."""

    missing_sentence = NOT_CHOSEN

    def _deserialize(self, value: object, *_: Any, **told: Any) -> str:
        return _chosen(self.part, value, options.values(self.part, told["case"]))


class Choices(Answer):
    """Some of the values offered, in the order they are offered."""

    missing_sentence = NOT_CHOSEN

    def _deserialize(self, value: object, *_: Any, **told: Any) -> list[str]:
        given = value if isinstance(value, list) else [value]
        offered = options.values(self.part, told["case"])
        chosen = {_chosen(self.part, item, offered) for item in given[: _MOST_VALUES + 1]}
        return [option for option in offered if option in chosen]


class Files(Answer):
    """The ids of files handed in before."""

    def _deserialize(self, value: object, *_: Any, **__: Any) -> list[int]:
        given = value if isinstance(value, list) else [value]
        most = 20 if self.part.multiple else 1
        if len(given) > most:
            raise _no(
                N_("Files: {count}; at most {most} may be here."), most=most, count=len(given)
            )
        return [_file_id(item) for item in given]


def field_of(part: Component) -> Answer:
    """The field that cleans the answers to `part`."""
    if part.kind == "textarea" and part.scan:
        return Lines(part)
    return _FIELDS[part.kind](part)


_FIELDS: Mapping[str, Callable[[Component], Answer]] = {
    "textfield": Text,
    "textarea": Text,
    "number": Number,
    "datetime": Moment,
    "checkbox": Checkbox,
    "radio": Choice,
    "select": Choice,
    "checklist": Choices,
    "taglist": Choices,
    "filepicker": Files,
}


def _no(message: str, **facts: object) -> ValidationError:
    return ValidationError(Complaint(message, **facts))


def _unwrapped(raw: object) -> object:
    """Blank in any shape is None; a list of one is that one."""
    if isinstance(raw, list):
        raw = [item for item in raw if not _is_blank(item)]
        raw = raw[0] if len(raw) == 1 else raw
    return None if _is_blank(raw) else raw


def _is_blank(raw: object) -> bool:
    return raw is None or raw == [] or (isinstance(raw, str) and not raw.strip())


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    raise _no(N_("Write one text here."))


def _digits(value: object) -> str:
    if isinstance(value, float):
        exact = Decimal(repr(value))
        return decimals.canonical(exact) if exact.is_finite() else "?"
    return _text(value)


def _as_kind(text: str, kind: str | None) -> str:
    if kind == "email" and not _EMAIL.fullmatch(text):
        raise _no(N_("Write an e-mail address, like name@example.com."))
    if kind == "phone" and not _PHONE.fullmatch(text):
        raise _no(N_("Write a telephone number in digits, like +886 2 1234 5678."))
    return text


def _short(moment: time) -> str:
    return moment.isoformat("seconds" if moment.second else "minutes")


def _chosen(part: Component, value: object, offered: Mapping[str, object]) -> str:
    text = _text(value)
    if text in offered or (part.lookup and len(text) <= part.limits.longest):
        return text
    raise _no(N_("Choose one of the answers offered."))


def _file_id(value: object) -> int:
    text = _text(value)
    if not text.isascii() or not text.isdecimal() or len(text) > 18:  # noqa: PLR2004 - a row id
        raise _no(N_("This file did not arrive. Choose it again."))
    return int(text)
