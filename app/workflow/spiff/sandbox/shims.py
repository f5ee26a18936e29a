"""Python that runs in the worker before the analyst's text, where the worker means otherwise.

Each takes the builtins it needs as defaults, so that the text may use their names up.
"""

ROUND = "__sw_round"
DURATION = "__sw_timedelta"
DELETE_SLICE = "__sw_delete_slice"

# pydantic-monty 1.4.0: round(2.675, 2) gives 2.68 where CPython gives 2.67; its %-formatting
# is rightly rounded. Its timedelta refuses fractions, as in timedelta(hours=1.5).
TEXTS = {
    ROUND: """
def __sw_round(number, ndigits=None, __sw_a=round, __sw_type=type, __sw_float=float, __sw_str=str, __sw_int=int):
    if ndigits is None: return __sw_a(number)
    if __sw_type(number) is __sw_float and __sw_type(ndigits) is __sw_int and 0 <= ndigits < 300:
        return __sw_float(('%.' + __sw_str(ndigits) + 'f') % number)
    return __sw_a(number, ndigits)
""",
    DURATION: """
from datetime import timedelta as __sw_delta
def __sw_timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0, __sw_new=__sw_delta, __sw_type=type, __sw_int=int, __sw_round=round):
    s = 0
    us = 0
    for v, f in ((weeks, 604800), (days, 86400), (hours, 3600), (minutes, 60), (seconds, 1)):
        if __sw_type(v) is __sw_int: s += v * f
        else:
            w = __sw_int(v * f)
            s += w
            us += (v * f - w) * 1000000
    us += milliseconds * 1000 + microseconds
    return __sw_new(seconds=s, microseconds=__sw_int(__sw_round(us)))
""",
    DELETE_SLICE: """
def __sw_delete_slice(things, start, stop, step, __sw_sorted=sorted, __sw_range=range, __sw_len=len):
    for at in __sw_sorted(__sw_range(__sw_len(things))[start:stop:step], reverse=True): things.pop(at)
""",
}


def before(needed: frozenset[str]) -> str:
    """The shims of these names, one text."""
    return "".join(TEXTS[name] for name in sorted(needed))
