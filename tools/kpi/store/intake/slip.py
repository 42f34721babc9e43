"""How one step of an import says that a row can't be used."""

from collections.abc import Iterable, Mapping

from kpi.model.text import listed, nearest, quoted
from kpi.store.tables.table_figures import RawFigure


class SlipError(Exception):
    """Something in a field of a row is wrong; `problem` says what, and where."""

    def __init__(self, raw: RawFigure, field: str, message: str, help_: str) -> None:
        super().__init__(message)
        self.problem = raw.problem(field, message, help_)


def unknown(
    raw: RawFigure,
    field: str,
    there_is_no: str,
    text: str,
    ids: Iterable[str],
    titles: Mapping[str, str] | None = None,
) -> SlipError:
    """What to say of a name that there isn't, with the nearest one.

    Args:
        raw: the row.
        field: the field with the name.
        there_is_no: such as "There is no KPI".
        text: the name.
        ids: the names that there are.
        titles: other words that people may write for them, with the names.
    """
    names, titles = list(ids), titles or {}
    title = nearest(text, titles, 0.85)
    parts = reversed(text.removesuffix(".yaml").split("/"))
    near = titles[title] if title else next(filter(None, (nearest(part, names) for part in parts)), None)
    there_are = (
        "kpi list shows them all." if raw.is_typed and field == "kpi" else f"There are: {listed(names)}."
    )
    instead = f"Did you mean {quoted(near)}?" if near else there_are
    return SlipError(raw, field, f"{there_is_no} called {quoted(text)}.", instead)
