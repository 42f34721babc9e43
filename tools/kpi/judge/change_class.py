"""The classes of a change: the table of what may be said of two figures, or of a figure and its chart."""

from typing import NamedTuple


class ChangeClass(NamedTuple):
    """A class of change.

    Attributes:
        name: what the code, JSON and headlines call it.
        head: what pages print before the change; after a colon the change is a detail.
        is_clear: whether the change is larger than such figures often show by chance.
    """

    name: str
    head: str
    is_clear: bool = False


BETTER, WORSE, HIGHER, LOWER = "better", "worse", "higher", "lower"
NO_CLEAR_CHANGE, SAME, UNJUDGED = "no clear change", "the same", "can't be told"

_TABLE = (
    ChangeClass(BETTER, "Better", is_clear=True),
    ChangeClass(WORSE, "Worse", is_clear=True),
    ChangeClass(HIGHER, "Higher", is_clear=True),
    ChangeClass(LOWER, "Lower", is_clear=True),
    ChangeClass(NO_CLEAR_CHANGE, "No clear change:"),
    ChangeClass(SAME, "The same"),
    ChangeClass(UNJUDGED, "Can't be told:"),
)

CHANGE_CLASSES = {change_class.name: change_class for change_class in _TABLE}
"""Every class by its name, in the order of headlines."""
