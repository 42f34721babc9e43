"""What holds for every chart and sparkline, whatever the figures, targets, peers and texts are."""

import itertools
from collections.abc import Mapping
from decimal import Decimal
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from chart_cases import PLAN, judged, kpi_of
from kpi.judge.series import at_a_date
from kpi.model.kpi import Bound, Measure, Observation, Polarity, Relative, Target, identity
from kpi.model.period import Period, parse_period
from kpi.model.quantity import Unit
from kpi.pages.charts.chart import LIMIT, kpi_chart
from kpi.pages.charts.layout import (
    BLOCKS,
    LEAST,
    line_ticks,
    runs,
    shown_figures,
    sparkline,
    sparkline_runs,
    sparkline_text,
    sparkline_words,
    thinned,
)
from kpi.pages.charts.panel import WAY, panel_of, target_levels
from pictures import bars, check
from trials import trials

MARKS = ["provisional", "break", "queried", "forecast", "estimated", "low-reliability"]
UNITS = [
    Unit("count"),
    Unit("percent"),
    Unit("duration"),
    Unit("named", "kg CO2 per m²"),
    Unit("currency", "HUF"),
]
FORMS = ("{}-{:02d}", "{}-{:02d}-28", "12 months to {}-{:02d}")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=90)
WIDE = (
    st.decimals(-(10**15), 10**15, places=3)
    | st.decimals(-1, 1, places=15)
    | st.integers(0, 100).map(Decimal)
)


YEARS = range(1990, 2024)
PERIODS = st.sampled_from(
    [
        parse_period(text)
        for year in YEARS
        for text in (
            str(year),
            f"{year}/{(year + 1) % 100:02d}",
            *(form.format(year, month) for month in (1, 2, 6, 9) for form in FORMS),
        )
    ]
)


def observed(period: Period, value: Decimal | None, marks: list[str]) -> Observation:
    return Observation(period, value, tuple(marks))


@st.composite
def series(draw: st.DrawFn, kind: str, most: int) -> tuple[Observation, ...]:
    marks = st.lists(st.sampled_from(MARKS), max_size=2, unique=True)
    figures = st.builds(observed, PERIODS, st.none() | WIDE, marks)
    drawn = draw(st.lists(figures, max_size=most, unique_by=lambda each: identity(each.period, kind)))
    return tuple(sorted(drawn, key=lambda each: each.period.order))


def bounds() -> st.SearchStrategy[Bound]:
    relative = st.tuples(st.none() | PERIODS, st.none() | st.just(Decimal(-5)))
    return (
        st.tuples(st.sampled_from(["at_least", "less_than"]), WIDE).map(lambda at: Bound(*at))
        | st.just(Bound("between", Decimal(2), Decimal(9)))
        | relative.map(lambda of: Bound("at_most", relative=Relative(*of)))
    )


@st.composite
def targets(draw: st.DrawFn) -> Target:
    way = st.lists(st.tuples(PERIODS, WIDE), max_size=3, unique_by=lambda each: each[0].end)
    return Target(
        draw(bounds()),
        start=draw(st.none() | PERIODS),
        by=draw(st.none() | PERIODS),
        label=draw(st.just("") | TEXTS),
        trajectory=tuple(draw(way)),
    )


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    kind = draw(st.sampled_from(["total", "average", "snapshot", "cumulative"]))
    own = draw(series(kind, 20))
    areas = draw(st.lists(st.sampled_from([*PLAN.areas, "unknown"]), max_size=3, unique=True))
    peers: Mapping[str, tuple[Observation, ...]] = {area: draw(series(kind, 6)) for area in areas}
    return Measure(
        id="m",
        title=draw(TEXTS),
        unit=draw(st.sampled_from(UNITS)),
        better=Polarity("neither"),
        kind=kind,
        observations=own,
        targets=tuple(draw(st.lists(targets(), max_size=3))),
        baseline=draw(st.sampled_from([item.period for item in own])) if own else None,
        peers=peers,
    )


