"""Figures in two or more versions: new, corrected, withdrawn or marked, of a renamed measure, or of two measures at once."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, TypeVar

from kpi.judge.series import judgeable
from kpi.model.kpi import Kpi, Measure, Observation, folded_code, identity
from kpi.model.period import Period
from kpi.model.quantity import DURATION, plain
from kpi.model.vocabulary import ANNOUNCING, LATE_MARKS

NEW, CORRECTED, WITHDRAWN, MARKED = "new", "corrected", "withdrawn", "marked"
MARGIN = "margin"


class FigureChange(NamedTuple):
    """A changed figure; at least one of `before` and `after` is given."""

    # `new` (none before, or only a forecast), `corrected` (another value or assessment), `withdrawn` (none any
    # more, or only a forecast) or `marked` (another mark or note, or a period without a figure comes or goes)
    what: str
    before: Observation | None
    after: Observation | None
    area: str = ""  # the area of a peer; empty for own figures

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
        """Whether a published figure changed that had no mark for that; none announces that it becomes a forecast."""
        return self.what in {CORRECTED, WITHDRAWN} and (self.now_expected or not self.announced)


def compare_figures(before: Measure, after: Measure) -> Iterator[FigureChange]:
    """Compare a measure's figures by the days that they are for, own ones first, oldest first; computed ones only follow."""
    if before.derived is not None or after.derived is not None:
        return
    for area in ("", *dict.fromkeys((*before.peers, *after.peers))):
        old, new = (each.peers.get(area, ()) if area else each.observations for each in (before, after))
        if old == new:
            continue
        was, now = ({identity(each.period, after.kind): each for each in series} for series in (old, new))
        known = {**was, **now}
        for at in sorted(known, key=lambda at: known[at].period.order):
            if change := _change(was.get(at), now.get(at)):
                yield change._replace(area=area)


def _change(before: Observation | None, after: Observation | None) -> FigureChange | None:
    was, now = (figure is not None and figure.has_figure for figure in (before, after))
    if was != now:
        return FigureChange(NEW if now else WITHDRAWN, before, after)
    if before is None or after is None:
        return FigureChange(MARKED, before, after)
    if was and before.forecast != after.forecast:
        return FigureChange(NEW if before.forecast else WITHDRAWN, before, after)
    if (before.value, before.assessment) != (after.value, after.assessment):
        return FigureChange(CORRECTED, before, after)
    # the order of marks and the white space of the note don't count
    was_beside, beside = (
        (frozenset(each.marks), each.note.split(), each.numerator, each.denominator, each.margin)
        for each in (before, after)
    )
    return None if was_beside == beside else FigureChange(MARKED, before, after)


_DIGITS = 4
"""Fewer digits come twice by chance."""

Twins = Mapping[tuple[Decimal, str], tuple[tuple[str, Period], ...]]
"""For a value and the area that it is for (empty for the own one) the measures that have it, by address, with the period."""


def is_telling(value: Decimal | None, measure: Measure) -> bool:
    """Whether a figure has so many digits that another is hardly the same by chance; of a computed one nobody is asked."""
    if value is None or measure.unit.kind == DURATION or measure.derived is not None:
        return False
    return sum(map(str.isdigit, plain(value))) >= _DIGITS


def telling(kpis: Iterable[Kpi | None]) -> Iterator[tuple[str, str, Observation]]:
    """The telling figures of some KPIs, each with its measure's address and the area that it is for."""
    for kpi in filter(None, kpis):
        for measure in kpi.measures:
            for area, series in (("", measure.observations), *measure.peers.items()):
                for figure in series:
                    if is_telling(figure.value, measure):
                        yield f"{kpi.id}/{measure.id}", area, figure


def twins_of(kpis: Iterable[Kpi]) -> Twins:
    """What figures several measures of all these KPIs have."""
    having: dict[tuple[Decimal, str], list[tuple[str, Period]]] = defaultdict(list)
    for address, area, figure in telling(kpis):
        having[figure.value or Decimal(0), area].append((address, figure.period))
    return {value: tuple(places) for value, places in having.items() if len(places) > 1}


def twins_among(
    twins: Twins, change: FigureChange, measure: Measure, address: str
) -> Iterator[tuple[str, Period]]:
    """The figures of other measures that a new figure of this one equals, by the other's address, with the period."""
    figure, period = change.newest, change.newest.period
    if change.what != NEW or figure.value is None:
        return
    for other, when in twins.get((figure.value, change.area), ()):
        is_before = when.end.toordinal() + 1 == period.start.toordinal() and period.is_as_long_as(when)
        if other != address and (is_before or identity(when, measure.kind) == identity(period, measure.kind)):
            yield other, when


