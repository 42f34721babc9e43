"""Look-ups: which KPI and which measure a name on the command line means."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from kpi.model.errors import ToolError, UserError
from kpi.model.kpi import folded_code
from kpi.model.text import listed, nearest, quoted
from kpi.store.paths import KpiPath

if TYPE_CHECKING:
    from kpi.store.repository import KpiFile, Repository

Value = TypeVar("Value")


def find_kpi(repository: "Repository", name: str) -> tuple[str, str]:
    """The KPI file that the user named and a measure of it, if one was named: `kpi`, `priority/kpi` or `kpi/measure`.

    The KPI's code can be used instead of its id.

    Raises:
        UserError: if there is no such file, with the nearest.
        ToolError: if there is none, and a folder can't be opened.
    """
    try:
        return find_place((file.place for file in repository.files), name, lambda: repository.files)
    except UserError:
        for path, problem in repository.odd:
            if problem.rule == "unreadable-file":  # it may be in there
                raise ToolError(f"{path}: {problem.message}") from None
        raise


def find_place(
    places: Iterable[KpiPath], name: str, files: Callable[[], Iterable["KpiFile"]]
) -> tuple[str, str]:
    """The same, by the paths of the files; `files` reads them, and is called only if no path has the name.

    Raises:
        UserError: if there is no such file, with the nearest.
    """
    before, _, last = name.removesuffix(".yaml").rpartition("/")
    folder = before.rpartition("/")[2]
    priorities = {place.kpi: place.priority for place in places}
    if folder in priorities and priorities.get(last) != folder:
        return folder, last
    if last in priorities:
        return last, ""
    codes = {folded_code(file.kpi.code): file.place.kpi for file in files() if file.kpi and file.kpi.code}
    for code, measure in ((name, ""), (before, last)):
        if folded_code(code) in codes:
            return codes[folded_code(code)], measure
    near = nearest(last, priorities) or nearest(folder, priorities)
    advice = f"Did you mean {quoted(near)}?" if near else "kpi list shows them all."
    raise UserError(f"There is no KPI called {quoted(name)}. {advice}")


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
