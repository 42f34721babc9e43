"""How the floors below are watched at long work, without knowing by whom."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

Thing = TypeVar("Thing")


class Watch(Protocol):
    """Iterates over things to work on, and may show progress meanwhile."""

    def __call__(self, things: Sequence[Thing], doing: str, /) -> Iterable[Thing]:
        """The things in their order; `doing` names the work, as in "Reading files"."""


def unwatched(things: Sequence[Thing], _doing: str, /) -> Iterable[Thing]:
    """A watch that shows nothing."""
    return things