_Thing = TypeVar("_Thing", Kpi, Measure)


def pair_up(before: Sequence[_Thing], after: Sequence[_Thing]) -> list[tuple[_Thing | None, _Thing | None]]:
    """Pair each thing, by id or by evidence that only the two share, with what it was, or None; removed ones come last."""
    former = {thing.id: thing for thing in before}
    ids = {thing.id for thing in after}
    gone = {thing.id: thing for thing in before if thing.id not in ids}
    by_evidence = _by_evidence(gone.values())
    come = [thing for thing in after if thing.id not in former]
    for value, new in _by_evidence(come).items():
        old = by_evidence.get(value)
        if old is not None and new.id not in former and old.id in gone:
            former[new.id] = gone.pop(old.id)
    pairs: list[tuple[_Thing | None, _Thing | None]] = [(former.get(thing.id), thing) for thing in after]
    pairs.extend((thing, None) for thing in gone.values())
    return pairs


def _by_evidence(things: Iterable[_Thing]) -> dict[Hashable, _Thing]:
    """The things by their evidence, without values that several share."""
    shared: defaultdict[Hashable, list[_Thing]] = defaultdict(list)
    for thing in things:
        for value in dict.fromkeys(_evidence(thing)):
            shared[value].append(thing)
    return {value: same[0] for value, same in shared.items() if len(same) == 1}


def _evidence(thing: Kpi | Measure) -> Iterator[Hashable]:
    """Evidence that a KPI, or a measure within it, was renamed: its code, its or a measure's oldest figures, or its title."""
    if isinstance(thing, Kpi) and thing.code:
        yield "code", folded_code(thing.code)
    for measure in thing.measures if isinstance(thing, Kpi) else [thing]:
        oldest = judgeable(measure)[:3]  # whose are the same, and of enough digits, is the same
        values = [figure.value for figure in oldest if figure.value is not None]
        if sum(len(value.as_tuple().digits) for value in values) >= _DIGITS:
            yield measure.unit, tuple((figure.period.interval, figure.value) for figure in oldest)
    if thing.title:
        yield " ".join(thing.title.split()).casefold()


class Version(NamedTuple):
    """A KPI as one commit left it."""

    kpi: Kpi | None  # the KPI; None if its file did not exist or was deleted
    path: str = ""  # the file's path at that time, from the root; if it was deleted, its last path
    commit: str = ""  # the commit's full hash; empty for a file that is not committed yet
    day: date | None = None  # the day of the commit in UTC; None if it is not committed yet
    author: str = ""
    subject: str = ""  # the first line of the commit's message
    edge: bool = False  # no older version is known, so its figures may be older than the commit


class History(NamedTuple):
    """The past of a KPI file."""

    versions: tuple[Version, ...]  # the usable versions, oldest first; the last may not be committed yet
    unusable: tuple[Version, ...] = ()  # the commits with an unusable file, oldest first. They are skipped.
    # the commits that renamed the file, oldest first, each with the old path
    moves: tuple[tuple[Version, str], ...] = ()
    shallow: bool = False  # whether older commits are missing in this clone


class Event(NamedTuple):
    """A change to one figure. `before` and `after` are the measure, because its unit may change too."""

    version: Version
    before: Measure
    after: Measure
    change: FigureChange


class MeasureHistory(NamedTuple):
    """The events of a measure, oldest first. `measure` is its last version; `gone` if the KPI no longer has it."""

    measure: Measure
    events: tuple[Event, ...]
    gone: bool = False


def trace_figures(versions: Sequence[Version]) -> tuple[MeasureHistory, ...]:
    """The history of a KPI's figures by measure, from its versions, oldest first; removed measures come last, derived ones have none."""
    histories: dict[str, MeasureHistory] = {}
    for before, after in pairwise([Version(None), *versions]):
        old = before.kpi.measures if before.kpi else ()
        new = after.kpi.measures if after.kpi else ()
        now: dict[str, MeasureHistory] = {}
        for was, comes in pair_up(old, new):
            measure = comes or was
            assert measure is not None
            known = histories.pop((was or measure).id, None)
            empty = measure._replace(observations=(), peers={})
            first, last = was or empty, comes or empty
            events = tuple(Event(after, first, last, change) for change in compare_figures(first, last))
            past = known.events if known else ()
            now[measure.id] = MeasureHistory(measure, past + events, gone=comes is None)
        histories = now | histories  # removed measures come last in both
    return tuple(histories.values())
