"""The measures that are drawn in tests: files in `tests/charts/`, and series too long to be written by hand."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from kpi.judge.judgement import KpiJudgement, MeasureJudgement, judge, judge_measure
from kpi.model.kpi import Kpi, Measure, Observation
from kpi.model.period import parse_period
from kpi.model.plan import Area, Objective, Plan, Priority
from kpi.pages.charts.chart import kpi_chart
from kpi.store.paths import KpiPath
from kpi.store.repository import kpi_from

HERE = Path(__file__).parent / "charts"
DAY = date(2024, 5, 15)
_NAMES = {
    "hillside": Area("hillside", "Hillside"),
    "seaside": Area("seaside", "Seaside"),
    "nation": Area("nation", "The nation", whole=True),
    "far": Area("far", "All the districts of the county that are further away from the sea than ours is"),
    "evil": Area("evil", '</text><a href="http://a.example">x</a>'),
}
PLAN = Plan(
    "Council",
    "Plan",
    "own",
    areas=_NAMES | {f"{a}{n}": Area("", f"Area {a}{n}") for a in "ab" for n in range(10)},
)


def measure_of(name: str) -> tuple[str, Measure]:
    """The title and the one measure of `tests/charts/<name>.yaml`, a file without mistakes."""
    data = (HERE / f"{name}.yaml").read_bytes()
    actual = kpi_from(data, KpiPath(f"kpis/p/{name}.yaml", name, "p"), 4)
    assert actual.problems == ()
    assert actual.kpi is not None
    (measure,) = actual.kpi.measures
    return actual.kpi.title, measure


def judged(measure: Measure) -> MeasureJudgement:
    """The measure on the day of these tests."""
    return judge_measure("sample", measure, DAY, PLAN.status)


def months(number: int) -> Iterator[Observation]:
    """Monthly figures that go up and down, from January 2000."""
    for at in range(number):
        period = parse_period(f"{2000 + at // 12}-{at % 12 + 1:02d}")
        yield Observation(period, Decimal(400 + at % 12 * 7 + at // 3 - at % 5 * 11))


def days(number: int) -> Iterator[Observation]:
    """Daily figures with one day far above all others, from 1 January 2010."""
    for at in range(number):
        day = date.fromordinal(date(2010, 1, 1).toordinal() + at)
        yield Observation(parse_period(day.isoformat()), Decimal(9999 if at == 1234 else 100 + at * 37 % 71))


def long_series() -> dict[str, tuple[str, Measure]]:
    """200 months, and as many figures as a file may have, by name; with their titles."""
    _, zeros = measure_of("zeros")
    base = zeros._replace(targets=())
    return {
        "months-200": ("Calls", base._replace(observations=tuple(months(200)))),
        "days-5000": ("Calls of a day", base._replace(observations=tuple(days(5000)))),
    }


def cases() -> dict[str, tuple[str, Measure]]:
    """Every measure that is drawn in tests, by name, with its title."""
    return {path.stem: measure_of(path.stem) for path in sorted(HERE.glob("*.yaml"))} | long_series()


def kpi_of(title: str, *measures: Measure) -> KpiJudgement:
    """A KPI with these measures, judged on the day of these tests."""
    kpi = Kpi("sample", "p", title, "", measures)
    plan = PLAN._replace(priorities=(Priority("p", "P", (Objective("", ("sample",)),)),))
    (actual,) = judge(plan, [kpi], DAY).kpis
    return actual


def drawn(title: str, *measures: Measure) -> str:
    """The picture of a KPI with these measures, as pages have it."""
    return kpi_chart(kpi_of(title, *measures), PLAN)
