"""The one version of SpiffWorkflow whose hooks these rooms rely on."""

from importlib.metadata import version

KNOWN = "3.2.0"


def check() -> None:
    """Refuse to start on another version: its hooks may mean something else.

    Raises:
        ImportError: read the changes of the library, run the engine's tests, then move `KNOWN`.
    """
    found = version("SpiffWorkflow")
    if found != KNOWN:
        raise ImportError(f"SpiffWorkflow {KNOWN} is needed, not {found}")
