"""The shapes many resources share: what a request may hold and what an answer holds, closed."""

from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

MOST_ROWS = 200
CODE_LENGTH = 100
# NUL is in nothing we keep, and addresses with it are refused before they are read.
WHOLE_TEXT = validate.Regexp(r"^[^\x00]*$")
_GO_ON = "The `next` of the page before."


class Shape(Schema):
    """Nothing but what is written down."""

    class Meta:
        unknown = RAISE


class Figure(fields.String):
    """A quantity as text, no digit lost: "38.5"."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, Decimal):
            value = format(value, "f")
        return super()._serialize(value, *args, **kwargs)


def text(about: str = "", *, nullable: bool = False, **more: Any) -> fields.String:
    """A text of an answer, always there."""
    return fields.String(required=True, allow_none=nullable, metadata=_about(about), **more)


def figure(about: str = "", *, nullable: bool = False) -> Figure:
    """A quantity of an answer; null while it must stay unseen."""
    return Figure(required=True, allow_none=nullable, metadata=_about(about))


def whole(about: str = "", *, nullable: bool = False) -> fields.Integer:
    """A whole number of an answer."""
    return fields.Integer(required=True, allow_none=nullable, metadata=_about(about))


def flag(about: str = "") -> fields.Boolean:
    """A yes or no of an answer."""
    return fields.Boolean(required=True, metadata=_about(about))


def instant(about: str = "", *, nullable: bool = False) -> fields.AwareDateTime:
    """An instant of an answer, in UTC."""
    return fields.AwareDateTime(required=True, allow_none=nullable, metadata=_about(about))


def day(about: str = "", *, nullable: bool = False) -> fields.Date:
    """A day of an answer."""
    return fields.Date(required=True, allow_none=nullable, metadata=_about(about))


def many(shape: type[Schema], *, nullable: bool = False, about: str = "") -> fields.List[Any]:
    """Several of one shape."""
    nested = fields.Nested(shape)
    return fields.List(nested, required=True, allow_none=nullable, metadata=_about(about))


def one(shape: Any, *, nullable: bool = False, about: str = "") -> fields.Nested:
    """One of a shape."""
    return fields.Nested(shape, required=True, allow_none=nullable, metadata=_about(about))


def anything(about: str) -> fields.Dict:
    """An object of any JSON, in an answer."""
    return fields.Dict(keys=fields.String(), required=True, metadata=_about(about))


def given(about: str, **more: Any) -> fields.Dict:
    """An object of any JSON, in a request."""
    return fields.Dict(keys=fields.String(), metadata=_about(about), **more)


def code(about: str, **more: Any) -> fields.String:
    """A code or number of a query."""
    short = validate.Length(min=1, max=CODE_LENGTH)
    return fields.String(validate=[short, WHOLE_TEXT], metadata=_about(about), **more)


class Paged(Shape):
    """How a list is asked for, page by page; each list says what it goes on from."""

    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=MOST_ROWS),
        metadata={"description": "How many at most."},
    )


class PagedByRow(Paged):
    """A list in the order of its rows."""

    after = fields.Integer(
        validate=validate.Range(min=0, max=10**15), metadata={"description": _GO_ON}
    )


class PagedByCode(Paged):
    """A list in the order of codes."""

    after = fields.String(
        validate=[validate.Length(min=1, max=CODE_LENGTH), WHOLE_TEXT],
        metadata={"description": _GO_ON},
    )


def _about(text: str) -> dict[str, str]:
    return {"description": text} if text else {}
