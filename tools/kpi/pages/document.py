"""What all JSON documents share: the version of their shape, how records become values, and how these are written."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.model.period import Period

VERSION = 2

Data = dict[str, Any]
"""What `dump` writes: texts, numbers, dates, periods, and lists and mappings of these, by their names."""


def pick(record: object, *names: str) -> Data:
    """These fields of a record by their names, an empty text as None; where there is no record, each is None."""
    values = {name: None if record is None else getattr(record, name) for name in names}
    return {name: None if value == "" else value for name, value in values.items()}


def dump(values: Mapping[str, Any]) -> str:
    """JSON that every program reads alike: ASCII, no NaN, a line end at the end.

    A date is written as ISO text, a period as its file has it, a number with at most 15 digits, which a float keeps.
    """
    return json.dumps(_as_json(values), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _as_json(value: Any) -> Any:
    match value:
        case Decimal():
            is_whole = value == value.to_integral_value() and value.as_tuple().exponent == 0
            return int(value) if is_whole else float(value)
        case date():
            return value.isoformat()
        case Period():
            return value.text
        case Mapping():
            return {name: _as_json(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_as_json(inner) for inner in value]
    return value
