"""Which versions of the program a plan asks for: `requires: ">=1.0,<2"`."""

import operator
import re
from collections.abc import Mapping
from typing import Any

from kpi import __version__
from kpi.model.errors import UserError

_PART = re.compile(r"(>=|<=|==|!=|<|>) ?([0-9]+(?:\.[0-9]+){0,2})")
_HOLDS = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}


def hold_requirement(values: Mapping[str, Any] | None, version: str = __version__) -> None:
    """Make sure that this program may be used with a plan, before anything else is said of it.

    Args:
        values: the plan's values, as they could be read; None where they couldn't.
        version: the program's version.

    Raises:
        UserError: if the plan asks for another one.
    """
    wanted = (values or {}).get("requires")
    if not isinstance(wanted, str):
        return
    parts = _PART.findall(wanted)
    if all(_HOLDS[how](version_numbers(version), version_numbers(number)) for how, number in parts):
        return
    message = f"kpis/plan.yaml requires kpi {wanted}, and this is kpi {version}."
    raise UserError(f'{message} Install one that fits: pip install "kpi-as-code{wanted.replace(" ", "")}"')


def version_numbers(version: str) -> tuple[int, ...]:
    """A version as three numbers, by which versions are compared."""
    parts = [int(part) for part in re.findall(r"[0-9]+", version)[:3]]
    return (*parts, 0, 0)[:3]
