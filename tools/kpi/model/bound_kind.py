"""The kinds of bound that a target or reference can have: the table of what each is called and asks for.

`schema/kpi.schema.json` lists the same names; `tests/test_schema.py` holds the two together.
"""

from typing import NamedTuple

MORE, LESS = "more", "less"


class BoundKind(NamedTuple):
    """How a value is compared with a bound.

    Attributes:
        name: how files write it.
        words: what readers see before the level.
        asks: MORE or LESS for a bound that is open on one side; empty for one that names the value or range itself.
        strict: the level itself doesn't meet the bound.
        opposite: the kind that asks for the other way; empty if there is none.
    """

    name: str
    words: str
    asks: str = ""
    strict: bool = False
    opposite: str = ""


EQUALS, BETWEEN = "equals", "between"

_TABLE = (
    BoundKind("at_least", "at least", MORE, opposite="at_most"),
    BoundKind("more_than", "more than", MORE, strict=True, opposite="less_than"),
    BoundKind("at_most", "at most", LESS, opposite="at_least"),
    BoundKind("less_than", "less than", LESS, strict=True, opposite="more_than"),
    BoundKind(EQUALS, "exactly"),
    BoundKind(BETWEEN, "between"),
)

BOUND_KINDS = {kind.name: kind for kind in _TABLE}
"""Every kind of bound by its name in the files."""
