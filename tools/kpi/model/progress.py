"""How long work on a lower floor reports its progress, without knowing who shows it."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

Thing = TypeVar("Thing")


class Progress(Protocol):
    """Iterates over things to work on, and may show progress meanwhile."""

    def __call__(self, things: Sequence[Thing], doing: str, /) -> Iterable[Thing]:
        """The things in their order; `doing` names the work, as in "Reading files"."""


def silent(things: Sequence[Thing], _doing: str, /) -> Iterable[Thing]:
    """Show nothing."""
    return things
