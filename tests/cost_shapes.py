"""Files in which something is many, each made as large as one likes: for tests/test_cost.py and the bench."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

PLAN = """\
organisation: Riverside
title: Plan
area: here
edition: {{board: Board, date: 2060-05-15, title: Scorecard, presented_by: The clerk, purpose: To be noted.}}
priorities: [{{id: reading, title: Reading, kpis: [loans]}}]
areas:
  here: Here
{areas}sources: {{return: {{title: Return}}}}
"""
KPI = """\
title: Loans
definition: Loans.
unit: count
better: higher
sources: [return]
"""


def months(count: int) -> list[str]:
    return [f"{1960 + number // 12}-{number % 12 + 1:02}" for number in range(count)]


def days(count: int) -> list[str]:
    return [str(date(2000, 1, 1) + timedelta(number)) for number in range(count)]


def rolling(count: int) -> list[str]:
    return [f"12 months to {month}" for month in months(count)]


def years_by_day(count: int) -> list[str]:
    """Whole years that begin on each day in turn: each overlaps hundreds of others."""
    starts = (date(2001, 1, 1) + timedelta(number) for number in range(count))
    return [
        f"{start} to {start.replace(year=start.year + 1) - timedelta(1)}"
        for start in starts
        if start.day < 29
    ]


def nested(count: int) -> list[str]:
    """Stretches of days, each inside the one before it, so that no two are as long."""
    first, last = date(2001, 1, 1), date(2020, 1, 1)
    return [f"{first + timedelta(number)} to {last - timedelta(number)}" for number in range(count)]


def levels(count: int) -> str:
    return "    step:\n" + "".join(f"      {month}: Moved\n" for month in months(count))


def shares(count: int) -> str:
    return figures_of(YEARS, "books") + shared(count)


def shared(count: int) -> str:
    return "".join(
        f"  s-{number}:\n    title: S\n    derived: {{share: books, of: [books]}}\n    better: neither\n"
        for number in range(count)
    )


def anchors(count: int) -> str:
    return "note: &a x\n" + "".join(f"x-{number}: *a\n" for number in range(count))


def series(periods: list[str], value: str = "{}") -> str:
    return "".join(
        f"      {period}: {value.format(100 + number * 37 % 91)}\n" for number, period in enumerate(periods)
    )


def figures_of(periods: list[str], name: str = "all", extra: str = "", value: str = "{}") -> str:
    return f"  {name}:\n    title: Title of {name}\n{extra}    observations:\n{series(periods, value)}"


def targets(bounds: list[str]) -> str:
    return "    targets:\n" + "".join(f"      - {{{bound}, source: return}}\n" for bound in bounds)


PREVIOUS = targets(["at_least: {period: previous}"])
YEARS = ["2023", "2024"]


def relative(count: int) -> str:
    return targets(
        [f"at_least: {{period: previous, change: {number + 1}}}, label: L{number}" for number in range(count)]
    )


def begun(count: int) -> str:
    return targets([f"at_least: {number + 1}, from: {month}" for number, month in enumerate(months(count))])


def checks(count: int, whole: str = "all", part: str = "books") -> str:
    return "checks:\n" + "".join(
        f"  - {{total: {whole.format(number)}, parts: [{part.format(number)}, other]}}\n"
        for number in range(count)
    )


def triple(periods: list[str]) -> str:
    return "measures:\n" + "".join(figures_of(periods, name) for name in ("all", "books", "other"))


def peers(count: int, name: str = "area") -> str:
    return "    peers:\n" + "".join(
        f"      {name}-{number}: {{2023: {number + 1}}}\n" for number in range(count)
    )


def many(count: int, extra: str = "") -> str:
    return "measures:\n" + "".join(figures_of(YEARS, f"m-{number}", extra) for number in range(count))


SHAPES: dict[str, tuple[int, Callable[[int], str]]] = {
    "months, a target on the month before": (
        250,
        lambda n: f"measures:\n{figures_of(months(n), extra=PREVIOUS)}",
    ),
    "days, a target on the day before": (400, lambda n: f"measures:\n{figures_of(days(n), extra=PREVIOUS)}"),
    "rolling months, a target on those before": (
        250,
        lambda n: f"measures:\n{figures_of(rolling(n), extra=PREVIOUS)}",
    ),
    "rolling months, 100 such targets": (
        60,
        lambda n: f"measures:\n{figures_of(rolling(n), extra=relative(100))}",
    ),
    "days, 100 such targets": (80, lambda n: f"measures:\n{figures_of(days(n), extra=relative(100))}"),
    "such targets, rolling months": (
        50,
        lambda n: f"measures:\n{figures_of(rolling(60), extra=relative(n))}",
    ),
    "years by the day": (450, lambda n: f"measures:\n{figures_of(years_by_day(n), extra=PREVIOUS)}"),
    "targets that begin one after another": (
        50,
        lambda n: f"measures:\n{figures_of(months(120), extra=begun(n))}",
    ),
    "months, 100 such targets": (80, lambda n: f"measures:\n{figures_of(months(n), extra=begun(100))}"),
    "lengths, a target on the figure before": (
        250,
        lambda n: f"measures:\n{figures_of(nested(n), extra=PREVIOUS)}",
    ),
    "levels": (100, lambda n: f"measures:\n{figures_of(months(n), extra=levels(n))}"),
    "shares": (40, lambda n: f"measures:\n{shares(n)}"),
    "figures of shares": (40, lambda n: f"measures:\n{figures_of(months(n), 'books')}{shared(20)}"),
    "breaks of a share": (
        150,
        lambda n: (
            f"measures:\n{figures_of(months(n), 'books', value='{{value: {}, marks: [break]}}')}{shared(1)}"
        ),
    ),
    "commas in a number": (400, lambda n: f"measures:\n  all:\n    observations: {{2023: {'1,' * n}1}}\n"),
    "measures": (60, many),
    "peers": (200, lambda n: f"measures:\n{figures_of(YEARS, extra=peers(n))}"),
    "dimensions": (100, lambda n: "dimensions: {age: {young: Young}}\n" + many(n, "    is: {age: young}\n")),
    "checks": (50, lambda n: checks(n) + triple(months(100))),
    "figures of 100 checks": (60, lambda n: checks(100) + triple(months(n))),
    "parts of a check": (
        80,
        lambda n: (
            f"checks:\n  - {{total: m-0, parts: [{', '.join(f'm-{part}' for part in range(1, n))}]}}\n{many(n)}"
        ),
    ),
    "ignore comments": (
        200,
        lambda n: (
            f"measures:\n{figures_of(months(n), value='{} # kpi: ignore[sudden-change, KPI701] The source says so.')}"
        ),
    ),
    "names in an ignore comment": (
        2000,
        lambda n: (
            f"# kpi: ignore[{', '.join(['sudden-change', 'KPI701'] * n)}] The source says so.\nmeasures:\n{figures_of(YEARS)}"
        ),
    ),
    "unknown areas": (150, lambda n: f"measures:\n{figures_of(YEARS, extra=peers(n, 'aera'))}"),
    "known areas": (50, lambda _: f"measures:\n{figures_of(YEARS, extra=peers(40, 'aera'))}"),
    "unknown measures": (50, lambda n: checks(n, "mm-{}", "nn-{}") + many(60)),
    "aliases": (100, lambda n: anchors(n) + f"measures:\n{figures_of(YEARS)}"),
    "unknown fields": (
        100,
        lambda n: "".join(f"titel-{number}: x\n" for number in range(n)) + f"measures:\n{figures_of(YEARS)}",
    ),
    "unreadable figures": (100, lambda n: f"measures:\n{figures_of(months(n), value='{}l')}"),
    "no periods": (
        100,
        lambda n: f"measures:\n{figures_of([f'Apr {1900 + number}' for number in range(n)])}",
    ),
    "references": (
        100,
        lambda n: (
            "measures:\n"
            + figures_of(
                months(60),
                extra="    references:\n"
                + "".join(f"      - {{label: L{k}, value: {k}}}\n" for k in range(n)),
            )
        ),
    ),
    "breaks": (
        150,
        lambda n: (
            f"measures:\n{figures_of(months(n), extra=PREVIOUS, value='{{value: {}, marks: [break]}}')}"
        ),
    ),
}


def areas_of(shape: str, count: int) -> int:
    """How many areas the plan of a shape has."""
    return {"peers": 1, "known areas": 4, "unknown areas": 1}.get(shape, 0) * count


def repository(root: Path, text: str, areas: int = 0) -> Path:
    (root / "kpis/reading").mkdir(parents=True, exist_ok=True)
    named = "".join(f"  area-{number}: Area {number}\n" for number in range(areas))
    (root / "kpis/plan.yaml").write_text(PLAN.format(areas=named), encoding="utf-8")
    (root / "kpis/reading/loans.yaml").write_text(KPI + text, encoding="utf-8")
    return root
