"""What is worked out of a whole series once, and not for each of its figures again."""

from collections.abc import Callable
from typing import TypeVar

from kpi.model.kpi import Observation

Series = tuple[Observation, ...]
_Result = TypeVar("_Result")


def remember_last(work_out: Callable[[Series], _Result]) -> Callable[[Series], _Result]:
    """The function, which gives its last result again for the very same series: judging asks for each figure of one."""
    last: list[tuple[Series, _Result]] = []

    def remembered(series: Series) -> _Result:
        if not last or last[0][0] is not series:
            last[:] = [(series, work_out(series))]
        return last[0][1]

    return remembered
