"""Python that runs in the worker before the analyst's text, where the worker means otherwise.

Each takes the builtins it needs as defaults, so that the text may use their names up.
"""

ROUND = "__sw_round"
DURATION = "__sw_timedelta"
DELETE_SLICE = "__sw_delete_slice"
PATTERN = "__sw_pattern"

# pydantic-monty 1.4.0: round(2.675, 2) gives 2.68 where CPython gives 2.67, while its
# %-formatting is rightly rounded; round(x, -2) of large floats is off too.
_ROUND = """
def __sw_round(
    number, ndigits=None, __sw_a=round, __sw_type=type, __sw_float=float, __sw_str=str, __sw_int=int
):
    if ndigits is None: return __sw_a(number)
    if __sw_type(number) is not __sw_float or __sw_type(ndigits) is not __sw_int or ndigits > 300:
        return __sw_a(number, ndigits)
    if number - number != 0: return number
    if ndigits >= 0: return __sw_float(('%.' + __sw_str(ndigits) + 'f') % number)
    if ndigits < -308: return number * 0.0
    size = 10 ** -ndigits
    whole = __sw_int(number) if number >= 0 else -__sw_int(number)
    down = whole // size * size
    twice = 2 * (whole - down)
    exact = whole == (number if number >= 0 else -number)
    up = twice > size or (twice == size and (not exact or down // size % 2))
    result = __sw_float(down + size if up else down)
    return result if number >= 0 and __sw_str(number)[0] != '-' else -result
"""
# Its timedelta refuses fractions, as in timedelta(hours=1.5). This is CPython's own arithmetic:
# whole parts exactly, fractions summed up and rounded once, half to even.
_DURATION = """
from datetime import timedelta as __sw_delta
def __sw_timedelta(
    days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0,
    __sw_new=__sw_delta, __sw_type=type, __sw_float=float, __sw_int=int, __sw_round=round
):
    micros = 0
    left = 0.0
    for amount, size in (
        (microseconds, 1), (milliseconds, 1000), (seconds, 1000000), (minutes, 60000000),
        (hours, 3600000000), (days, 86400000000), (weeks, 604800000000)
    ):
        if __sw_type(amount) is __sw_float:
            whole = __sw_int(amount)
            micros += whole * size
            part = size * (amount - whole)
            micros += __sw_int(part)
            left += part - __sw_int(part)
        else: micros += amount * size
    if left:
        odd = micros % 2
        near = __sw_round(left)
        if near - left in (0.5, -0.5): near = 2 * __sw_round((left + odd) * 0.5) - odd
        micros += near
    return __sw_new(days=micros // 86400000000, microseconds=micros % 86400000000)
"""
_DELETE_SLICE = """
def __sw_delete_slice(
    things, start, stop, step, __sw_sorted=sorted, __sw_range=range, __sw_len=len
):
    for at in __sw_sorted(__sw_range(__sw_len(things))[start:stop:step], reverse=True):
        things.pop(at)
"""
# Its empty matches next to others differ: re.findall('a*', 'ba') lacks the last, empty one.
_PATTERN = """
import re as __sw_re
def __sw_pattern(pattern, __sw_type=type, __sw_str=str, __sw_error=ValueError):
    text = __sw_type(pattern) is __sw_str
    if not text and __sw_str(__sw_type(pattern)) != "<class 're.Pattern'>": return pattern
    if (__sw_re.fullmatch(pattern, '') if text else pattern.fullmatch('')) is not None:
        raise __sw_error('a pattern that also matches nothing is not available in scripts')
    return pattern
"""
TEXTS = {ROUND: _ROUND, DURATION: _DURATION, DELETE_SLICE: _DELETE_SLICE, PATTERN: _PATTERN}


def before(needed: frozenset[str]) -> str:
    """The shims of these names, one text."""
    return "".join(TEXTS[name] for name in sorted(needed))
