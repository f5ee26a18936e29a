"""Every room that owns tables, entered: a table whose room nobody met would not be archived."""

from importlib import import_module
from pkgutil import walk_packages

import app as house

_WITH_TABLES = ("app.kernel", "app.identity", "app.domain", "app.workflow")


def enter() -> None:
    """Meet the models of every room."""
    for module in walk_packages(house.__path__, "app."):
        if module.name.startswith(_WITH_TABLES):
            import_module(module.name)
