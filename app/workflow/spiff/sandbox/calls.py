"""Functions of the product that analyst text may call: only plain data crosses, both ways."""

from collections.abc import Callable, Iterable
from typing import Any

from app.workflow.spiff.sandbox import results
from app.workflow.spiff.sandbox.contract import check_value

_HOST = "__sw_host_"
# Arguments leave the worker as one JSON text too: live ones could be as hostile as results.
_FUNCTION = """
def {name}(*__sw_a, **__sw_k):
    return {host}{name}(__sw_dumps(__sw_enc([__sw_a, __sw_k], 'the arguments of {name}()', 0)))
"""


class HostCall:
    """One function; it keeps what it raised, so that the original is not lost on the way."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self._name, self._function = name, function
        self._raised: Exception | None = None

    def __call__(self, text: object) -> Any:
        try:
            arguments, named = results.read(text, exact=True)
            check_value([*arguments, named], f"the arguments of {self._name}()", exact=True)
            answer = self._function(*arguments, **named)
            return check_value(answer, f"what {self._name}() gave", exact=True)
        except Exception as error:
            self._raised = error
            raise

    def reraise(self, seen: BaseException) -> None:
        """Raise the original if `seen`, which ended the text, is the worker's copy of it."""
        if self._raised is not None and str(seen) == str(self._raised):
            raise self._raised from None


def host_calls(functions: dict[str, Callable[..., Any]]) -> dict[str, HostCall]:
    """What the worker asks for, by the name it asks for it."""
    return {f"{_HOST}{name}": HostCall(name, function) for name, function in functions.items()}


def opening(names: Iterable[str]) -> str:
    """Worker text that defines the functions `names`."""
    each = "".join(_FUNCTION.format(name=name, host=_HOST) for name in sorted(names))
    return f"{results.KEEP_BUILTINS}{results.ENCODE}{each}" if each else ""
