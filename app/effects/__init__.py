"""What processes do to the business: one module per process, one function per service task.

Importing this room offers every effect; a new module is found by being there.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
