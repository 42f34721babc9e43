"""An organisation's performance framework as plain text, kept honest by a linter.

For programs: `kpi.load(path)`, and the other names of `kpi.library`. They are looked up when they are first used, so that the
command doesn't pay for them.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpi.library import Error as Error
    from kpi.library import Figure as Figure
    from kpi.library import Framework as Framework
    from kpi.library import Kpi as Kpi
    from kpi.library import Measure as Measure
    from kpi.library import Target as Target
    from kpi.library import load as load

__version__ = "0.1.0"

RELEASED_FROM = ""
"""The repository and the commit of a release, as owner/name@commit: release.yml writes it. Empty in any other copy."""

_FOR_PROGRAMS = ("Error", "Figure", "Framework", "Kpi", "Measure", "Target", "load")


def __getattr__(name: str) -> object:
    if name not in _FOR_PROGRAMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("kpi.library"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_FOR_PROGRAMS})
