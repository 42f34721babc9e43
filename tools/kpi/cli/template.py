"""`kpi template`: a workbook to list KPIs in."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from kpi.cli.context import Context
from kpi.cli.options import Choice, command
from kpi.model.errors import UserError
from kpi.model.period import APRIL
from kpi.model.plan import Plan
from kpi.model.text import display
from kpi.store.output import write_file
from kpi.store.repository import read_plan


class _Columns(NamedTuple):
    """The columns for figures: how many months each has, how many there are, and how often such figures come."""

    length: int
    number: int
    frequency: str


_COLUMNS = {
    "months": _Columns(1, 12, "monthly"),
    "quarters": _Columns(3, 8, "quarterly"),
    "years": _Columns(12, 4, "annual"),
}


@command("template")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--periods",
    type=Choice([*_COLUMNS]),
    default="months",
    show_default=True,
    help="The columns for figures.",
)
def command_line(context: Context, file: Path, periods: str) -> int:
    """Write a workbook (.xlsx) with a row for each KPI to fill in, for kpi import --new and kpi init --from.

    It has a column for each of the last periods, lists to choose from, and an example. In a repository the lists have the plan's
    own priorities, owners and sources.
    """
    from kpi.store.register.list_columns import template

    if file.suffix.lower() != ".xlsx":
        raise UserError(
            f"A workbook's name ends with .xlsx. Write {display(str(file.with_suffix('.xlsx')), 400)}."
        )
    plan = _plan(context)
    day = context.day
    columns = _COLUMNS[periods]
    headings = _headings(day, columns, plan.year_starts if plan else APRIL)
    write_file(file, template(headings, columns.frequency, plan, day), new=True)
    context.say(
        f"kpi: Fill in {display(str(file), 400)}, a row for each KPI. Then run kpi import --new, or in an empty folder kpi init --from."
    )
    return 0


def _plan(context: Context) -> Plan | None:
    """The plan of the repository, if there is one."""
    try:
        return read_plan(context.root).plan
    except UserError:  # no repository is needed
        return None


def _headings(day: date, columns: _Columns, year_starts: int) -> list[str]:
    """The last whole periods before a day: twelve months, eight quarters or four years."""
    this = day.year * 12 + day.month - year_starts  # months, counted from the start of a financial year
    length = columns.length
    last = this // length * length
    starts = range(last - columns.number * length, last, length)
    return [_name(start, length, year_starts) for start in starts]


def _name(start: int, length: int, year_starts: int) -> str:
    if length == 1:
        year, month = divmod(start + year_starts - 1, 12)
        return f"{year:04}-{month + 1:02}"
    year, month = divmod(start, 12)
    name = f"{year}/{(year + 1) % 100:02}" if year_starts > 1 else f"{year}"
    return name if length == 12 else f"{name} Q{month // 3 + 1}"
