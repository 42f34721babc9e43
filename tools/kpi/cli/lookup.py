"""Look-ups: which KPI and which measure a name on the command line means. Names are found as in a table."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from kpi.model.errors import ToolError, UserError
from kpi.model.text import listed, nearest, quoted

if TYPE_CHECKING:
    from kpi.store.repository import KpiFile, Repository
    from kpi.store.tables.heading import Bad
    from kpi.store.tables.table_figures import Given

Value = TypeVar("Value")
_KPI = 1
"""Where the KPI is among the words."""


def typed(words: Mapping[str, str]) -> "Given":
    """The words of a command, by field, as the row of a table."""
    from kpi.store.tables.table_figures import Given

    columns = {"kpi": _KPI, "period": 2, "value": 3, "area": 4}
    return Given("", 0, {field: text.strip() for field, text in words.items()}, columns, 0, is_typed=True)


def find_kpi(repository: "Repository", name: str) -> "tuple[KpiFile, str]":
    """The KPI file that the user named and a measure of it, if one was named: `kpi`, `priority/kpi` or `kpi/measure`.

    In the place of the id the KPI's code or title can be given.

    Raises:
        UserError: if there is no such file, with the nearest.
        ToolError: if there is none, and a folder can't be opened.
    """
    from kpi.store.intake.names import Names
    from kpi.store.intake.slip import SlipError

    names = Names(repository.plan.plan, repository.files, repository.year_starts)
    try:
        return names.file(typed({"kpi": name}))
    except SlipError as error:
        raise not_found(error.bad, repository) from None


def not_found(bad: "Bad", repository: "Repository") -> UserError | ToolError:
    """What to say of words that mean nothing in a repository: where a folder can't be opened, what is missing may be in there."""
    for path, problem in repository.odd if bad.column == _KPI else ():
        if problem.rule == "unreadable-file":
            return ToolError(f"{path}: {problem.message}")
    return UserError(f"{bad.message} {bad.help}".strip())


def find_measure(kpi: str, measures: Mapping[str, Value], name: str) -> Value:
    """The measure that the user named, among those of a KPI.

    Raises:
        UserError: if the KPI has none of that name, with the nearest.
    """
    if name in measures:
        return measures[name]
    near = nearest(name, measures)
    advice = f"Did you mean {quoted(near)}?" if near else f"There are: {listed(measures)}."
    raise UserError(f"{quoted(kpi)} has no measure called {quoted(name)}. {advice}")
