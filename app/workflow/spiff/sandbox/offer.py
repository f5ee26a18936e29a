"""What the worker (pydantic-monty 1.4.0) offers of Python, as probed name by name."""

from app.kernel.errors import N_

MODULES = frozenset(
    [
        "__future__",
        "base64",
        "bisect",
        "collections",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "functools",
        "hashlib",
        "itertools",
        "json",
        "math",
        "random",
        "re",
        "time",
        "typing",
        "unicodedata",
    ]
)

NEVER = {
    name: N_("write the rule itself")
    for name in ("eval", "exec", "compile", "__import__", "__builtins__", "__file__", "__name__")
}

_ASK_THE_TYPE = N_("ask for the type with `isinstance`")
_READ_FIELDS = N_("read fields as `order['no']` or `order.get('no')`")
_NO_OUTSIDE = N_("a service task talks to the outside")
MISSING_BUILTINS = {
    "hasattr": _ASK_THE_TYPE,
    "callable": _ASK_THE_TYPE,
    "issubclass": _ASK_THE_TYPE,
    "getattr": _READ_FIELDS,
    "setattr": _READ_FIELDS,
    "delattr": _READ_FIELDS,
    "open": _NO_OUTSIDE,
    "input": _NO_OUTSIDE,
    "id": N_("compare values with `==`"),
    "hash": N_("compare values with `==`"),
    "object": N_("use a dictionary"),
    "ascii": N_("use `str` or `repr`"),
    "bytearray": N_("use a list"),
    "memoryview": N_("use a list"),
    "dir": "",
    "help": "",
    "exit": N_("let the script come to its end"),
    "quit": N_("let the script come to its end"),
    "breakpoint": "",
    "super": N_("call the function by its name"),
}

EXCEPTIONS = frozenset(
    [
        "Exception",
        "BaseException",
        "ArithmeticError",
        "AssertionError",
        "AttributeError",
        "ImportError",
        "IndexError",
        "KeyError",
        "LookupError",
        "NameError",
        "NotImplementedError",
        "OSError",
        "OverflowError",
        "RuntimeError",
        "StopIteration",
        "TimeoutError",
        "TypeError",
        "ValueError",
        "ZeroDivisionError",
    ]
)

METHODS_OF_CLASSES = frozenset(
    [
        "__init__",
        "__repr__",
        "__str__",
        "__eq__",
        "__call__",
        "__iter__",
        "__next__",
        "__getitem__",
        "__contains__",
        "__enter__",
        "__exit__",
        "__add__",
        "__radd__",
    ]
)

_OF_WHOLE_NUMBERS = N_("compare with `int(x) == x`")
_OF_DAYS = N_("use `strftime`")
MISSING_ATTRIBUTES = {
    "is_integer": _OF_WHOLE_NUMBERS,
    "bit_length": "",
    "bit_count": "",
    "as_integer_ratio": "",
    "numerator": "",
    "denominator": "",
    "to_bytes": "",
    "from_bytes": "",
    "fromhex": "",
    "format_map": N_("use `format(**values)`"),
    "maketrans": N_("use `replace`"),
    "translate": N_("use `replace`"),
    "difference_update": N_("use `-`"),
    "intersection_update": N_("use `&`"),
    "symmetric_difference_update": N_("use `^`"),
    "isocalendar": N_("use `strftime('%G-W%V')`"),
    "fromisocalendar": "",
    "timetuple": _OF_DAYS,
    "utctimetuple": _OF_DAYS,
    "ctime": _OF_DAYS,
    "toordinal": N_("subtract two dates"),
    "fromordinal": N_("add a `timedelta`"),
    "fromtimestamp": N_("use `fromisoformat`"),
    "utcfromtimestamp": N_("use `fromisoformat`"),
    "utcnow": N_("use `now`"),
    "from_float": N_("use `Decimal(str(x))`"),
    "expand": "",
    "subn": N_("use `sub`"),
    "lastindex": N_("use `groups`"),
    "lastgroup": N_("use `groupdict`"),
    "with_traceback": "",
    "add_note": "",
}