@trials(240)
@given(st.lists(measures(), min_size=1, max_size=3), TEXTS, st.randoms(use_true_random=False))
def test_a_picture_is_well_formed_small_apart_and_the_same_in_any_order(
    several: list[Measure], text: str, chance: object
) -> None:
    kpi = kpi_of(text, *(each._replace(id=f"m{at}") for at, each in enumerate(several)))
    picture = kpi_chart(kpi, PLAN)
    assert bool(picture) == any(panel_of(measure, 9) is not None for measure in kpi.measures)
    if not picture:
        return
    assert len(picture.encode()) <= LIMIT
    check(picture)

    def mixed(actual: tuple[Observation, ...]) -> tuple[Observation, ...]:
        turned = list(actual)
        chance.shuffle(turned)  # type: ignore[attr-defined]
        return tuple(turned)

    turned = [
        measure._replace(
            measure=measure.measure._replace(
                peers={area: mixed(actual) for area, actual in reversed(list(measure.measure.peers.items()))}
            )
        )
        for measure in kpi.measures
    ]
    assert kpi_chart(kpi._replace(measures=tuple(turned)), PLAN) == picture
    for measure in kpi.measures:
        shuffled = measure.measure._replace(observations=mixed(measure.measure.observations))
        assert shown_figures(shuffled) == shown_figures(measure.measure)


@trials(240)
@given(measures())
def test_every_bar_begins_at_zero(measure: Measure) -> None:
    kpi = kpi_of("a", measure._replace(peers={}))
    panel = panel_of(kpi.measures[0], 9)
    if panel is None or panel.is_line:
        return
    sample = (8, 8)  # in the key
    actual = [
        bar for bar in bars(kpi_chart(kpi, PLAN)) if (bar.right - bar.left, bar.bottom - bar.top) != sample
    ]
    heights = [{item.top, item.bottom} for item in actual]
    assert len(heights) == len(panel.valued)
    assert set.intersection(*heights)


@trials(240)
@given(measures())
def test_no_target_is_drawn_outside_its_own_dates(measure: Measure) -> None:
    for level in target_levels(judged(measure)):
        assert level.sort == WAY or any(
            (target.start is None or level.start >= target.start.start)
            and (target.by is None or level.stop <= target.by.end)
            for target in measure.targets
        )


@trials(240)
@given(measures())
def test_a_line_joins_only_what_is_alike_and_unbroken(measure: Measure) -> None:
    lines = runs(measure.observations, at_date=at_a_date(measure))
    drawn = sorted(item.period.order for run in lines for item in run)

    assert drawn == [
        observation.period.order for observation in measure.observations if observation.value is not None
    ]
    for run in lines:
        assert not any(item.broken for item in run[1:])
        if not at_a_date(measure):
            assert len({item.period.length for item in run}) == 1
            ends = [(before.period.end, after.period.start) for before, after in itertools.pairwise(run)]
            assert all((start - end).days <= 1 for end, start in ends)


@trials(240)
@given(series("total", 40), st.integers(3, 20))
def test_thinned_lines_keep_the_lowest_the_highest_and_the_newest(
    figures: tuple[Observation, ...], most: int
) -> None:
    lines = runs(figures, at_date=False)
    kept = [item for run in thinned(lines, most) for item in run]
    everyone = [item for run in lines for item in run]
    assert len(kept) == len(everyone) if len(everyone) <= most else len(kept) <= most
    if everyone:
        values = [item.value for item in everyone if item.value is not None]
        assert {min(values), max(values)} <= {item.value for item in kept}
        assert max(item.period.order for item in everyone) in {item.period.order for item in kept}


@trials(240)
@given(measures())
def test_a_sparkline_is_well_formed_and_less_than_a_kilobyte(measure: Measure) -> None:
    drawing = sparkline(measure)

    assert bool(drawing) == bool(sparkline_words(measure)) == bool(sparkline_runs(measure, LEAST))
    if drawing:
        root = ET.fromstring(drawing)
        assert len(drawing.encode()) < 1024
        assert root.attrib["role"] == "img"
    text = sparkline_text(measure)
    assert set(text) <= {*BLOCKS, " "}
    assert len(text) < 80
    figures = [item for run in sparkline_runs(measure, 2) for item in run]
    assert len(text.replace(" ", "")) == len(figures)
    if len({figure.value for figure in figures}) > 1:
        assert {BLOCKS[0], BLOCKS[-1]} <= set(text)


@trials(400)
@given(st.lists(WIDE, min_size=1, max_size=9), st.none() | st.tuples(WIDE, WIDE), st.sampled_from(UNITS))
def test_a_line_leaves_zero_only_where_its_usual_range_takes_a_third_of_the_height_at_most(
    values: list[Decimal], ends: tuple[Decimal, Decimal] | None, unit: Unit
) -> None:
    usual = (min(ends), max(ends)) if ends else None
    ticks = line_ticks(values, usual, unit)

    assert ticks[0] <= min(values) <= max(values) <= ticks[-1]
    assert len(ticks) >= 2
    if not ticks[0] <= 0 <= ticks[-1]:
        assert usual is not None
        assert (usual[1] - usual[0]) * 3 <= ticks[-1] - ticks[0]
