"""A KPI and its measures as a file says them, defaults filled in. Numbers are `Decimal` as typed; durations are seconds."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kpi.model.period import Period
from kpi.model.quantity import SCALES, Unit

# The kinds of series, by what a figure covers.
TOTAL = "total"  # added up over a period
AVERAGE = "average"  # a mean, median, share, rate or ratio over a period
SNAPSHOT = "snapshot"  # at a date: the period's end
CUMULATIVE = "cumulative"  # gained since a start, at a date

# What a figure is compared with.
SEASON = "season"  # the same part of an earlier year
PREVIOUS = "previous"  # the nearest earlier period of the same length


def identity(period: Period, kind: str) -> tuple[date | None, date]:
    """A key that is equal for two periods that mean the same: the interval, or for a figure at a date its end."""
    return (None if kind in {SNAPSHOT, CUMULATIVE} else period.start, period.end)


FIGURE_FIELDS = ("value", "marks", "note", "assessment", "numerator", "denominator", "margin")
"""The fields of a figure in the order of the schema, in which they are written."""


class Observation(NamedTuple):
    """One dated figure."""

    period: Period
    value: Decimal | None  # None if a mark says why there is none, or if there is an assessment instead
    marks: tuple[str, ...] = ()
    note: str = ""
    assessment: str = ""  # met | near | missed, or empty
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    key: str = ""  # the period as written in the file
    margin: Decimal | None = None  # its own: see `Measure.margin_of`

    @property
    def number(self) -> Decimal:
        """The value of a figure that has one."""
        assert self.value is not None
        return self.value

    @property
    def has_figure(self) -> bool:
        """Whether there is a value or an assessment, and not only a mark that says why there is none."""
        return self.value is not None or bool(self.assessment)

    @property
    def observed(self) -> bool:
        """Whether there is a figure that is no forecast."""
        return self.has_figure and not self.forecast

    @property
    def broken(self) -> bool:
        """Whether the series changed between this figure and the one before."""
        return "break" in self.marks

    @property
    def queried(self) -> bool:
        """Whether the figure is printed but doubted."""
        return "queried" in self.marks

    @property
    def forecast(self) -> bool:
        """Whether the figure is expected rather than observed."""
        return "forecast" in self.marks


class Relative(NamedTuple):
    """A bound taken from the measure's own series: the value of `period`, changed by `change`."""

    period: Period | None  # None for "the comparable earlier value"
    change: Decimal | None = None  # in the measure's unit, or `-10` for 10 per cent less
    in_percent: bool = False


class Bound(NamedTuple):
    """What a value is compared with: a level, or one taken from another figure."""

    how: str  # one of `BOUND_KINDS`
    value: Decimal | None = None
    upper: Decimal | None = None  # the second level of `between`
    relative: Relative | None = None  # instead of `value`

    @property
    def level(self) -> Decimal:
        """The value of a bound that is not taken from another figure."""
        assert self.value is not None
        return self.value


class Tolerance(NamedTuple):
    """How far outside the bound still counts as near: in the measure's unit, or in per cent of the bound."""

    value: Decimal
    in_percent: bool


class Target(NamedTuple):
    """A level to reach. Exactly one of `bound` and `in_words` is given."""

    bound: Bound | None
    in_words: str = ""
    start: Period | None = None  # `from` in the file
    by: Period | None = None
    source: str = ""
    label: str = ""
    tolerance: Tolerance | None = None
    over: int | None = None  # months
    trajectory: tuple[tuple[Period, Decimal], ...] = ()
    until: Period | None = None  # the last period that it holds for

    @property
    def first_day(self) -> date:
        """The first day of its `from`, which a figure's period must reach; `date.min` without one."""
        return self.start.start if self.start else date.min

    @property
    def last_day(self) -> date:
        """The last day of its `until`; `date.max` without one."""
        return self.until.end if self.until else date.max


class Reference(NamedTuple):
    """An undated value with a label, compared in words only. Exactly one of `value` and `bound` is given."""

    label: str
    value: Decimal | None = None
    bound: Bound | None = None


class Trigger(NamedTuple):
    """Act when the measure moves: `when` is increase, decrease or change; `level` the significance asked for."""

    when: str
    level: Decimal | None = None
    minimum: Decimal | None = None
    minimum_in_percent: bool = False


SHARE, RATIO, DIFFERENCE = "share", "ratio", "difference"
DERIVATIONS = {SHARE: ("share", "of"), RATIO: ("numerator", "denominator"), DIFFERENCE: ("add", "subtract")}
"""How a measure can be computed, with the fields of a file that name its inputs."""


