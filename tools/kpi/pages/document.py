"""What all JSON documents share: the version of their shape, their numbers, and how they are written."""

import json
from decimal import Decimal
from typing import Any

VERSION = 2


def number(value: Decimal | None) -> int | float | None:
    """The number for JSON; figures have at most 15 digits, which a float keeps."""
    if value is None:
        return None
    return (
        int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    )


def dump(values: dict[str, Any]) -> str:
    """JSON that every program reads alike: ASCII, no NaN, a line end at the end."""
    return json.dumps(values, indent=2, ensure_ascii=True, allow_nan=False) + "\n"
