"""This repository as it may be in July 2025: a copy with the figures of two more years, for the tests that quote its content.

As a plugin of pytest (`-p content.next_year`) it sets the day as well.
"""

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import kpi.cli.context
from kpi.lint.importing import Days, import_table, places_to_fix
from kpi.model.kpi import Kpi, Measure
from kpi.model.period import Period
from kpi.model.quantity import COUNT, DURATION, duration_text, plain
from kpi.store.edit import replace_files
from kpi.store.repository import load
from kpi.store.tables.table_file import read_tables

ROOT = Path(__file__).parents[2]
DAY = date(2025, 7, 14)


def pytest_configure() -> None:
    """Let every command take this day for today."""
    kpi.cli.context.today = lambda: DAY


def copy_with_next_years(folder: Path) -> Path:
    """Copy the repository, and add a figure for every year that has passed to each series.

    Args:
        folder: where to; it must not be there yet.
    """
    left_out = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__")
    shutil.copytree(ROOT, folder, ignore=left_out)
    table = folder / "next-years.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("kpi", "measure", "period", "value"), *_figures(load(folder).kpis)])
    imported = import_table(folder, "the next years", read_tables(table), Days(DAY))
    assert places_to_fix(imported) == (), places_to_fix(imported)
    replace_files(folder, imported.files)
    table.unlink()
    return folder


def _figures(kpis: tuple[Kpi, ...]) -> Iterator[tuple[str, str, str, str]]:
    for item in kpis:
        checked = {name for check in item.checks for name in (check.whole, *check.parts)}
        for measure in item.measures:
            if measure.observations and measure.derived is None and not measure.observations[-1].queried:
                for number, period in enumerate(_periods_after(measure.observations[-1].period), start=1):
                    yield item.id, measure.id, period, _value(measure, 0 if measure.id in checked else number)


def _periods_after(last: Period) -> list[str]:
    """The periods a year and two years later that have ended by then; none for one without a year of its own."""
    later = []
    for years in (1, 2):
        year = last.end.year + years
        match last.form:
            case "fy":
                text = f"{year - 1}/{year % 100:02d}"
            case "year":
                text = str(year)
            case "month":
                text = f"{year}-{last.end.month:02d}"
            case "rolling":
                text = f"{last.months} months to {year}-{last.end.month:02d}"
            case _:
                continue
        if year < DAY.year or (year == DAY.year and last.end.month < DAY.month):
            later.append(text)
    return later


def _value(measure: Measure, more: int) -> str:
    """A value like the last, as files write it; of what is counted, so many more."""
    last = next(
        observation.value for observation in reversed(measure.observations) if observation.value is not None
    )
    value = last + more if measure.unit.kind in {COUNT, DURATION} else last
    return duration_text(value) if measure.unit.kind == DURATION else plain(value)
