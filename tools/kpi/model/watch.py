"""How the floors below are watched at long work, without knowing by whom."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

Thing = TypeVar("Thing")


class Watch(Protocol):
    """Hands out the things to be worked on one after the other, and may tell meanwhile how far the work is."""

    def __call__(self, things: Sequence[Thing], doing: str, /) -> Iterable[Thing]:
        """The things, in their order; `doing` says what is done with them, as in "Reading files"."""


def unwatched(things: Sequence[Thing], _doing: str, /) -> Iterable[Thing]:
    """Tells nothing."""
    return things
