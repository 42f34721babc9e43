"""The changes to a series' figures between two versions: new, corrected, withdrawn, marked."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from kpi.model.kpi import Measure, Observation, identity
from kpi.model.mark import ANNOUNCING, LATE_MARKS

NEW, CORRECTED, WITHDRAWN, MARKED = "new", "corrected", "withdrawn", "marked"
MARGIN = "margin"


class FigureChange(NamedTuple):
    """A changed figure; at least one of `before` and `after` is given.

    Attributes:
        what: `new` (none before, or only a forecast), `corrected` (another value or assessment), `withdrawn` (none any more, or
            only a forecast) or `marked` (other marks or another note; or a period without a figure was added or removed).
        before: the figure as it was, or None.
        after: the figure as it is, or None.
        area: the area of a peer; empty for own figures.
    """

    what: str
    before: Observation | None
    after: Observation | None
    area: str = ""

    @property
    def newest(self) -> Observation:
        """The figure as it is; if it was removed, as it was."""
        figure = self.after or self.before
        assert figure is not None
        return figure

    @property
    def announced(self) -> bool:
        """Whether a mark of the earlier figure announced its replacement."""
        return self.before is not None and not ANNOUNCING.isdisjoint(self.before.marks)

    @property
    def now_expected(self) -> bool:
        """Whether a published figure is a forecast now."""
        return self.what == WITHDRAWN and self.after is not None and self.after.forecast

    @property
    def late_marks(self) -> tuple[str, ...]:
        """The marks added to a published figure that change what may be said of it; a margin counts as one."""
        before, after = self.before, self.after
        if before is None or after is None or not (before.observed and after.observed):
            return ()
        marks = tuple(mark for mark in after.marks if mark in LATE_MARKS and mark not in before.marks)
        return marks if after.margin in {None, before.margin} else (*marks, MARGIN)

    @property
    def revised(self) -> bool:
        """Whether a published figure changed that was not announced as provisional.

        An announcement covers a new value, but not a published figure that becomes a forecast.
        """
        return self.what in {CORRECTED, WITHDRAWN} and (self.now_expected or not self.announced)


def compare_figures(before: Measure, after: Measure) -> Iterator[FigureChange]:
    """Compare a measure's figures, own ones first, each series from its oldest period on.

    Periods are the same if they mean the same days (for figures at a date, the same end), however they are spelt.
    Derived measures follow from other figures and are left out.
    """
    if before.derived is not None or after.derived is not None:
        return
    yield from _series(before.observations, after.observations, after.kind)
    for area in dict.fromkeys((*before.peers, *after.peers)):
        for change in _series(before.peers.get(area, ()), after.peers.get(area, ()), after.kind):
            yield change._replace(area=area)


def _series(
    before: tuple[Observation, ...], after: tuple[Observation, ...], kind: str
) -> Iterator[FigureChange]:
    if before == after:
        return
    was, now = _by_period(before, kind), _by_period(after, kind)
    known = {**was, **now}
    for at in sorted(known, key=lambda at: known[at].period.order):
        change = _change(was.get(at), now.get(at))
        if change is not None:
            yield change


def _by_period(series: tuple[Observation, ...], kind: str) -> Mapping[tuple[date | None, date], Observation]:
    return {identity(observation.period, kind): observation for observation in series}


def _change(before: Observation | None, after: Observation | None) -> FigureChange | None:
    """The change to the figure of one period, or None."""
    was = before is not None and before.has_figure
    now = after is not None and after.has_figure
    if not was and now:
        return FigureChange(NEW, before, after)
    if was and not now:
        return FigureChange(WITHDRAWN, before, after)
    if before is None or after is None:
        return FigureChange(MARKED, before, after)
    if was and before.forecast != after.forecast:
        return FigureChange(NEW if before.forecast else WITHDRAWN, before, after)
    if (before.value, before.assessment) != (after.value, after.assessment):
        return FigureChange(CORRECTED, before, after)
    return None if _remarks(before) == _remarks(after) else FigureChange(MARKED, before, after)


def _remarks(observation: Observation) -> tuple[object, ...]:
    """All but the figure itself; the order of marks and the white space of the note don't count."""
    note = " ".join(observation.note.split())
    numbers = observation.numerator, observation.denominator, observation.margin
    return frozenset(observation.marks), note, *numbers
