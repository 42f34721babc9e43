"""The series and the texts as they are in a file, with what several rules need of each: worked out once."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kpi.model.finding import FieldPath
from kpi.model.kpi import Kpi, Measure, Observation


class Series(NamedTuple):
    """One series with at least one figure.

    Attributes:
        where: its place in the file.
        observations: its figures, oldest first.
        ends: the last days of their periods, in the same order.
        lengths: how many months the periods cover, each number once; 0 where it isn't a whole number of them.
        known: the figures with a value, in the same order.
        values: their values.
        lowest: the smallest of these; 0 where there is none.
        highest: the largest of these; 0 where there is none.
        has_forecast: whether any figure is expected rather than observed.
    """

    where: FieldPath
    observations: tuple[Observation, ...]
    ends: tuple[date, ...]
    lengths: set[int]
    known: tuple[Observation, ...]
    values: list[Decimal]
    lowest: Decimal
    highest: Decimal
    has_forecast: bool

    def place(self, figure: Observation) -> FieldPath:
        """The place of a figure's number."""
        return (*self.where, figure.key, "value")


_NONE = Decimal(0)


def written(measure: Measure) -> Iterator[Series]:
    """Every series written for a measure, the own area's first and then the peers'."""
    stem: FieldPath = ("measures", measure.id)
    if measure.derived is None and measure.observations:
        yield _series((*stem, "observations"), measure.observations)
    for area, observations in measure.peers.items():
        if observations:
            yield _series((*stem, "peers", area), observations)


def _series(where: FieldPath, observations: tuple[Observation, ...]) -> Series:
    # All figures are asked the same: column by column that takes a fraction of the time.
    periods, printed, marks, *_ = zip(*observations, strict=True)
    _, ends, months, *_ = zip(*periods, strict=True)
    values = [value for value in printed if value is not None]
    is_full = len(values) == len(observations)
    return Series(
        where,
        observations,
        ends,
        set(months),
        observations if is_full else tuple(figure for figure in observations if figure.value is not None),
        values,
        min(values, default=_NONE),
        max(values, default=_NONE),
        any("forecast" in names for names in set(marks)),
    )


def levels(measure: Measure) -> Iterator[tuple[FieldPath, Decimal]]:
    """The levels that figures are compared with, with their places: targets, way points and references."""
    stem: FieldPath = ("measures", measure.id)
    for number, target in enumerate(measure.targets):
        where = (*stem, "targets", number)
        for value in (target.bound.value, target.bound.upper) if target.bound else ():
            if value is not None and target.bound is not None:
                yield (*where, target.bound.how), value
        for period, value in target.trajectory:
            yield (*where, "trajectory", period.text), value
    for number, reference in enumerate(measure.references):
        if reference.value is not None:
            yield (*stem, "references", number, "value"), reference.value


def texts(kpi: Kpi) -> Iterator[tuple[FieldPath, str]]:
    """Every text of a KPI that pages show, with its place; some are empty, but no notes of figures are."""
    yield ("title",), kpi.title
    yield ("statement",), kpi.statement
    yield ("definition",), kpi.definition
    yield ("note",), kpi.note
    for day, text in kpi.commentary:
        yield ("commentary", day), text
    if kpi.no_figures is not None:
        yield ("no_figures", "text"), kpi.no_figures.text
    for name, labels in kpi.dimensions.items():
        for position, label in labels.items():
            yield ("dimensions", name, position), label
    for measure in kpi.measures:
        yield from _measure_texts(measure)


def _measure_texts(measure: Measure) -> Iterator[tuple[FieldPath, str]]:
    stem: FieldPath = ("measures", measure.id)
    yield (*stem, "title"), measure.title
    yield (*stem, "short"), measure.short
    yield (*stem, "note"), measure.note
    yield (*stem, "noun"), measure.noun
    for period, why in measure.steps:
        yield (*stem, "step", period.text), why
    for number, target in enumerate(measure.targets):
        yield (*stem, "targets", number, "in_words"), target.in_words
        yield (*stem, "targets", number, "label"), target.label
    for number, reference in enumerate(measure.references):
        yield (*stem, "references", number, "label"), reference.label
    if measure.no_figures is not None:
        yield (*stem, "no_figures", "text"), measure.no_figures.text
    for series, area in (
        (measure.observations, ""),
        *((figures, area) for area, figures in measure.peers.items()),
    ):
        place = (*stem, "peers", area) if area else (*stem, "observations")
        for figure in series:
            if figure.note:
                yield (*place, figure.key, "note"), figure.note
