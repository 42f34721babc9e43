"""The figures of a series by their length and their days, looked up rather than searched for."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from kpi.model.kpi import Observation
from kpi.model.period import Period, of_year

Series = tuple[Observation, ...]
_Whole = TypeVar("_Whole")
_Result = TypeVar("_Result")


def remember_last(work_out: Callable[[_Whole], _Result]) -> Callable[[_Whole], _Result]:
    """Make a function return its last result for the very same series or measure: judging asks again for each figure."""
    last: list[tuple[_Whole, _Result]] = []

    def remembered(whole: _Whole) -> _Result:
        if not last or last[0][0] is not whole:
            last[:] = [(whole, work_out(whole))]
        return last[0][1]

    return remembered


Key = tuple[str, object]
"""What periods have in common: one of their `lengths`, the day they end on, or that day in any year."""


def ends_on(day: date) -> Key:
    """The key of periods that end on a day."""
    return "day", day


def ends_in_any_year(day: date) -> Key:
    """The key of periods that end on the same day of any year."""
    return "end", of_year(day)


@remember_last
def positions(series: Series) -> Mapping[Key, list[int]]:
    """Where the figures with a key are in a series."""
    by_key: dict[Key, list[int]] = {}
    for at, figure in enumerate(series):
        end = figure.period.end
        for key in (*figure.period.lengths, ends_on(end), ends_in_any_year(end)):
            by_key.setdefault(key, []).append(at)
    return by_key


def as_long_as(series: Series, period: Period) -> list[Observation]:
    """The figures of the same length as a period, in their order."""
    at_length = positions(series)
    length, *likely = period.lengths
    same = at_length.get(length, [])
    others = {at for near in likely for at in at_length.get(near, ())}.difference(same)
    also = [at for at in others if series[at].period.is_as_long_as(period)]
    return [series[at] for at in (sorted((*same, *also)) if also else same)]


class LengthGroups:
    """Figures grouped by length, in order of first appearance; the same part of several years is one group."""

    def __init__(self, figures: Iterable[Observation] = ()) -> None:
        self.groups: list[list[Observation]] = []
        self._begun: dict[Key, list[int]] = {}
        for figure in figures:
            self.add(figure)

    def group_for(self, period: Period) -> list[Observation] | None:
        """The group of this length, or None."""
        begun = sorted({at for length in period.lengths for at in self._begun.get(length, ())})
        return next(
            (self.groups[at] for at in begun if self.groups[at][0].period.is_as_long_as(period)), None
        )

    def add(self, figure: Observation) -> None:
        """Add a figure to the group of its length, or begin one."""
        group = self.group_for(figure.period)
        if group is None:
            for length in figure.period.lengths:
                self._begun.setdefault(length, []).append(len(self.groups))
            self.groups.append([figure])
        else:
            group.append(figure)


def by_length(figures: Iterable[Observation]) -> list[list[Observation]]:
    """The figures grouped by length (see `LengthGroups`)."""
    return LengthGroups(figures).groups