class Derived(NamedTuple):
    """How a measure is computed from others: the sum of `first` divided by that of `second`, or less that of `second`."""

    how: str  # one of `DERIVATIONS`: a share is in per cent, a ratio in the measure's unit
    first: tuple[str, ...]
    second: tuple[str, ...]
    of_cases: bool = False  # all inputs are counts

    @property
    def inputs(self) -> tuple[str, ...]:
        """The ids of its input measures, each once."""
        return tuple(dict.fromkeys((*self.first, *self.second)))


class NoFigures(NamedTuple):
    """Why there are no figures; `because` is one of the reasons in the table of `judge/state`."""

    because: str
    body: str = ""
    text: str = ""
    as_of: Period | None = None


class Polarity(NamedTuple):
    """Which way is better: `higher`, `lower`, `neither`, or `near` a middle value."""

    way: str
    middle: Decimal | None = None


class Check(NamedTuple):
    """A declared relation between measures of one KPI."""

    kind: str  # `total` (parts add up to the whole or number), `whole` (parts never exceed it) or `median`
    whole: str  # of a median its measure
    parts: tuple[str, ...]  # of a median the one share
    number: Decimal | None = None
    limit: Decimal | None = None  # of a median, in seconds or the unit; None where it could not be read


class Measure(NamedTuple):
    """One quantity that is followed. Exactly one of `observations`, `derived`, `no_figures` was written in the file."""

    id: str
    title: str
    unit: Unit
    better: Polarity
    kind: str
    observations: tuple[Observation, ...] = ()
    short: str = ""
    compare: str = ""  # SEASON, PREVIOUS, or empty for the plan's word
    derived: Derived | None = None
    no_figures: NoFigures | None = None
    noun: str = ""
    area: str = ""
    since: Period | None = None
    baseline: Period | None = None
    aim: str = "monitor"
    owner: str = ""
    frequency: str = ""
    lag: str = ""
    sources: tuple[str, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    references: tuple[Reference, ...] = ()
    dimensions: Mapping[str, str] = {}  # `is` in the file
    scale: str = ""  # thousand, million or billion, for money in print
    margin: Decimal | None = None
    steps: tuple[tuple[Period, str], ...] = ()  # `step`: first periods on a new level with why, oldest first
    decimals: int | None = None
    note: str = ""
    targets: tuple[Target, ...] = ()
    peers: Mapping[str, tuple[Observation, ...]] = {}  # other areas' figures, in the order written

    def margin_of(self, observation: Observation) -> Decimal | None:
        """Half the width of a figure's 95% interval: its own, else the measure's, else None."""
        return self.margin if observation.margin is None else observation.margin

    def compared(self, usual: str) -> "Measure":
        """The measure, with the plan's choice of what to compare figures with unless it has its own."""
        return self if self.compare or not usual else self._replace(compare=usual)


def folded_code(text: str) -> str:
    """A code without spaces and capitals, equal for all its spellings."""
    return "".join(text.split()).casefold()


class Kpi(NamedTuple):
    """One key performance indicator: one file."""

    id: str  # the file's name
    priority: str  # its folder
    title: str
    definition: str
    measures: tuple[Measure, ...] = ()
    code: str = ""
    statement: str = ""
    no_figures: NoFigures | None = None
    aim: str = "monitor"
    owner: str = ""
    frequency: str = ""
    lag: str = ""
    sources: tuple[str, ...] = ()
    also_shows: tuple[str, ...] = ()  # the addresses (`kpi/measure`) of measures that live elsewhere
    note: str = ""
    checks: tuple[Check, ...] = ()
    dimensions: Mapping[str, Mapping[str, str]] = {}
    commentary: tuple[tuple[str, str], ...] = ()  # (ISO date, text), newest last

    @property
    def full_title(self) -> str:
        """The title for readers, after the organisation's own code if it has one: "CS02a Calls answered"."""
        return f"{self.code} {self.title}" if self.code else self.title

    def measure(self, name: str) -> Measure | None:
        """The KPI's own measure with this id, or None."""
        return next((measure for measure in self.measures if measure.id == name), None)

    def with_scales(self) -> "Kpi":
        """The KPI for print: money in thousands, millions or billions as its measures ask."""
        powers = {"": 0} | {word: power for word, (power, _) in SCALES.items()}
        scaled = (each._replace(unit=each.unit._replace(scale=powers[each.scale])) for each in self.measures)
        return self._replace(measures=tuple(scaled))
