"""An organisation's performance framework as plain text, kept honest by a linter.

For programs: `kpi.load(path)`, and the other names of `kpi.library`. They are looked up when they are first used, so that the
command doesn't pay for them.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpi.library import Error, Figure, Framework, Kpi, Measure, Target, load

__version__ = "0.1.0"
__all__ = ["Error", "Figure", "Framework", "Kpi", "Measure", "Target", "load"]

RELEASED_FROM = ""
"""The repository and the commit of a release, as owner/name@commit: release.yml writes it. Empty in any other copy."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("kpi.library"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
