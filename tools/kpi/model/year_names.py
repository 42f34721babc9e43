"""How financial years are named in print: as files write them, `2023/24`, or by the year that they end in, `FY24`."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from kpi.model.period import Period

BY_END = "FY24"
"""The plan's word for naming years by the year they end in."""

_Thing = TypeVar("_Thing")


def with_year_names(thing: _Thing, year_names: str) -> _Thing:
    """A record with each of its financial years named for print.

    Args:
        thing: a KPI, a measure or any other record, or a tuple of them.
        year_names: the plan's word; anything but `BY_END` changes nothing.
    """
    return cast("_Thing", _named(thing)) if year_names == BY_END else thing


def _named(value: Any) -> Any:
    if isinstance(value, Period):
        return value._replace(name=_by_end(value))
    if isinstance(value, tuple):
        parts = [_named(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, Mapping):
        return {key: _named(part) for key, part in value.items()}
    return value


def _by_end(period: Period) -> str:
    """`2021/22 to 2023/24` → `FY22 to FY24`, `2023/24 Q1` → `FY24 Q1`; empty for what has no financial year in its text."""
    if "/" not in period.text:
        return ""
    parts = period.text.split(" to ")
    return " to ".join(f"FY{point[5:7]}{point[7:]}" for point in parts)
